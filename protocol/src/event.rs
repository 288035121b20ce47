//! Events of `GET /v1/events`.

use std::fmt;
use std::str::FromStr;

/// Why an event was sent. The data of each is a whole [`PassView`](crate::PassView), so that no earlier one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The state of the login changed.
    State,
    /// A pass was issued.
    Pass,
    /// The live passes were revoked: cover them at once.
    Revoked,
    /// The live pass reached its end.
    Expired,
    /// A pass was renewed before its end.
    Renewed,
    /// Events may have been missed, or this is the first of a stream.
    Resync,
}

/// An event that Pairlink does not know; a reader skips it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseEventKindError;

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::State,
        Self::Pass,
        Self::Revoked,
        Self::Expired,
        Self::Renewed,
        Self::Resync,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Pass => "pass",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Renewed => "renewed",
            Self::Resync => "resync",
        }
    }
}

impl FromStr for EventKind {
    type Err = ParseEventKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or(ParseEventKindError)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for ParseEventKindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an event of Pairlink")
    }
}

impl std::error::Error for ParseEventKindError {}
