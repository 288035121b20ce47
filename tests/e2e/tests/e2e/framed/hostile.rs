//! Pages that do not mean well, around the real page in the frame.

use pairlink_e2e::Host;
use serde_json::Value;

use super::parent::{
    becomes_true, by_hand, fallback, loaded, number, page_with, press_retry, told, with_element,
};
use super::{hears, host};
use crate::Stage;

#[tokio::test]
async fn pages_without_a_token_of_their_own_have_no_frame() {
    let stage = Stage::set().await;
    let (good, _address) = host(&stage).await;
    let evil = Host::start().await;
    // Saying who one is, and saying that one is somebody else.
    for claimed in [evil.origin(), good.origin()] {
        let address = evil.put("/", &by_hand(stage.system.proxy(), claimed));
        let page = stage.browser.open(&address).await;
        loaded(&page, 1).await;
        page.enter_any_frame().await;
        assert!(!page.is_the_widgets().await, "it is refused");
        page.leave_frame().await;
        page.run("window.made = greet()").await;
        assert_eq!(
            number(&page, "return made.heard.length + overheard.length").await,
            0
        );
        page.vanish();
    }
    // The element says so in words.
    evil.give_token("ple_stolen_or_made_up");
    let address = evil.put("/element", &with_element(stage.system.proxy(), ""));
    let page = stage.browser.open(&address).await;
    assert!(fallback(&page).await.contains("could not be loaded"));
    assert_eq!(told(&page).await[0]["detail"]["code"], "not_loaded");
    page.vanish();
}

#[tokio::test]
async fn a_page_that_is_itself_in_a_strangers_frame_shows_nothing() {
    let stage = Stage::set().await;
    let (good, _address) = host(&stage).await;
    let bare = good.put("/bare", &by_hand(stage.system.proxy(), good.origin()));
    let page = stage.browser.open(&bare).await;
    loaded(&page, 1).await;
    page.run(&format!(
        "window.token = '{}'; window.made = greet()",
        stage.system.embed_token(good.origin()).await
    ))
    .await;
    becomes_true(
        &page,
        "return made.heard.some(({name}) => name === 'ready')",
    )
    .await;
    page.enter_any_frame().await;
    assert!(page.is_the_widgets().await);
    page.leave_frame().await;
    page.close().await;

    // A page to lay something over what others show: clickjacking.
    let evil = Host::start().await;
    let address = evil.put(
        "/",
        &page_with(&format!("<iframe src=\"{bare}\"></iframe>")),
    );
    let page = stage.browser.open(&address).await;
    page.enter_any_frame().await;
    loaded(&page, 1).await;
    page.enter_any_frame().await;
    assert!(!page.is_the_widgets().await, "the innermost is refused");
    page.vanish();
}

#[tokio::test]
async fn a_stolen_token_is_refused_in_the_thiefs_frame() {
    let stage = Stage::set().await;
    let (good, _address) = host(&stage).await;
    let stolen = stage.system.embed_token(good.origin()).await;
    // The thief is a customer as well, and may have frames.
    let thief = Host::start().await;
    stage.system.embed_token(thief.origin()).await;
    thief.give_token(&stolen);
    let address = thief.put("/", &with_element(stage.system.proxy(), ""));
    let page = stage.browser.open(&address).await;
    hears(&page, "error").await;
    let codes: Vec<Value> = told(&page).await;
    assert_eq!(
        codes[0]["detail"]["code"], "origin_not_allowed",
        "{codes:?}"
    );
    assert!(
        codes[0]["detail"]["request_id"].is_string(),
        "the proxy says so"
    );
    assert!(!codes.iter().any(|event| event["name"] == "ready"));
    page.enter_frame().await;
    let refused = page
        .run_async(&format!(
            "const statuses = [];
             for (const [method, path, headers] of [
               ['GET', '/v1/pass', {{}}], ['DELETE', '/v1/pass', {{}}], ['GET', '/v1/events', {{}}],
               ['GET', '/v1/pass', {{'pairlink-embedder': '{}'}}],
             ]) {{
               const answer = await fetch(path, {{method, headers: {{authorization: 'Bearer {stolen}', ...headers}}}});
               statuses.push(answer.status);
             }}
             return statuses",
            good.origin()
        ))
        .await;
    assert_eq!(refused, serde_json::json!([403, 403, 403, 403]));
    assert_eq!(page.widget().code_now().await, None);
    page.leave_frame().await;
    page.close().await;
}

#[tokio::test]
async fn what_the_frame_is_led_away_to_hears_nothing() {
    let stage = Stage::set().await;
    let (_good, address) = host(&stage).await;
    let evil = Host::start().await;
    let trap = evil.put(
        "/",
        &page_with(
            "<script>window.caught = []; addEventListener('message', ({data}) => caught.push(data));</script>",
        ),
    );
    let page = stage.browser.open(&address).await;
    hears(&page, "ready").await;
    page.run(&format!(
        "document.querySelector('pair-link-frame').shadowRoot.querySelector('iframe').contentWindow.location = '{trap}'"
    ))
    .await;
    // The element finds that nobody answers, and offers to begin anew.
    fallback(&page).await;
    page.enter_any_frame().await;
    becomes_true(&page, "return window.caught !== undefined").await;
    assert_eq!(number(&page, "return caught.length").await, 0);
    page.leave_frame().await;
    page.run("told.length = 0").await;
    press_retry(&page).await;
    hears(&page, "ready").await;
    page.close().await;
}

#[tokio::test]
async fn a_policy_that_forbids_frames_is_told_in_words() {
    let stage = Stage::set().await;
    let (good, _address) = host(&stage).await;
    let strict = format!(
        "<meta http-equiv=\"content-security-policy\" content=\"frame-src 'none'\">{}",
        with_element(stage.system.proxy(), "")
    );
    let page = stage.browser.open(&good.put("/strict", &strict)).await;
    let words = fallback(&page).await;
    assert!(words.contains("could not be loaded"), "{words}");
    assert_eq!(told(&page).await[0]["detail"]["code"], "not_loaded");
    page.vanish();
}
