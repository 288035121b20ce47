//! The choice between methods: radio buttons, so that arrow keys, screen readers and both writing directions work as
//! the browser knows them.

use super::element::{Element, Name, classed, element};
use super::{Press, View};
use crate::text::Speak as _;

/// The choice, where there is one. It stays where it is while a change is under way, and cannot be used then.
pub(super) fn switch(view: &View<'_>) -> Option<Element> {
    let usable = view.state.switch()?;
    if view.is_still() {
        return Some(element("slot").set(Name::Named, "switch"));
    }
    let selected = view.state.method();
    let mut group = classed("div", "switch")
        .set(Name::Part, "switch")
        .set(Name::Role, "radiogroup")
        .set(Name::AriaLabel, view.words.switch);
    for method in view.state.methods().iter().copied() {
        let choice = classed("input", "unseen")
            .set(Name::Type, "radio")
            .set(Name::Named, "method")
            // Arrow keys click as well.
            .set(Name::Press, Press::Choose(method).as_str())
            .set_if(Name::Disabled, !usable)
            .holding(method.as_str())
            .checked(selected == Some(method));
        let name = element("span").says(view.words.method(method).name);
        group = group.holds(
            element("label")
                .set(Name::Part, "method")
                .holds(choice)
                .holds(name),
        );
    }
    // A form of its own keeps these buttons apart from those of another widget on the page.
    Some(element("form").holds(group))
}
