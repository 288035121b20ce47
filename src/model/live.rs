//! A living pass as it is shown: drawn, covered, copied, read.

use pairlink_protocol::{Pass, PassContent, Sensitive, Timestamp};

use super::Failure;
use crate::qr::{self, Drawing};

/// How long a QR code that has ended waits, covered, for the one that the proxy shows next. The proxy gives up after ten
/// seconds and says so; this is for when nobody can say anything.
pub(super) const RENEWAL_MS: i64 = 12_000;

/// A pass and how it is shown.
#[cfg_attr(test, derive(Clone, PartialEq, Eq))]
pub(crate) struct Live {
    /// The pass.
    pub pass: Pass,
    /// Its QR code, if it has one.
    pub drawing: Option<Drawing>,
    /// Whether it may be seen.
    pub cover: Cover,
    /// Whether it was copied.
    pub copy: Copy,
    /// Until when it can be read: API tokens only, which are masked otherwise.
    pub revealed_until: Option<Timestamp>,
    /// Why the pass that should have replaced it was not made.
    pub trouble: Option<Failure>,
}

/// Whether a living code may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// It is shown.
    Off,
    /// It is hidden until the server confirms that it is alive.
    UntilChecked,
    /// It ended, and the one that follows by itself is on its way.
    UntilRenewed,
}

/// What became of copying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copy {
    /// Nothing to say.
    Idle,
    /// Done; said until then.
    Done(Timestamp),
    /// The browser refused.
    Refused,
}

impl Live {
    pub(super) fn new(pass: Pass) -> Self {
        let drawing = match &pass.content {
            PassContent::Link { url } => qr::draw(url.expose()).ok(),
            PassContent::Qr { payload } => qr::draw(payload.expose()).ok(),
            PassContent::Code { .. } | PassContent::Token { .. } => None,
        };
        Self {
            pass,
            drawing,
            cover: Cover::Off,
            copy: Copy::Idle,
            revealed_until: None,
            trouble: None,
        }
    }

    /// Whether it may be in the document: neither covered nor dead.
    pub(crate) fn is_visible(&self, now: Timestamp) -> bool {
        self.cover == Cover::Off && now < self.pass.expires_at
    }

    /// Whether another one takes its place by itself while somebody looks.
    pub(crate) const fn renews(&self) -> bool {
        match self.pass.content {
            PassContent::Qr { .. } => true,
            PassContent::Link { .. } | PassContent::Code { .. } | PassContent::Token { .. } => {
                false
            }
        }
    }

    /// When to say that it has ended.
    pub(super) const fn given_up_at(&self) -> Timestamp {
        let wait = if self.renews() { RENEWAL_MS } else { 0 };
        self.pass.expires_at.plus_millis(wait)
    }

    /// What copying copies.
    pub(super) fn text(&self) -> &Sensitive {
        match &self.pass.content {
            PassContent::Link { url } => url,
            PassContent::Qr { payload } => payload,
            PassContent::Code { code } => code,
            PassContent::Token { token, .. } => token,
        }
    }
}
