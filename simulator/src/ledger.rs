//! What is alive at a provider: the truth that a proxy's books are held against.

use std::fmt;

use time::OffsetDateTime;

/// Something short-lived that a provider gave out and that works at this moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Alive {
    /// The provider's name, as in `wawp`.
    pub provider: &'static str,
    /// The account at the provider that it belongs to.
    pub account: String,
    /// What it is, as in `link`.
    pub kind: &'static str,
    /// The thing itself.
    pub secret: String,
    /// When it was given out, in simulated time.
    pub issued_at: OffsetDateTime,
    /// The first instant at which it no longer works.
    pub expires_at: OffsetDateTime,
}

impl fmt::Debug for Alive {
    /// Leaves the secret out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Alive")
            .field("provider", &self.provider)
            .field("account", &self.account)
            .field("kind", &self.kind)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
