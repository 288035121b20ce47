//! Each example as a person uses it: attributes and properties arrive, events are heard, the element goes and comes
//! back, and a method is called.

use pairlink_e2e::{Page, eventually};

use crate::site::{Markup, Site};

const ISSUE: &str = "make a link";

/// Waits for the words that the example shows of what it heard.
async fn news(page: &Page, wanted: &str) {
    eventually(&format!("news of {wanted:?}"), async || {
        match page.text("#news").await {
            text if text == wanted => Ok(()),
            text => Err(text),
        }
    })
    .await;
}

async fn lives_through_everything(name: &str, markup: Markup) {
    let site = Site::open(name, markup).await;
    let page = site.page().await;
    let widget = page.widget();
    news(&page, "Ready").await;
    widget.press(ISSUE).await;
    let link = widget.scan().await;
    news(&page, "A link is there").await;

    // An attribute changes, and the element goes on with it.
    page.click("#theme").await;
    let scheme = "
        const element = document.querySelector('pair-link');
        const card = element.shadowRoot.querySelector('[part~=card]');
        return [element.getAttribute('theme'), getComputedStyle(card).colorScheme, element.hasAttribute('fetchtoken')]";
    eventually("the dark theme", async || {
        let scheme = page.run(scheme).await;
        if scheme == serde_json::json!(["dark", "dark", false]) {
            Ok(())
        } else {
            Err(scheme.to_string())
        }
    })
    .await;
    assert_eq!(widget.scan().await, link);

    page.click("#toggle").await;
    eventually("the element gone", async || {
        // When a framework gets to it is its own affair.
        match page
            .run("return !document.querySelector('pair-link')")
            .await
        {
            gone if gone == true => Ok(()),
            _ => Err("it is there".to_owned()),
        }
    })
    .await;
    widget.covers_its_code().await;
    page.click("#toggle").await;
    assert_eq!(widget.scan().await, link, "what is alive comes back");

    page.click("#revoke").await;
    news(&page, "Revoked").await;
    widget.covers_its_code().await;
    page.close().await;
}

#[tokio::test]
async fn without_a_framework() {
    lives_through_everything("html", Markup::None).await;
}

#[tokio::test]
async fn in_react() {
    lives_through_everything("react", Markup::None).await;
}

#[tokio::test]
async fn in_vue() {
    lives_through_everything("vue", Markup::Strings).await;
}

#[tokio::test]
async fn in_svelte() {
    lives_through_everything("svelte", Markup::Strings).await;
}

#[tokio::test]
async fn in_angular() {
    lives_through_everything("angular", Markup::Strings).await;
}

/// Waits until a screenshot holds a code, or none.
async fn code(page: &Page, wanted: bool) -> Option<String> {
    eventually(
        &format!("a code to be there: {wanted}"),
        async || match page.widget().code_now().await {
            found if found.is_some() == wanted => Ok(found),
            _ => Err(page.text("main").await),
        },
    )
    .await
}

/// Not an element there but a component, in the page itself.
#[tokio::test]
async fn in_yew() {
    let site = Site::open("yew", Markup::None).await;
    let page = site.page().await;
    news(&page, "Ready").await;
    page.click("[part~=primary]").await;
    let link = code(&page, true).await;
    news(&page, "A link is there").await;
    page.click("#toggle").await;
    code(&page, false).await;
    page.click("#toggle").await;
    assert_eq!(code(&page, true).await, link, "what is alive comes back");
    page.close().await;
}
