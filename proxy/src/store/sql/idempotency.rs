//! What repeated requests are recognised by.

use sqlx::Row as _;

use super::{DbConnection, SqlStore, row};
use crate::domain::{ConnectionId, PassId, PassState, Timestamp};
use crate::store::{BegunIssue, IdempotencyKey, StoreError};

/// What an idempotency key stands for; nothing if it is new, or if what it stood for failed.
pub(super) async fn repeated(
    database: &mut DbConnection,
    connection: &ConnectionId,
    key: &IdempotencyKey,
) -> Result<Option<BegunIssue>, StoreError> {
    let found = sqlx::query(
        "-- repeated
         SELECT p.id, p.connection, p.method, p.state, p.content, p.requested_at, p.issued_at, p.expires_at, p.replaced,
                COALESCE(p.leased_until, p.requested_at + 60000) AS leased_until,
                k.request_hash
         FROM idempotency_keys k JOIN passes p ON p.id = k.pass
         WHERE k.connection = $1 AND k.key_hash = $2",
    )
    .bind(connection.as_str())
    .bind(&key.key.0)
    .fetch_optional(database)
    .await
    .map_err(StoreError::Database)?;
    let Some(found) = found else { return Ok(None) };
    let request: String = found
        .try_get("request_hash")
        .map_err(StoreError::Database)?;
    let pass = row::pass(&found)?;
    Ok(if request != key.request.0 {
        Some(BegunIssue::KeyReused)
    } else if pass.state == PassState::Failed {
        None
    } else {
        Some(BegunIssue::Repeated(pass))
    })
}

/// Notes that a key stands for that pass from now on.
pub(super) async fn remember(
    database: &mut DbConnection,
    connection: &ConnectionId,
    pass: &PassId,
    key: &IdempotencyKey,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- remember_key
         INSERT INTO idempotency_keys (connection, key_hash, request_hash, pass, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (connection, key_hash) DO UPDATE SET pass = excluded.pass, created_at = excluded.created_at",
    )
    .bind(connection.as_str())
    .bind(&key.key.0)
    .bind(&key.request.0)
    .bind(pass.as_str())
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}

/// Forgets what a key stands for.
pub(super) async fn free(
    store: &SqlStore,
    connection: &ConnectionId,
    key: &IdempotencyKey,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- free_key_of\nDELETE FROM idempotency_keys WHERE connection = $1 AND key_hash = $2",
    )
    .bind(connection.as_str())
    .bind(&key.key.0)
    .execute(&store.writer)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}
