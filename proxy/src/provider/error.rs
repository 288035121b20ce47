//! Why a call to a provider failed: kinds without text, because the providers' secrets stand in addresses and bodies.

/// Why a call to a provider failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It does not accept the credentials.
    #[error("the provider does not accept the credentials")]
    Credentials,
    /// It does not accept the token that was presented: another one may do.
    #[error("the provider does not accept the token")]
    Token,
    /// It refused, for a reason of its own.
    #[error("the provider refused with status {0}")]
    Refused(u16),
    /// It wants fewer calls.
    #[error("the provider asks to wait")]
    RateLimited {
        /// For so many seconds, if it said.
        retry_after: Option<u32>,
    },
    /// It answered with an error of its own, or sent us elsewhere.
    #[error("the provider answered with status {0}")]
    Status(u16),
    /// Its answer cannot be read: not its form, too long, or with an address that is not its own.
    #[error("the provider's answer cannot be read")]
    Malformed,
    /// It was never reached: nothing was sent.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// The connection broke after the call was sent.
    #[error("the provider broke the connection off")]
    Broken,
    /// It did not answer in time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// A phone is linked already: nothing can be issued until it is logged out.
    #[error("the provider says that a phone is linked already")]
    AlreadyConnected,
    /// It has nothing to give yet.
    #[error("the provider is not ready yet")]
    NotReady {
        /// Seconds after which asking again may help.
        retry_after: u32,
    },
    /// It was not asked: it failed again and again a moment ago, or asked to be left alone.
    #[error("the provider is left alone for a while")]
    LeftAlone {
        /// Whether it asked for it.
        asked: bool,
        /// Seconds until it is asked again.
        retry_after: u32,
    },
    /// It does not do that.
    #[error("the provider does not offer this")]
    NotOffered,
}

impl ProviderError {
    /// Whether the provider may have done what it was asked in spite of this: whatever was sent may have been done, and
    /// another may have answered in its place.
    pub const fn may_have_happened(self) -> bool {
        match self {
            Self::Credentials
            | Self::Token
            | Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::Status(_)
            | Self::Malformed
            | Self::Broken
            | Self::Timeout => true,
            Self::Unreachable
            | Self::AlreadyConnected
            | Self::NotReady { .. }
            | Self::LeftAlone { .. }
            | Self::NotOffered => false,
        }
    }

    /// Whether anything left for the provider.
    pub const fn was_sent(self) -> bool {
        match self {
            Self::Unreachable | Self::LeftAlone { .. } | Self::NotOffered => false,
            Self::Credentials
            | Self::Token
            | Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::Status(_)
            | Self::Malformed
            | Self::Broken
            | Self::Timeout
            | Self::AlreadyConnected
            | Self::NotReady { .. } => true,
        }
    }

    /// Whether it says that it did nothing. That is believed where nothing shows otherwise.
    pub const fn is_refusal(self) -> bool {
        match self {
            Self::Credentials | Self::Token | Self::Refused(_) | Self::RateLimited { .. } => true,
            Self::Status(_)
            | Self::Malformed
            | Self::Unreachable
            | Self::Broken
            | Self::Timeout
            | Self::AlreadyConnected
            | Self::NotReady { .. }
            | Self::LeftAlone { .. }
            | Self::NotOffered => false,
        }
    }

    /// Whether the same call may do better at once; only for calls that can be repeated.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Status(_) | Self::Unreachable | Self::Broken | Self::Timeout => true,
            Self::Credentials
            | Self::Token
            | Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::Malformed
            | Self::AlreadyConnected
            | Self::NotReady { .. }
            | Self::LeftAlone { .. }
            | Self::NotOffered => false,
        }
    }
}
