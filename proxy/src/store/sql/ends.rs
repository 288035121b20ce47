//! Ways in which passes end.

use super::{DbConnection, publish, rounds};
use crate::domain::{ConnectionId, EventKind, PassState, Timestamp};
use crate::store::{Change, PassRow, StoreError};

/// Ends the passes of a connection whose end has come. Returns how many.
pub(super) async fn expire_of(
    database: &mut DbConnection,
    connection: &ConnectionId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let expired = sqlx::query(
        "-- expire
         UPDATE passes SET state = 'expired', content = NULL, ended_at = $1
         WHERE connection = $2 AND state = 'live' AND expires_at <= $1",
    )
    .bind(now.unix_millis())
    .bind(connection.as_str())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    for _pass in 0..expired {
        publish(database, connection, EventKind::Expired, now).await?;
    }
    // Nobody could settle these, and time has: they are dead whatever the provider did.
    let settled = sqlx::query(
        "-- settle_by_time
         UPDATE passes SET state = CASE state WHEN 'minting' THEN 'failed' ELSE 'revoked' END,
             content = NULL, ended_at = $1
         WHERE connection = $2 AND state IN ('minting', 'revoking') AND expires_at <= $1",
    )
    .bind(now.unix_millis())
    .bind(connection.as_str())
    .execute(database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    Ok(expired + settled)
}

/// Gives out no pass of the connection any more. Returns how many this changed.
pub(super) async fn withdraw(
    database: &mut DbConnection,
    connection: &ConnectionId,
    change: Change<'_>,
) -> Result<u64, StoreError> {
    let withdrawn = sqlx::query(
        "-- withdraw
         UPDATE passes SET state = 'revoking', content = NULL, ended_at = $2
         WHERE connection = $1 AND state IN ('minting', 'live')",
    )
    .bind(connection.as_str())
    .bind(change.at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?;
    rounds::end(database, connection).await?;
    Ok(withdrawn.rows_affected())
}

/// Ends the live pass beside `beside`. Whether there was one.
pub(super) async fn end_live(
    database: &mut DbConnection,
    beside: &PassRow,
    state: PassState,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let ended = sqlx::query(
        "-- end_live
         UPDATE passes SET state = $3, content = NULL, ended_at = $4
         WHERE connection = $1 AND method = $2 AND state = 'live'",
    )
    .bind(beside.connection.as_str())
    .bind(beside.method.as_str())
    .bind(state.as_str())
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(ended.rows_affected() > 0)
}
