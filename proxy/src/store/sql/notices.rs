//! Notices: what the people behind a connection are told of.

use super::DbConnection;
use crate::domain::{ConnectionId, NoticeKind, Timestamp};
use crate::store::StoreError;

/// Writes a notice, in the transaction of what it tells of. `detail` is a name of the wire, such as the state that a
/// login is in now; never a secret. After the commit somebody has to say that there is one (`Service::hint`).
pub(super) async fn write(
    database: &mut DbConnection,
    connection: &ConnectionId,
    kind: NoticeKind,
    detail: Option<&'static str>,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- write_notice
         INSERT INTO notices (connection, kind, detail, at) VALUES ($1, $2, $3, $4)",
    )
    .bind(connection.as_str())
    .bind(kind.as_str())
    .bind(detail)
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}
