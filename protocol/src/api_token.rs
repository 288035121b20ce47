//! API tokens: what a host's backend calls a provider with.

use serde::{Deserialize, Serialize};

use crate::{Sensitive, Timestamp};

/// A provider's API token, for a host's backend.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiToken {
    /// The token.
    pub token: Sensitive,
    /// How it is presented: `Bearer`.
    pub token_type: String,
    /// From when on it is dead.
    pub expires_at: Timestamp,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}
