//! Passes.

use async_trait::async_trait;
use sqlx::Row as _;

use super::ends::{end_live, expire_of, withdraw};
use super::{
    AT_ONCE, About, DbConnection, SqlStore, audit, commit, idempotency, logins, publish, rounds,
    row, tenants, withdrawn,
};
use crate::domain::{
    ConnectionId, EventKind, Method, Outcome, PassId, PassState, Timestamp, is_exclusive,
};
use crate::store::{
    BegunIssue, Change, CompletedIssue, IdempotencyKey, NewPass, PassRow, PassStore, StoreError,
};
use crate::vault::Sealed;

/// Reads whole passes, as `row::pass` takes them. Intents of versions that did not say how long they were at it are left
/// to them for as long as any call takes.
macro_rules! select_passes {
    ($name:literal, $condition:literal) => {
        concat!(
            "-- ",
            $name,
            "\nSELECT id, connection, method, state, content, requested_at, issued_at, expires_at, replaced,
                 COALESCE(leased_until, requested_at + 60000) AS leased_until
             FROM passes WHERE ",
            $condition
        )
    };
}

#[async_trait]
impl PassStore for SqlStore {
    async fn begin_issue(
        &self,
        pass: &NewPass,
        change: Change<'_>,
    ) -> Result<BegunIssue, StoreError> {
        let mut about = vec![About::Connection(&pass.connection)];
        about.extend(pass.limit.as_ref().map(|limit| About::Phone(&limit.phone)));
        let mut transaction = self.begin(&about).await?;
        if let Some(key) = &pass.idempotency
            && let Some(known) =
                idempotency::repeated(&mut transaction, &pass.connection, key).await?
        {
            return Ok(known);
        }
        if let Some(unsettled) = intent(&mut transaction, pass).await? {
            // Whoever waits for that one may ask again by this key, and must then get that one.
            if let Some(key) = &pass.idempotency {
                idempotency::remember(
                    &mut transaction,
                    &pass.connection,
                    &unsettled.id,
                    key,
                    change.at,
                )
                .await?;
                commit(transaction).await?;
            }
            return Ok(BegunIssue::Unsettled(unsettled));
        }
        if tenants::is_suspended(&mut transaction, &pass.connection).await? {
            return Ok(BegunIssue::Suspended);
        }
        if let Some(limit) = &pass.limit
            && let Some(oldest) = logins::too_many_codes(&mut transaction, limit).await?
        {
            return Ok(BegunIssue::TooManyCodes(oldest));
        }
        let written = sqlx::query(
            "-- begin_issue
             INSERT INTO passes (id, connection, method, state, requested_at, expires_at, leased_until)
             SELECT $1, id, $3, 'minting', $4, $5, $6 FROM connections WHERE id = $2 AND removed_at IS NULL",
        )
        .bind(pass.id.as_str())
        .bind(pass.connection.as_str())
        .bind(pass.method.as_str())
        .bind(change.at.unix_millis())
        .bind(pass.dead_by.unix_millis())
        .bind(pass.leased_until.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if written == 0 {
            return Ok(BegunIssue::Gone);
        }
        if let Some(limit) = &pass.limit {
            logins::count_code(&mut transaction, &pass.id, limit, change.at).await?;
        }
        if let Some(key) = &pass.idempotency {
            idempotency::remember(&mut transaction, &pass.connection, &pass.id, key, change.at)
                .await?;
        }
        audit(
            &mut transaction,
            change,
            "pass.issue",
            pass.connection.as_str(),
            Outcome::Started,
        )
        .await?;
        commit(transaction).await?;
        Ok(BegunIssue::Intended)
    }

    async fn free_key(
        &self,
        connection: &ConnectionId,
        key: &IdempotencyKey,
    ) -> Result<(), StoreError> {
        idempotency::free(self, connection, key).await
    }

    async fn complete_issue(
        &self,
        id: &PassId,
        content: &Sealed,
        expires_at: Timestamp,
        change: Change<'_>,
    ) -> Result<CompletedIssue, StoreError> {
        let mut transaction = self.begin_of_passes(std::slice::from_ref(id)).await?;
        if defect!("read-then-write") {
            // As if it had been looked at before, and nobody looked again.
            sqlx::query(
                "-- broken\nUPDATE passes SET state = 'minting', ended_at = NULL WHERE id = $1",
            )
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
        }
        let Some(minting) = in_state(&mut transaction, id, PassState::Minting).await? else {
            return Ok(CompletedIssue::RevokedMeanwhile);
        };
        let (live_becomes, revoking_becomes) = if is_exclusive(minting.method) {
            (PassState::Replaced, PassState::Revoked)
        } else {
            (PassState::Withdrawn, PassState::Withdrawn)
        };
        let replaced = end_live(&mut transaction, &minting, live_becomes, change.at).await?;
        // What was waiting to be revoked died by this too, or lives beside it. Left waiting, it would take the new one
        // down with it.
        sqlx::query(
            "-- revoked_by_issue
             UPDATE passes SET state = $4, content = NULL, ended_at = $3
             WHERE connection = $1 AND method = $2 AND state = 'revoking'",
        )
        .bind(minting.connection.as_str())
        .bind(minting.method.as_str())
        .bind(change.at.unix_millis())
        .bind(revoking_becomes.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        sqlx::query(
            "-- complete_issue
             UPDATE passes SET state = 'live', content = $2, issued_at = $3, expires_at = $4, replaced = $5
             WHERE id = $1 AND state = 'minting'",
        )
        .bind(id.as_str())
        .bind(&content.0)
        .bind(change.at.unix_millis())
        .bind(expires_at.unix_millis())
        .bind(i64::from(replaced))
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        if minting.method == Method::Qr {
            rounds::begin(&mut transaction, &minting.connection, id, change.at).await?;
        }
        publish(
            &mut transaction,
            &minting.connection,
            EventKind::Pass,
            change.at,
        )
        .await?;
        audit(
            &mut transaction,
            change,
            "pass.issue",
            minting.connection.as_str(),
            Outcome::Done,
        )
        .await?;
        commit(transaction).await?;
        Ok(CompletedIssue::Live { replaced })
    }

    async fn fail_issue(
        &self,
        id: &PassId,
        earlier_is_dead: bool,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin_of_passes(std::slice::from_ref(id)).await?;
        let Some(minting) = in_state(&mut transaction, id, PassState::Minting).await? else {
            return Ok(false);
        };
        sqlx::query(
            "-- fail_issue
             UPDATE passes SET state = 'failed', ended_at = $2 WHERE id = $1 AND state = 'minting'",
        )
        .bind(id.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        if earlier_is_dead {
            end_live(&mut transaction, &minting, PassState::Replaced, change.at).await?;
        }
        publish(
            &mut transaction,
            &minting.connection,
            EventKind::Resync,
            change.at,
        )
        .await?;
        audit(
            &mut transaction,
            change,
            "pass.issue",
            minting.connection.as_str(),
            Outcome::Failed,
        )
        .await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn pass(&self, id: &PassId) -> Result<Option<PassRow>, StoreError> {
        let found = sqlx::query(select_passes!("pass", "id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        found.as_ref().map(row::pass).transpose()
    }

    async fn live_passes(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Vec<PassRow>, StoreError> {
        let rows = sqlx::query(select_passes!(
            "live_passes",
            "connection = $1 AND state = 'live' AND expires_at > $2 ORDER BY issued_at DESC, id"
        ))
        .bind(connection.as_str())
        .bind(now.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::pass).collect()
    }

    async fn present_passes(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Vec<PassRow>, StoreError> {
        let rows = sqlx::query(select_passes!(
            "present_passes",
            "connection = $1 AND (state = 'minting' OR state = 'live' AND expires_at > $2)
             AND NOT EXISTS (
                 SELECT 1 FROM suspended_tenants s JOIN connections c ON c.tenant = s.tenant WHERE c.id = passes.connection)
             ORDER BY state, issued_at DESC, id"
        ))
        .bind(connection.as_str())
        .bind(now.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::pass).collect()
    }

    async fn withdraw_live(
        &self,
        connection: &ConnectionId,
        method: Method,
        change: Change<'_>,
    ) -> Result<Vec<PassId>, StoreError> {
        withdrawn::withdraw_live(self, connection, method, change).await
    }

    async fn begin_revoke(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<Vec<PassRow>, StoreError> {
        failpoint!("store.revoke", StoreError::Full);
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        if withdraw(&mut transaction, connection, change).await? > 0 {
            publish(&mut transaction, connection, EventKind::Revoked, change.at).await?;
        }
        audit(
            &mut transaction,
            change,
            "pass.revoke",
            connection.as_str(),
            Outcome::Started,
        )
        .await?;
        let rows = sqlx::query(select_passes!(
            "revoking",
            "connection = $1 AND (state = 'revoking' OR state = 'withdrawn' AND expires_at > $2)"
        ))
        .bind(connection.as_str())
        .bind(change.at.unix_millis())
        .fetch_all(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        commit(transaction).await?;
        rows.iter().map(row::pass).collect()
    }

    async fn abandon_issue(&self, id: &PassId, change: Change<'_>) -> Result<(), StoreError> {
        withdrawn::abandon_issue(self, id, change).await
    }

    async fn leave_to_end(&self, passes: &[PassId], change: Change<'_>) -> Result<(), StoreError> {
        withdrawn::leave_to_end(self, passes, change).await
    }

    async fn finish_revoke(&self, passes: &[PassId], change: Change<'_>) -> Result<(), StoreError> {
        let mut transaction = self.begin_of_passes(passes).await?;
        for id in passes {
            let ended = sqlx::query(
                "-- finish_revoke
                 UPDATE passes SET state = 'revoked', content = NULL, ended_at = $2 WHERE id = $1 AND state = 'revoking'
                 RETURNING connection",
            )
            .bind(id.as_str())
            .bind(change.at.unix_millis())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
            if let Some(ended) = ended {
                let connection: String =
                    ended.try_get("connection").map_err(StoreError::Database)?;
                audit(
                    &mut transaction,
                    change,
                    "pass.revoke",
                    &connection,
                    Outcome::Done,
                )
                .await?;
            }
        }
        commit(transaction).await
    }

    async fn unsettled(&self) -> Result<Vec<PassRow>, StoreError> {
        let rows = sqlx::query(select_passes!(
            "unsettled",
            "state IN ('minting', 'revoking') ORDER BY requested_at, id"
        ))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::pass).collect()
    }

    async fn unsettled_of(&self, connection: &ConnectionId) -> Result<Vec<PassRow>, StoreError> {
        let rows = sqlx::query(select_passes!(
            "unsettled_of",
            "connection = $1 AND state IN ('minting', 'revoking') ORDER BY requested_at, id"
        ))
        .bind(connection.as_str())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::pass).collect()
    }

    async fn expire(&self, now: Timestamp) -> Result<u64, StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "-- connections_with_ends
             SELECT DISTINCT connection FROM passes
             WHERE state IN ('minting', 'live', 'revoking') AND expires_at <= $1",
        )
        .bind(now.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        let due: Vec<ConnectionId> = due.into_iter().map(ConnectionId::from_text).collect();
        let mut ended = 0;
        for some in due.chunks(AT_ONCE) {
            let about: Vec<About<'_>> = some.iter().map(About::Connection).collect();
            let mut transaction = self.begin(&about).await?;
            for connection in some {
                ended += expire_of(&mut transaction, connection, now).await?;
            }
            commit(transaction).await?;
        }
        Ok(ended)
    }
}

/// The unsettled intent that stands in the way.
async fn intent(
    database: &mut DbConnection,
    pass: &NewPass,
) -> Result<Option<PassRow>, StoreError> {
    let found = sqlx::query(select_passes!(
        "intent",
        "connection = $1 AND method = $2 AND state = 'minting'"
    ))
    .bind(pass.connection.as_str())
    .bind(pass.method.as_str())
    .fetch_optional(database)
    .await
    .map_err(StoreError::Database)?;
    found.as_ref().map(row::pass).transpose()
}

pub(super) async fn in_state(
    database: &mut DbConnection,
    id: &PassId,
    state: PassState,
) -> Result<Option<PassRow>, StoreError> {
    let found = sqlx::query(select_passes!("in_state", "id = $1 AND state = $2"))
        .bind(id.as_str())
        .bind(state.as_str())
        .fetch_optional(database)
        .await
        .map_err(StoreError::Database)?;
    found.as_ref().map(row::pass).transpose()
}
