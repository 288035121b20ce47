//! Share links.

use async_trait::async_trait;

use super::{About, DbConnection, SqlStore, audit, commit, publish, row};
use crate::domain::{ConnectionId, EventKind, Outcome, ShareLinkId, Timestamp};
use crate::store::{Change, ShareLinkRow, ShareLinkStore, StoreError};
use crate::vault::TokenHash;

#[async_trait]
impl ShareLinkStore for SqlStore {
    async fn replace_share_link(
        &self,
        link: &ShareLinkRow,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(&link.connection)]).await?;
        // A link whose end has come is not replaced by the new one; it makes room all the same.
        let replaced = sqlx::query(
            "-- replace_share_link
             UPDATE share_links SET state = 'replaced', token = NULL
             WHERE connection = $1 AND state = 'live' RETURNING expires_at",
        )
        .bind(link.connection.as_str())
        .fetch_all(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        sqlx::query(
            "-- add_share_link
             INSERT INTO share_links (id, token_hash, token, connection, state, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(link.id.as_str())
        .bind(&token.0)
        .bind(link.token.as_ref().map(|sealed| sealed.0.as_str()))
        .bind(link.connection.as_str())
        .bind(link.state.as_str())
        .bind(link.issued_at.unix_millis())
        .bind(link.expires_at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        audit(
            &mut transaction,
            change,
            "share_link.create",
            link.connection.as_str(),
            Outcome::Done,
        )
        .await?;
        publish(
            &mut transaction,
            &link.connection,
            EventKind::Resync,
            change.at,
        )
        .await?;
        commit(transaction).await?;
        let mut was_alive = false;
        for row in &replaced {
            let expires_at: i64 =
                sqlx::Row::try_get(row, "expires_at").map_err(StoreError::Database)?;
            was_alive |= expires_at > change.at.unix_millis();
        }
        Ok(was_alive)
    }

    async fn share_link(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<ShareLinkRow>, StoreError> {
        let found = sqlx::query(
            "-- share_link
             SELECT id, connection, token, state, issued_at, expires_at
             FROM share_links WHERE connection = $1 AND state = 'live' AND expires_at > $2",
        )
        .bind(connection.as_str())
        .bind(now.unix_millis())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::share_link).transpose()
    }

    async fn share_link_by_token(
        &self,
        token: &TokenHash,
    ) -> Result<Option<ShareLinkRow>, StoreError> {
        let found = sqlx::query(
            "-- share_link_by_token
             SELECT id, connection, token, state, issued_at, expires_at FROM share_links WHERE token_hash = $1",
        )
        .bind(&token.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::share_link).transpose()
    }

    async fn revoke_share_link(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        if withdraw(&mut transaction, connection).await? > 0 {
            audit(
                &mut transaction,
                change,
                "share_link.revoke",
                connection.as_str(),
                Outcome::Done,
            )
            .await?;
            publish(&mut transaction, connection, EventKind::Resync, change.at).await?;
        }
        commit(transaction).await
    }

    async fn add_viewer(
        &self,
        link: &ShareLinkId,
        viewer: &TokenHash,
        most: u32,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::ShareLink(link)]).await?;
        let added = sqlx::query(
            "-- add_viewer
             INSERT INTO viewers (token_hash, share_link, opened_at)
             SELECT $2, id, $3 FROM share_links
             WHERE id = $1 AND state = 'live' AND expires_at > $3
                   AND (SELECT COUNT(*) FROM viewers WHERE share_link = $1) < $4",
        )
        .bind(link.as_str())
        .bind(&viewer.0)
        .bind(change.at.unix_millis())
        .bind(i64::from(most))
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if added == 1 {
            // The link is the one who does it; what it is done to is the connection.
            let connection: String = sqlx::query_scalar(
                "-- connection_of_share_link\nSELECT connection FROM share_links WHERE id = $1",
            )
            .bind(link.as_str())
            .fetch_one(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
            let action = "share_link.open";
            audit(&mut transaction, change, action, &connection, Outcome::Done).await?;
        }
        commit(transaction).await?;
        Ok(added == 1)
    }

    async fn share_link_of_viewer(
        &self,
        viewer: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<ShareLinkRow>, StoreError> {
        let found = sqlx::query(
            "-- share_link_of_viewer
             SELECT s.id, s.connection, s.token, s.state, s.issued_at, s.expires_at
             FROM viewers v JOIN share_links s ON s.id = v.share_link
             WHERE v.token_hash = $1 AND s.state = 'live' AND s.expires_at > $2",
        )
        .bind(&viewer.0)
        .bind(now.unix_millis())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::share_link).transpose()
    }
}

/// Revokes the connection's share link. Returns how many this changed.
pub(super) async fn withdraw(
    database: &mut DbConnection,
    connection: &ConnectionId,
) -> Result<u64, StoreError> {
    let withdrawn = sqlx::query(
        "-- withdraw_share_link
         UPDATE share_links SET state = 'revoked', token = NULL WHERE connection = $1 AND state = 'live'",
    )
    .bind(connection.as_str())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(withdrawn.rows_affected())
}
