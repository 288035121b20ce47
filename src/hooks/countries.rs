//! The names of countries, which the browser knows in every language; a page loads none of them.

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::components::NamedCountry;
use crate::model::{Country, countries, country};
use crate::object;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn of(this: &DisplayNames, region: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type Collator;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = Collator)]
    fn new(locale: &str) -> Result<Collator, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn compare(this: &Collator) -> Function;

    #[wasm_bindgen(extends = Array)]
    type Sortable;

    #[wasm_bindgen(method, js_name = sort)]
    fn sort_with(this: &Sortable, compare: &Function);

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
    let names = DisplayNames::new(locale, &object::of(&[("type", "region")])).ok();
    let labels: Sortable = Array::new().unchecked_into();
    for Country { region, code } in countries() {
        let name = names.as_ref().and_then(|names| names.of(region).ok());
        let name = name.unwrap_or_else(|| region.to_owned());
        // The mark keeps the plus before the digits where a language is written from right to left.
        // The region stands behind, where it can be found after sorting.
        labels.push(&[&name, " (\u{200e}+", code, ")", region].concat().into());
    }
    if let Ok(collator) = Collator::new(locale) {
        labels.sort_with(&collator.compare());
    }
    let mut all = Vec::new();
    for label in labels.iter() {
        let label = label.as_string().unwrap_or_default();
        let split = label.len().saturating_sub(2);
        if let Some((name, region)) = label.split_at_checked(split)
            && let Some(country) = country(region)
        {
            all.push(NamedCountry {
                country,
                name: name.to_owned(),
            });
        }
    }
    all
}

/// Whether the browser accepts that language tag.
pub(crate) fn knows(tag: &str) -> bool {
    Locale::new(tag).is_ok()
}

/// Where somebody with this language most probably is.
pub(super) fn country_of(language: &str) -> Option<Country> {
    country(&Locale::new(language).ok()?.maximize().region()?)
}
