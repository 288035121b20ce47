//! What stands in many places: buttons, lines of text, rows. Each is made by one function, because the code that makes
//! an element is what a page loads most of.

use yew::{Html, html};

use super::{Press, View};

/// A button; the style sheet tells by its part what kind.
#[inline(never)]
pub(super) fn button(view: &View<'_>, part: &'static str, press: Press, content: Html) -> Html {
    html! {
        <button class="button" {part} type="button" onclick={view.on_press(press)}>{ content }</button>
    }
}

/// Buttons beside each other.
#[inline(never)]
pub(super) fn row(buttons: Html) -> Html {
    html! { <div class="actions" part="actions">{ buttons }</div> }
}

/// A line of less weight.
#[inline(never)]
pub(super) fn small(role: Option<&'static str>, content: Html) -> Html {
    html! { <p class="small" {role}>{ content }</p> }
}

/// Something that must not be overlooked: `alert` if it is new and urgent, `note` otherwise.
#[inline(never)]
pub(super) fn notice(role: &'static str, content: Html) -> Html {
    html! { <p class="notice" {role}>{ content }</p> }
}

/// The words of a headline in the middle of other text.
#[inline(never)]
pub(super) fn strong(words: &'static str) -> Html {
    html! { <b>{ super::fixed(words) }</b> }
}

/// Words of the language, and what follows them after a space.
#[inline(never)]
pub(super) fn followed(words: &'static str, more: String) -> Html {
    let mut text = words.to_owned();
    text.push(' ');
    text.push_str(&more);
    said(text)
}

/// A text of today.
#[inline(never)]
pub(super) fn said(text: String) -> Html {
    html! { text }
}

/// A text of the language.
#[inline(never)]
pub(super) fn words(text: &'static str) -> Html {
    html! { super::fixed(text) }
}
