//! Suspended tenants.

use async_trait::async_trait;
use sqlx::{Row as _, SqliteConnection};

use super::super::{Change, StoreError, SuspendedTenant, TenantStore};
use super::{SqliteStore, audit_of, commit, row};
use crate::domain::{ConnectionId, EventKind, Outcome, Tenant, Timestamp};

#[async_trait]
impl TenantStore for SqliteStore {
    async fn suspend_tenant(
        &self,
        tenant: &Tenant,
        change: Change<'_>,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        let mut transaction = self.begin().await?;
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
        let unsettled = end_all_of(&mut transaction, tenant, change.at).await?;
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
        commit(transaction).await?;
        Ok(unsettled)
    }

    async fn resume_tenant(&self, tenant: &Tenant, change: Change<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
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
            let mut transaction = self.begin().await?;
            // It may have been resumed since it was read.
            let suspended = sqlx::query(
                "-- still_suspended\nUPDATE suspended_tenants SET since = since WHERE tenant = $1",
            )
            .bind(tenant.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?
            .rows_affected();
            if suspended == 1 {
                unsettled.extend(end_all_of(&mut transaction, &tenant, now).await?);
            }
            commit(transaction).await?;
        }
        Ok(unsettled)
    }
}

/// Whether the connection's tenant is suspended.
pub(super) async fn is_suspended(
    database: &mut SqliteConnection,
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

/// Ends everything that was given out for a tenant, and tells its open pages. Returns the connections of which something
/// may be alive at the provider.
async fn end_all_of(
    database: &mut SqliteConnection,
    tenant: &Tenant,
    at: Timestamp,
) -> Result<Vec<ConnectionId>, StoreError> {
    for (statement, dated) in [
        (
            "-- withdraw_of_tenant
             UPDATE passes SET state = 'revoking', content = NULL, ended_at = $2
             WHERE state IN ('minting', 'live') AND connection IN (SELECT id FROM connections WHERE tenant = $1)",
            true,
        ),
        (
            "-- end_qr_rounds_of_tenant
             DELETE FROM qr_rounds WHERE connection IN (SELECT id FROM connections WHERE tenant = $1)",
            false,
        ),
        (
            "-- withdraw_share_links_of_tenant
             UPDATE share_links SET state = 'revoked', token = NULL
             WHERE state = 'live' AND connection IN (SELECT id FROM connections WHERE tenant = $1)",
            false,
        ),
        (
            // Their end, not their sleep: whoever is resumed gets new ones.
            "-- end_embed_tokens_of_tenant
             UPDATE embed_tokens SET expires_at = $2
             WHERE expires_at > $2 AND connection IN (SELECT id FROM connections WHERE tenant = $1)",
            true,
        ),
    ] {
        let query = sqlx::query(statement).bind(tenant.as_str());
        let query = if dated {
            query.bind(at.unix_millis())
        } else {
            query
        };
        query
            .execute(&mut *database)
            .await
            .map_err(StoreError::Database)?;
    }
    sqlx::query(
        "-- tell_pages_of_tenant
         INSERT INTO outbox (connection, kind, at)
         SELECT id, $2, $3 FROM connections WHERE tenant = $1 AND removed_at IS NULL",
    )
    .bind(tenant.as_str())
    .bind(EventKind::Revoked.as_str())
    .bind(at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?;
    let rows = sqlx::query(
        "-- unsettled_of_tenant
         SELECT DISTINCT p.connection FROM passes p JOIN connections c ON c.id = p.connection
         WHERE c.tenant = $1 AND p.state = 'revoking'",
    )
    .bind(tenant.as_str())
    .fetch_all(database)
    .await
    .map_err(StoreError::Database)?;
    rows.iter()
        .map(|row| {
            let name: String = row.try_get("connection").map_err(StoreError::Database)?;
            Ok(ConnectionId::from_text(name))
        })
        .collect()
}
