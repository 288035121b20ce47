//! Connections.

use async_trait::async_trait;

use super::{
    About, DbConnection, SqlStore, audit, commit, credentials, ends, logins, phones, publish, row,
};
use crate::domain::{
    AccountPolicy, AttentionReason, Connection, ConnectionId, EventKind, Label, Outcome,
    ProblemCode, Reminder, SessionState, TenantScope, Timestamp,
};
use crate::store::{
    AttentionChange, Change, ConnectionStore, ConnectionUpdate, Expectation, StoreError,
};
use crate::vault::Sealed;

/// What [`row::connection`] reads.
macro_rules! columns {
    () => {
        "id, tenant, provider, label, base_url, session, session_checked_at, last_error, credentials_set_at,
         COALESCE(credentials_issued_at, credentials_set_at) AS credentials_issued_at, expires_after_days,
         renew_after_days, remind_after_days, rotate_after_days, reminded, attention, attention_since,
         clock_skew_millis, created_at"
    };
}
pub(super) use columns;

#[async_trait]
impl ConnectionStore for SqlStore {
    async fn add_connection(
        &self,
        connection: &Connection,
        credentials: &Sealed,
        phone: &Expectation,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[]).await?;
        insert(&mut transaction, connection, credentials).await?;
        audit(
            &mut transaction,
            change,
            "connection.create",
            connection.id.as_str(),
            Outcome::Done,
        )
        .await?;
        phones::expect(&mut transaction, &connection.id, phone, change).await?;
        commit(transaction).await
    }

    async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        let found = sqlx::query(concat!(
            "-- connection\nSELECT ",
            columns!(),
            " FROM connections WHERE id = $1 AND removed_at IS NULL"
        ))
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::connection).transpose()
    }

    async fn connections(
        &self,
        scope: &TenantScope,
        after: Option<&ConnectionId>,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError> {
        let tenant = match scope {
            TenantScope::All => None,
            TenantScope::One(tenant) => Some(tenant.as_str()),
        };
        let rows = sqlx::query(concat!(
            "-- connections\nSELECT ",
            columns!(),
            " FROM connections
             WHERE removed_at IS NULL AND ($1 IS NULL OR tenant = $1) AND id > $2 ORDER BY id LIMIT $3"
        ))
        .bind(tenant)
        .bind(after.map_or("", ConnectionId::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::connection).collect()
    }

    async fn connection_with_credentials(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(Connection, Sealed)>, StoreError> {
        let found = sqlx::query(concat!(
            "-- connection_with_credentials\nSELECT ",
            columns!(),
            ", credentials FROM connections WHERE id = $1 AND credentials IS NOT NULL"
        ))
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found
            .as_ref()
            .map(|found| Ok((row::connection(found)?, row::credentials(found)?)))
            .transpose()
    }

    async fn update_connections(
        &self,
        updates: &[ConnectionUpdate],
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        // In one order: also rows of which this is not all are changed in it.
        let mut updates: Vec<&ConnectionUpdate> = updates.iter().collect();
        updates.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        let about: Vec<About<'_>> = updates
            .iter()
            .map(|update| About::Connection(&update.id))
            .collect();
        let mut transaction = self.begin(&about).await?;
        for update in updates {
            if !update_one(&mut transaction, update, change).await? {
                return Ok(false);
            }
        }
        commit(transaction).await?;
        Ok(true)
    }

    async fn remove_connection(
        &self,
        id: &ConnectionId,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(id)]).await?;
        let removed = sqlx::query(
            "-- remove_connection
             UPDATE connections SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL",
        )
        .bind(id.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if removed == 1 {
            ends::withdraw(&mut transaction, id, change).await?;
            super::share_links::withdraw(&mut transaction, id).await?;
            credentials::begin_anew(&mut transaction, id, None).await?;
            audit(
                &mut transaction,
                change,
                "connection.remove",
                id.as_str(),
                Outcome::Done,
            )
            .await?;
            publish(&mut transaction, id, EventKind::Revoked, change.at).await?;
        }
        commit(transaction).await?;
        Ok(removed == 1)
    }

    async fn forget_removed(&self) -> Result<u64, StoreError> {
        let forgotten = sqlx::query(
            "-- forget_removed
             UPDATE connections SET credentials = NULL
             WHERE removed_at IS NOT NULL AND credentials IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM passes
                 WHERE passes.connection = connections.id AND passes.state IN ('minting', 'live', 'revoking'))
                 AND NOT EXISTS (SELECT 1 FROM lost_times WHERE lost_times.connection = connections.id)",
        )
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(forgotten.rows_affected())
    }

    async fn record_session(
        &self,
        id: &ConnectionId,
        session: SessionState,
        asked_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(id)]).await?;
        let news = logins::write_session(&mut transaction, id, session, asked_at).await?;
        commit(transaction).await?;
        Ok(news)
    }

    async fn record_use(
        &self,
        id: &ConnectionId,
        action: &'static str,
        outcome: Outcome,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[]).await?;
        audit(&mut transaction, change, action, id.as_str(), outcome).await?;
        commit(transaction).await
    }

    async fn record_error(
        &self,
        id: &ConnectionId,
        error: ProblemCode,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Connection(id)]).await?;
        let refused_again = sqlx::query(
            "-- refused_again
             SELECT 1 FROM connections
             WHERE id = $1 AND last_error = $2 AND $2 = $3
                   AND NOT EXISTS (SELECT 1 FROM renewals WHERE connection = $1)",
        )
        .bind(id.as_str())
        .bind(error.as_str())
        .bind(ProblemCode::NeedsCredentials.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .is_some();
        sqlx::query("-- record_error\nUPDATE connections SET last_error = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(error.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
        if refused_again {
            let raised = AttentionChange::Raise(AttentionReason::CredentialsRefused);
            credentials::attend(&mut transaction, id, raised, at).await?;
        }
        commit(transaction).await
    }
}

/// Writes a new connection.
pub(super) async fn insert(
    database: &mut DbConnection,
    connection: &Connection,
    credentials: &Sealed,
) -> Result<(), StoreError> {
    sqlx::query(
            "-- add_connection
             INSERT INTO connections
                 (id, tenant, provider, label, base_url, credentials, credentials_set_at, session, created_at,
                  credentials_issued_at, expires_after_days, renew_after_days, remind_after_days, rotate_after_days,
                  next_reminder_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(connection.id.as_str())
        .bind(connection.tenant.as_str())
        .bind(&connection.provider)
        .bind(connection.label.as_str())
        .bind(&connection.base_url)
        .bind(&credentials.0)
        .bind(connection.credentials_set_at.unix_millis())
        .bind(connection.session.as_str())
        .bind(connection.created_at.unix_millis())
        .bind(connection.credentials_issued_at.unix_millis())
        .bind(days(connection.policy, Reminder::Expired))
        .bind(days(connection.policy, Reminder::RenewalDue))
        .bind(days(connection.policy, Reminder::Expiring))
        .bind(days(connection.policy, Reminder::RotationDue))
        .bind(
            connection
                .policy
                .next(connection.credentials_issued_at, None)
                .map(Timestamp::unix_millis),
        )
        .execute(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(())
}

async fn update_one(
    database: &mut DbConnection,
    update: &ConnectionUpdate,
    change: Change<'_>,
) -> Result<bool, StoreError> {
    let (sealed, issued_at) = match &update.credentials {
        Some((sealed, issued_at)) => (Some(sealed.0.as_str()), Some(issued_at.unix_millis())),
        None => (None, None),
    };
    let policy = update.policy;
    let of_policy = |reminder| policy.and_then(|policy| days(policy, reminder));
    let updated = sqlx::query(
        "-- update_connection
         UPDATE connections
         SET label = COALESCE($2, label),
             credentials_set_at = CASE WHEN $3 IS NULL THEN credentials_set_at ELSE $5 END,
             credentials_issued_at = CASE WHEN $3 IS NULL THEN credentials_issued_at ELSE $4 END,
             reminded = CASE WHEN $3 IS NULL THEN reminded END,
             credentials = COALESCE($3, credentials),
             expires_after_days = CASE WHEN $6 THEN $7 ELSE expires_after_days END,
             renew_after_days = CASE WHEN $6 THEN $8 ELSE renew_after_days END,
             remind_after_days = CASE WHEN $6 THEN $9 ELSE remind_after_days END,
             rotate_after_days = CASE WHEN $6 THEN $10 ELSE rotate_after_days END,
             next_reminder_at = CASE WHEN $6 OR $3 IS NOT NULL THEN $11 ELSE next_reminder_at END
         WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(update.id.as_str())
    .bind(update.label.as_ref().map(Label::as_str))
    .bind(sealed)
    .bind(issued_at)
    .bind(change.at.unix_millis())
    .bind(policy.is_some())
    .bind(of_policy(Reminder::Expired))
    .bind(of_policy(Reminder::RenewalDue))
    .bind(of_policy(Reminder::Expiring))
    .bind(of_policy(Reminder::RotationDue))
    .bind(update.next_reminder_at.map(Timestamp::unix_millis))
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    if updated != 1 {
        return Ok(false);
    }
    let action = if sealed.is_some() {
        credentials::begin_anew(database, &update.id, Some(change.at)).await?;
        "connection.rotate"
    } else {
        "connection.update"
    };
    audit(database, change, action, update.id.as_str(), Outcome::Done).await?;
    if let Some(phone) = &update.phone {
        phones::expect(database, &update.id, phone, change).await?;
    }
    publish(database, &update.id, EventKind::State, change.at).await?;
    Ok(true)
}

/// The age of that reminder; none if there is none.
fn days(policy: AccountPolicy, reminder: Reminder) -> Option<i64> {
    match policy {
        AccountPolicy::Never => None,
        AccountPolicy::Fixed(lifetime) => Some(i64::from(lifetime.days(reminder))),
    }
}
