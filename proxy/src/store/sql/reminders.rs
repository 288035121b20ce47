//! Reminders of credentials that grow old, each given once.

use sqlx::Row as _;

use super::{About, SqlStore, commit, connections, notices, row};
use crate::domain::{Connection, Reminder, Timestamp};
use crate::store::{GivenReminders, StoreError};

pub(super) async fn due(
    store: &SqlStore,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<(Connection, Timestamp)>, StoreError> {
    let rows = sqlx::query(concat!(
        "-- due_reminders\nSELECT ",
        connections::columns!(),
        ", next_reminder_at FROM connections
         WHERE next_reminder_at <= $1 AND removed_at IS NULL ORDER BY next_reminder_at LIMIT $2"
    ))
    .bind(now.unix_millis())
    .bind(i64::from(limit))
    .fetch_all(&store.reader)
    .await
    .map_err(StoreError::Database)?;
    rows.iter()
        .map(|found| {
            let due_at = found
                .try_get("next_reminder_at")
                .map_err(StoreError::Database)?;
            Ok((row::connection(found)?, Timestamp::from_unix_millis(due_at)))
        })
        .collect()
}

pub(super) async fn give(
    store: &SqlStore,
    given: &GivenReminders,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let mut transaction = store.begin(&[About::Connection(&given.connection)]).await?;
    let reminded = sqlx::query(
        "-- remind
         UPDATE connections SET next_reminder_at = $3, reminded = COALESCE($4, reminded)
         WHERE id = $1 AND next_reminder_at = $2 AND removed_at IS NULL",
    )
    .bind(given.connection.as_str())
    .bind(given.was_due_at.unix_millis())
    .bind(given.next_at.map(Timestamp::unix_millis))
    .bind(given.reminders.last().copied().map(Reminder::as_str))
    .execute(&mut *transaction)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    if reminded == 1 {
        for reminder in &given.reminders {
            let (connection, kind) = (&given.connection, reminder.notice());
            notices::write(&mut transaction, connection, kind, None, at).await?;
        }
    }
    commit(transaction).await?;
    Ok(reminded == 1)
}
