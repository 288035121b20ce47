//! The names of countries, which the browser knows in every language; a page loads none of them.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::components::NamedCountry;
use crate::model::{Country, countries, country};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn of(this: &DisplayNames, region: &str) -> Result<JsString, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type Locale;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = Locale)]
    fn new(tag: &str) -> Result<Locale, JsValue>;

    #[wasm_bindgen(method)]
    fn maximize(this: &Locale) -> Locale;

    #[wasm_bindgen(method, getter)]
    fn region(this: &Locale) -> Option<String>;
}

/// Every country with its name and calling code, in the order of the language. Where the browser has no names, the
/// short ones of ISO 3166 stand in.
pub(crate) fn named_countries(locale: &str) -> Vec<NamedCountry> {
    let options = Object::new();
    // Cannot fail on an object of our own.
    drop(Reflect::set(&options, &"type".into(), &"region".into()));
    let names = DisplayNames::new(locale, &options).ok();
    let (order, plain) = (Array::of1(&locale.into()), Object::new());
    let mut named: Vec<(JsString, Country)> = countries()
        .map(|country| {
            let name = names
                .as_ref()
                .and_then(|names| names.of(country.region).ok());
            (name.unwrap_or_else(|| country.region.into()), country)
        })
        .collect();
    named.sort_by(|(left, _), (right, _)| {
        let right = String::from(right);
        left.locale_compare(&right, &order, &plain).cmp(&0)
    });
    named
        .into_iter()
        .map(|(name, country)| NamedCountry {
            country,
            name: [&String::from(name), " (+", country.code, ")"]
                .concat()
                .into(),
        })
        .collect()
}

/// Where somebody with this language most probably is.
pub(super) fn country_of(language: &str) -> Option<Country> {
    country(&Locale::new(language).ok()?.maximize().region()?)
}
