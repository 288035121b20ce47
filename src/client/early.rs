//! What the loader asked while this module was on its way: a token of the host, and what is alive.

use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue};

/// What was begun before the widget; nothing if the widget has to begin by itself.
///
/// A promise of the loader's that never fails: of `{token, status, body, sent, received}`; of `{token, late}` if nobody
/// answered; of nothing if it led nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Early(JsValue);

impl Early {
    /// Takes over what the loader gave.
    pub(crate) const fn of(promise: JsValue) -> Self {
        Self(promise)
    }

    /// What is to be waited for, once.
    pub(crate) fn take(&mut self) -> Option<Promise> {
        std::mem::take(&mut self.0).dyn_into().ok()
    }
}
