//! Every way to connect, as a person goes it: by link, by QR code, by pairing code, and out again.

use std::time::Duration;

use pairlink_e2e::{Page, Visit, eventually};

use crate::{Stage, button};

pub(crate) const LINK: &str = "^link$";
pub(crate) const QR: &str = "^qr code$";
pub(crate) const CODE: &str = "^pairing code$";
pub(crate) const GET_CODE: &str = "get a code";
pub(crate) const SHOW_QR: &str = "show the code";
pub(crate) const LOG_OUT: &str = "log out";

/// Enters a pairing code on the phone, and waits for it to be linked.
async fn link_by_code(stage: &Stage, channel: &str, code: &str) {
    let phone = stage.handset(channel).await;
    phone.fill("input[name=code]", code).await;
    phone.click("form:has(input[name=code]) button").await;
    eventually("the phone to be linked", async || {
        match phone.text("h1").await {
            title if title == "The phone is connected" => Ok(()),
            title => Err(title),
        }
    })
    .await;
    phone.close().await;
}

/// Gets a pairing code for a British phone, and reads it.
async fn pairing_code(page: &Page) -> String {
    let widget = page.widget();
    widget.choose(CODE).await;
    widget.type_number("+44 7400 123456").await;
    widget.press(GET_CODE).await;
    widget
        .says(&["Choose Link with phone number instead"])
        .await;
    widget.code().await
}

#[tokio::test]
async fn a_phone_is_linked_by_a_pairing_code_at_green_api() {
    let stage = Stage::set().await;
    let console = stage.channel("deliveries").await;
    let code = pairing_code(&console).await;
    assert_eq!(code.len(), 8, "{code}");
    link_by_code(&stage, "deliveries", &code).await;
    console.widget().says(&["is connected"]).await;
    console.close().await;
}

#[tokio::test]
async fn a_phone_is_linked_by_each_of_wawps_methods() {
    let stage = Stage::set().await;
    let console = stage.channel("counter").await;
    let widget = console.widget();
    widget.choose(CODE).await;
    widget.button(GET_CODE).await;
    widget.choose(QR).await;
    widget.press(SHOW_QR).await;
    widget.scan().await;
    widget.choose(LINK).await;
    widget.says(&["A QR code is still active"]).await;
    widget.covers_its_code().await;

    let code = pairing_code(&console).await;
    link_by_code(&stage, "counter", &code).await;
    widget.says(&["is connected"]).await;
    console.close().await;
}

#[tokio::test]
async fn a_number_that_no_phone_has_is_corrected_at_the_field() {
    let stage = Stage::set().await;
    let console = stage.channel("deliveries").await;
    let widget = console.widget();
    widget.choose(CODE).await;
    // Enough digits for the page, and none that Britain gives out: the proxy says so.
    widget.type_number("+44 1111111111").await;
    widget.press(GET_CODE).await;
    widget.says(&["Please check it"]).await;
    widget.type_number("+44 7400 123456").await;
    widget.press(GET_CODE).await;
    widget.says(&["Type this code into WhatsApp"]).await;
    console.close().await;
}

#[tokio::test]
async fn a_code_that_takes_long_is_waited_for_or_cancelled() {
    let stage = Stage::set().await;
    let console = stage.channel("deliveries").await;
    let widget = console.widget();
    let simulator = stage.system.simulator();
    widget.choose(CODE).await;
    widget.type_number("+44 7400 123456").await;
    simulator
        .delay("green_api.authorization_code", Duration::from_secs(7))
        .await;
    widget.press(GET_CODE).await;
    widget.says(&["This can take half a minute"]).await;
    widget.says(&["Type this code into WhatsApp"]).await;

    widget.press(button::REVOKE).await;
    simulator.hold_after("green_api.authorization_code").await;
    widget.press(GET_CODE).await;
    widget.says(&["This can take half a minute"]).await;
    widget.press("cancel").await;
    widget.says(&["Nothing was shown to anybody"]).await;
    simulator.let_go().await;
    let words = widget.says(&["Cancelled"]).await;
    assert!(!words.contains("Type this code"), "{words}");
    console.close().await;
}

#[tokio::test]
async fn a_token_is_read_on_purpose() {
    let stage = Stage::set().await;
    for channel in ["orders", "wholesale"] {
        let console = stage.channel(channel).await;
        let widget = console.widget();
        widget.press("make a token").await;
        widget.button("copy token").await;
        assert!(widget.readable_token().await.is_none());
        widget.press("reveal").await;
        widget.button("hide").await;
        assert!(
            widget
                .readable_token()
                .await
                .is_some_and(|token| token.len() > 8)
        );
        widget.press("hide").await;
        widget.button("reveal").await;
        assert!(widget.readable_token().await.is_none());
        console.close().await;
    }
}

#[tokio::test]
async fn a_connected_phone_is_logged_out_and_connected_again() {
    let stage = Stage::set().await;
    let console = stage.channel("deliveries").await;
    let widget = console.widget();
    let code = pairing_code(&console).await;
    link_by_code(&stage, "deliveries", &code).await;
    widget.says(&["is connected"]).await;

    widget.press(LOG_OUT).await;
    widget.says(&["Log this phone out?"]).await;
    widget.press("stay connected").await;
    widget.says(&["is connected"]).await;
    widget.press(LOG_OUT).await;
    widget.says(&["Log this phone out?"]).await;
    widget.press(LOG_OUT).await;
    widget.says(&["The phone is logged out"]).await;
    let phone = stage.handset("deliveries").await;
    assert_eq!(phone.text("h1").await, "The phone is not connected");
    phone.close().await;

    let code = pairing_code(&console).await;
    link_by_code(&stage, "deliveries", &code).await;
    widget.says(&["is connected"]).await;
    console.close().await;
}

/// WebKitGTK's driver knows no other pointer than the machine's.
#[tokio::test]
async fn not_in_webkit_on_a_phone_the_pairing_code_comes_first() {
    let stage = Stage::set().await;
    let visit = Visit {
        size: (360, 740),
        touch: true,
        ..Visit::default()
    };
    let page = stage.browser.visit(&stage.system.onboarding(), visit).await;
    page.widget().button(GET_CODE).await;
    let overflow = page
        .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await;
    assert_eq!(overflow, 0, "nothing sticks out to the side");
    page.close().await;
}
