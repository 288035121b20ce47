//! Tokens and their renewing. Whatever a renewal changes is changed under its fence.

use async_trait::async_trait;
use sqlx::Row as _;

use super::{About, DbConnection, SqlStore, commit, notices, reminders, row};
use crate::domain::{
    AttentionReason, Connection, ConnectionId, NoticeKind, ProblemCode, RenewalState, Timestamp,
    TokenKind,
};
use crate::store::{
    AttentionChange, CredentialChange, CredentialRow, CredentialStore, EndedRenewal,
    GivenReminders, HeldToken, Lease, RenewalRow, StoreError,
};

#[async_trait]
impl CredentialStore for SqlStore {
    async fn api_token(&self, connection: &ConnectionId) -> Result<Option<HeldToken>, StoreError> {
        let found = sqlx::query(
            "-- api_token
             SELECT c.kind, c.value, c.presented, c.issued_at, c.expires_at, r.serial, r.asked_at
             FROM credentials c JOIN renewals r ON r.connection = c.connection
             WHERE c.connection = $1 AND c.kind = $2",
        )
        .bind(connection.as_str())
        .bind(TokenKind::Api.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::held_token).transpose()
    }

    async fn credentials(
        &self,
        connection: &ConnectionId,
    ) -> Result<Vec<CredentialRow>, StoreError> {
        let rows = sqlx::query(
            "-- credentials
             SELECT kind, value, presented, issued_at, expires_at FROM credentials WHERE connection = $1",
        )
        .bind(connection.as_str())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::credential).collect()
    }

    async fn renewal(&self, connection: &ConnectionId) -> Result<Option<RenewalRow>, StoreError> {
        let found = sqlx::query(
            "-- renewal
             SELECT serial, asked_at, state, failures, failing_since, last_error, due_at
             FROM renewals WHERE connection = $1",
        )
        .bind(connection.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::renewal).transpose()
    }

    async fn note_asked(&self, connection: &ConnectionId, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "-- note_asked
             UPDATE renewals SET asked_at = $2 WHERE connection = $1 AND (asked_at IS NULL OR asked_at < $2)",
        )
        .bind(connection.as_str())
        .bind(at.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn claim_renewal(
        &self,
        connection: &ConnectionId,
        asked: bool,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreError> {
        let claimed = sqlx::query(
            "-- claim_renewal
             INSERT INTO renewals (connection, fence, state, leased_until, asked_at)
             SELECT id, 1, 'well', $3, $4 FROM connections WHERE id = $1 AND removed_at IS NULL
             ON CONFLICT (connection) DO UPDATE
                 SET fence = renewals.fence + 1, leased_until = $3, asked_at = COALESCE($4, renewals.asked_at)
                 WHERE renewals.leased_until IS NULL OR renewals.leased_until <= $2
             RETURNING fence",
        )
        .bind(connection.as_str())
        .bind(now.unix_millis())
        .bind(until.unix_millis())
        .bind(asked.then(|| now.unix_millis()))
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

    async fn advance_renewal(
        &self,
        lease: &Lease,
        changes: &[CredentialChange],
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(&lease.connection)]).await?;
        let held = sqlx::query(
            "-- advance_renewal
             UPDATE renewals SET leased_until = $3 WHERE connection = $1 AND fence = $2 AND leased_until IS NOT NULL",
        )
        .bind(lease.connection.as_str())
        .bind(lease.fence)
        .bind(until.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if held == 1 {
            for change in changes {
                apply(&mut transaction, &lease.connection, change).await?;
            }
        }
        commit(transaction).await?;
        Ok(held == 1)
    }

    async fn end_renewal(
        &self,
        lease: &Lease,
        ended: &EndedRenewal,
        at: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut transaction = self.begin(&[About::Connection(&lease.connection)]).await?;
        let (failures, since, error) = parts(ended.state);
        let held = sqlx::query(
            "-- end_renewal
             UPDATE renewals SET leased_until = NULL, serial = serial + $3, state = $4, failures = $5,
                    failing_since = $6, last_error = $7, due_at = $8
             WHERE connection = $1 AND fence = $2 AND leased_until IS NOT NULL RETURNING serial",
        )
        .bind(lease.connection.as_str())
        .bind(lease.fence)
        .bind(i64::from(ended.renewed))
        .bind(ended.state.as_str())
        .bind(failures)
        .bind(since.map(Timestamp::unix_millis))
        .bind(error.map(ProblemCode::as_str))
        .bind(ended.due_at.map(Timestamp::unix_millis))
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        let Some(held) = held else {
            return Ok(None);
        };
        for change in &ended.changes {
            apply(&mut transaction, &lease.connection, change).await?;
        }
        sqlx::query(
            "-- note_renewal
             UPDATE connections SET last_error = $2, clock_skew_millis = COALESCE($3, clock_skew_millis) WHERE id = $1",
        )
        .bind(lease.connection.as_str())
        .bind(ended.error.map(ProblemCode::as_str))
        .bind(ended.clock_skew_millis)
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        attend(&mut transaction, &lease.connection, ended.attention, at).await?;
        commit(transaction).await?;
        Ok(Some(held.try_get("serial").map_err(StoreError::Database)?))
    }

    async fn release_renewal(&self, lease: &Lease) -> Result<(), StoreError> {
        sqlx::query(
            "-- release_renewal
             UPDATE renewals SET leased_until = NULL WHERE connection = $1 AND fence = $2",
        )
        .bind(lease.connection.as_str())
        .bind(lease.fence)
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn withdraw_api_token(&self, connection: &ConnectionId) -> Result<(), StoreError> {
        sqlx::query(
            "-- withdraw_api_token\nDELETE FROM credentials WHERE connection = $1 AND kind = $2",
        )
        .bind(connection.as_str())
        .bind(TokenKind::Api.as_str())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn due_renewals(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(ConnectionId, i64)>, StoreError> {
        let rows = sqlx::query(
            "-- due_renewals
             SELECT connection, serial FROM renewals
             WHERE due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) ORDER BY due_at LIMIT $2",
        )
        .bind(now.unix_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::due_renewal).collect()
    }

    async fn rest_renewals(&self, now: Timestamp, since: Timestamp) -> Result<u64, StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "-- renewals_to_rest
             SELECT connection FROM renewals
             WHERE due_at <= $1 AND state = 'well' AND (asked_at IS NULL OR asked_at < $2)
               AND connection NOT IN (SELECT id FROM connections WHERE attention IS NOT NULL AND removed_at IS NULL)",
        )
        .bind(now.unix_millis())
        .bind(since.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        let mut rested = 0;
        // One by one: a statement about many rows and one about several of them could wait for each other.
        for connection in due {
            rested += sqlx::query(
                "-- rest_renewals
                 UPDATE renewals SET due_at = NULL
                 WHERE connection = $3 AND due_at <= $1 AND state = 'well' AND (asked_at IS NULL OR asked_at < $2)",
            )
            .bind(now.unix_millis())
            .bind(since.unix_millis())
            .bind(connection)
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?
            .rows_affected();
        }
        Ok(rested)
    }

    async fn rest_renewal(&self, connection: &ConnectionId) -> Result<(), StoreError> {
        sqlx::query("-- rest_renewal\nUPDATE renewals SET due_at = NULL WHERE connection = $1")
            .bind(connection.as_str())
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn due_reminders(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Connection, Timestamp)>, StoreError> {
        reminders::due(self, now, limit).await
    }

    async fn remind(&self, given: &GivenReminders, at: Timestamp) -> Result<bool, StoreError> {
        reminders::give(self, given, at).await
    }
}

/// Ends whoever renews now and forgets every token: the account is another one, or gone. The next one may begin at
/// once.
pub(super) async fn begin_anew(
    database: &mut DbConnection,
    connection: &ConnectionId,
    due_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("-- forget_tokens\nDELETE FROM credentials WHERE connection = $1")
        .bind(connection.as_str())
        .execute(&mut *database)
        .await
        .map_err(StoreError::Database)?;
    sqlx::query(
        "-- begin_anew
         UPDATE renewals SET fence = fence + 1, leased_until = NULL, state = 'well', failures = 0, failing_since = NULL,
                last_error = NULL, due_at = $2
         WHERE connection = $1",
    )
    .bind(connection.as_str())
    .bind(due_at.map(Timestamp::unix_millis))
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}

async fn apply(
    database: &mut DbConnection,
    connection: &ConnectionId,
    change: &CredentialChange,
) -> Result<(), StoreError> {
    let query = match change {
        CredentialChange::Put(held) => sqlx::query(
            "-- put_credential
             INSERT INTO credentials (connection, kind, value, presented, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (connection, kind)
             DO UPDATE SET value = $3, presented = $4, issued_at = $5, expires_at = $6",
        )
        .bind(connection.as_str())
        .bind(held.kind.as_str())
        .bind(&held.value.0)
        .bind(i64::from(held.presented))
        .bind(held.issued_at.unix_millis())
        .bind(held.expires_at.map(Timestamp::unix_millis)),
        CredentialChange::Presented(kind, presented) => sqlx::query(
            "-- present_credential
             UPDATE credentials SET presented = $3 WHERE connection = $1 AND kind = $2",
        )
        .bind(connection.as_str())
        .bind(kind.as_str())
        .bind(i64::from(*presented)),
        CredentialChange::Drop(kind) => sqlx::query(
            "-- drop_credential
             DELETE FROM credentials WHERE connection = $1 AND kind = $2",
        )
        .bind(connection.as_str())
        .bind(kind.as_str()),
    };
    query
        .execute(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(())
}

/// Changes a connection's attention, and tells of it when there is some where there was none, or none any more.
pub(super) async fn attend(
    database: &mut DbConnection,
    connection: &ConnectionId,
    change: AttentionChange,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (query, notice, detail) = match change {
        AttentionChange::Keep => return Ok(()),
        AttentionChange::Raise(reason) => (
            sqlx::query(
                "-- raise_attention
                 UPDATE connections SET attention = $2, attention_since = $3
                 WHERE id = $1 AND removed_at IS NULL AND (attention IS NULL OR attention <> $2)",
            )
            .bind(connection.as_str())
            .bind(reason.as_str())
            .bind(at.unix_millis()),
            NoticeKind::NeedsAttention,
            Some(reason.as_str()),
        ),
        AttentionChange::Clear => (
            sqlx::query(
                "-- clear_attention
                 UPDATE connections SET attention = NULL, attention_since = NULL
                 WHERE id = $1 AND removed_at IS NULL AND attention IS NOT NULL AND attention <> $2",
            )
            .bind(connection.as_str())
            // That the account answers says nothing about whose phone is linked.
            .bind(AttentionReason::AccountMismatch.as_str()),
            NoticeKind::Recovered,
            None,
        ),
    };
    let changed = query
        .execute(&mut *database)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
    if changed == 1 {
        notices::write(database, connection, notice, detail, at).await?;
    }
    Ok(())
}

/// The phone that is linked may be: nobody must look at the connection because of it any more.
pub(super) async fn forgive_account(
    database: &mut DbConnection,
    connection: &ConnectionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let forgiven = sqlx::query(
        "-- forgive_account
         UPDATE connections SET attention = NULL, attention_since = NULL
         WHERE id = $1 AND removed_at IS NULL AND attention = $2",
    )
    .bind(connection.as_str())
    .bind(AttentionReason::AccountMismatch.as_str())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    if forgiven == 1 {
        notices::write(database, connection, NoticeKind::Recovered, None, at).await?;
    }
    Ok(())
}

/// What the columns say of a state.
fn parts(state: RenewalState) -> (i64, Option<Timestamp>, Option<ProblemCode>) {
    match state {
        RenewalState::Well => (0, None, None),
        RenewalState::Failing {
            failures,
            since,
            error,
        } => (i64::from(failures), Some(since), Some(error)),
        RenewalState::Refused { probes, since } => (
            i64::from(probes),
            Some(since),
            Some(ProblemCode::NeedsCredentials),
        ),
    }
}
