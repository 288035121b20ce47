//! The frame: whose connection it is, the stage in a word, and what screen readers are told of the time.

use yew::Html;

use super::element::{Name, classed, element};
use super::panel::panel;
use super::switch::switch;
use super::tile::tile;
use super::{Count, View};
use crate::model::{Lifecycle, Stage};
use crate::text::{Speak as _, filled};

/// The remaining seconds at which screen readers are told, the last first.
const TOLD_AT_SECONDS: [u32; 3] = [10, 30, 60];

/// The whole widget.
pub(crate) fn card(view: &View<'_>) -> Html {
    let (words, stage) = (view.words, view.stage());
    let mut name = classed("span", "name").set(Name::Dir, "auto");
    if let Some(connection) = view.state.connection() {
        name = name.tells(&connection.label);
    }
    let mut told = classed("p", "unseen").set(Name::AriaLive, "polite");
    if let Some(text) = time_told(view) {
        told = told.tells(&text);
    }
    let chip = classed("span", "chip")
        .set(Name::Part, "status")
        .says(words.chip(stage));
    let header = classed("header", "top")
        .set(Name::Part, "header")
        .holds(element("slot").set(Name::Named, "logo"))
        .holds(name)
        .holds(chip);
    classed("section", "pairlink")
        .known_as(view.root)
        .set(Name::Part, "card")
        .set(Name::Lang, words.language)
        .set(Name::Dir, words.direction)
        .set(Name::AriaLabel, words.region)
        .set(Name::AriaBusy, (stage == Stage::Loading).then_some("true"))
        .set(Name::Stage, stage.as_str())
        .set(Name::Theme, view.theme.as_str())
        .holds(header)
        .may_hold(switch(view))
        .holds(
            classed("div", "content")
                .holds(tile(view))
                .holds(panel(view)),
        )
        .holds(told)
        .html()
}

/// What is read out about the remaining time. It changes at 60, 30 and 10 seconds, and so is read at those alone.
fn time_told(view: &View<'_>) -> Option<String> {
    let (Stage::Expiring, Lifecycle::Live(live)) = (view.stage(), view.state.lifecycle()) else {
        return None;
    };
    if view.is_still() {
        return None;
    }
    let left = view.seconds_until(live.pass.expires_at);
    let told = TOLD_AT_SECONDS
        .into_iter()
        .find(|seconds| left <= *seconds)?;
    Some(filled(view.words.left, &(view.count)(Count::Of(told))))
}
