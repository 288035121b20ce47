//! The ballast beside the database, and the last change.

use std::io::Write as _;
use std::path::PathBuf;

use async_trait::async_trait;

use super::super::{GroundStore, StoreError};
use super::SqliteStore;
use crate::domain::Timestamp;

/// Room for tens of thousands of revocations.
const BALLAST_BYTES: usize = 8 * 1024 * 1024;

impl SqliteStore {
    fn ballast(&self) -> PathBuf {
        let mut name = self.file.as_os_str().to_owned();
        name.push(".ballast");
        PathBuf::from(name)
    }
}

#[async_trait]
impl GroundStore for SqliteStore {
    async fn last_change(&self) -> Result<Option<Timestamp>, StoreError> {
        let last: Option<i64> = sqlx::query_scalar("-- last_change\nSELECT MAX(at) FROM audit")
            .fetch_one(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(last.map(Timestamp::from_unix_millis))
    }

    async fn keep_ballast(&self) -> std::io::Result<()> {
        let file = self.ballast();
        let made = tokio::task::spawn_blocking(move || {
            let is_whole = std::fs::metadata(&file)
                .is_ok_and(|found| usize::try_from(found.len()) == Ok(BALLAST_BYTES));
            if is_whole {
                return Ok(());
            }
            let written = std::fs::File::create(&file).and_then(|mut ballast| {
                // No file system keeps this in less room than it takes.
                let noise: Vec<u8> = (0..BALLAST_BYTES / 64)
                    .flat_map(|_| rand::random::<[u8; 64]>())
                    .collect();
                ballast.write_all(&noise)?;
                ballast.sync_all()
            });
            if written.is_err() {
                // Half a ballast would only take what others need.
                std::fs::remove_file(&file).ok();
            }
            written
        });
        made.await.unwrap_or_else(|_panicked| {
            Err(std::io::Error::other("the ballast could not be written"))
        })
    }

    async fn drop_ballast(&self) -> bool {
        let file = self.ballast();
        tokio::fs::remove_file(file).await.is_ok()
    }
}
