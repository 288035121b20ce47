//! Several widgets of one connection in a page: one token, one stream.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    LINK, NONE, Widget, calls_made, hang_up, hold, open_requests, push, release, serve, server,
    until,
};

fn count(call: &str) -> usize {
    calls_made().matches(call).count()
}

/// The view, as it was so many seconds later.
fn later(view: &str, second: &str) -> String {
    view.replace("18:55:01.250Z", second)
}

#[wasm_bindgen_test]
async fn two_widgets_share_a_token_and_a_stream() {
    server(LINK);
    let (first, second) = (Widget::mount(), Widget::mount());
    first.until_stage("live").await;
    second.until_stage("live").await;
    until("they listen", || count("EVENTS") > 0).await;
    push("revoked", NONE);
    first.until_stage("revoked").await;
    second.until_stage("revoked").await;
    assert!(first.drawing().is_none() && second.drawing().is_none());

    first.destroy().await;
    push("pass", &later(LINK, "18:55:02.250Z"));
    second.until_stage("live").await;
    assert_eq!((count("TOKEN"), count("EVENTS")), (1, 1));
    assert_eq!(open_requests(), 1, "the other one listens on");
    second.destroy().await;
    until("the stream ends with the last one", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn other_tokens_are_for_other_streams() {
    server(LINK);
    let first = Widget::mount();
    let second = Widget::mount_with(Some(("tokenEndpoint", "/token?of=another")));
    until("both listen", || count("EVENTS") == 2).await;
    assert_eq!(count("TOKEN"), 2);
    first.destroy().await;
    until("one listens", || open_requests() == 1).await;
    second.destroy().await;
    until("nobody listens", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn a_widget_hears_what_was_told_before_it_listened() {
    server(LINK);
    let first = Widget::mount();
    first.until_stage("live").await;
    until("it listens", || count("EVENTS") == 1).await;
    // The second one reads what was true, and is told late.
    hold("GET");
    let second = Widget::mount();
    until("it reads", || count("GET") == 2).await;
    push("revoked", &later(NONE, "18:55:02.250Z"));
    first.until_stage("revoked").await;
    release("GET");
    second.until_stage("revoked").await;
    assert_eq!(count("EVENTS"), 1);
    first.destroy().await;
    second.destroy().await;
}

#[wasm_bindgen_test]
async fn widgets_come_back_together_to_one_stream() {
    server(LINK);
    let widgets = [Widget::mount(), Widget::mount(), Widget::mount()];
    for widget in &widgets {
        widget.until_stage("live").await;
    }
    until("they listen", || count("EVENTS") == 1).await;
    hang_up();
    until("they listen again", || count("EVENTS") == 2).await;
    push("revoked", NONE);
    for widget in &widgets {
        widget.until_stage("revoked").await;
    }
    assert_eq!(count("EVENTS"), 2);
    for widget in widgets {
        widget.destroy().await;
    }
    until("nobody listens", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn a_widget_that_goes_while_it_asks_for_the_token_keeps_nobody_waiting() {
    server(LINK);
    hold("TOKEN");
    let (first, second) = (Widget::mount(), Widget::mount());
    until("one of them asks", || count("TOKEN") == 1).await;
    first.destroy().await;
    until("the other one asks", || count("TOKEN") == 2).await;
    release("TOKEN");
    second.until_stage("live").await;
    second.destroy().await;
    until("every request ends", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn what_one_revokes_is_covered_in_the_other() {
    server(LINK);
    serve(
        "DELETE",
        200,
        include_str!("../../protocol/fixtures/revoked_passes_local_only.json"),
    );
    let (first, second) = (Widget::mount(), Widget::mount());
    first.until_stage("live").await;
    second.until_stage("live").await;
    until("they listen", || count("EVENTS") == 1).await;
    serve("GET", 200, NONE);
    first.press("[part~=revoke]");
    push("revoked", NONE);
    second.until_stage("revoked").await;
    first.until_stage("revoked").await;
    first.destroy().await;
    second.destroy().await;
}
