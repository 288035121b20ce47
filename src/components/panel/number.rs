//! The fields for the number of the phone that gets a pairing code. Every country has its own notation, so the country
//! is chosen, or recognised by its calling code.

use super::super::element::{Element, Name, classed, element};
use super::super::parts::row;
use super::super::{NamedCountry, View};

/// The fields, and the button that sends them.
pub(super) fn number(view: &View<'_>, label: &'static str) -> Element {
    let words = &view.words.number;
    let (number, fields) = (view.state.number(), view.fields);
    // An empty one is chosen until another one is.
    let mut countries = field("select", "country")
        .known_as(fields.country)
        .holds(element("option").set(Name::Value, ""));
    for NamedCountry { country, name } in fields.countries {
        countries = countries.holds(
            element("option")
                .set(Name::Value, country.region)
                .tells(name),
        );
    }
    let digits = field("input", "tel")
        .known_as(fields.number)
        .set(Name::Type, "tel")
        .set(Name::InputMode, "tel")
        .set(Name::Dir, "ltr")
        .set(Name::AriaInvalid, number.faulty.then_some("true"))
        .holding(number.typed());
    let fault = number.faulty.then(|| {
        element("b")
            .set(Name::Role, "alert")
            .says(if number.typed().is_empty() {
                words.missing
            } else {
                words.faulty
            })
    });
    let send = classed("button", "button")
        .set(Name::Part, "button primary")
        .set(Name::Type, "submit")
        .says(label);
    classed("form", "number")
        .set_if(Name::NoValidate, true)
        .holds(element("label").says(words.country).holds(countries))
        .holds(
            element("label")
                .says(words.number)
                .holds(digits)
                .may_hold(fault),
        )
        .holds(row().holds(send))
}

fn field(tag: &'static str, completed_as: &'static str) -> Element {
    classed(tag, "field")
        .set(Name::Part, "field")
        .set(Name::AutoComplete, completed_as)
}
