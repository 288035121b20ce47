//! Connections.

use async_trait::async_trait;

use super::super::{Change, ConnectionStore, StoreError};
use super::{SqliteStore, audit, commit, notices, passes, publish, row};
use crate::domain::{
    Connection, ConnectionId, EventKind, Label, NoticeKind, Outcome, ProblemCode, SessionState,
    TenantScope, Timestamp,
};
use crate::vault::Sealed;

#[async_trait]
impl ConnectionStore for SqliteStore {
    async fn add_connection(
        &self,
        connection: &Connection,
        credentials: &Sealed,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "-- add_connection
             INSERT INTO connections
                 (id, tenant, provider, label, base_url, credentials, credentials_set_at, session, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
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
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        audit(
            &mut transaction,
            change,
            "connection.create",
            connection.id.as_str(),
            Outcome::Done,
        )
        .await?;
        commit(transaction).await
    }

    async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        let found = sqlx::query(
            "-- connection
             SELECT id, tenant, provider, label, base_url, session, session_checked_at, last_error,
                    credentials_set_at, created_at
             FROM connections WHERE id = $1 AND removed_at IS NULL",
        )
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
        let rows = sqlx::query(
            "-- connections
             SELECT id, tenant, provider, label, base_url, session, session_checked_at, last_error,
                    credentials_set_at, created_at
             FROM connections
             WHERE removed_at IS NULL AND ($1 IS NULL OR tenant = $1) AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(tenant)
        .bind(after.map_or("", ConnectionId::as_str))
        .bind(limit)
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::connection).collect()
    }

    async fn connection_with_credentials(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(Connection, Sealed)>, StoreError> {
        let found = sqlx::query(
            "-- connection_with_credentials
             SELECT id, tenant, provider, label, base_url, session, session_checked_at, last_error,
                    credentials_set_at, created_at, credentials
             FROM connections WHERE id = $1 AND credentials IS NOT NULL",
        )
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found
            .as_ref()
            .map(|found| Ok((row::connection(found)?, row::credentials(found)?)))
            .transpose()
    }

    async fn update_connection(
        &self,
        id: &ConnectionId,
        label: Option<&Label>,
        credentials: Option<&Sealed>,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let updated = sqlx::query(
            "-- update_connection
             UPDATE connections
             SET label = COALESCE($2, label),
                 credentials_set_at = CASE WHEN $3 IS NULL THEN credentials_set_at ELSE $4 END,
                 credentials = COALESCE($3, credentials)
             WHERE id = $1 AND removed_at IS NULL",
        )
        .bind(id.as_str())
        .bind(label.map(Label::as_str))
        .bind(credentials.map(|sealed| sealed.0.as_str()))
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if updated == 1 {
            let action = if credentials.is_some() {
                "connection.rotate"
            } else {
                "connection.update"
            };
            audit(&mut transaction, change, action, id.as_str(), Outcome::Done).await?;
            publish(&mut transaction, id, EventKind::State, change.at).await?;
        }
        commit(transaction).await?;
        Ok(updated == 1)
    }

    async fn remove_connection(
        &self,
        id: &ConnectionId,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
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
            passes::withdraw(&mut transaction, id, change).await?;
            super::share_links::withdraw(&mut transaction, id).await?;
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
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let news = sqlx::query(
            "-- record_news
             UPDATE connections SET session = $2 WHERE id = $1 AND session <> $2 AND removed_at IS NULL",
        )
        .bind(id.as_str())
        .bind(session.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        sqlx::query(
            "-- record_session
             UPDATE connections SET session_checked_at = $2, last_error = NULL WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        if news == 1 {
            publish(&mut transaction, id, EventKind::State, at).await?;
            let (kind, state) = (NoticeKind::State, session.as_str());
            notices::write(&mut transaction, id, kind, Some(state), at).await?;
        }
        commit(transaction).await?;
        Ok(news == 1)
    }

    async fn record_error(&self, id: &ConnectionId, error: ProblemCode) -> Result<(), StoreError> {
        sqlx::query("-- record_error\nUPDATE connections SET last_error = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(error.as_str())
            .execute(&self.writer)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }
}
