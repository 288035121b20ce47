//! A page with a widget in it, and the server behind it.

use js_sys::{Array, Object, Promise, Reflect};
use pairlink::{Handle, mount, words};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, EventInit, HtmlElement, HtmlInputElement};

#[wasm_bindgen(module = "/tests/browser/server.js")]
extern "C" {
    pub(crate) fn reset();
    pub(crate) fn serve(method: &str, status: u16, body: &str);
    pub(crate) fn hold(method: &str);
    pub(crate) fn release(method: &str);
    pub(crate) fn push(kind: &str, data: &str);
    #[wasm_bindgen(js_name = hangUp)]
    pub(crate) fn hang_up();
    pub(crate) fn early(token: &str, status: u16, body: &str, seconds_ago: f64) -> Promise;
    #[wasm_bindgen(js_name = earlySilence)]
    pub(crate) fn early_silence(token: &str, late: bool) -> Promise;
    #[wasm_bindgen(js_name = earlyNothing)]
    pub(crate) fn early_nothing() -> Promise;
    #[wasm_bindgen(js_name = comeBack)]
    pub(crate) fn come_back(how: &str);
    #[wasm_bindgen(js_name = openRequests)]
    pub(crate) fn open_requests() -> i32;
    #[wasm_bindgen(js_name = callsMade)]
    pub(crate) fn calls_made() -> String;
    fn soon() -> Promise;
    #[wasm_bindgen(js_name = secondsFromNow)]
    pub(crate) fn seconds_from_now(seconds: f64) -> String;
}

/// What must never be in a page.
pub(crate) const TOKEN: &str = "ple_canary";
pub(crate) const LINK: &str = include_str!("../../protocol/fixtures/pass_view_link.json");
pub(crate) const NONE: &str = include_str!("../../protocol/fixtures/pass_view_none.json");

/// No pass, and a page that may make one of these methods.
pub(crate) fn offering(methods: &str) -> String {
    NONE.replace("[\"link\"]", methods).replace(
        "[\"read\"]",
        "[\"read\", \"issue\", \"revoke\", \"logout\"]",
    )
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Begins a test: a host's backend that gives tokens, and a proxy that shows this view.
pub(crate) fn server(view: &str) {
    reset();
    let token = [
        "{\"token\":\"",
        TOKEN,
        "\",\"expires_at\":\"2999-01-01T00:00:00.000Z\"}",
    ]
    .concat();
    serve("TOKEN", 200, &token);
    serve("GET", 200, view);
}

/// The strings of a language, as the loader hands them on.
pub(crate) fn strings(language: &str) -> Array {
    let list = words::of(language).list();
    list.into_iter().map(JsValue::from).collect()
}

/// The options of a host, with one more if wanted. A locale brings its words along, as it does with the loader.
pub(crate) fn options(more: Option<(&str, &str)>) -> Object {
    let options = Object::new();
    let given = [("base", "http://127.0.0.1:1"), ("tokenEndpoint", "/token")];
    for (key, value) in given.into_iter().chain(more) {
        Reflect::set(&options, &key.into(), &value.into()).unwrap();
    }
    let language = more.filter(|(key, _)| *key == "locale");
    let words = strings(language.map_or("en", |(_, tag)| tag));
    Reflect::set(&options, &"words".into(), &words).unwrap();
    options
}

/// A widget in a page.
pub(crate) struct Widget {
    pub(crate) element: Element,
    handle: Option<Handle>,
}

impl Widget {
    pub(crate) fn mount() -> Self {
        Self::mount_with(None)
    }

    /// Mounts it with one more option.
    pub(crate) fn mount_with(more: Option<(&str, &str)>) -> Self {
        Self::mount_by(&options(more))
    }

    /// Mounts it as the loader does that has begun already.
    pub(crate) fn mount_early(early: &JsValue) -> Self {
        let options = options(None);
        Reflect::set(&options, &"early".into(), early).unwrap();
        Self::mount_by(&options)
    }

    fn mount_by(options: &Object) -> Self {
        let element = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&element).unwrap();
        let handle = mount(element.clone(), options)
            .map_err(JsValue::from)
            .unwrap();
        Self {
            element,
            handle: Some(handle),
        }
    }

    pub(crate) fn handle(&self) -> &Handle {
        self.handle.as_ref().unwrap()
    }

    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        let found = self.element.query_selector(selector).unwrap()?;
        Some(found.unchecked_into())
    }

    pub(crate) fn press(&self, selector: &str) {
        let button = self.find(selector).expect(selector);
        button.focus().unwrap();
        button.click();
    }

    /// Types a text into a field, or chooses an option, and lets the page know of it.
    pub(crate) fn fill(&self, selector: &str, event: &str, text: &str) {
        let field: HtmlInputElement = self.find(selector).expect(selector).unchecked_into();
        field.set_value(text);
        let how = EventInit::new();
        how.set_bubbles(true);
        let event = Event::new_with_event_init_dict(event, &how).unwrap();
        field.dispatch_event(&event).unwrap();
    }

    pub(crate) fn stage(&self) -> String {
        self.find("section")
            .and_then(|section| section.get_attribute("data-stage"))
            .unwrap_or_default()
    }

    pub(crate) fn drawing(&self) -> Option<String> {
        self.find("svg[role=img] path")?.get_attribute("d")
    }

    pub(crate) fn text(&self) -> String {
        self.element.text_content().unwrap_or_default()
    }

    pub(crate) async fn until_stage(&self, stage: &str) {
        let wanted = [stage, " in place of ", &self.stage()].concat();
        until(&wanted, || self.stage() == stage).await;
        assert!(
            !self.element.outer_html().contains(TOKEN),
            "{stage}: the token stands in the page"
        );
    }

    pub(crate) async fn destroy(mut self) {
        self.handle.take().unwrap().destroy();
        let element = self.element;
        until("the element is empty", || !element.has_child_nodes()).await;
        element.remove();
    }
}

/// Waits until it is so, by looking again and again; fails if it never is.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        JsFuture::from(soon()).await.unwrap();
    }
    panic!("it never came to be: {what}");
}
