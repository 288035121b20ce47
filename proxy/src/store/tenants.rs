//! What Pairlink needs of a store to suspend tenants.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{ConnectionId, Tenant, Timestamp};

/// A tenant for whom nothing is given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspendedTenant {
    /// Who.
    pub tenant: Tenant,
    /// Since when.
    pub since: Timestamp,
}

/// Tenants.
#[async_trait]
pub trait TenantStore {
    /// Suspends a tenant: revokes its passes and share links, ends its embed tokens, and tells open pages. Returns the
    /// connections of which something may be alive at the provider. Twice is once.
    async fn suspend_tenant(
        &self,
        tenant: &Tenant,
        change: Change<'_>,
    ) -> Result<Vec<ConnectionId>, StoreError>;
    /// Lets things be given out again; revives nothing. False if the tenant was not suspended.
    async fn resume_tenant(&self, tenant: &Tenant, change: Change<'_>) -> Result<bool, StoreError>;
    /// Since when a tenant is suspended; none if it is not.
    async fn suspended_since(&self, tenant: &Tenant) -> Result<Option<Timestamp>, StoreError>;
    /// Every suspended tenant, by name.
    async fn suspended_tenants(&self) -> Result<Vec<SuspendedTenant>, StoreError>;
    /// Ends what came into being for suspended tenants while they were being suspended. Returns the connections of which
    /// something may be alive at the provider.
    async fn enforce_suspensions(&self, now: Timestamp) -> Result<Vec<ConnectionId>, StoreError>;
}
