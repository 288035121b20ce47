//! What can happen to the widget, and what it may ask for in return. Data only.

use pairlink_protocol::{
    EventKind, IssuedPass, Method, PassView, ProblemCode, RevokedPasses, Sensitive, SessionState,
    Timestamp,
};

use super::Failure;

/// Names one request, so that an answer to a superseded one is known and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(pub(super) u32);

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
impl RequestId {
    /// The request of that number: they are counted from 1.
    pub(crate) const fn numbered(number: u32) -> Self {
        Self(number)
    }
}

/// An `Idempotency-Key`: made outside, because the model has no randomness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(pub String);

/// The answer to a request for a new pass.
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Issued {
    /// The pass is here.
    Now(IssuedPass),
    /// The provider needs longer, as of this instant: the pass comes by event, or with a later read.
    Later(Timestamp),
}

/// Something that happened.
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Event {
    /// Time passed.
    Tick,
    /// The page, or the machine under it, was frozen: what is shown may be long dead.
    Slept,
    /// The page is put away as it is now, and may be shown again like that.
    PutAway,
    /// The page came to the front.
    Shown,
    /// The page went out of sight.
    Hidden,
    /// The browser has a network again.
    Online,
    /// The browser has no network.
    Offline,
    /// Somebody asked for a new pass.
    IssueAsked(IdempotencyKey),
    /// Somebody asked to revoke.
    RevokeAsked,
    /// Somebody asked to try again at once what has failed.
    RetryAsked(IdempotencyKey),
    /// Somebody asked to copy the pass.
    CopyAsked,
    /// Somebody chose another way to connect.
    MethodChosen(Method),
    /// Somebody chose the country of the phone.
    RegionChosen(String),
    /// Somebody typed in the field for the phone's number.
    NumberTyped(String),
    /// Somebody asked to read the API token, or to mask it again.
    RevealAsked,
    /// Somebody pressed "Log out" and is asked whether he means it; or he does not.
    PartingAsked(bool),
    /// Somebody means it.
    LogOutAsked,
    /// The browser copied it, or refused.
    Copied(bool),
    /// `GET /v1/pass` answered.
    ReadAnswered(RequestId, Result<PassView, Failure>),
    /// `POST /v1/pass` answered.
    IssueAnswered(RequestId, Result<Issued, Failure>),
    /// `DELETE /v1/pass` answered.
    RevokeAnswered(RequestId, Result<RevokedPasses, Failure>),
    /// `DELETE /v1/session` answered, with the state of the login from then on.
    LogOutAnswered(RequestId, Result<SessionState, Failure>),
    /// The stream of events delivered one.
    StreamDelivered(RequestId, EventKind, PassView),
    /// The stream of events ended, or never began; with a die of 0 to 255 for the jitter.
    StreamEnded(RequestId, u8),
}

/// Something to do. None of them is done here.
#[cfg_attr(test, derive(Clone, PartialEq, Eq))]
pub(crate) enum Effect {
    /// `GET /v1/pass`.
    Read(RequestId),
    /// `POST /v1/pass`.
    Issue {
        /// Comes back with the answer.
        request: RequestId,
        /// What to issue.
        method: Method,
        /// With a pairing code only.
        phone_number: Option<Sensitive>,
        /// The same again when the outcome of the first call is unknown.
        key: IdempotencyKey,
    },
    /// `DELETE /v1/pass`.
    Revoke(RequestId),
    /// `DELETE /v1/session`.
    LogOut(RequestId),
    /// Opens `GET /v1/events`, ending the earlier stream.
    OpenStream(RequestId),
    /// Puts the text on the clipboard.
    Copy(Sensitive),
    /// Tells the host.
    Announce(Announcement),
}

/// What the host is told; nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// The widget knows the state of the connection.
    Ready,
    /// A pass is shown.
    Pass {
        /// How it is used.
        method: Method,
        /// From then on it is dead.
        expires_at: Timestamp,
    },
    /// The state of the login changed.
    State(SessionState),
    /// A phone is linked.
    Connected,
    /// The pass reached its end.
    Expired,
    /// The pass was revoked, here or elsewhere.
    Revoked,
    /// Something failed, and the page says so.
    Error {
        /// What.
        code: ErrorCode,
        /// Names the request in the operator's log.
        request_id: Option<String>,
    },
}

/// Why something failed, in the words of the wire or in our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// The proxy said so.
    Problem(ProblemCode),
    /// The proxy cannot be reached.
    Unreachable,
    /// The proxy did not answer in time.
    TimedOut,
    /// The proxy answered something that cannot be read.
    Unreadable,
    /// The host gave no embed token.
    NoToken,
}

impl ErrorCode {
    /// The name that hosts branch on; stable.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Problem(code) => code.as_str(),
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unreadable => "unreadable",
            Self::NoToken => "no_token",
        }
    }
}
