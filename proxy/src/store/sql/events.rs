//! Events.

use async_trait::async_trait;

use super::{About, Db, SqlStore, commit, row};
use crate::domain::{ConnectionId, Event, Timestamp};
use crate::store::{EventStore, StoreError};

#[async_trait]
impl EventStore for SqlStore {
    async fn newest_event(&self) -> Result<i64, StoreError> {
        // Behind it nothing comes any more: whoever had an earlier number has committed.
        let mut transaction = self.begin(&[About::Events]).await?;
        let newest =
            sqlx::query_scalar("-- newest_event\nSELECT COALESCE(MAX(sequence), 0) FROM outbox")
                .fetch_one(&mut *transaction)
                .await
                .map_err(StoreError::Database)?;
        commit(transaction).await?;
        Ok(newest)
    }

    async fn oldest_event(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("-- oldest_event\nSELECT COALESCE(MIN(sequence), 0) FROM outbox")
            .fetch_one(&self.reader)
            .await
            .map_err(StoreError::Database)
    }

    async fn newest_event_of(&self, connection: &ConnectionId) -> Result<i64, StoreError> {
        sqlx::query_scalar(
            "-- newest_event_of
             SELECT COALESCE(MAX(sequence), 0) FROM outbox WHERE connection = $1",
        )
        .bind(connection.as_str())
        .fetch_one(&self.reader)
        .await
        .map_err(StoreError::Database)
    }

    async fn events_after(&self, sequence: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let events = after(&self.reader, sequence, limit).await?;
        if (sequence + 1..)
            .zip(&events)
            .all(|(expected, event)| expected == event.sequence)
        {
            return Ok(events);
        }
        // A number is missing. Its transaction was given up, or has yet to commit: nobody is left who could, once this
        // is about the order of events.
        let mut transaction = self.begin(&[About::Events]).await?;
        let events = after(&mut *transaction, sequence, limit).await?;
        commit(transaction).await?;
        Ok(events)
    }

    async fn events_of(
        &self,
        connection: &ConnectionId,
        sequence: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "-- events_of
             SELECT sequence, connection, kind, at FROM outbox
             WHERE connection = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
        )
        .bind(connection.as_str())
        .bind(sequence)
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::event).collect()
    }

    fn hint(&self) {
        self.tell_others();
    }

    async fn hinted(&self) {
        self.told_by_others().await;
    }

    async fn forget_before(&self, then: Timestamp) -> Result<u64, StoreError> {
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
            // One process at a time, and nothing for long.
            let mut transaction = self.begin(&[About::Store]).await?;
            forgotten += sqlx::query(statement)
                .bind(then.unix_millis())
                .execute(&mut *transaction)
                .await
                .map_err(StoreError::Database)?
                .rows_affected();
            commit(transaction).await?;
        }
        Ok(forgotten)
    }
}

async fn after<'a>(
    database: impl sqlx::Executor<'a, Database = Db>,
    sequence: i64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let rows = sqlx::query(
        "-- events_after
         SELECT sequence, connection, kind, at FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2",
    )
    .bind(sequence)
    .bind(i64::from(limit))
    .fetch_all(database)
    .await
    .map_err(StoreError::Database)?;
    rows.iter().map(row::event).collect()
}
