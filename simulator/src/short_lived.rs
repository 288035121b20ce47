//! Something that was given out and dies by itself.

use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use crate::clock::later;
use crate::ledger::Alive;

/// A secret and the time in which it works.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ShortLived {
    pub(crate) secret: String,
    pub(crate) issued_at: OffsetDateTime,
    /// The first instant at which it no longer works.
    pub(crate) expires_at: OffsetDateTime,
}

impl ShortLived {
    pub(crate) fn new(secret: String, issued_at: OffsetDateTime, ttl: Duration) -> Self {
        Self {
            secret,
            issued_at,
            expires_at: later(issued_at, ttl),
        }
    }

    pub(crate) fn lives_at(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at
    }

    /// Its entry in the ledger.
    pub(crate) fn alive(&self, provider: &'static str, account: &str, kind: &'static str) -> Alive {
        Alive {
            provider,
            account: account.to_owned(),
            kind,
            secret: self.secret.clone(),
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        }
    }
}

impl fmt::Debug for ShortLived {
    /// Leaves the secret out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ShortLived")
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
