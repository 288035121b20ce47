//! Why a use case did not come to its end.

use std::sync::Arc;

use crate::domain::ProblemCode;
use crate::outbound::BodyFault;
use crate::provider::ProviderError;
use crate::store::StoreError;
use crate::vault::{KeyFileError, VaultError};

/// Why not. Cheap to copy, because those who wait for the same thing get the same answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServiceError {
    /// No such thing, or not within reach.
    #[error("not found")]
    NotFound,
    /// No token, or one that opens nothing.
    #[error("no valid token")]
    Unauthenticated,
    /// An embed token whose end has come.
    #[error("the embed token has ended")]
    TokenExpired,
    /// The token does not allow it.
    #[error("not allowed by the token")]
    ActionNotAllowed,
    /// The connection's tenant is suspended.
    #[error("the tenant is suspended")]
    TenantSuspended,
    /// The connection is for another phone.
    #[error("for another phone")]
    PhoneNotAllowed,
    /// The token is for other pages.
    #[error("not from this origin")]
    OriginNotAllowed,
    /// A field is out of range; its name.
    #[error("field {0} is out of range")]
    InvalidField(String),
    /// The address may not be called.
    #[error("the address may not be called")]
    HostNotAllowed,
    /// The connection does not offer that method.
    #[error("the method is not offered")]
    MethodNotOffered,
    /// The key came with another request before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The key stands for a pass that has ended.
    #[error("the pass of this idempotency key has ended")]
    PassEnded,
    /// Revoked while it was being issued.
    #[error("revoked while being issued")]
    RevokedDuringIssue,
    /// A phone is linked already.
    #[error("connected already")]
    AlreadyConnected,
    /// Something else is being issued that must come to its end first.
    #[error("another pass is being issued")]
    Busy,
    /// The phone was sent as many pairing codes as it may be. Seconds until it may be sent another.
    #[error("too many pairing codes for one phone")]
    TooManyCodes(u32),
    /// As many webhooks as there may be.
    #[error("too many webhooks")]
    TooManyWebhooks,
    /// The webhook's receiver is gone.
    #[error("the webhook is disabled")]
    WebhookDisabled,
    /// The credentials are dead by their policy, or the provider does not accept them: it is not asked.
    #[error("the credentials must be replaced")]
    NeedsCredentials,
    /// The provider could not do it a moment ago, and is not asked again yet.
    #[error("the provider is left alone after a failure")]
    BackingOff {
        /// What went wrong.
        code: ProblemCode,
        /// Seconds until it is asked again.
        retry_after: u32,
    },
    /// The body of the request is longer than it may be.
    #[error("the body is too long")]
    BodyTooLong,
    /// The body of the request did not come to its end.
    #[error("the body was broken off")]
    BodyBrokenOff,
    /// The provider did not do it.
    #[error("the provider failed")]
    Provider(#[source] ProviderError),
    /// The store did not do it.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
    /// A sealed value did not open.
    #[error("the vault failed")]
    Vault(#[source] VaultError),
    /// The file of the master key cannot be used.
    #[error("the master key's file cannot be used")]
    KeyFile(#[source] Arc<KeyFileError>),
    /// There is no room to write it down.
    #[error("the store is full")]
    StoreFull,
    /// It was revoked, but could not be written down.
    #[error("revoked, and not written down")]
    RevokeNotDurable,
    /// The clock is behind what the store has seen.
    #[error("the clock went back")]
    ClockSuspect,
    /// The store came out of a backup, and nobody has said yet that it may act.
    #[error("the store observes: it came out of a backup")]
    Observing,
    /// The work was given up before its end, because the process ends.
    #[error("given up")]
    GivenUp,
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        if error.is_full() {
            Self::StoreFull
        } else {
            Self::Store(Arc::new(error))
        }
    }
}

impl From<BodyFault> for ServiceError {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLong => Self::BodyTooLong,
            BodyFault::BrokenOff | BodyFault::TakenOver => Self::BodyBrokenOff,
        }
    }
}

impl From<VaultError> for ServiceError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<ProviderError> for ServiceError {
    fn from(error: ProviderError) -> Self {
        Self::Provider(error)
    }
}

impl ServiceError {
    /// What the caller is told.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::NotFound => ProblemCode::NotFound,
            Self::Unauthenticated => ProblemCode::Unauthenticated,
            Self::TokenExpired => ProblemCode::TokenExpired,
            Self::ActionNotAllowed => ProblemCode::ActionNotAllowed,
            Self::TenantSuspended => ProblemCode::TenantSuspended,
            Self::PhoneNotAllowed => ProblemCode::PhoneNotAllowed,
            Self::OriginNotAllowed => ProblemCode::OriginNotAllowed,
            Self::InvalidField(_) => ProblemCode::InvalidField,
            Self::HostNotAllowed => ProblemCode::HostNotAllowed,
            Self::MethodNotOffered => ProblemCode::MethodNotOffered,
            Self::KeyReused => ProblemCode::IdempotencyKeyReused,
            Self::PassEnded => ProblemCode::PassEnded,
            Self::RevokedDuringIssue => ProblemCode::RevokedDuringIssue,
            Self::AlreadyConnected => ProblemCode::AlreadyConnected,
            Self::Busy | Self::TooManyCodes(_) => ProblemCode::TooManyRequests,
            Self::TooManyWebhooks => ProblemCode::TooManyWebhooks,
            Self::WebhookDisabled => ProblemCode::WebhookDisabled,
            Self::NeedsCredentials => ProblemCode::NeedsCredentials,
            Self::BackingOff { code, .. } => *code,
            Self::BodyTooLong => ProblemCode::TooLarge,
            Self::BodyBrokenOff => ProblemCode::InvalidRequest,
            Self::Provider(error) => provider_code(*error),
            Self::Store(_) | Self::GivenUp => ProblemCode::StoreUnavailable,
            Self::Vault(_) | Self::KeyFile(_) => ProblemCode::Internal,
            Self::StoreFull => ProblemCode::StoreFull,
            Self::RevokeNotDurable => ProblemCode::RevokeNotDurable,
            Self::ClockSuspect => ProblemCode::ClockSuspect,
            Self::Observing => ProblemCode::Observing,
        }
    }

    /// Seconds after which trying again may help.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Provider(ProviderError::RateLimited { retry_after }) => match retry_after {
                Some(seconds) => Some(*seconds),
                None => Some(30),
            },
            Self::Provider(
                ProviderError::NotReady { retry_after }
                | ProviderError::LeftAlone { retry_after, .. },
            )
            | Self::BackingOff { retry_after, .. } => Some(*retry_after),
            Self::Provider(
                ProviderError::Status(_)
                | ProviderError::Malformed
                | ProviderError::Unreachable
                | ProviderError::Broken
                | ProviderError::Timeout,
            )
            | Self::Busy
            | Self::RevokeNotDurable => Some(5),
            Self::TooManyCodes(seconds) => Some(*seconds),
            Self::Observing | Self::ClockSuspect | Self::StoreFull => Some(60),
            Self::Store(_) | Self::GivenUp => Some(1),
            Self::Provider(
                ProviderError::Credentials
                | ProviderError::Token
                | ProviderError::Refused(_)
                | ProviderError::AlreadyConnected
                | ProviderError::NotOffered,
            )
            | Self::NotFound
            | Self::Unauthenticated
            | Self::TokenExpired
            | Self::ActionNotAllowed
            | Self::TenantSuspended
            | Self::PhoneNotAllowed
            | Self::OriginNotAllowed
            | Self::InvalidField(_)
            | Self::HostNotAllowed
            | Self::MethodNotOffered
            | Self::KeyReused
            | Self::PassEnded
            | Self::RevokedDuringIssue
            | Self::AlreadyConnected
            | Self::TooManyWebhooks
            | Self::WebhookDisabled
            | Self::NeedsCredentials
            | Self::BodyTooLong
            | Self::BodyBrokenOff
            | Self::Vault(_)
            | Self::KeyFile(_) => None,
        }
    }
}

/// What the caller is told of a provider's failure.
pub(super) const fn provider_code(error: ProviderError) -> ProblemCode {
    match error {
        ProviderError::Credentials | ProviderError::Token => ProblemCode::NeedsCredentials,
        ProviderError::AlreadyConnected => ProblemCode::AlreadyConnected,
        ProviderError::Refused(_) | ProviderError::NotReady { .. } => ProblemCode::ProviderRefused,
        ProviderError::RateLimited { .. } | ProviderError::LeftAlone { asked: true, .. } => {
            ProblemCode::UpstreamRateLimited
        }
        ProviderError::Status(_) | ProviderError::LeftAlone { asked: false, .. } => {
            ProblemCode::UpstreamError
        }
        ProviderError::Malformed => ProblemCode::UpstreamMalformed,
        ProviderError::Unreachable | ProviderError::Broken => ProblemCode::UpstreamUnreachable,
        ProviderError::Timeout => ProblemCode::UpstreamTimeout,
        ProviderError::NotOffered => ProblemCode::MethodNotOffered,
    }
}
