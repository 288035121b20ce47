//! API keys and embed tokens.

use async_trait::async_trait;

use super::{AT_ONCE, About, SqlStore, audit, commit, publish, row};
use crate::domain::{
    ApiKey, ApiKeyId, ConnectionId, EmbedGrant, EventKind, Origin, Outcome, TenantScope, Timestamp,
};
use crate::store::{AccessStore, Change, Issuer, NewEmbedToken, StoreError};
use crate::vault::TokenHash;

#[async_trait]
impl AccessStore for SqlStore {
    async fn add_api_key(
        &self,
        key: &ApiKey,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let tenant = match &key.scope {
            TenantScope::All => None,
            TenantScope::One(tenant) => Some(tenant.as_str()),
        };
        let mut transaction = self.begin(&[]).await?;
        sqlx::query(
            "-- add_api_key
             INSERT INTO api_keys (id, token_hash, tenant, last_four, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(key.id.as_str())
        .bind(&token.0)
        .bind(tenant)
        .bind(&key.last_four)
        .bind(key.created_at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        audit(
            &mut transaction,
            change,
            "api_key.create",
            key.id.as_str(),
            Outcome::Done,
        )
        .await?;
        commit(transaction).await
    }

    async fn api_key(&self, token: &TokenHash) -> Result<Option<ApiKey>, StoreError> {
        let found = sqlx::query(
            "-- api_key
             SELECT id, tenant, last_four, created_at, revoked_at FROM api_keys WHERE token_hash = $1",
        )
        .bind(&token.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::api_key).transpose()
    }

    async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let rows = sqlx::query(
            "-- api_keys
             SELECT id, tenant, last_four, created_at, revoked_at FROM api_keys ORDER BY created_at, id",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::api_key).collect()
    }

    async fn revoke_api_key(&self, id: &ApiKeyId, change: Change<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[]).await?;
        let known = sqlx::query("-- find_api_key\nSELECT id FROM api_keys WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(StoreError::Database)?
            .is_some();
        let revoked = sqlx::query(
            "-- revoke_api_key
             UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
        )
        .bind(id.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if revoked == 1 {
            audit(
                &mut transaction,
                change,
                "api_key.revoke",
                id.as_str(),
                Outcome::Done,
            )
            .await?;
        }
        commit(transaction).await?;
        if revoked == 1 {
            self.tell_pages_of(id, change.at).await?;
        }
        Ok(known)
    }

    async fn add_embed_token(
        &self,
        token: &NewEmbedToken,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let grant = &token.grant;
        let (api_key, share_link) = match &token.issuer {
            Issuer::ApiKey(key) => (Some(key.as_str()), None),
            Issuer::ShareLink(link) => (None, Some(link.as_str())),
        };
        let join = |texts: Vec<&str>| texts.join(" ");
        let mut transaction = self.begin(&[]).await?;
        sqlx::query(
            "-- add_embed_token
             INSERT INTO embed_tokens
                 (id, token_hash, connection, actions, origins, api_key, share_link, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(grant.id.as_str())
        .bind(&token.token.0)
        .bind(grant.connection.as_str())
        .bind(join(grant.actions.iter().map(|action| action.as_str()).collect()))
        .bind(join(grant.origins.iter().map(Origin::as_str).collect()))
        .bind(api_key)
        .bind(share_link)
        .bind(change.at.unix_millis())
        .bind(grant.expires_at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        // In one order, so that two who remember the same do not wait for each other.
        let mut origins: Vec<&str> = grant.origins.iter().map(Origin::as_str).collect();
        origins.sort_unstable();
        for origin in origins {
            sqlx::query(
                "-- remember_origin
                 INSERT INTO origins (origin, expires_at) VALUES ($1, $2)
                 ON CONFLICT (origin) DO UPDATE SET expires_at = excluded.expires_at
                 WHERE excluded.expires_at > origins.expires_at",
            )
            .bind(origin)
            .bind(grant.expires_at.unix_millis())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
        }
        audit(
            &mut transaction,
            change,
            "embed_token.create",
            grant.connection.as_str(),
            Outcome::Done,
        )
        .await?;
        commit(transaction).await
    }

    async fn embed_grant(&self, token: &TokenHash) -> Result<Option<EmbedGrant>, StoreError> {
        let found = sqlx::query(
            "-- embed_grant
             SELECT e.id, e.connection, c.tenant, e.actions, e.origins, e.expires_at,
                    CAST(CASE WHEN c.removed_at IS NOT NULL OR k.revoked_at IS NOT NULL
                              OR (s.id IS NOT NULL AND s.state <> 'live') THEN 1 ELSE 0 END AS BIGINT) AS revoked,
                    CAST(CASE WHEN t.tenant IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS suspended,
                    CAST(CASE WHEN e.share_link IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS of_share_link
             FROM embed_tokens e
             JOIN connections c ON c.id = e.connection
             LEFT JOIN api_keys k ON k.id = e.api_key
             LEFT JOIN share_links s ON s.id = e.share_link
             LEFT JOIN suspended_tenants t ON t.tenant = c.tenant
             WHERE e.token_hash = $1",
        )
        .bind(&token.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        found.as_ref().map(row::embed_grant).transpose()
    }

    async fn knows_origin(&self, origin: &Origin, now: Timestamp) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "-- knows_origin\nSELECT origin FROM origins WHERE origin = $1 AND expires_at > $2",
        )
        .bind(origin.as_str())
        .bind(now.unix_millis())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(found.is_some())
    }

    async fn serves_origin(&self, origin: &Origin, now: Timestamp) -> Result<bool, StoreError> {
        // The index of origins turns most away; only the tokens of the last hour are left to look through.
        let found = sqlx::query(
            "-- serves_origin
             SELECT e.id
             FROM embed_tokens e
             JOIN connections c ON c.id = e.connection
             LEFT JOIN api_keys k ON k.id = e.api_key
             LEFT JOIN share_links s ON s.id = e.share_link
             WHERE EXISTS (SELECT 1 FROM origins o WHERE o.origin = $1 AND o.expires_at > $2)
               AND e.expires_at > $2
               AND REPLACE(' ' || e.origins || ' ', ' ' || $1 || ' ', '') <> ' ' || e.origins || ' '
               AND c.removed_at IS NULL AND k.revoked_at IS NULL
               AND (s.id IS NULL OR s.state = 'live')
             LIMIT 1",
        )
        .bind(origin.as_str())
        .bind(now.unix_millis())
        .fetch_optional(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(found.is_some())
    }
}

impl SqlStore {
    /// Tells pages that hold tokens of an API key, so that their streams are checked at once. The key opens nothing
    /// any more by now: who is not told because of a crash finds out at the next beat of its stream.
    async fn tell_pages_of(&self, key: &ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        let connections: Vec<String> = sqlx::query_scalar(
            "-- connections_of_api_key
             SELECT DISTINCT connection FROM embed_tokens WHERE api_key = $1 AND expires_at > $2",
        )
        .bind(key.as_str())
        .bind(at.unix_millis())
        .fetch_all(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        let connections: Vec<ConnectionId> = connections
            .into_iter()
            .map(ConnectionId::from_text)
            .collect();
        for some in connections.chunks(AT_ONCE) {
            let about: Vec<About<'_>> = some.iter().map(About::Connection).collect();
            let mut transaction = self.begin(&about).await?;
            for connection in some {
                publish(&mut transaction, connection, EventKind::Resync, at).await?;
            }
            commit(transaction).await?;
        }
        Ok(())
    }
}
