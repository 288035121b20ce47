//! The methods in the page: chosen, asked for, shown. What a mouse and a keyboard do is done by the browser's own
//! events.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    Widget, calls_made, document, offering, push, seconds_from_now, serve, server, until,
};

const CODE: &str = include_str!("../../protocol/fixtures/pass_view_code.json");
const QR: &str = include_str!("../../protocol/fixtures/pass_view_qr.json");
const TOKEN_VIEW: &str = include_str!("../../protocol/fixtures/pass_view_token.json");
const INVALID: &str = include_str!("../../protocol/fixtures/problem_invalid_field.json");
const EVERYTHING: &str = "[\"link\", \"qr\", \"code\"]";
const PRIMARY: &str = "[part~=primary]";
const NUMBER: &str = "input[type=tel]";
const CARD: &str = "[part~=code]";

/// The view of `CODE` with its end a while from now.
fn live(view: &str) -> String {
    let end = seconds_from_now(100.0);
    view.replace("2026-06-19T18:57:30.000Z", &end)
        .replace("2026-06-19T18:55:01.250Z", &seconds_from_now(0.0))
}

fn choose(widget: &Widget, method: &str) {
    widget.press(&["input[value=", method, "]"].concat());
}

fn focused() -> String {
    let focused = document().active_element().unwrap();
    focused.get_attribute("type").unwrap_or_default() + &focused.tag_name()
}

#[wasm_bindgen_test]
async fn choosing_shows_another_page_and_asks_nobody() {
    server(&offering(EVERYTHING));
    let widget = Widget::mount();
    widget.until_stage("none").await;
    until("it listens", || calls_made().contains("EVENTS")).await;
    let before = calls_made();
    for (method, button) in [
        ("qr", "Show the code"),
        ("code", "Get a code"),
        ("link", "Make a link"),
    ] {
        choose(&widget, method);
        until(button, || widget.text().contains(button)).await;
        assert_eq!(focused(), "radioINPUT", "the focus stays on the choice");
    }
    assert_eq!(calls_made(), before);
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn the_choices_of_two_widgets_are_their_own() {
    server(&offering(EVERYTHING));
    let (first, second) = (Widget::mount(), Widget::mount());
    first.until_stage("none").await;
    second.until_stage("none").await;
    choose(&first, "code");
    until("the first one follows", || {
        first.text().contains("Get a code")
    })
    .await;
    for (widget, expected) in [(&first, "code"), (&second, "link")] {
        let checked = widget.find("input:checked").unwrap();
        assert_eq!(checked.get_attribute("value").as_deref(), Some(expected));
    }
    first.destroy().await;
    second.destroy().await;
}

#[wasm_bindgen_test]
async fn the_hosts_wishes_decide_what_there_is_and_what_comes_first() {
    server(&offering(EVERYTHING));
    let widget = Widget::mount_with(Some(("methods", "code,link")));
    widget.until_stage("none").await;
    let choices = widget.element.query_selector_all("input[type=radio]");
    assert_eq!(choices.unwrap().length(), 2);
    assert!(widget.text().contains("Get a code"));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_code_is_made_for_the_number_that_was_typed() {
    server(&offering("[\"code\"]"));
    serve("POST", 422, INVALID);
    let widget = Widget::mount();
    widget.until_stage("none").await;
    let countries = widget
        .element
        .query_selector_all("option")
        .unwrap()
        .length();
    assert!(countries >= 245, "{countries}");
    assert!(widget.text().contains("(\u{200e}+998)"));

    widget.press(PRIMARY);
    until("it says so", || widget.text().contains("Please enter")).await;
    assert_eq!(focused(), "telINPUT");
    assert!(!calls_made().contains("POST"), "nobody is asked");

    widget.fill("select", "input", "GB");
    widget.fill(NUMBER, "input", "020 7946 0000");
    until("it forgives", || !widget.text().contains("Please enter")).await;
    widget.press(PRIMARY);
    until("it asks", || {
        calls_made().contains("{\"method\":\"code\",\"phone_number\":\"442079460000\"}")
    })
    .await;
    until("the proxy refuses", || {
        widget.text().contains("Please check it")
    })
    .await;
    until("it can be corrected at once", || focused() == "telINPUT").await;

    widget.fill(NUMBER, "input", "+49 30 901820");
    until("the country follows", || {
        let field = widget.find("select").unwrap();
        let value = js_sys::Reflect::get(&field, &"value".into()).unwrap();
        value.as_string().as_deref() == Some("DE")
    })
    .await;
    serve(
        "POST",
        202,
        "{\"method\":\"code\",\"server_time\":\"2999-01-01T00:00:00.000Z\"}",
    );
    widget.press(PRIMARY);
    until("it asks again", || calls_made().contains("\"4930901820\"")).await;
    assert!(!calls_made().contains("4930901820 "), "never in an address");
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_pairing_code_is_read_in_halves_and_copied_whole() {
    server(&live(CODE));
    let widget = Widget::mount();
    widget.until_stage("live").await;
    let code = widget.find("[part~=code] output").unwrap();
    assert_eq!(code.inner_text(), "GAPI2015");
    assert_eq!(code.get_attribute("dir").as_deref(), Some("ltr"));
    assert_eq!(code.child_element_count(), 2);
    assert!(widget.text().contains("Get a new code"));
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_renewed_qr_code_takes_the_place_of_the_earlier_one() {
    let view = QR.replace("2026-06-19T18:55:01.250Z", &seconds_from_now(0.0));
    let end = view.find("expires_at\": \"").unwrap() + 14;
    let dead = &view[end..end + 24];
    let view = view.replace(dead, &seconds_from_now(20.0));
    server(&view);
    let widget = Widget::mount();
    widget.until_stage("live").await;
    let first = widget.drawing().unwrap();
    until("it listens", || calls_made().contains("EVENTS")).await;
    let said = widget.find("[role=status]").unwrap().inner_text();
    let start = view.find("payload\": \"").unwrap() + 11;
    let payload = &view[start..start + 8];
    let renewed = view.replace(payload, "renewed!").replace("pas_", "pas_0");
    push("renewed", &renewed);
    until("another code", || {
        widget.drawing().is_some_and(|drawing| drawing != first)
    })
    .await;
    assert_eq!(widget.stage(), "live");
    assert_eq!(widget.find("[role=status]").unwrap().inner_text(), said);
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn a_token_is_in_the_page_only_while_somebody_reads_it() {
    server(TOKEN_VIEW);
    let widget = Widget::mount();
    widget.until_stage("live").await;
    let html = || widget.element.outer_html();
    assert!(!html().contains("example-token"));
    widget.press("[part=button]");
    until("it can be read", || widget.text().contains("example-token")).await;
    widget.press("[part=button]");
    until("it is masked", || !html().contains("example-token")).await;
    assert!(widget.find(CARD).is_some());
    widget.destroy().await;
}
