//! Logins: their state, and its end.

use async_trait::async_trait;

use super::{About, DbConnection, SqlStore, audit, commit, credentials, notices, publish, rounds};
use crate::domain::{
    ConnectionId, EventKind, NoticeKind, Outcome, PassId, SessionState, Timestamp,
};
use crate::store::{AttentionChange, Change, CodeLimit, LoginStore, NextQr, QrRound, StoreError};
use crate::vault::TokenHash;

/// Green-API says to reboot an instance that starts for longer (its documentation). That ends whatever it was about, so
/// it is left to people.
const LONGEST_START_MILLIS: i64 = 5 * 60 * 1000;

#[async_trait]
impl LoginStore for SqlStore {
    async fn begin_log_out(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[]).await?;
        let (action, object) = ("session.log_out", connection.as_str());
        audit(&mut transaction, change, action, object, Outcome::Started).await?;
        commit(transaction).await
    }

    async fn end_log_out(
        &self,
        connection: &ConnectionId,
        session: Option<SessionState>,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        let outcome = match session {
            Some(session) => {
                write_session(&mut transaction, connection, session, change.at).await?;
                Outcome::Done
            }
            None => Outcome::Failed,
        };
        let (action, object) = ("session.log_out", connection.as_str());
        audit(&mut transaction, change, action, object, outcome).await?;
        commit(transaction).await
    }

    async fn set_event_address(
        &self,
        connection: &ConnectionId,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        let written = sqlx::query(
            "-- set_event_address
             INSERT INTO event_addresses (connection, token_hash, created_at)
             SELECT id, $2, $3 FROM connections WHERE id = $1 AND removed_at IS NULL
             ON CONFLICT (connection) DO UPDATE
             SET token_hash = excluded.token_hash, created_at = excluded.created_at",
        )
        .bind(connection.as_str())
        .bind(&token.0)
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if written == 1 {
            let (action, object) = ("event_address.create", connection.as_str());
            audit(&mut transaction, change, action, object, Outcome::Done).await?;
        }
        commit(transaction).await?;
        Ok(written == 1)
    }

    async fn connection_of_event_address(
        &self,
        token: &TokenHash,
    ) -> Result<Option<ConnectionId>, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "-- connection_of_event_address
             SELECT c.id FROM event_addresses e JOIN connections c ON c.id = e.connection
             WHERE e.token_hash = $1 AND c.removed_at IS NULL",
        )
        .bind(&token.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(found.map(ConnectionId::from_text))
    }

    async fn is_code_for(&self, pass: &PassId, phone: &TokenHash) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "-- is_code_for\nSELECT 1 FROM code_requests WHERE pass = $1 AND phone_hash = $2",
        )
        .bind(pass.as_str())
        .bind(&phone.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(found.is_some())
    }

    async fn forget_code_request(&self, pass: &PassId) -> Result<(), StoreError> {
        sqlx::query("-- forget_code_request\nDELETE FROM code_requests WHERE pass = $1")
            .bind(pass.as_str())
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn forget_code_requests(&self, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query("-- forget_code_requests\nDELETE FROM code_requests WHERE at <= $1")
            .bind(until.unix_millis())
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn qr_round(&self, connection: &ConnectionId) -> Result<Option<QrRound>, StoreError> {
        rounds::find(self, connection).await
    }

    async fn turn_qr(&self, next: &NextQr, change: Change<'_>) -> Result<bool, StoreError> {
        rounds::turn(self, next, change).await
    }

    async fn end_qr_round(&self, pass: &PassId, change: Change<'_>) -> Result<(), StoreError> {
        rounds::end_of(self, pass, change).await
    }
}

/// The instant of the oldest code that counts, if the phone was sent as many as it may be.
pub(super) async fn too_many_codes(
    database: &mut DbConnection,
    limit: &CodeLimit,
) -> Result<Option<Timestamp>, StoreError> {
    let full: Option<i64> = sqlx::query_scalar(
        "-- too_many_codes
         SELECT at FROM code_requests WHERE phone_hash = $1 AND at > $2 ORDER BY at DESC LIMIT 1 OFFSET $3",
    )
    .bind(&limit.phone.0)
    .bind(limit.since.unix_millis())
    .bind(i64::from(limit.most.saturating_sub(1)))
    .fetch_optional(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(full.map(Timestamp::from_unix_millis))
}

/// Counts a pairing code.
pub(super) async fn count_code(
    database: &mut DbConnection,
    pass: &PassId,
    limit: &CodeLimit,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- count_code\nINSERT INTO code_requests (pass, phone_hash, at) VALUES ($1, $2, $3)",
    )
    .bind(pass.as_str())
    .bind(&limit.phone.0)
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}

/// Writes down what the provider said of the login when it was asked at that instant, and tells of it. True if that is
/// news. An answer to an earlier question than the last one is not: it only took longer.
pub(super) async fn write_session(
    database: &mut DbConnection,
    id: &ConnectionId,
    session: SessionState,
    asked_at: Timestamp,
) -> Result<bool, StoreError> {
    let news = sqlx::query(
        "-- record_news
         UPDATE connections SET session = $2, session_since = $3, stuck_told_at = NULL
         WHERE id = $1 AND session <> $2 AND removed_at IS NULL
               AND (session_checked_at IS NULL OR session_checked_at <= $3)",
    )
    .bind(id.as_str())
    .bind(session.as_str())
    .bind(asked_at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    sqlx::query(
        "-- record_session
         UPDATE connections SET session_checked_at = $2, last_error = NULL
         WHERE id = $1 AND (session_checked_at IS NULL OR session_checked_at <= $2)",
    )
    .bind(id.as_str())
    .bind(asked_at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?;
    // Whoever tells of a login accepts the account.
    credentials::attend(database, id, AttentionChange::Clear, asked_at).await?;
    if news == 1 {
        publish(database, id, EventKind::State, asked_at).await?;
        let (kind, state) = (NoticeKind::State, session.as_str());
        notices::write(database, id, kind, Some(state), asked_at).await?;
    }
    if session == SessionState::Starting {
        tell_if_stuck(database, id, asked_at).await?;
    }
    Ok(news == 1)
}

/// Tells once that a login has been starting for so long that it will not come to anything by itself.
async fn tell_if_stuck(
    database: &mut DbConnection,
    id: &ConnectionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let stuck = sqlx::query(
        "-- stuck_starting
         UPDATE connections SET stuck_told_at = $2
         WHERE id = $1 AND session = 'starting' AND removed_at IS NULL
               AND stuck_told_at IS NULL AND session_since <= $3",
    )
    .bind(id.as_str())
    .bind(at.unix_millis())
    .bind(at.plus_millis(-LONGEST_START_MILLIS).unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    if stuck == 1 {
        let (kind, reason) = (NoticeKind::NeedsAttention, Some("stuck_starting"));
        notices::write(database, id, kind, reason, at).await?;
    }
    Ok(())
}
