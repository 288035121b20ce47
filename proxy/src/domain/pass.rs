//! Passes: what they hold, and their life.
//!
//! ```text
//!             issue                completed
//!   (nothing) ─────▶ minting ─────────────────▶ live ──▶ expired     its end came
//!                      │  │                      │ └───▶ replaced    a newer one was issued
//!                      │  └────────▶ failed      ▼
//!                      │  the provider made none
//!                      └─────────────────────▶ revoking ──▶ revoked  the provider confirmed, or cannot be asked
//!                                 revoke
//! ```
//!
//! `minting` is the intent, written before the provider is called. A row stays in it while nobody knows whether the
//! provider did it: it is settled by asking the provider, never by guessing. `revoking` gives nothing out any more,
//! and stays until nothing is alive at the provider.

use super::Method;
use crate::secret::Secret;

/// Where a pass is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassState {
    /// The provider was asked, or is about to be.
    Minting,
    /// Given out.
    Live,
    /// Given out no more; perhaps alive at the provider.
    Revoking,
    /// Dead, by revocation.
    Revoked,
    /// Dead, because a newer one was issued.
    Replaced,
    /// Dead, because its end came.
    Expired,
    /// Never lived.
    Failed,
}

impl PassState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Minting,
        Self::Live,
        Self::Revoking,
        Self::Revoked,
        Self::Replaced,
        Self::Expired,
        Self::Failed,
    ];

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minting => "minting",
            Self::Live => "live",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What a pass holds, by method.
#[derive(Clone)]
pub enum Content {
    /// The address of a temporary page of the provider.
    Link(Secret),
    /// The text of a QR code.
    Qr(Secret),
    /// A pairing code.
    Code(Secret),
    /// A short-lived API token, presented as `Bearer`.
    Token(Secret),
}

impl Content {
    /// Puts together what [`Content::method`] and [`Content::secret`] took apart.
    pub fn new(method: Method, secret: Secret) -> Self {
        match method {
            Method::Link => Self::Link(secret),
            Method::Qr => Self::Qr(secret),
            Method::Code => Self::Code(secret),
            Method::Token => Self::Token(secret),
        }
    }

    /// How it is used.
    pub const fn method(&self) -> Method {
        match self {
            Self::Link(_) => Method::Link,
            Self::Qr(_) => Method::Qr,
            Self::Code(_) => Method::Code,
            Self::Token(_) => Method::Token,
        }
    }

    /// What must not be seen by others.
    pub const fn secret(&self) -> &Secret {
        match self {
            Self::Link(secret) | Self::Qr(secret) | Self::Code(secret) | Self::Token(secret) => {
                secret
            }
        }
    }
}
