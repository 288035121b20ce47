//! Where a pass is in its life, and how one was revoked.

use pairlink_protocol::{Method, Revocation, Timestamp};

use super::call::Call;
use super::{Failure, IdempotencyKey, Live, RequestId};

/// Where the pass is in its life.
#[derive(Default)]
#[cfg_attr(test, derive(Clone, PartialEq, Eq))]
pub(crate) enum Lifecycle {
    /// Nothing is known yet.
    #[default]
    Loading,
    /// No pass is alive.
    Idle,
    /// A new one was asked for; the earlier one is covered.
    Issuing {
        /// Whose answer counts.
        request: RequestId,
        /// What is being made.
        method: Method,
        /// To be used again if the outcome stays unknown.
        key: IdempotencyKey,
        /// The pass that was alive until then: it is not the new one.
        replaces: Option<String>,
        /// Since when.
        since: Timestamp,
        /// Set once the proxy said that the provider needs longer.
        give_up_at: Option<Timestamp>,
    },
    /// A pass is alive.
    Live(Live),
    /// Revoking was asked for; the code is covered and stays so, whatever comes.
    Revoking {
        /// The request.
        call: Call,
        /// Whether what is revoked was still being made.
        cancels: bool,
    },
    /// The pass reached its end.
    Expired,
    /// The pass was revoked.
    Revoked(Death),
    /// A phone is linked.
    Connected {
        /// Why logging it out failed, if somebody tried.
        trouble: Option<Failure>,
    },
    /// Logging out was asked for.
    LoggingOut(RequestId),
    /// The state of the connection could not be read.
    Unread(Failure),
    /// A new pass could not be made.
    Unissued {
        /// Why.
        failure: Failure,
        /// What to try again with, if the proxy may have issued it after all.
        key: Option<IdempotencyKey>,
        /// The proxy wants to be left alone until then.
        ready_at: Timestamp,
    },
}

/// How a pass was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// By this page.
    Here {
        /// How far the provider is.
        revocation: Revocation,
        /// When it is dead at the provider too, whatever happens.
        dead_by: Timestamp,
    },
    /// By this page, while it was being made: nobody has seen it.
    Unborn,
    /// By somebody else.
    Elsewhere,
}
