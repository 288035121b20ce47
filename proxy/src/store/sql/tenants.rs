//! Suspended tenants.

use async_trait::async_trait;

use super::{AT_ONCE, About, DbConnection, SqlStore, audit_of, commit, publish, row};
use crate::domain::{ConnectionId, EventKind, Outcome, Tenant, Timestamp};
use crate::store::{Change, StoreError, SuspendedTenant, TenantStore};

#[async_trait]
impl TenantStore for SqlStore {
    async fn suspend_tenant(
        &self,
        tenant: &Tenant,
        change: Change<'_>,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        let mut transaction = self.begin(&[About::Tenant(tenant.as_str())]).await?;
        let news = sqlx::query(
            "-- suspend_tenant
             INSERT INTO suspended_tenants (tenant, since) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING",
        )
        .bind(tenant.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if news == 1 {
            let (action, done) = ("tenant.suspend", Outcome::Done);
            audit_of(
                &mut transaction,
                change,
                Some(tenant),
                action,
                tenant.as_str(),
                done,
            )
            .await?;
        }
        // From here on nothing begins for the tenant. Whatever began before is ended in its connection's turn.
        commit(transaction).await?;
        self.end_all_of(tenant, change.at).await
    }

    async fn resume_tenant(&self, tenant: &Tenant, change: Change<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Tenant(tenant.as_str())]).await?;
        let resumed =
            sqlx::query("-- resume_tenant\nDELETE FROM suspended_tenants WHERE tenant = $1")
                .bind(tenant.as_str())
                .execute(&mut *transaction)
                .await
                .map_err(StoreError::Database)?
                .rows_affected();
        if resumed == 1 {
            let (action, done) = ("tenant.resume", Outcome::Done);
            audit_of(
                &mut transaction,
                change,
                Some(tenant),
                action,
                tenant.as_str(),
                done,
            )
            .await?;
        }
        commit(transaction).await?;
        Ok(resumed == 1)
    }

    async fn suspended_since(&self, tenant: &Tenant) -> Result<Option<Timestamp>, StoreError> {
        let since: Option<i64> = sqlx::query_scalar(
            "-- suspended_since\nSELECT since FROM suspended_tenants WHERE tenant = $1",
        )
        .bind(tenant.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(since.map(Timestamp::from_unix_millis))
    }

    async fn suspended_tenants(&self) -> Result<Vec<SuspendedTenant>, StoreError> {
        let rows = sqlx::query(
            "-- suspended_tenants\nSELECT tenant, since FROM suspended_tenants ORDER BY tenant",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::suspended_tenant).collect()
    }

    async fn enforce_suspensions(&self, now: Timestamp) -> Result<Vec<ConnectionId>, StoreError> {
        let rows = sqlx::query(
            "-- tenants_to_suspend_again
             SELECT s.tenant, s.since FROM suspended_tenants s
             WHERE EXISTS (
                 SELECT 1 FROM connections c
                 WHERE c.tenant = s.tenant AND (
                     EXISTS (SELECT 1 FROM passes p WHERE p.connection = c.id AND p.state IN ('minting', 'live'))
                     OR EXISTS (SELECT 1 FROM share_links l WHERE l.connection = c.id AND l.state = 'live')
                     OR EXISTS (SELECT 1 FROM embed_tokens e WHERE e.connection = c.id AND e.expires_at > $1)))",
        )
        .bind(now.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        let mut unsettled = Vec::new();
        for found in &rows {
            let tenant = row::suspended_tenant(found)?.tenant;
            unsettled.extend(self.end_all_of(&tenant, now).await?);
        }
        Ok(unsettled)
    }
}

/// Whether the connection's tenant is suspended.
pub(super) async fn is_suspended(
    database: &mut DbConnection,
    connection: &ConnectionId,
) -> Result<bool, StoreError> {
    let found = sqlx::query(
        "-- is_suspended
         SELECT 1 FROM suspended_tenants s JOIN connections c ON c.tenant = s.tenant WHERE c.id = $1",
    )
    .bind(connection.as_str())
    .fetch_optional(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(found.is_some())
}

impl SqlStore {
    /// Ends everything that was given out for a suspended tenant, and tells its open pages. Returns the connections of
    /// which something may be alive at the provider. What it does not reach, because it is interrupted, is found by
    /// [`TenantStore::enforce_suspensions`].
    async fn end_all_of(
        &self,
        tenant: &Tenant,
        at: Timestamp,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        let names: Vec<String> = sqlx::query_scalar(
            "-- connections_to_end
             SELECT c.id FROM connections c
             WHERE c.tenant = $1 AND (
                 EXISTS (SELECT 1 FROM passes p WHERE p.connection = c.id AND p.state IN ('minting', 'live', 'revoking'))
                 OR EXISTS (SELECT 1 FROM qr_rounds r WHERE r.connection = c.id)
                 OR EXISTS (SELECT 1 FROM share_links l WHERE l.connection = c.id AND l.state = 'live')
                 OR EXISTS (SELECT 1 FROM embed_tokens e WHERE e.connection = c.id AND e.expires_at > $2))
             ORDER BY c.id",
        )
        .bind(tenant.as_str())
        .bind(at.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        let connections: Vec<ConnectionId> =
            names.into_iter().map(ConnectionId::from_text).collect();
        let mut unsettled = Vec::new();
        for some in connections.chunks(AT_ONCE) {
            let about: Vec<About<'_>> = some.iter().map(About::Connection).collect();
            let mut transaction = self.begin(&about).await?;
            // It may have been resumed meanwhile.
            if is_suspended_tenant(&mut transaction, tenant).await? {
                for connection in some {
                    if end_all(&mut transaction, connection, at).await? {
                        unsettled.push(connection.clone());
                    }
                }
            }
            commit(transaction).await?;
        }
        Ok(unsettled)
    }
}

async fn is_suspended_tenant(
    database: &mut DbConnection,
    tenant: &Tenant,
) -> Result<bool, StoreError> {
    let found =
        sqlx::query("-- is_suspended_tenant\nSELECT 1 FROM suspended_tenants WHERE tenant = $1")
            .bind(tenant.as_str())
            .fetch_optional(database)
            .await
            .map_err(StoreError::Database)?;
    Ok(found.is_some())
}

/// Ends everything that was given out for a connection, and tells its open pages. Whether something may be alive at the
/// provider.
async fn end_all(
    database: &mut DbConnection,
    connection: &ConnectionId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    for statement in [
        "-- withdraw_of_tenant
         UPDATE passes SET state = 'revoking', content = NULL, ended_at = $2
         WHERE connection = $1 AND state IN ('minting', 'live')",
        "-- end_qr_rounds_of_tenant
         DELETE FROM qr_rounds WHERE connection = $1 AND $2 > 0",
        "-- withdraw_share_links_of_tenant
         UPDATE share_links SET state = 'revoked', token = NULL
         WHERE connection = $1 AND state = 'live' AND $2 > 0",
        // Their end, not their sleep: whoever is resumed gets new ones.
        "-- end_embed_tokens_of_tenant
         UPDATE embed_tokens SET expires_at = $2 WHERE connection = $1 AND expires_at > $2",
    ] {
        sqlx::query(statement)
            .bind(connection.as_str())
            .bind(at.unix_millis())
            .execute(&mut *database)
            .await
            .map_err(StoreError::Database)?;
    }
    publish(database, connection, EventKind::Revoked, at).await?;
    let unsettled = sqlx::query(
        "-- unsettled_of_tenant
         SELECT 1 FROM passes WHERE connection = $1 AND state = 'revoking' LIMIT 1",
    )
    .bind(connection.as_str())
    .fetch_optional(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(unsettled.is_some())
}
