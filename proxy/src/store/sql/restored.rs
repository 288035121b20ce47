//! Backups, and stores that came out of one.

use std::path::Path;

use async_trait::async_trait;

use super::{About, DbConnection, LEAP_EVENT_NUMBERS, SqlStore, audit, commit, row};
use crate::domain::{ConnectionId, Outcome, Timestamp};
use crate::store::{Change, LostTime, Restored, RestoredStore, StoreError};

/// What a restored store forgets, or gives out no more; `$1` is the instant.
///
/// A table that holds something short-lived of a provider's, or a token of ours, has its line here.
const ENDED: &[&str] = &[
    "-- end_embed_tokens\nDELETE FROM embed_tokens WHERE issued_at <= $1",
    "-- end_viewers\nDELETE FROM viewers WHERE opened_at <= $1",
    "-- end_share_links\nUPDATE share_links SET state = 'revoked', token = NULL WHERE state = 'live' AND issued_at <= $1",
    "-- end_idempotency_keys\nDELETE FROM idempotency_keys WHERE created_at <= $1",
    // Kept with its content, so that it is told from what others made; a revoked one has none.
    "-- end_passes\nUPDATE passes SET state = 'revoking', ended_at = $1 WHERE state IN ('minting', 'live')",
    // A refresh token among them may have been sent since.
    "-- end_credentials\nDELETE FROM credentials WHERE issued_at <= $1",
    "-- end_renewals\nUPDATE renewals SET fence = fence + 1, leased_until = NULL, due_at = NULL WHERE $1 > 0",
    "-- end_rounds\nDELETE FROM qr_rounds WHERE began_at <= $1",
    "-- end_notices\nUPDATE notices SET handed_out_at = $1 WHERE handed_out_at IS NULL",
    "-- end_events\nDELETE FROM outbox WHERE at <= $1",
];

#[async_trait]
impl RestoredStore for SqlStore {
    async fn copy_into(&self, file: &Path, change: Change<'_>) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[]).await?;
        let action = "store.backup";
        audit(&mut transaction, change, action, "store", Outcome::Done).await?;
        commit(transaction).await?;
        self.copy_file(file).await
    }

    async fn is_sound(&self) -> Result<bool, StoreError> {
        self.is_whole().await
    }

    async fn begin_observing(
        &self,
        revoke_api_keys: bool,
        change: Change<'_>,
    ) -> Result<Restored, StoreError> {
        let at = change.at.unix_millis();
        let mut transaction = self.begin(&[About::Store]).await?;
        let known_until = known_until(&mut transaction, at).await?;
        let connections = begin_lost_times(&mut transaction, known_until, at).await?;
        for statement in ENDED {
            run(&mut transaction, statement, at).await?;
        }
        let deliveries = run(
            &mut transaction,
            "-- end_deliveries
             UPDATE webhook_deliveries SET state = 'dead', outcome = 'restored', ended_at = $1
             WHERE state = 'pending'",
            at,
        )
        .await?;
        // Numbers of events go on from the clock: none that a page has seen is given out again, so that a page which
        // comes back with one is told to read everything anew.
        for statement in LEAP_EVENT_NUMBERS {
            run(&mut transaction, statement, at).await?;
        }
        if revoke_api_keys {
            let statement =
                "-- revoke_api_keys\nUPDATE api_keys SET revoked_at = $1 WHERE revoked_at IS NULL";
            if run(&mut transaction, statement, at).await? > 0 {
                let action = "api_key.revoke";
                audit(&mut transaction, change, action, "all", Outcome::Done).await?;
            }
        }
        let api_keys: i64 = sqlx::query_scalar(
            "-- open_api_keys\nSELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL",
        )
        .fetch_one(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        run(
            &mut transaction,
            "-- begin_observing
             INSERT INTO observing (id, restored_at) VALUES (1, $1)
             ON CONFLICT (id) DO UPDATE SET restored_at = excluded.restored_at",
            at,
        )
        .await?;
        audit(
            &mut transaction,
            change,
            "store.restore",
            "store",
            Outcome::Done,
        )
        .await?;
        commit(transaction).await?;
        Ok(Restored {
            known_until: Timestamp::from_unix_millis(known_until),
            api_keys: u64::try_from(api_keys).unwrap_or_default(),
            connections,
            deliveries,
        })
    }

    async fn observing_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let since: Option<i64> =
            sqlx::query_scalar("-- observing_since\nSELECT restored_at FROM observing")
                .fetch_optional(&self.reader)
                .await
                .map_err(StoreError::Database)?;
        Ok(since.map(Timestamp::from_unix_millis))
    }

    async fn end_observing(&self, change: Change<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Store]).await?;
        let statement = "-- end_observing\nDELETE FROM observing WHERE restored_at <= $1";
        let ended = run(&mut transaction, statement, change.at.unix_millis()).await?;
        if ended > 0 {
            let action = "store.observed";
            audit(&mut transaction, change, action, "store", Outcome::Done).await?;
        }
        commit(transaction).await?;
        Ok(ended > 0)
    }

    async fn lost_times(&self) -> Result<Vec<LostTime>, StoreError> {
        let rows = sqlx::query(
            "-- lost_times\nSELECT connection, began_at, ended_at FROM lost_times ORDER BY connection",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::lost_time).collect()
    }

    async fn lost_time(&self, connection: &ConnectionId) -> Result<Option<LostTime>, StoreError> {
        let found = sqlx::query(
            "-- lost_time\nSELECT connection, began_at, ended_at FROM lost_times WHERE connection = $1",
        )
        .bind(connection.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::lost_time).transpose()
    }

    async fn end_lost_time(&self, connection: &ConnectionId) -> Result<(), StoreError> {
        sqlx::query("-- end_lost_time\nDELETE FROM lost_times WHERE connection = $1")
            .bind(connection.as_str())
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }
}

/// The last instant of which the copy knows anything; the restoration itself if it knows nothing.
async fn known_until(database: &mut DbConnection, at: i64) -> Result<i64, StoreError> {
    let last: Option<i64> = sqlx::query_scalar("-- known_until\nSELECT MAX(at) FROM audit")
        .fetch_one(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(last.unwrap_or(at).min(at))
}

/// Whatever began since the last that is known, or since an intent or a revocation that was open then, may be ours.
async fn begin_lost_times(
    database: &mut DbConnection,
    known_until: i64,
    at: i64,
) -> Result<u64, StoreError> {
    let begun = sqlx::query(
        "-- begin_lost_times
         INSERT INTO lost_times (connection, began_at, ended_at)
         SELECT id, COALESCE((SELECT MIN(requested_at) FROM passes
                              WHERE connection = connections.id AND state IN ('minting', 'revoking')), $1), $2
         FROM connections WHERE credentials IS NOT NULL
         ON CONFLICT (connection) DO UPDATE SET ended_at = excluded.ended_at",
    )
    .bind(known_until)
    .bind(at)
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(begun.rows_affected())
}

/// Runs a statement of one instant. Returns how many rows it changed.
async fn run(
    database: &mut DbConnection,
    statement: &'static str,
    at: i64,
) -> Result<u64, StoreError> {
    let done = sqlx::query(statement)
        .bind(at)
        .execute(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(done.rows_affected())
}
