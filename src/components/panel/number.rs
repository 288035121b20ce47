//! The fields for the number of the phone that gets a pairing code. Every country has its own notation, so the country
//! is chosen, or recognised by its calling code.

use yew::{Html, SubmitEvent, html};

use super::super::{NamedCountry, Press, View, fixed};
use super::actions::row;

/// The fields, and the button that sends them.
pub(super) fn number(view: &View<'_>, label: &'static str) -> Html {
    let words = &view.words.number;
    let (number, fields) = (view.state.number(), view.fields);
    let chosen = number.country();
    let prefix = chosen.filter(|_| !number.is_international());
    let submit = view.press.reform(|event: SubmitEvent| {
        event.prevent_default();
        Press::Issue
    });
    html! {
        <form class="number" onsubmit={submit} novalidate=true>
            <label>
                <span>{ fixed(words.country) }</span>
                <select
                    ref={fields.country} class="field" part="field" autocomplete="country"
                    onchange={fields.on_country}
                >
                    if chosen.is_none() {
                        <option value="" />
                    }
                    { for fields.countries.iter().map(option) }
                </select>
            </label>
            <label>
                <span>{ fixed(words.number) }</span>
                <span class="field entry" part="field" dir="ltr">
                    if let Some(country) = prefix {
                        <span>{ "+" }{ fixed(country.code) }</span>
                    }
                    <input
                        ref={fields.number} type="tel" inputmode="tel" autocomplete="tel" dir="ltr"
                        value={number.typed().to_owned()} oninput={fields.on_number}
                        aria-invalid={number.faulty.then_some("true")}
                    />
                </span>
                if number.faulty {
                    <span class="fault" role="alert">{ fixed(words.faulty) }</span>
                }
            </label>
            { row(html! {
                <button class="button" part="button primary" type="submit">{ fixed(label) }</button>
            }) }
        </form>
    }
}

fn option(NamedCountry { country, name }: &NamedCountry) -> Html {
    html! { <option key={country.region} value={country.region}>{ name }</option> }
}
