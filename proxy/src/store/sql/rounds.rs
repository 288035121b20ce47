//! Rounds of QR codes.

use sqlx::Row as _;

use super::{DbConnection, SqlStore, audit, commit, publish, row};
use crate::domain::{ConnectionId, EventKind, Outcome, PassId, Timestamp};
use crate::store::{Change, NextQr, QrRound, StoreError};

pub(super) async fn find(
    store: &SqlStore,
    connection: &ConnectionId,
) -> Result<Option<QrRound>, StoreError> {
    let found = sqlx::query(
        "-- qr_round
         SELECT p.id, p.connection, p.method, p.state, p.content, p.requested_at, p.issued_at, p.expires_at, p.replaced,
                COALESCE(p.leased_until, p.requested_at + 60000) AS leased_until,
                r.began_at, r.codes
         FROM qr_rounds r JOIN passes p ON p.id = r.pass WHERE r.connection = $1",
    )
    .bind(connection.as_str())
    .fetch_optional(&store.reader)
    .await
    .map_err(StoreError::Database)?;
    found.as_ref().map(row::qr_round).transpose()
}

/// Begins a round with its first code.
pub(super) async fn begin(
    database: &mut DbConnection,
    connection: &ConnectionId,
    pass: &PassId,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- begin_qr_round
         INSERT INTO qr_rounds (connection, pass, began_at, codes) VALUES ($1, $2, $3, 1)
         ON CONFLICT (connection) DO UPDATE
         SET pass = excluded.pass, began_at = excluded.began_at, codes = excluded.codes",
    )
    .bind(connection.as_str())
    .bind(pass.as_str())
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}

/// Ends whatever round the connection has.
pub(super) async fn end(
    database: &mut DbConnection,
    connection: &ConnectionId,
) -> Result<(), StoreError> {
    sqlx::query("-- end_qr_rounds\nDELETE FROM qr_rounds WHERE connection = $1")
        .bind(connection.as_str())
        .execute(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(())
}

pub(super) async fn turn(
    store: &SqlStore,
    next: &NextQr,
    change: Change<'_>,
) -> Result<bool, StoreError> {
    let mut transaction = store
        .begin_of_passes(std::slice::from_ref(&next.follows))
        .await?;
    // The code that it follows may be dead already, but nothing else may have followed or ended it.
    let ended = sqlx::query(
        "-- end_turned_qr
         UPDATE passes SET state = CASE state WHEN 'live' THEN 'replaced' ELSE state END, content = NULL,
                           ended_at = COALESCE(ended_at, $2)
         WHERE id = $1 AND state IN ('live', 'expired')
               AND EXISTS (SELECT 1 FROM qr_rounds WHERE pass = $1)
               AND EXISTS (SELECT 1 FROM connections c WHERE c.id = passes.connection
                           AND c.removed_at IS NULL AND c.session <> 'connected')
         RETURNING connection",
    )
    .bind(next.follows.as_str())
    .bind(change.at.unix_millis())
    .fetch_optional(&mut *transaction)
    .await
    .map_err(StoreError::Database)?;
    let Some(ended) = ended else {
        return Ok(false);
    };
    let connection: String = ended.try_get("connection").map_err(StoreError::Database)?;
    let connection = ConnectionId::from_text(connection);
    sqlx::query(
        "-- turn_qr
         INSERT INTO passes (id, connection, method, state, content, requested_at, issued_at, expires_at, replaced)
         VALUES ($1, $2, 'qr', 'live', $3, $4, $4, $5, 1)",
    )
    .bind(next.id.as_str())
    .bind(connection.as_str())
    .bind(&next.content.0)
    .bind(change.at.unix_millis())
    .bind(next.expires_at.unix_millis())
    .execute(&mut *transaction)
    .await
    .map_err(StoreError::Database)?;
    for statement in [
        "-- turn_qr_round\nUPDATE qr_rounds SET pass = $1, codes = codes + 1 WHERE pass = $2",
        // Whoever missed the answer and asks again wants what can be scanned.
        "-- turn_keys\nUPDATE idempotency_keys SET pass = $1 WHERE pass = $2",
    ] {
        sqlx::query(statement)
            .bind(next.id.as_str())
            .bind(next.follows.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
    }
    let at = change.at;
    publish(&mut transaction, &connection, EventKind::Renewed, at).await?;
    let (action, object) = ("pass.renew", connection.as_str());
    audit(&mut transaction, change, action, object, Outcome::Done).await?;
    commit(transaction).await?;
    Ok(true)
}

pub(super) async fn end_of(
    store: &SqlStore,
    pass: &PassId,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let mut transaction = store.begin_of_passes(std::slice::from_ref(pass)).await?;
    let ended: Option<String> = sqlx::query_scalar(
        "-- end_qr_round\nDELETE FROM qr_rounds WHERE pass = $1 RETURNING connection",
    )
    .bind(pass.as_str())
    .fetch_optional(&mut *transaction)
    .await
    .map_err(StoreError::Database)?;
    if let Some(connection) = ended {
        let connection = ConnectionId::from_text(connection);
        publish(&mut transaction, &connection, EventKind::Expired, change.at).await?;
    }
    commit(transaction).await
}
