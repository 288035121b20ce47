//! Embed tokens: what a page holds.

use serde::{Deserialize, Serialize};

use crate::{DrawnPassView, Sensitive, Timestamp};

/// Something that a page may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Action {
    /// See the connection's state and its live pass.
    Read,
    /// Ask for a new pass.
    Issue,
    /// Revoke every live pass.
    Revoke,
    /// See an API token in the page.
    Token,
    /// End the login that the connection has at the provider.
    Logout,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Issue,
        Self::Revoke,
        Self::Token,
        Self::Logout,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Issue => "issue",
            Self::Revoke => "revoke",
            Self::Token => "token",
            Self::Logout => "logout",
        }
    }
}

/// Asks for an embed token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateEmbedToken {
    /// What the page may do; at least one.
    pub actions: Vec<Action>,
    /// The origins whose pages may use it, exactly: `https://app.example`; `http` for loopback only. 1 to 10.
    pub origins: Vec<String>,
    /// How long it lives: 60 to 3600 seconds, 900 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u32>,
    /// Whether the answer is to hold what the page would ask first, which spares it a round trip. Needs the action `read`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub view: bool,
}

/// An embed token; shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmbedToken {
    /// `ple_…`.
    pub token: Sensitive,
    /// From this instant on it opens nothing.
    pub expires_at: Timestamp,
    /// As `GET /v1/pass?drawing=true` answers, where it was asked for. As old as this answer: a page that is given it later
    /// counts down wrongly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<DrawnPassView>,
}
