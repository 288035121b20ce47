//! Languages in the page: direction, numbers, times, and the change from one to another.

use js_sys::{Array, Error, Reflect};
use pairlink::{mount, words};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    LINK, Widget, calls_made, document, offering, options, serve, server, strings, until,
};

const BUSY: &str = include_str!("../../protocol/fixtures/problem_upstream_rate_limited.json");

fn attribute(widget: &Widget, selector: &str, name: &str) -> String {
    let element = widget.find(selector).expect(selector);
    element.get_attribute(name).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_language_brings_its_words_and_its_direction() {
    for language in words::LANGUAGES {
        server(LINK);
        let widget = Widget::mount_with(Some(("locale", language.language)));
        widget.until_stage("live").await;
        let text = widget.text();
        assert!(text.contains(language.link.live.title), "{text}");
        assert!(text.contains(language.expires_in), "{text}");
        assert_eq!(attribute(&widget, "section", "lang"), language.language);
        assert_eq!(attribute(&widget, "section", "dir"), language.direction);
        // What is copied, typed or counted runs as it does everywhere.
        assert_eq!(attribute(&widget, "input.field", "dir"), "ltr");
        assert_eq!(attribute(&widget, "[role=timer]", "dir"), "ltr");
        let timer = widget.find("[role=timer]").unwrap().text_content();
        assert!(
            timer.is_some_and(|digits| digits.bytes().all(|byte| b"0123456789:".contains(&byte)))
        );
        widget.destroy().await;
    }
}

/// What a language says of a wait of so many seconds.
async fn waits(language: &str, seconds: &str, wanted: &str) {
    server(&offering("[\"link\"]"));
    serve("POST", 503, &BUSY.replace("30", seconds));
    let widget = Widget::mount_with(Some(("locale", language)));
    widget.until_stage("none").await;
    widget.press(".actions [part~=button]");
    until(wanted, || widget.text().contains(wanted)).await;
    widget.destroy().await;
}

#[wasm_bindgen_test]
async fn numbers_are_counted_as_the_language_counts_them() {
    waits("en", "6", "You can try again in 5 seconds.").await;
    waits("en", "2", "You can try again in 1 second.").await;
    waits("en", "90", "You can try again in 2 minutes.").await;
    waits("de", "2", "Sie können es in 1 Sekunde erneut versuchen.").await;
    waits("ru", "6", "через 5 секунд.").await;
    waits("ru", "3", "через 2 секунды.").await;
    waits("ru", "2", "через 1 секунду.").await;
    // Digits are the same everywhere, whatever the country.
    waits("ar-EG", "26", "25").await;
    waits("hi-IN-u-nu-deva", "26", "25").await;
}

#[wasm_bindgen_test]
async fn the_words_decide_in_which_language_numbers_are_written() {
    server(&offering("[\"link\"]"));
    serve("POST", 503, BUSY);
    let element = document().create_element("div").unwrap();
    // A visitor whose language is not there reads English, and not half of it; nonsense does no harm either.
    for tag in ["ja", "en-", "e", "en-x"] {
        let given = options(Some(("locale", tag)));
        Reflect::set(&given, &"words".into(), &strings("en")).unwrap();
        let handle = mount(element.clone(), &given)
            .map_err(JsValue::from)
            .unwrap();
        let text = || element.text_content().unwrap_or_default();
        until("it is there", || text().contains("Make a link")).await;
        handle.issue();
        until("it waits", || text().contains("You can try again in ")).await;
        assert!(text().contains(" seconds."), "{tag}: {}", text());
        handle.destroy();
        until("it is gone", || !element.has_child_nodes()).await;
    }
}

#[wasm_bindgen_test]
async fn takes_another_language_without_beginning_anew() {
    server(LINK);
    let element = document().create_element("div").unwrap();
    let mut handle = mount(element.clone(), &options(None))
        .map_err(JsValue::from)
        .unwrap();
    let text = || element.text_content().unwrap_or_default();
    for language in ["en", "de", "en"] {
        handle
            .update(&options(Some(("locale", language))))
            .map_err(JsValue::from)
            .unwrap();
        let title = words::of(language).link.live.title;
        until(title, || text().contains(title)).await;
    }
    assert_eq!(calls_made().matches("TOKEN").count(), 1);
    handle.destroy();
}

#[wasm_bindgen_test]
fn refuses_words_that_are_not_all_there() {
    let element = document().create_element("div").unwrap();
    let incomplete = strings("en");
    incomplete.pop();
    for wrong in [
        incomplete.into(),
        Array::new().into(),
        JsValue::TRUE,
        JsValue::NULL,
    ] {
        let given = options(None);
        Reflect::set(&given, &"words".into(), &wrong).unwrap();
        let refused = mount(element.clone(), &given).err().unwrap();
        let message = Error::from(JsValue::from(refused)).message();
        assert_eq!(message, "the value of this option cannot be used: words");
    }
    assert!(!element.has_child_nodes());
}
