//! Mounting and destroying, again and again, side by side.

use pairlink::mount;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    LINK, TOKEN, Widget, calls_made, document, hold, open_requests, options, server, until,
};

#[wasm_bindgen_test]
async fn mounts_paints_and_leaves_nothing() {
    server(LINK);
    let widget = Widget::mount();
    widget.until_stage("live").await;
    assert!(
        widget.drawing().unwrap().len() > 1_000,
        "the code is painted"
    );
    until("the stream opens", || calls_made().contains("EVENTS")).await;
    widget.destroy().await;
    until("every request ends", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn twenty_rounds_leave_nothing() {
    server(LINK);
    for _ in 0..20 {
        let widget = Widget::mount();
        widget.until_stage("live").await;
        widget.destroy().await;
    }
    until("every request ends", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
async fn destroyed_in_the_middle_of_a_request() {
    server(LINK);
    hold("GET");
    let widget = Widget::mount();
    until("it reads", || calls_made().contains("GET")).await;
    widget.destroy().await;
    until("the request is aborted", || open_requests() == 0).await;
}

#[wasm_bindgen_test]
fn refuses_options_that_it_does_not_know() {
    let element = document().create_element("div").unwrap();
    let refused = mount(element.clone(), &options(Some(("token", TOKEN))))
        .err()
        .unwrap();
    let message = js_sys::Error::from(JsValue::from(refused)).message();
    assert_eq!(message, "there is no option token");
    assert_eq!(element.child_nodes().length(), 0);
}

#[wasm_bindgen_test]
async fn takes_a_new_look_without_beginning_anew() {
    server(LINK);
    let element = document().create_element("div").unwrap();
    let mut handle = mount(element.clone(), &options(None))
        .map_err(JsValue::from)
        .unwrap();
    let theme = || {
        element
            .query_selector("section")
            .unwrap()
            .and_then(|section| section.get_attribute("data-theme"))
    };
    until("it is there", || theme().as_deref() == Some("auto")).await;
    handle
        .update(&options(Some(("theme", "dark"))))
        .map_err(JsValue::from)
        .unwrap();
    until("it is dark", || theme().as_deref() == Some("dark")).await;
    assert_eq!(calls_made().matches("TOKEN").count(), 1);
    handle.destroy();
}
