//! A call that is tried until it succeeds. Knows neither what is called nor why.

use pairlink_protocol::Timestamp;

use super::event::RequestId;
use super::failure::{Failure, Remedy, backoff_ms};

/// A call under way, or waiting for its next try.
#[cfg_attr(test, derive(Clone, Debug, PartialEq, Eq))]
pub(crate) enum Call {
    /// Sent; its answer is awaited.
    UnderWay {
        /// Whose answer counts.
        request: RequestId,
        /// How many have failed before.
        tries: u32,
    },
    /// Failed; to be sent again.
    Waiting {
        /// How many have failed.
        tries: u32,
        /// When to send it again; only by hand if absent.
        due_at: Option<Timestamp>,
        /// Why the last one failed, if it did.
        failure: Option<Failure>,
    },
}

impl Call {
    pub(super) const fn under_way(request: RequestId, tries: u32) -> Self {
        Self::UnderWay { request, tries }
    }

    /// Waits for the next try, never shorter than the proxy asked for; without end if trying cannot help.
    pub(super) fn after(failure: Failure, tries: u32, now: Timestamp) -> Self {
        let wait = backoff_ms(tries).max(failure.wait_ms());
        Self::Waiting {
            tries: tries.saturating_add(1),
            due_at: (failure.remedy() == Remedy::Retry).then(|| now.plus_millis(wait)),
            failure: Some(failure),
        }
    }

    /// Waits for an appointed time, nothing having failed.
    pub(super) const fn at(due_at: Timestamp) -> Self {
        Self::Waiting {
            tries: 0,
            due_at: Some(due_at),
            failure: None,
        }
    }

    pub(super) fn awaits(&self, answered: RequestId) -> bool {
        matches!(self, Self::UnderWay { request, .. } if *request == answered)
    }

    pub(super) const fn tries(&self) -> u32 {
        match self {
            Self::UnderWay { tries, .. } | Self::Waiting { tries, .. } => *tries,
        }
    }

    pub(super) const fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::UnderWay { .. } => None,
            Self::Waiting { due_at, .. } => *due_at,
        }
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.due_at().is_some_and(|due_at| now >= due_at)
    }

    /// Makes the next try due at once.
    pub(super) fn hurry(&mut self, now: Timestamp) {
        if let Self::Waiting { due_at, .. } = self {
            *due_at = Some(now);
        }
    }

    /// Why the last try failed.
    pub(crate) const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::UnderWay { .. } => None,
            Self::Waiting { failure, .. } => failure.as_ref(),
        }
    }
}
