//! What happened, for open pages and for the audit.

use super::{ConnectionId, EventKind, Timestamp};

/// Something that happened to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the order of all events.
    pub sequence: i64,
    /// To which connection.
    pub connection: ConnectionId,
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
}

/// What became of a pass, for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody knows yet.
    Started,
    /// It was done.
    Done,
    /// It was not done.
    Failed,
}

impl Outcome {
    /// The name in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}
