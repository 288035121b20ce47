//! Why a request failed, and what may be done about it.

use pairlink_protocol::ProblemCode;

use super::event::{Announcement, ErrorCode};

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The proxy answered with a problem.
    Problem {
        /// What went wrong.
        code: ProblemCode,
        /// Names the request in the operator's log.
        request_id: String,
        /// Seconds after which trying again may help.
        retry_after_seconds: Option<u32>,
    },
    /// Nothing answered.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// An answer that cannot be read.
    Unreadable,
    /// The host's page or backend gave no token.
    NoToken,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Trying again, by itself or by a button.
    Retry,
    /// Somebody else must change something first; a button may still try.
    Support,
}

/// The longest wait between two tries that nobody asked for.
const LONGEST_BACKOFF_MS: i64 = 60_000;

/// How long to wait before the next try, by the tries so far: 1, 2, 4 … 60 seconds.
pub(super) const fn backoff_ms(tries: u32) -> i64 {
    let doublings = if tries > 6 { 6 } else { tries };
    let wait = 1000_i64 << doublings;
    if wait > LONGEST_BACKOFF_MS {
        LONGEST_BACKOFF_MS
    } else {
        wait
    }
}

impl Failure {
    /// What went wrong, as the host is told.
    pub(crate) const fn code(&self) -> ErrorCode {
        match self {
            Self::Problem { code, .. } => ErrorCode::Problem(*code),
            Self::Unreachable => ErrorCode::Unreachable,
            Self::TimedOut => ErrorCode::TimedOut,
            Self::Unreadable => ErrorCode::Unreadable,
            Self::NoToken => ErrorCode::NoToken,
        }
    }

    /// Names the request in the operator's log, if it got that far.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem { request_id, .. } if !request_id.is_empty() => Some(request_id),
            Self::Problem { .. }
            | Self::Unreachable
            | Self::TimedOut
            | Self::Unreadable
            | Self::NoToken => None,
        }
    }

    pub(super) fn announcement(&self) -> Announcement {
        Announcement::Error {
            code: self.code(),
            request_id: self.request_id().map(str::to_owned),
        }
    }

    /// How long the proxy wants to be left alone.
    pub(super) fn wait_ms(&self) -> i64 {
        match self {
            Self::Problem {
                retry_after_seconds: Some(seconds),
                ..
            } => i64::from(*seconds).saturating_mul(1000),
            Self::Problem { .. }
            | Self::Unreachable
            | Self::TimedOut
            | Self::Unreadable
            | Self::NoToken => 0,
        }
    }

    /// Whether the proxy may have done what was asked, so that the same key must be used again.
    pub(super) const fn outcome_is_unknown(&self) -> bool {
        match self {
            Self::Problem { code, .. } => code.status() >= 500,
            Self::Unreachable | Self::TimedOut | Self::Unreadable => true,
            Self::NoToken => false,
        }
    }

    /// What helps.
    pub(crate) const fn remedy(&self) -> Remedy {
        match self {
            Self::Problem { code, .. } => match code {
                ProblemCode::ActionNotAllowed
                | ProblemCode::TenantSuspended
                | ProblemCode::PhoneNotAllowed
                | ProblemCode::OriginNotAllowed
                | ProblemCode::NotFound
                | ProblemCode::InvalidJson
                | ProblemCode::InvalidRequest
                | ProblemCode::InvalidField
                | ProblemCode::MethodNotAllowed
                | ProblemCode::NotAcceptable
                | ProblemCode::TooLarge
                | ProblemCode::TooComplex
                | ProblemCode::UnsupportedMediaType
                | ProblemCode::MethodNotOffered
                | ProblemCode::HostNotAllowed
                | ProblemCode::NeedsCredentials
                | ProblemCode::ProviderRefused
                | ProblemCode::TooManyWebhooks
                | ProblemCode::WebhookDisabled => Remedy::Support,
                ProblemCode::Unauthenticated
                | ProblemCode::TokenExpired
                | ProblemCode::AlreadyConnected
                | ProblemCode::RevokedDuringIssue
                | ProblemCode::PassEnded
                | ProblemCode::IdempotencyKeyReused
                | ProblemCode::RequestTimeout
                | ProblemCode::RateLimited
                | ProblemCode::TooManyRequests
                | ProblemCode::Internal
                | ProblemCode::UpstreamError
                | ProblemCode::UpstreamMalformed
                | ProblemCode::UpstreamUnreachable
                | ProblemCode::UpstreamRateLimited
                | ProblemCode::StoreUnavailable
                | ProblemCode::StoreFull
                | ProblemCode::RevokeNotDurable
                | ProblemCode::ClockSuspect
                | ProblemCode::Observing
                | ProblemCode::UpstreamTimeout
                | ProblemCode::Other => Remedy::Retry,
            },
            Self::Unreachable | Self::TimedOut | Self::Unreadable | Self::NoToken => Remedy::Retry,
        }
    }
}
