//! Data keys.

use async_trait::async_trait;

use super::super::{KeyStore, StoreError};
use super::{SqliteStore, commit, row};
use crate::domain::Timestamp;
use crate::vault::WrappedKey;

#[async_trait]
impl KeyStore for SqliteStore {
    async fn data_keys_or(
        &self,
        new: &[WrappedKey],
        at: Timestamp,
    ) -> Result<Vec<WrappedKey>, StoreError> {
        const READ: &str =
            "-- data_keys\nSELECT id, purpose, wrapped FROM data_keys ORDER BY created_at, id";
        let mut transaction = self.begin().await?;
        let mut rows = sqlx::query(READ)
            .fetch_all(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
        if rows.is_empty() {
            for key in new {
                sqlx::query(
                    "-- add_data_key
                     INSERT INTO data_keys (id, purpose, wrapped, created_at) VALUES ($1, $2, $3, $4)",
                )
                .bind(&key.id)
                .bind(key.purpose.as_str())
                .bind(&key.wrapped)
                .bind(at.unix_millis())
                .execute(&mut *transaction)
                .await
                .map_err(StoreError::Database)?;
            }
            rows = sqlx::query(READ)
                .fetch_all(&mut *transaction)
                .await
                .map_err(StoreError::Database)?;
        }
        commit(transaction).await?;
        rows.iter().map(row::wrapped_key).collect()
    }
}
