//! Connections: one account or instance at a provider.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Action, Attention, CredentialHealth, CredentialPolicy, Method, Sensitive, Timestamp};

/// The state of the provider-side login of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SessionState {
    /// The provider is getting ready.
    Starting,
    /// Ready for a phone.
    Waiting,
    /// A phone is linked.
    Connected,
    /// The phone, or somebody, ended it.
    LoggedOut,
    /// WhatsApp asks for a passkey on the phone.
    PasskeyRequired,
    /// WhatsApp blocked the account.
    Blocked,
    /// The provider gave up.
    Failed,
    /// Nobody has told yet, or in words that Pairlink does not know; also what a page makes of a state that is newer
    /// than itself.
    #[serde(other)]
    Unknown,
}

impl SessionState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Starting,
        Self::Waiting,
        Self::Connected,
        Self::LoggedOut,
        Self::PasskeyRequired,
        Self::Blocked,
        Self::Failed,
        Self::Unknown,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Waiting => "waiting",
            Self::Connected => "connected",
            Self::LoggedOut => "logged_out",
            Self::PasskeyRequired => "passkey_required",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// A connection as a page may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionView {
    /// What the host calls it.
    pub label: String,
    /// The provider's name, such as `wawp`.
    pub provider: String,
    /// The state of its login.
    pub state: SessionState,
    /// The methods it offers and the embed token allows, the preferred one first.
    pub methods: Vec<Method>,
    /// What whoever asks may do; a backend may do everything.
    pub actions: Vec<Action>,
    /// Whether a phone with another number than the expected one was linked last. It is logged out. Left out if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wrong_phone: bool,
}

/// A connection as a host's backend sees it; never a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connection {
    /// `con_…`.
    pub id: String,
    /// The provider's name.
    pub provider: String,
    /// Whose connection it is.
    pub tenant: String,
    /// What the host calls it; pages show it.
    pub label: String,
    /// Replaces the provider's public address, or null.
    pub base_url: Option<String>,
    /// The state of its login.
    pub state: SessionState,
    /// The methods it offers, the preferred one first.
    pub methods: Vec<Method>,
    /// How long the provider's secrets are good.
    pub policy: CredentialPolicy,
    /// Why somebody must look at it, or null.
    pub attention: Option<Attention>,
    /// The credentials that it misses: the provider was asked to open an account, and its answer got lost. Whoever looks
    /// the account up at the provider completes them by PATCH.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The phone that may be linked, its last four digits; left out if any may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_phone: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Connections of the tenants that the API key reaches, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionList {
    /// This page of them.
    pub connections: Vec<Connection>,
    /// Where the next page starts (`?after=`), or null at the end.
    pub next: Option<String>,
}

/// Adds a connection.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateConnection {
    /// The provider's name.
    pub provider: String,
    /// Whose connection it is: `default` if absent. 1 to 64 of `a-z A-Z 0-9 . _ -`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// What pages call it: 1 to 80 characters; the provider's name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Replaces the provider's public address: `https`, and no private address unless the operator allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The provider's long-lived secrets, by the names that it gives them.
    #[serde(deserialize_with = "crate::read_credentials")]
    pub credentials: BTreeMap<String, Sensitive>,
    /// How long those are good: without end if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<CredentialPolicy>,
    /// The only phone that may be linked, in the international format; any may if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_phone: Option<Sensitive>,
    /// Opens an account at the provider first, where that offers it, with what it wants to know; the credential that
    /// names the account is then left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BTreeMap<String, AccountValue>>,
}

/// Something that a provider wants to know of a new account.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountValue {
    /// Some text.
    Text(String),
    /// A number.
    Number(f64),
}

/// Changes a connection; what is absent stays.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateConnection {
    /// What pages call it: 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Replaces all of the provider's secrets.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::credentials::read_optional"
    )]
    pub credentials: Option<BTreeMap<String, Sensitive>>,
    /// How long those are good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<CredentialPolicy>,
    /// The only phone that may be linked, in the international format; null lets any be linked.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub expected_phone: Option<Option<Sensitive>>,
}

/// Tells null from nothing.
#[expect(
    clippy::option_option,
    reason = "absent leaves it as it is, null takes it away"
)]
fn present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Sensitive>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The login was ended, or there was none to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndedSession {
    /// The state of the login, as the provider confirmed it.
    pub state: SessionState,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}

/// How a connection is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionHealth {
    /// The state of its login.
    pub state: SessionState,
    /// When that state was last confirmed by the provider, or null if never.
    pub state_checked_at: Option<Timestamp>,
    /// Why somebody must look at it, or null.
    pub attention: Option<Attention>,
    /// Whether the phone that is linked is the expected one; left out if any may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<crate::AccountCheck>,
    /// What the provider is called with, without the values: what a person gave first, then what Pairlink renews.
    pub credentials: Vec<CredentialHealth>,
    /// By how many milliseconds the provider's clock is ahead of the server's, or null if it does not tell.
    pub clock_skew_ms: Option<i64>,
    /// The last problem that the provider caused, or null since it last answered well.
    pub last_error: Option<crate::ProblemCode>,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}
