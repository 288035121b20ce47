//! Expected phones.

use async_trait::async_trait;
use sqlx::Row as _;

use super::{About, DbConnection, SqlStore, audit, commit, credentials, publish, row};
use crate::domain::{AccountCheck, AttentionReason, ConnectionId, EventKind, Outcome, Timestamp};
use crate::store::{AttentionChange, Change, Expectation, ExpectedPhone, PhoneStore, StoreError};

#[async_trait]
impl PhoneStore for SqlStore {
    async fn expected_phone(&self, id: &ConnectionId) -> Result<Option<ExpectedPhone>, StoreError> {
        let found = sqlx::query(
            "-- expected_phone
             SELECT phone, account, checked_at FROM expected_phones WHERE connection = $1",
        )
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::expected_phone).transpose()
    }

    async fn watch_phone(&self, id: &ConnectionId, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "-- watch_phone
             UPDATE expected_phones SET check_until = $2
             WHERE connection = $1 AND (check_until IS NULL OR check_until < $2)",
        )
        .bind(id.as_str())
        .bind(until.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn claim_phone_checks(
        &self,
        now: Timestamp,
        not_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        const DUE: &str = "check_until IS NOT NULL AND (looked_at IS NULL OR looked_at <= $1)";
        // Mostly there is none, and then nothing is written.
        let any = sqlx::query(sqlx::AssertSqlSafe(format!(
            "-- phones_to_check\nSELECT 1 FROM expected_phones WHERE {DUE} LIMIT 1"
        )))
        .bind(not_since.unix_millis())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        if any.is_none() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "-- claim_phone_checks
             UPDATE expected_phones SET looked_at = $2
             WHERE {DUE} AND connection IN (
                 SELECT connection FROM expected_phones WHERE {DUE} ORDER BY looked_at LIMIT $3)
             RETURNING connection"
        )))
        .bind(not_since.unix_millis())
        .bind(now.unix_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        rows.iter()
            .map(|row| {
                let name: String = row.try_get("connection").map_err(StoreError::Database)?;
                Ok(ConnectionId::from_text(name))
            })
            .collect()
    }

    async fn end_phone_check(&self, id: &ConnectionId, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "-- end_phone_check
             UPDATE expected_phones SET check_until = NULL WHERE connection = $1 AND check_until <= $2",
        )
        .bind(id.as_str())
        .bind(now.unix_millis())
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn record_account(
        &self,
        id: &ConnectionId,
        account: AccountCheck,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Connection(id)]).await?;
        sqlx::query(
            "-- account_checked\nUPDATE expected_phones SET checked_at = $2 WHERE connection = $1",
        )
        .bind(id.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        let news = sqlx::query(
            "-- record_account
             UPDATE expected_phones SET account = $2 WHERE connection = $1 AND account <> $2",
        )
        .bind(id.as_str())
        .bind(account.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        match account {
            AccountCheck::Mismatch => {
                let raised = AttentionChange::Raise(AttentionReason::AccountMismatch);
                credentials::attend(&mut transaction, id, raised, change.at).await?;
                if news == 1 {
                    let (action, object) = ("account.mismatch", id.as_str());
                    audit(&mut transaction, change, action, object, Outcome::Done).await?;
                    publish(&mut transaction, id, EventKind::Resync, change.at).await?;
                }
            }
            AccountCheck::Verified => {
                credentials::forgive_account(&mut transaction, id, change.at).await?;
            }
            AccountCheck::Unverified | AccountCheck::Other => {}
        }
        commit(transaction).await
    }
}

/// Writes down whose phone may be linked.
pub(super) async fn expect(
    database: &mut DbConnection,
    id: &ConnectionId,
    expectation: &Expectation,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let written = match expectation {
        Expectation::One { phone, check_until } => sqlx::query(
            "-- expect_phone
             INSERT INTO expected_phones (connection, phone, account, check_until)
             SELECT id, $2, $3, $4 FROM connections WHERE id = $1 AND removed_at IS NULL
             ON CONFLICT (connection) DO UPDATE
             SET phone = excluded.phone, account = excluded.account, checked_at = NULL,
                 check_until = CASE WHEN expected_phones.check_until > excluded.check_until
                     THEN expected_phones.check_until ELSE excluded.check_until END",
        )
        .bind(id.as_str())
        .bind(&phone.0)
        .bind(AccountCheck::Unverified.as_str())
        .bind(check_until.map(Timestamp::unix_millis)),
        Expectation::Anyone => {
            sqlx::query("-- expect_any_phone\nDELETE FROM expected_phones WHERE connection = $1")
                .bind(id.as_str())
        }
    };
    let written = written
        .execute(&mut *database)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
    if written == 1 {
        credentials::forgive_account(database, id, change.at).await?;
        let (action, object) = ("connection.expect_phone", id.as_str());
        audit(database, change, action, object, Outcome::Done).await?;
    }
    Ok(())
}
