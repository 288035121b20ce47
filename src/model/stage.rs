//! What the page shows of a state: one name for each picture.

use pairlink_protocol::Timestamp;

use super::{Cover, Death, Failure, Lifecycle, State};

/// From then on a code says that it is about to end.
const EXPIRING_MS: i64 = 60_000;

/// One of the pictures that the widget can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing is known yet.
    Loading,
    /// No pass is alive.
    None,
    /// A new one is being made.
    Issuing,
    /// A pass is alive.
    Live,
    /// A pass is alive for a minute at most.
    Expiring,
    /// A pass may be alive, and is covered until that is known.
    Checking,
    /// The pass is being revoked; the code is covered.
    Revoking,
    /// The pass reached its end.
    Expired,
    /// The pass was revoked.
    Revoked,
    /// A phone is linked.
    Connected,
    /// The phone is being logged out.
    LoggingOut,
    /// There is no network, and nothing that could be shown without it.
    Offline,
    /// Something failed.
    Error,
}

impl Stage {
    /// Every stage.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 13] = [
        Self::Loading,
        Self::None,
        Self::Issuing,
        Self::Live,
        Self::Expiring,
        Self::Checking,
        Self::Revoking,
        Self::Expired,
        Self::Revoked,
        Self::Connected,
        Self::LoggingOut,
        Self::Offline,
        Self::Error,
    ];

    /// The name that style sheets and tests go by; stable.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::None => "none",
            Self::Issuing => "issuing",
            Self::Live => "live",
            Self::Expiring => "expiring",
            Self::Checking => "checking",
            Self::Revoking => "revoking",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Connected => "connected",
            Self::LoggingOut => "logging_out",
            Self::Offline => "offline",
            Self::Error => "error",
        }
    }
}

impl State {
    /// What to show now.
    pub(crate) fn stage(&self, now: Timestamp) -> Stage {
        match &self.lifecycle {
            Lifecycle::Loading if self.page.online => Stage::Loading,
            Lifecycle::Loading => Stage::Offline,
            // Of what was cancelled nothing was there that could have been revoked.
            Lifecycle::Idle | Lifecycle::Revoked(Death::Unborn) => Stage::None,
            Lifecycle::Issuing { .. } => Stage::Issuing,
            Lifecycle::Live(_) if self.aside().is_some() => Stage::None,
            Lifecycle::Live(live) if now >= live.given_up_at() => Stage::Expired,
            Lifecycle::Live(live) if live.cover == Cover::UntilChecked => Stage::Checking,
            Lifecycle::Live(live) => {
                let left = live.pass.expires_at.millis_since(now);
                // What is followed by another one by itself does not alarm anybody.
                if left <= EXPIRING_MS && !live.renews() {
                    Stage::Expiring
                } else {
                    Stage::Live
                }
            }
            Lifecycle::Revoking { .. } => Stage::Revoking,
            Lifecycle::Expired => Stage::Expired,
            Lifecycle::Revoked(_) => Stage::Revoked,
            Lifecycle::Connected { .. } => Stage::Connected,
            Lifecycle::LoggingOut(_) => Stage::LoggingOut,
            Lifecycle::Unread(failure) | Lifecycle::Unissued { failure, .. } => {
                if !self.page.online && *failure == Failure::Unreachable {
                    Stage::Offline
                } else {
                    Stage::Error
                }
            }
        }
    }

    /// Whether news cannot reach the page at the moment.
    pub(crate) const fn is_offline(&self) -> bool {
        !self.page.online || self.unreached
    }
}
