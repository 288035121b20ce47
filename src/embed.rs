//! The only face towards JavaScript: `mount(element, options) -> Handle`.
//!
//! Options arrive as one object and are checked in [`Options`]; announcements leave as `onEvent(name, detail)`.

use js_sys::{Array, Function, Object};
use pairlink_words::SEPARATOR;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use web_sys::Element;
use yew::{AppHandle, Callback};

use crate::client::{Early, TokenSource};
use crate::clock;
use crate::model::Announcement;
use crate::object;
use crate::options::{Given, Options, TokenOption};
use crate::pair_link::{Message, PairLink, PairLinkProps};

/// Smaller than the standard one by two kilobytes on the wire; it gives memory back and merges it like that one.
#[cfg(all(target_arch = "wasm32", feature = "small-allocator"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A mounted widget.
#[wasm_bindgen]
pub struct Handle {
    app: AppHandle<PairLink>,
}

/// The loader's own option, which is no host's: what it has begun already.
const EARLY: &str = "early";

/// Mounts the widget into an element, whose children it replaces.
#[wasm_bindgen]
pub fn mount(element: Element, options: &Object) -> Result<Handle, JsError> {
    let props = props(options)?;
    let app = yew::Renderer::<PairLink>::with_root_and_props(element, props).render();
    Ok(Handle { app })
}

/// Where the stack is. A call that never came back leaves it elsewhere than it was at rest: for browsers that do not say
/// whose code an error is from.
#[wasm_bindgen]
pub fn stack() -> usize {
    let top = 0_u8;
    std::hint::black_box(&raw const top).addr()
}

#[wasm_bindgen]
impl Handle {
    /// Asks for a new pass.
    pub fn issue(&self) {
        self.app.send_message(Message::issue());
    }

    /// Revokes every live pass of the connection; the code is covered at once.
    pub fn revoke(&self) {
        self.app.send_message(Message::revoke());
    }

    /// Takes other options. The widget begins anew only if where it reads from, or what it asks for, has changed.
    pub fn update(&mut self, options: &Object) -> Result<(), JsError> {
        self.app.update(props(options)?);
        Ok(())
    }

    /// Unmounts the widget: requests, streams, timers and listeners end, and the element is empty.
    pub fn destroy(self) {
        self.app.destroy();
    }
}

fn props(options: &Object) -> Result<PairLinkProps, JsError> {
    let value_of = |key: &str| object::get(options, key);
    let mut all = Vec::new();
    for key in Object::keys(options) {
        if let Some(key) = key.as_string().filter(|key| key != EARLY) {
            let value = given(&value_of(&key));
            all.push((key, value));
        }
    }
    let parsed = Options::parse(&all).map_err(|invalid| JsError::new(&invalid.message()))?;
    Ok(PairLinkProps {
        base: parsed.base,
        token: match parsed.token {
            TokenOption::Endpoint(address) => TokenSource::Endpoint(address),
            TokenOption::Function => TokenSource::Function(value_of("fetchToken").unchecked_into()),
        },
        methods: parsed.methods,
        phone_number: parsed.phone_number,
        words: parsed.words,
        locale: parsed.locale,
        theme: parsed.theme,
        early: Early::of(value_of(EARLY)),
        on_event: value_of("onEvent")
            .dyn_into()
            .map_or_else(|_absent| Callback::noop(), announce_to),
    })
}

fn given(value: &JsValue) -> Given {
    if value.is_undefined() || value.is_null() {
        Given::Nothing
    } else if let Some(text) = value.as_string() {
        Given::Text(text)
    } else if value.is_function() {
        Given::Function
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Given::Text(list.join(SEPARATOR).into())
    } else {
        Given::Other
    }
}

fn announce_to(listener: Function) -> Callback<Announcement> {
    Callback::from(move |announcement| {
        let (name, fields) = event(&announcement);
        let detail = Object::new();
        for (key, value) in fields {
            object::set(&detail, key, &value);
        }
        // What a host's listener throws is the host's.
        drop(listener.call2(&JsValue::NULL, &JsValue::from_str(name), &detail));
    })
}

/// The name of an event and its detail, without any secret.
fn event(announcement: &Announcement) -> (&'static str, Vec<(&'static str, JsValue)>) {
    match announcement {
        Announcement::Ready => ("ready", vec![]),
        Announcement::Pass { method, expires_at } => (
            "pass",
            vec![
                ("method", method.as_str().into()),
                (
                    "expires_at",
                    clock::date(*expires_at).to_iso_string().into(),
                ),
            ],
        ),
        Announcement::State(state) => ("state", vec![("state", state.as_str().into())]),
        Announcement::Connected => ("connected", vec![]),
        Announcement::Expired => ("expired", vec![]),
        Announcement::Revoked => ("revoked", vec![]),
        Announcement::Error { code, request_id } => (
            "error",
            vec![
                ("code", code.as_str().into()),
                (
                    "request_id",
                    request_id.as_deref().map_or(JsValue::NULL, JsValue::from),
                ),
            ],
        ),
    }
}
