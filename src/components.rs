//! What the widget looks like: pure views, from what is known to what is shown. No effect, no timer, no browser call.

mod card;
mod element;
mod icon;
mod panel;
mod parts;
mod switch;
mod tile;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

use pairlink_protocol::{Method, SessionState, Timestamp};
use pairlink_words::Words;
use yew::NodeRef;

pub(crate) use self::card::card;
use crate::model::{Country, Lifecycle, Live, Stage, State};
use crate::options::Theme;

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
    /// Brings another method into view.
    Choose(Method),
    /// Shows the API token, or masks it.
    Reveal,
    /// Asks whether logging out is meant.
    LogOut,
    /// It is.
    LogOutMeant,
    /// It is not.
    Stay,
}

impl Press {
    /// The buttons that are always the same.
    const PLAIN: [Self; 8] = [
        Self::Issue,
        Self::Revoke,
        Self::Retry,
        Self::Copy,
        Self::Reveal,
        Self::LogOut,
        Self::LogOutMeant,
        Self::Stay,
    ];

    /// What a button says of itself in the page.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Revoke => "revoke",
            Self::Retry => "retry",
            Self::Copy => "copy",
            Self::Choose(method) => method.as_str(),
            Self::Reveal => "reveal",
            Self::LogOut => "log-out",
            Self::LogOutMeant => "log-out-meant",
            Self::Stay => "stay",
        }
    }

    /// The button that says that.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let named = |press: &Self| press.as_str() == name;
        let choice = || Method::ALL.iter().copied().map(Self::Choose).find(named);
        Self::PLAIN.iter().copied().find(named).or_else(choice)
    }

    /// Whether the button may be gone when it was pressed, so that the focus has to go on.
    pub(crate) const fn leads_elsewhere(self) -> bool {
        match self {
            Self::Issue
            | Self::Revoke
            | Self::Retry
            | Self::LogOut
            | Self::LogOutMeant
            | Self::Stay => true,
            Self::Copy | Self::Choose(_) | Self::Reveal => false,
        }
    }
}

/// Seconds as part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// "in 5 seconds".
    In(u32),
    /// "30 seconds".
    Of(u32),
}

/// A country, and its name with its calling code.
pub(crate) struct NamedCountry {
    pub country: Country,
    pub name: String,
}

/// The fields for the number of the phone.
pub(crate) struct Fields<'a> {
    /// Every country, in the order of the language.
    pub countries: &'a [NamedCountry],
    /// The field for the country.
    pub country: &'a NodeRef,
    /// The field for the digits.
    pub number: &'a NodeRef,
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
    /// Writes a number of seconds as the visitor reads it.
    pub count: &'a dyn Fn(Count) -> String,
    /// All of it: what is pressed and typed in there is heard here.
    pub root: &'a NodeRef,
    /// Takes the focus when the pressed button is gone.
    pub heading: &'a NodeRef,
    /// Where the phone's number is typed.
    pub fields: &'a Fields<'a>,
    /// Whether nothing hears of buttons: what could be pressed is left to forms, which come through slots.
    #[cfg(not(target_arch = "wasm32"))]
    pub still: bool,
}

impl View<'_> {
    /// Whether a server draws it. Known when a page's module is compiled, so that it costs no byte there.
    #[cfg(not(target_arch = "wasm32"))]
    const fn is_still(&self) -> bool {
        self.still
    }

    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::unused_self, reason = "a server's picture knows it of itself")]
    const fn is_still(&self) -> bool {
        false
    }

    fn stage(&self) -> Stage {
        self.state.stage(self.now)
    }

    /// The pass in view, while it lives.
    fn live(&self) -> Option<&Live> {
        match (self.stage(), self.state.lifecycle()) {
            (Stage::Live | Stage::Expiring, Lifecycle::Live(live)) => Some(live),
            (_, _) => None,
        }
    }

    /// The state of the login.
    fn session(&self) -> SessionState {
        let connection = self.state.connection();
        connection.map_or(SessionState::Unknown, |connection| connection.state)
    }

    /// Whether a phone was linked last that may not be.
    fn is_wrong_phone(&self) -> bool {
        let connection = self.state.connection();
        connection.is_some_and(|connection| connection.wrong_phone)
    }

    /// Whole seconds until then, rounded up: a countdown shows 00:00 only when it is over.
    fn seconds_until(&self, at: Timestamp) -> u32 {
        let left = at.millis_since(self.now).max(0);
        u32::try_from(left.saturating_add(999) / 1000).unwrap_or(u32::MAX)
    }

    /// Whole seconds since then.
    fn seconds_since(&self, at: Timestamp) -> u32 {
        u32::try_from(self.now.millis_since(at).max(0) / 1000).unwrap_or(u32::MAX)
    }
}
