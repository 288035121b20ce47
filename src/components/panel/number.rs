//! The fields for the number of the phone that gets a pairing code. Every country has its own notation, so the country
//! is chosen, or recognised by its calling code.

use yew::{Html, SubmitEvent, html};

use super::super::parts::row;
use super::super::{NamedCountry, Press, View, fixed};

/// The fields, and the button that sends them.
pub(super) fn number(view: &View<'_>, label: &'static str) -> Html {
    let words = &view.words.number;
    let (number, fields) = (view.state.number(), view.fields);
    let fault = if number.typed().is_empty() {
        words.missing
    } else {
        words.faulty
    };
    let submit = view.press.reform(|event: SubmitEvent| {
        event.prevent_default();
        Press::Issue
    });
    html! {
        <form class="number" onsubmit={submit} novalidate=true>
            <label>
                { fixed(words.country) }
                <select
                    ref={fields.country} class="field" part="field" autocomplete="country"
                    oninput={fields.on_country}
                >
                    // Chosen until another one is.
                    <option value="" />
                    { for fields.countries.iter().map(option) }
                </select>
            </label>
            <label>
                { fixed(words.number) }
                <input
                    ref={fields.number} class="field" part="field" type="tel" inputmode="tel" autocomplete="tel"
                    dir="ltr" value={number.typed().to_owned()} oninput={fields.on_number}
                    aria-invalid={number.faulty.then_some("true")}
                />
                if number.faulty {
                    <b role="alert">{ fixed(fault) }</b>
                }
            </label>
            { row(html! {
                <button class="button" part="button primary" type="submit">{ fixed(label) }</button>
            }) }
        </form>
    }
}

fn option(NamedCountry { country, name }: &NamedCountry) -> Html {
    html! { <option value={country.region}>{ name }</option> }
}
