//! Tenants: whose connections they are.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Whether a tenant is suspended: nothing is given out for it then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TenantSuspension {
    /// The tenant.
    pub tenant: String,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Since when, or null.
    pub since: Option<Timestamp>,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}
