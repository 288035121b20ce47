//! A page in the frame that is not what it should be: somebody has the proxy's address, or it was broken into.

use pairlink_e2e::{Host, Page};
use serde_json::json;

use super::parent::{becomes_true, frames, page_with, told, with_element};
use crate::Stage;

/// Takes the port, and says all of this through it.
fn child(say: &str) -> String {
    page_with(&format!(
        "<script>addEventListener('message', ({{data, ports}}) => {{
           window.greeted = data;
           const port = ports[0];
           const say = (type, content) => port.postMessage({{pairlink: 1, type, ...content}});
           {say}
           say('event', {{name: 'ready', detail: {{}}}});
         }});</script>"
    ))
}

/// A host's page whose frame is this one.
async fn around(stage: &Stage, say: &str) -> (Host, Host, Page) {
    let (host, fake) = (Host::start().await, Host::start().await);
    host.give_token("ple_canary_of_the_host");
    fake.put("/embed", &child(say));
    let base = format!("base=\"{}\"", fake.origin());
    let address = host.put("/", &with_element(stage.system.proxy(), &base));
    let page = stage.browser.open(&address).await;
    becomes_true(
        &page,
        "return window.told.some(({name}) => name === 'ready')",
    )
    .await;
    (host, fake, page)
}

#[tokio::test]
async fn no_frame_grows_without_end() {
    let stage = Stage::set().await;
    let (_host, _fake, page) = around(
        &stage,
        "for (const height of [300, -5, NaN, Infinity, '500', null, {}, 1e9]) say('height', {height}); say('height');",
    )
    .await;
    let height = page
        .run("return document.querySelector('pair-link-frame').shadowRoot.querySelector('iframe').getAttribute('height')")
        .await;
    assert_eq!(height, "4000");
    page.close().await;
}

#[tokio::test]
async fn what_is_no_event_of_the_element_is_dropped() {
    let stage = Stage::set().await;
    let (_host, _fake, page) = around(
        &stage,
        "for (const garbage of [null, 1, 'event', {type: 'event', name: 'ready'}]) port.postMessage(garbage);
         for (const name of ['click', 'constructor', '__proto__', 'toString', '', null, 7, {}]) say('event', {name, detail: {}});
         say('event', {name: 'state', detail: {state: {}}});
         say('event', {name: 'state', detail: {state: 'x'.repeat(201)}});
         say('event', {name: 'state', detail: {state: 'waiting', token: 'planted'}});
         say('event', {name: 'error', detail: 'planted'});
         say('unheard-of'); say('token', {id: 1, token: 'x'}); say('options', {options: {theme: 'dark'}});",
    )
    .await;
    assert_eq!(
        told(&page).await,
        [
            json!({"name": "state", "detail": {"state": "waiting"}}),
            json!({"name": "error", "detail": {"code": null, "request_id": null}}),
            json!({"name": "ready", "detail": {}}),
        ]
    );
    assert_eq!(frames(&page).await, 1);
    page.close().await;
}

#[tokio::test]
async fn the_greeting_holds_no_token_and_tokens_are_given_by_request_only() {
    let stage = Stage::set().await;
    let (host, _fake, page) = around(
        &stage,
        "window.heard = []; port.onmessage = ({data}) => heard.push(data);
         for (const id of [null, 'x', {}, 1.5, NaN]) say('token?', {id});
         say('token?', {id: 1});",
    )
    .await;
    page.enter_any_frame().await;
    becomes_true(&page, "return heard.some(({type}) => type === 'token')").await;
    let greeted = page.run("return JSON.stringify(greeted)").await;
    assert!(!greeted.as_str().unwrap().contains("ple_"), "{greeted}");
    assert_eq!(
        page.run("return heard").await,
        json!([{"pairlink": 1, "type": "token", "id": 1, "token": "ple_canary_of_the_host"}])
    );
    assert_eq!(host.asked(), 1, "the token that the frame was made for");
    page.leave_frame().await;
    page.close().await;
}
