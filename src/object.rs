//! JavaScript's plain objects, by the names of their properties: two calls for all that is read and written, where
//! bindings would bring one for each property.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// What the object has by that name; undefined if it has nothing, or is none.
#[inline(never)]
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// Gives an object of our own a property, which cannot fail.
#[inline(never)]
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &JsValue::from_str(name), value));
}

/// An object whose properties are these texts.
pub(crate) fn of(texts: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, text) in texts {
        set(&object, name, &JsValue::from_str(text));
    }
    object
}
