//! What the frame's own scripts say when the widget cannot: in the page's language.

use pairlink_e2e::{Page, Trouble, Visit, eventually};

use super::parent::{becomes_true, fallback, told, with_element};
use super::{hears, host};
use crate::Stage;

const ELEMENT: &str = "document.querySelector('pair-link-frame')";

/// Waits until what stands in the place of the frame, or in it, is in this language and holds these words.
async fn says(page: &Page, language: &str, words: &str) {
    const ALERT: &str = "
        const root = document.querySelector('pair-link-frame')?.shadowRoot ?? document;
        const alert = root.querySelector('[role=alert]');
        return alert ? `${alert.lang} ${alert.dir} ${alert.innerText}` : '';
    ";
    let direction = if language == "ar" { "rtl" } else { "ltr" };
    eventually(&format!("words of {language}"), async || {
        let said = page.run(ALERT).await;
        let beginning = format!("{language} {direction} ");
        let is_so = said
            .as_str()
            .and_then(|said| said.strip_prefix(&beginning))
            .is_some_and(|text| text.contains(words));
        if is_so { Ok(()) } else { Err(said.to_string()) }
    })
    .await;
}

#[tokio::test]
async fn screen_readers_are_told_the_frames_name_in_the_pages_language() {
    let stage = Stage::set().await;
    let (host, _address) = host(&stage).await;
    let arabic = with_element(stage.system.proxy(), "").replace("lang=\"en\"", "lang=\"ar\"");
    let page = stage.browser.open(&host.put("/arabic", &arabic)).await;
    hears(&page, "ready").await;
    let is_called = |name: &str| {
        format!("return {ELEMENT}.shadowRoot.querySelector('iframe').title === '{name}'")
    };
    becomes_true(&page, &is_called("ربط WhatsApp")).await;
    page.run(&format!("{ELEMENT}.setAttribute('locale', 'de-AT')"))
        .await;
    becomes_true(&page, &is_called("WhatsApp-Verbindung")).await;
    // What the page calls it comes first.
    page.run(&format!(
        "{ELEMENT}.title = 'Our shop'; {ELEMENT}.setAttribute('locale', 'fr')"
    ))
    .await;
    becomes_true(&page, &is_called("Our shop")).await;
    page.close().await;
}

/// The page's policy has the proxy in `script-src` and nowhere else.
#[tokio::test]
async fn without_a_frame_it_is_said_in_the_pages_language_under_a_strict_policy() {
    let stage = Stage::set().await;
    let (host, _address) = host(&stage).await;
    let proxy = stage.system.proxy();
    let content = with_element(proxy, "");
    let policy = format!(
        "<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; script-src 'unsafe-inline' {proxy}; \
         connect-src 'self'; require-trusted-types-for 'script'\">"
    );
    let page = content
        .replace("<head>", &format!("<head>{policy}"))
        .replace("lang=\"en\"", "lang=\"ar\"");
    let page = stage.browser.open(&host.put("/strict", &page)).await;
    says(&page, "ar", "إعادة المحاولة").await;
    assert_eq!(told(&page).await[0]["detail"]["code"], "not_loaded");
    page.run(&format!("{ELEMENT}.setAttribute('locale', 'de')"))
        .await;
    says(&page, "de", "Erneut versuchen").await;
    // There is no file for it: what there is no language for reads English.
    page.run(&format!("{ELEMENT}.setAttribute('locale', 'xx')"))
        .await;
    says(&page, "en", "Try again").await;
    page.vanish();
}

#[tokio::test]
async fn a_page_that_is_not_set_up_says_so_in_its_language() {
    let stage = Stage::set().await;
    let (host, _address) = host(&stage).await;
    let page = with_element(stage.system.proxy(), "locale=\"ar\"");
    let page = page.replace("token-endpoint=\"/token\"", "");
    let page = stage.browser.open(&host.put("/bare", &page)).await;
    says(&page, "ar", "").await;
    let words = fallback(&page).await;
    assert_eq!(words, "أداة الربط غير مُعدّة في هذه الصفحة.", "and no button");
    page.close().await;
}

#[tokio::test]
async fn a_frame_without_its_widget_says_so_in_the_pages_language() {
    let stage = Stage::set().await;
    let visit = Visit {
        trouble: Trouble::Lost("/widget.js"),
        ..Visit::default()
    };
    let page = stage.browser.visit(&stage.system.framed(), visit).await;
    page.enter_any_frame().await;
    says(&page, "en", "could not be loaded").await;
    page.leave_frame().await;
    page.run(&format!("{ELEMENT}.setAttribute('locale', 'ar')"))
        .await;
    page.enter_any_frame().await;
    becomes_true(&page, "return document.documentElement.lang === 'ar'").await;
    let retry = "document.querySelector('[role=alert] button').click()";
    page.run(retry).await;
    says(&page, "ar", "إعادة المحاولة").await;
    page.trouble(Trouble::None);
    page.run(retry).await;
    page.widget().says(&["WhatsApp"]).await;
    page.vanish();
}
