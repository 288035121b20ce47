//! The last change. Room on the disk is the server's own affair.

use async_trait::async_trait;

use super::PostgresStore;
use crate::domain::Timestamp;
use crate::store::{GroundStore, StoreError};

#[async_trait]
impl GroundStore for PostgresStore {
    async fn last_change(&self) -> Result<Option<Timestamp>, StoreError> {
        let last: Option<i64> = sqlx::query_scalar("-- last_change\nSELECT MAX(at) FROM audit")
            .fetch_one(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(last.map(Timestamp::from_unix_millis))
    }

    async fn keep_ballast(&self) -> std::io::Result<()> {
        Ok(())
    }

    async fn drop_ballast(&self) -> bool {
        false
    }
}
