//! What stands in many places: buttons, lines of text, rows.

use super::Press;
use super::element::{Element, Name, classed, element, words};

/// A button; the style sheet tells by its part what kind.
#[inline(never)]
pub(super) fn button(part: &'static str, press: Press) -> Element {
    classed("button", "button")
        .set(Name::Part, part)
        .set(Name::Type, "button")
        .set(Name::Press, press.as_str())
}

/// Buttons beside each other.
#[inline(never)]
pub(super) fn row() -> Element {
    classed("div", "actions").set(Name::Part, "actions")
}

/// A line of less weight.
#[inline(never)]
pub(super) fn small(role: Option<&'static str>) -> Element {
    classed("p", "small").set(Name::Role, role)
}

/// Something that must not be overlooked: `alert` if it is new and urgent, `note` otherwise.
#[inline(never)]
pub(super) fn notice(role: &'static str) -> Element {
    classed("p", "notice").set(Name::Role, role)
}

impl Element {
    /// Says the words of a headline in the middle of other text, and what they mean.
    #[inline(never)]
    pub(super) fn stresses(self, title: &'static str, body: &'static str) -> Self {
        self.holds(element("b").says(title))
            .with(words(" "))
            .says(body)
    }
}
