//! What the loader asked before the widget was there.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    LINK, NONE, TOKEN, Widget, calls_made, early, early_nothing, early_silence, open_requests,
    seconds_from_now, server, until,
};

#[wasm_bindgen_test]
async fn is_not_asked_again() {
    server(NONE);
    let widget = Widget::mount_early(&early(TOKEN, 200, LINK, 0.1));
    widget.until_stage("live").await;
    assert!(widget.drawing().is_some());
    until("it listens", || calls_made().contains("EVENTS")).await;
    let calls = calls_made();
    assert!(calls.contains(&["/v1/events Bearer ", TOKEN].concat()));
    assert_eq!(calls.lines().count(), 1, "{calls}");
    widget.destroy().await;
    until("the stream ends", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn is_shared_by_widgets_of_one_connection() {
    server(NONE);
    let promise = early(TOKEN, 200, LINK, 0.1);
    let (first, second) = (Widget::mount_early(&promise), Widget::mount_early(&promise));
    first.until_stage("live").await;
    second.until_stage("live").await;
    until("they listen", || calls_made().contains("EVENTS")).await;
    assert_eq!(calls_made().lines().count(), 1);
    first.destroy().await;
    second.destroy().await;
}

#[wasm_bindgen_test]
async fn counts_from_when_it_was_asked() {
    server(NONE);
    // Answered when it had 6 seconds; asked for 5 seconds ago, and nobody knows when in between that was.
    let view = LINK
        .replace("18:55:01.250Z", "18:55:00.000Z")
        .replace("19:25:00.000Z", "18:55:06.000Z");
    let before = seconds_from_now(2.5);
    let widget = Widget::mount_early(&early(TOKEN, 200, &view, 5.0));
    widget.until_stage("expiring").await;
    widget.until_stage("expired").await;
    assert!(
        seconds_from_now(0.0) < before,
        "it is early rather than late"
    );
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn what_led_nowhere_is_begun_anew() {
    server(LINK);
    let widget = Widget::mount_early(&early_nothing());
    widget.until_stage("live").await;
    let calls = calls_made();
    assert_eq!(
        (calls.matches("TOKEN").count(), calls.matches("GET").count()),
        (1, 1)
    );
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn its_failures_are_said_like_any_other() {
    let busy = include_str!("../../protocol/fixtures/problem_upstream_rate_limited.json");
    for (outcome, said) in [
        (early_silence("", false), "session has ended"),
        (early_silence(TOKEN, false), "No answer"),
        (early_silence(TOKEN, true), "takes too long"),
        (early(TOKEN, 200, "", 0.1), "does not fit"),
        (early(TOKEN, 200, "{}", 0.1), "does not fit"),
        (early(TOKEN, 200, "7", 0.1), "does not fit"),
        (early("no\ntoken", 200, LINK, 0.1), "session has ended"),
        (early(TOKEN, 503, busy, 0.1), "Too many at once"),
    ] {
        server(LINK);
        let widget = Widget::mount_early(&outcome);
        widget.until_stage("error").await;
        assert!(widget.text().contains(said), "{said}: {}", widget.text());
        widget.press("[part~=primary]");
        widget.until_stage("live").await;
        widget.destroy().await;
    }
}

#[wasm_bindgen_test]
async fn what_is_no_promise_is_nothing() {
    server(LINK);
    let widget = Widget::mount_early(&"soon".into());
    widget.until_stage("live").await;
    assert_eq!(calls_made().matches("GET").count(), 1);
    widget.destroy().await;
}
