//! Passes in the page: shown, counted down, replaced, revoked. The answers are the golden ones of the protocol.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    LINK, NONE, TOKEN, Widget, calls_made, document, hold, offering, release, seconds_from_now,
    serve, server, until,
};

const ISSUED: &str = include_str!("../../protocol/fixtures/issued_pass.json");
const PENDING: &str = include_str!("../../protocol/fixtures/pending_pass.json");
const REVOKED: &str = include_str!("../../protocol/fixtures/revoked_passes_upstream.json");
const BUSY: &str = include_str!("../../protocol/fixtures/problem_upstream_rate_limited.json");
const REVOKE: &str = "[part~=revoke]";
const ISSUE: &str = ".actions [part~=button]";

#[wasm_bindgen_test]
async fn reads_every_kind_of_pass() {
    for (view, shown) in [
        (LINK, "Open link"),
        (
            include_str!("../../protocol/fixtures/pass_view_qr.json"),
            "Scan with WhatsApp",
        ),
        (
            include_str!("../../protocol/fixtures/pass_view_code.json"),
            "GAPI2015",
        ),
        (
            include_str!("../../protocol/fixtures/pass_view_token.json"),
            "Copy token",
        ),
    ] {
        server(view);
        let widget = Widget::mount();
        until(shown, || widget.text().contains(shown)).await;
        assert!(!widget.element.outer_html().contains("example-token"));
        widget.destroy().await;
    }
}

#[wasm_bindgen_test]
async fn the_token_is_shown_to_the_proxy_and_to_nobody_else() {
    server(LINK);
    let widget = Widget::mount();
    widget.until_stage("live").await;
    let calls = calls_made();
    assert!(calls.contains(&["GET http://127.0.0.1:1/v1/pass Bearer ", TOKEN].concat()));
    assert!(!calls.contains(&["TOKEN /token Bearer"].concat()));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn counts_down_and_covers() {
    let (now, end) = (seconds_from_now(0.0), seconds_from_now(1.3));
    let view = LINK
        .replace("2026-06-19T18:55:01.250Z", &now)
        .replace("2026-06-19T19:25:00.000Z", &end);
    server(&view);
    let widget = Widget::mount();
    widget.until_stage("expiring").await;
    assert!(widget.drawing().is_some());
    until("the last second", || widget.text().contains("00:01")).await;
    widget.until_stage("expired").await;
    assert!(widget.drawing().is_none(), "a dead code is not in the page");
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn makes_a_first_one() {
    server(&offering("[\"link\"]"));
    serve("POST", 201, ISSUED);
    let widget = Widget::mount();
    widget.until_stage("none").await;
    widget.press(ISSUE);
    widget.until_stage("live").await;
    assert!(widget.drawing().is_some());
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn waits_for_a_slow_provider() {
    server(&offering("[\"link\"]"));
    serve("POST", 202, PENDING);
    let widget = Widget::mount();
    widget.until_stage("none").await;
    widget.handle().issue();
    widget.until_stage("issuing").await;
    serve("GET", 200, LINK);
    widget.until_stage("live").await;
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn says_what_to_do_about_a_problem() {
    server(&offering("[\"link\"]"));
    serve("POST", 503, BUSY);
    let widget = Widget::mount();
    widget.until_stage("none").await;
    widget.press(ISSUE);
    widget.until_stage("error").await;
    let text = widget.text();
    assert!(text.contains("You can try again in 3") && text.contains("req_"));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn revoke_covers_at_once_and_is_called_done_only_by_the_server() {
    server(LINK);
    serve("DELETE", 200, REVOKED);
    hold("DELETE");
    let widget = Widget::mount();
    widget.until_stage("live").await;
    // On a busy machine it may be in the middle of drawing; from rest, no pause comes between a press and its drawing.
    yew::scheduler::flush().await;
    widget.press(REVOKE);
    // Rendered before the browser can paint another frame: no task has run in between.
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL))
        .await
        .unwrap();
    assert_eq!(widget.stage(), "revoking");
    assert!(widget.drawing().is_none());
    until("it asks", || calls_made().contains("DELETE")).await;
    assert_eq!(widget.stage(), "revoking");
    let focused = document().active_element().unwrap();
    assert_eq!(
        focused.tag_name(),
        "H2",
        "the pressed button is gone; the focus goes on"
    );
    serve("GET", 200, NONE);
    release("DELETE");
    widget.until_stage("revoked").await;
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn asks_for_a_new_token_once_when_one_is_refused() {
    server(LINK);
    serve("GET", 401, "");
    let widget = Widget::mount();
    widget.until_stage("error").await;
    assert_eq!(calls_made().matches("TOKEN").count(), 2);
    assert!(widget.text().contains("This page's session has ended"));
    serve("GET", 200, LINK);
    widget.press("[part~=primary]");
    widget.until_stage("live").await;
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn rubbish_is_an_error_and_not_a_crash() {
    for (status, body) in [
        (200, ""),
        (200, "<!doctype html>"),
        (200, "{}"),
        (200, "null"),
        (
            200,
            "{\"connection\":{},\"pass\":7,\"server_time\":\"now\"}",
        ),
        (502, "<!doctype html>"),
        (418, "{}"),
    ] {
        server(NONE);
        serve("GET", status, body);
        let widget = Widget::mount();
        widget.until_stage("error").await;
        widget.destroy().await;
    }
    let script = LINK.replace("https://app.wawp.net", "javascript:alert(1)//");
    server(&script);
    let widget = Widget::mount();
    widget.until_stage("error").await;
    widget.destroy().await;
}
