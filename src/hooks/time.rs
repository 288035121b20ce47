//! Times and durations as people of a language write them, which the browser knows. Digits are the western ones, as in
//! codes and countdowns.

use js_sys::Object;
use pairlink_protocol::Timestamp;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::clock;
use crate::components::Count;
use crate::object;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type RelativeTimeFormat;

    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = RelativeTimeFormat)]
    fn new(locale: &str, options: &Object) -> RelativeTimeFormat;

    #[wasm_bindgen(method)]
    fn format(this: &RelativeTimeFormat, number: u32, unit: &str) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;

    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = NumberFormat)]
    fn new(locale: &str, options: &Object) -> NumberFormat;

    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, number: u32) -> String;
}

const DIGITS: (&str, &str) = ("numberingSystem", "latn");

/// Hours and minutes where the visitor is. The browser must know the locale.
pub(crate) fn time_of_day(at: Timestamp, locale: &str) -> String {
    let options = object::of(&[("hour", "2-digit"), ("minute", "2-digit"), DIGITS]);
    String::from(
        clock::date(at).to_locale_time_string_with_options(locale, options.unchecked_ref()),
    )
}

/// "in 5 seconds", "2 minutes". The browser must know the locale.
pub(crate) fn count(count: Count, locale: &str) -> String {
    let (Count::In(seconds) | Count::Of(seconds)) = count;
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60.. => (seconds.div_ceil(60), "minute"),
    };
    match count {
        Count::In(_) => {
            RelativeTimeFormat::new(locale, &object::of(&[DIGITS])).format(number, unit)
        }
        Count::Of(_) => {
            let style = [
                ("style", "unit"),
                ("unit", unit),
                ("unitDisplay", "long"),
                DIGITS,
            ];
            NumberFormat::new(locale, &object::of(&style)).format(number)
        }
    }
}
