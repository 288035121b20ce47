//! The frame: whose connection it is, the stage in a word, and what screen readers are told of the time.

use yew::{AttrValue, Html, html};

use super::panel::panel;
use super::switch::switch;
use super::tile::tile;
use super::{Count, View, fixed};
use crate::model::{Lifecycle, Stage};
use crate::text::{Speak as _, filled};

/// The remaining seconds at which screen readers are told, the last first.
const TOLD_AT_SECONDS: [u32; 3] = [10, 30, 60];

/// The whole widget.
pub(crate) fn card(view: &View<'_>) -> Html {
    let (words, stage) = (view.words, view.stage());
    let label = view
        .state
        .connection()
        .map(|connection| AttrValue::from(connection.label.clone()));
    html! {
        <section
            class="pairlink" part="card" lang={words.language} dir={words.direction}
            aria-label={fixed(words.region)} aria-busy={(stage == Stage::Loading).then_some("true")}
            data-stage={stage.as_str()} data-theme={view.theme.as_str()}
        >
            <header class="top" part="header">
                <slot name="logo" />
                <span class="name" dir="auto">{ label }</span>
                <span class="chip" part="status">{ fixed(words.chip(stage)) }</span>
            </header>
            { switch(view) }
            <div class="content">
                { tile(view) }
                { panel(view) }
            </div>
            <p class="unseen" aria-live="polite">{ time_told(view) }</p>
        </section>
    }
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
