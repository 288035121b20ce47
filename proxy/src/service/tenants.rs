//! Suspends tenants: an operator's switch against abuse. From the commit on nothing is given out for the tenant, on every
//! replica; what is alive at providers is taken back as by any revocation. Reading stays.

use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, Tenant, Timestamp};
use crate::store::{Change, SuspendedTenant};

impl Service {
    /// Suspends a tenant. Returns since when it is suspended. Twice is once.
    pub async fn suspend_tenant(
        &self,
        tenant: &Tenant,
        actor: &Actor,
    ) -> Result<Timestamp, ServiceError> {
        let at = self.now();
        let unsettled = self
            .store()
            .suspend_tenant(tenant, Change { actor, at })
            .await?;
        self.hint();
        self.settle_suspended(unsettled).await?;
        Ok(self.store().suspended_since(tenant).await?.unwrap_or(at))
    }

    /// Lets things be given out for the tenant again. Nothing that was revoked comes back. Twice is once.
    pub async fn resume_tenant(&self, tenant: &Tenant, actor: &Actor) -> Result<(), ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        self.store().resume_tenant(tenant, change).await?;
        Ok(())
    }

    /// Since when the tenant is suspended; none if it is not.
    pub async fn suspended_since(
        &self,
        tenant: &Tenant,
    ) -> Result<Option<Timestamp>, ServiceError> {
        Ok(self.store().suspended_since(tenant).await?)
    }

    /// Every suspended tenant.
    pub async fn suspended_tenants(&self) -> Result<Vec<SuspendedTenant>, ServiceError> {
        Ok(self.store().suspended_tenants().await?)
    }

    /// Refuses what would give something out for a suspended tenant.
    pub(super) async fn refuse_if_suspended(
        &self,
        connection: &Connection,
    ) -> Result<(), ServiceError> {
        match self.store().suspended_since(&connection.tenant).await? {
            Some(_since) => Err(ServiceError::TenantSuspended),
            None => Ok(()),
        }
    }

    /// Ends what came into being beside a suspension.
    pub(super) async fn enforce_suspensions(&self) -> Result<(), ServiceError> {
        let unsettled = self.store().enforce_suspensions(self.now()).await?;
        if !unsettled.is_empty() {
            self.hint();
        }
        self.settle_suspended(unsettled).await
    }

    async fn settle_suspended(&self, unsettled: Vec<ConnectionId>) -> Result<(), ServiceError> {
        for id in unsettled {
            // A page may have had it. Whoever asks after the suspension gets another one.
            self.store().withdraw_api_token(&id).await?;
            self.settle_soon(id);
        }
        Ok(())
    }
}
