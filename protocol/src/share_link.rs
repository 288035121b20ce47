//! Share links: Pairlink's own temporary page for any connection.

use serde::{Deserialize, Serialize};

use crate::{Sensitive, Timestamp};

/// Asks for a share link. The earlier one of the connection is dead when the answer arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateShareLink {
    /// How long it lives: 60 to 1800 seconds, 1800 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u32>,
}

/// The share link of a connection; `{"link": null}` with nothing else but the clock if there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareLink {
    /// The address to send to the customer: `…/l/{64 lowercase hex}`, or null.
    pub link: Option<Sensitive>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// From this instant on it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// With a new link only: whether an earlier one died by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<bool>,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}

/// The share link was revoked. Asking again gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedShareLink {
    /// Always true: the connection has no share link now.
    pub revoked: bool,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}
