//! Cancelling what takes long, and logging out.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{LINK, Widget, calls_made, hold, offering, push, release, serve, server, until};

const PENDING: &str = include_str!("../../protocol/fixtures/pending_pass.json");
const REVOKED: &str = include_str!("../../protocol/fixtures/revoked_passes_local_only.json");
const LOGGED_OUT: &str =
    "{\"state\": \"logged_out\", \"server_time\": \"2026-06-19T18:55:02.000Z\"}";
const BUSY: &str = include_str!("../../protocol/fixtures/problem_upstream_rate_limited.json");
const PRIMARY: &str = "[part~=primary]";
const LOG_OUT: &str = "[part~=revoke]";

fn connected() -> String {
    offering("[\"link\"]").replace("\"unknown\"", "\"connected\"")
}

fn logged_out() -> String {
    offering("[\"link\"]").replace("\"unknown\"", "\"logged_out\"")
}

#[wasm_bindgen_test]
async fn what_takes_long_is_cancelled_and_never_shown() {
    server(&offering("[\"link\"]"));
    serve("POST", 202, PENDING);
    serve("DELETE", 200, REVOKED);
    let widget = Widget::mount();
    widget.until_stage("none").await;
    until("it listens", || calls_made().contains("EVENTS")).await;
    widget.press(PRIMARY);
    until("it takes long", || widget.text().contains("half a minute")).await;
    assert!(widget.text().contains("00:0"));
    widget.press("[part=button]");
    until("it is cancelled", || {
        widget.text().contains("Nothing was shown to anybody")
    })
    .await;
    // Sent before the cancellation, delivered after it.
    push(
        "pass",
        &LINK.replace("2026-06-19T18:55:01.250Z", "2026-06-19T18:55:00.000Z"),
    );
    until("it asks what is true", || {
        calls_made().matches("GET").count() >= 3
    })
    .await;
    assert!(widget.drawing().is_none());
    assert!(widget.text().contains("Cancelled"));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_phone_is_logged_out_after_a_question() {
    server(&connected());
    serve("LOGOUT", 200, LOGGED_OUT);
    hold("LOGOUT");
    let widget = Widget::mount();
    widget.until_stage("connected").await;
    widget.press(LOG_OUT);
    until("it asks", || widget.text().contains("Log this phone out?")).await;
    assert!(!calls_made().contains("LOGOUT"));
    widget.press("[part=button]");
    until("it is kept", || widget.text().contains("is connected")).await;

    widget.press(LOG_OUT);
    until("it asks", || widget.text().contains("Log this phone out?")).await;
    widget.press(LOG_OUT);
    widget.until_stage("logging_out").await;
    until("the proxy is asked", || {
        calls_made().contains("LOGOUT http://127.0.0.1:1/v1/session Bearer")
    })
    .await;
    serve("GET", 200, &logged_out());
    release("LOGOUT");
    widget.until_stage("none").await;
    assert!(widget.text().contains("The phone is logged out"));
    assert!(widget.text().contains("Make a link"));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_phone_that_stays_linked_is_not_called_logged_out() {
    server(&connected());
    serve("LOGOUT", 503, BUSY);
    let widget = Widget::mount();
    widget.until_stage("connected").await;
    widget.press(LOG_OUT);
    until("it asks", || widget.text().contains("Log this phone out?")).await;
    widget.press(LOG_OUT);
    until("it says so", || widget.text().contains("Too many at once")).await;
    assert_eq!(widget.stage(), "connected");
    assert!(widget.text().contains("is connected"));
    widget.destroy().await;
}
