//! What the widget looks like: pure views, from what is known to what is shown. No effect, no timer, no browser call.

mod card;
mod icon;
mod panel;
mod tile;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

use pairlink_protocol::Timestamp;
use yew::{AttrValue, Callback, NodeRef};

pub(crate) use self::card::card;
use crate::model::{Stage, State};
use crate::options::Theme;
use crate::text::Words;

/// A button of the widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Makes a new pass.
    Issue,
    /// Revokes.
    Revoke,
    /// Tries again what failed.
    Retry,
    /// Copies the pass.
    Copy,
}

/// All that a picture of the widget is made of.
pub(crate) struct View<'a> {
    /// What is known.
    pub state: &'a State,
    /// The server's time.
    pub now: Timestamp,
    /// The language.
    pub words: &'static Words,
    /// The look.
    pub theme: Theme,
    /// Writes a time of day as the visitor reads it.
    pub time_of_day: &'a dyn Fn(Timestamp) -> String,
    /// Hears of pressed buttons.
    pub press: &'a Callback<Press>,
    /// Takes the focus when the pressed button is gone.
    pub heading: &'a NodeRef,
}

impl View<'_> {
    fn stage(&self) -> Stage {
        self.state.stage(self.now)
    }

    /// Whole seconds until then, rounded up: a countdown shows 00:00 only when it is over.
    fn seconds_until(&self, at: Timestamp) -> u32 {
        let left = at.millis_since(self.now).max(0);
        u32::try_from(left.saturating_add(999) / 1000).unwrap_or(u32::MAX)
    }

    /// What a button does.
    fn on_press<E>(&self, press: Press) -> Callback<E> {
        self.press.reform(move |_event| press)
    }
}

/// Texts of ours live as long as the program: they need no copy.
const fn fixed(text: &'static str) -> AttrValue {
    AttrValue::Static(text)
}
