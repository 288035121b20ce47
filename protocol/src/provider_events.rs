//! Where providers post what happens at their side.

use serde::{Deserialize, Serialize};

use crate::Sensitive;

/// The address to give to the provider; shown this once. An earlier one is none any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderEventsAddress {
    /// Whoever knows it can make Pairlink look at the login again, and nothing else.
    pub url: Sensitive,
}
