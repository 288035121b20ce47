//! The ballast beside the database, and the last change.

use std::io::Write as _;
use std::path::PathBuf;

use async_trait::async_trait;

use super::SqliteStore;
use crate::domain::Timestamp;
use crate::store::{GroundStore, StoreError};

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
                let mut noise = vec![0; BALLAST_BYTES];
                getrandom::fill(&mut noise)
                    .map_err(|_none| std::io::Error::other("no randomness"))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn open() -> (tempfile::TempDir, SqliteStore) {
        let directory = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", directory.path().join("a.db").display());
        (directory, SqliteStore::open(&address).await.unwrap())
    }

    #[tokio::test]
    async fn what_was_answered_survives_a_power_cut() {
        let (_directory, store) = open().await;
        // 2 is FULL: each commit waits for the disk.
        for (pragma, expected) in [("synchronous", "2"), ("secure_delete", "1")] {
            let said: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("PRAGMA {pragma}")))
                .fetch_one(&store.writer)
                .await
                .unwrap();
            assert_eq!(said.to_string(), expected, "{pragma}");
        }
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&store.writer)
            .await
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[tokio::test]
    async fn no_room_is_told_from_other_trouble() {
        let (_directory, store) = open().await;
        let fill = "CREATE TABLE filling AS SELECT RANDOMBLOB(1000000) AS noise";
        sqlx::query("PRAGMA max_page_count = 1")
            .execute(&store.writer)
            .await
            .unwrap();
        let error = sqlx::query(fill).execute(&store.writer).await.unwrap_err();
        assert!(StoreError::Database(error).is_full());
        let error = sqlx::query("SELECT 1 FROM nowhere")
            .execute(&store.writer)
            .await
            .unwrap_err();
        assert!(!StoreError::Database(error).is_full());
    }

    #[tokio::test]
    async fn the_ballast_is_there_until_it_is_given_up() {
        let (_directory, store) = open().await;
        assert!(!store.drop_ballast().await, "commands keep none");
        for _twice in 0..2 {
            store.keep_ballast().await.unwrap();
        }
        let length = std::fs::metadata(store.ballast()).unwrap().len();
        assert_eq!(usize::try_from(length), Ok(BALLAST_BYTES));
        assert!(store.drop_ballast().await);
        assert!(!store.drop_ballast().await);
    }
}
