//! Who is at work. Each is one guarded statement.

use async_trait::async_trait;
use sqlx::Row as _;

use super::SqlStore;
use crate::domain::{ConnectionId, PassId, Timestamp};
use crate::store::{Lease, StoreError, TurnStore};

#[async_trait]
impl TurnStore for SqlStore {
    async fn claim_turn(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreError> {
        let claimed = sqlx::query(
            "-- claim_turn
             INSERT INTO turns (connection, fence, leased_until) VALUES ($1, 1, $3)
             ON CONFLICT (connection) DO UPDATE SET fence = turns.fence + 1, leased_until = $3
                 WHERE turns.leased_until <= $2
             RETURNING fence",
        )
        .bind(connection.as_str())
        .bind(now.unix_millis())
        .bind(until.unix_millis())
        .fetch_optional(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        claimed
            .map(|claimed| {
                Ok(Lease {
                    connection: connection.clone(),
                    fence: claimed.try_get("fence").map_err(StoreError::Database)?,
                })
            })
            .transpose()
    }

    async fn keep_turn(&self, lease: &Lease, until: Timestamp) -> Result<bool, StoreError> {
        let kept = sqlx::query(
            "-- keep_turn
             UPDATE turns SET leased_until = $3 WHERE connection = $1 AND fence = $2 AND leased_until > 0",
        )
        .bind(lease.connection.as_str())
        .bind(lease.fence)
        .bind(until.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(kept.rows_affected() == 1)
    }

    async fn end_turn(&self, lease: &Lease) -> Result<(), StoreError> {
        sqlx::query(
            "-- end_turn\nUPDATE turns SET leased_until = 0 WHERE connection = $1 AND fence = $2",
        )
        .bind(lease.connection.as_str())
        .bind(lease.fence)
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn keep_intent(&self, pass: &PassId, until: Timestamp) -> Result<bool, StoreError> {
        let kept = sqlx::query(
            "-- keep_intent
             UPDATE passes SET leased_until = $2 WHERE id = $1 AND state = 'minting'",
        )
        .bind(pass.as_str())
        .bind(until.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(kept.rows_affected() == 1)
    }

    async fn release_intent(&self, pass: &PassId) -> Result<(), StoreError> {
        sqlx::query(
            "-- release_intent
             UPDATE passes SET leased_until = 0 WHERE id = $1 AND state = 'minting'",
        )
        .bind(pass.as_str())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn claim_look(
        &self,
        connection: &ConnectionId,
        process: &str,
        now: Timestamp,
        stale: Timestamp,
    ) -> Result<bool, StoreError> {
        let claimed = sqlx::query(
            "-- claim_look
             UPDATE connections SET looked_by = $2, looked_at = $3
             WHERE id = $1 AND (looked_by IS NULL OR looked_by = $2 OR looked_at <= $4)",
        )
        .bind(connection.as_str())
        .bind(process)
        .bind(now.unix_millis())
        .bind(stale.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(claimed.rows_affected() == 1)
    }

    async fn reopen_revoke(&self, pass: &PassId, dead_by: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "-- reopen_revoke
             UPDATE passes SET state = 'revoking', expires_at = $2
             WHERE id = $1 AND state IN ('failed', 'revoked', 'withdrawn', 'replaced', 'expired')",
        )
        .bind(pass.as_str())
        .bind(dead_by.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }
}
