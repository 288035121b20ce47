//! Events.

use async_trait::async_trait;

use super::super::{EventStore, StoreError};
use super::{SqliteStore, commit, row};
use crate::domain::{ConnectionId, Event, Timestamp};

#[async_trait]
impl EventStore for SqliteStore {
    async fn newest_event(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("-- newest_event\nSELECT COALESCE(MAX(sequence), 0) FROM outbox")
            .fetch_one(&self.reader)
            .await
            .map_err(StoreError::Database)
    }

    async fn events_after(&self, sequence: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "-- events_after
             SELECT sequence, connection, kind FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        )
        .bind(sequence)
        .bind(limit)
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::event).collect()
    }

    async fn events_of(
        &self,
        connection: &ConnectionId,
        sequence: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "-- events_of
             SELECT sequence, connection, kind FROM outbox
             WHERE connection = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
        )
        .bind(connection.as_str())
        .bind(sequence)
        .bind(limit)
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::event).collect()
    }

    async fn forget_before(&self, then: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let mut forgotten = 0;
        for statement in [
            "-- forget_events\nDELETE FROM outbox WHERE at < $1",
            "-- forget_keys\nDELETE FROM idempotency_keys WHERE created_at < $1",
            "-- forget_embed_tokens\nDELETE FROM embed_tokens WHERE expires_at < $1",
            "-- forget_origins\nDELETE FROM origins WHERE expires_at < $1",
            "-- forget_viewers\nDELETE FROM viewers WHERE opened_at < $1",
            "-- forget_delivered\nDELETE FROM webhook_deliveries WHERE state = 'delivered' AND ended_at < $1",
            // Somebody may want to retry these: a month in all.
            "-- forget_dead\nDELETE FROM webhook_deliveries WHERE state = 'dead' AND ended_at < $1 - 2505600000",
        ] {
            forgotten += sqlx::query(statement)
                .bind(then.unix_millis())
                .execute(&mut *transaction)
                .await
                .map_err(StoreError::Database)?
                .rows_affected();
        }
        commit(transaction).await?;
        Ok(forgotten)
    }
}
