//! SQLite: one file, write-ahead log, every commit on disk before it is answered.
//!
//! One connection writes, several read: SQLite has one writer anyway, and a queue in front of it is fairer than its
//! busy handler.

mod ground;
#[expect(clippy::duplicate_mod, reason = "one text, compiled for each database")]
#[path = "sql.rs"]
mod sql;

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::about::About;
use super::{Store, StoreError, migrations};
use crate::domain::Timestamp;

type Db = Sqlite;
type DbConnection = SqliteConnection;
type DbRow = SqliteRow;
type SqlStore = SqliteStore;

/// What [`sql`] says in SQLite's own way: an event gets the next number.
const PUBLISH: &str = "-- publish\nINSERT INTO outbox (connection, kind, at) VALUES ($1, $2, $3)";

/// The same: events are numbered from a thousand times `$1` on.
const LEAP_EVENT_NUMBERS: &[&str] = &[
    "-- forget_event_numbers\nDELETE FROM sqlite_sequence WHERE name = 'outbox' AND $1 > 0",
    "-- leap_event_numbers\nINSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', $1 * 1000)",
];

/// The store.
#[derive(Clone)]
pub struct SqliteStore {
    reader: SqlitePool,
    writer: SqlitePool,
    file: PathBuf,
}

impl SqliteStore {
    /// Opens the database at an address such as `sqlite://pairlink.db`, makes it if it is not there, and brings its
    /// schema up to date.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let reading = SqliteConnectOptions::from_str(address)
            .map_err(StoreError::Database)?
            .busy_timeout(Duration::from_secs(5));
        let file = reading.get_filename().to_path_buf();
        let writing = reading
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .foreign_keys(true)
            // What is deleted is overwritten: sealed as it is, it need not stay.
            .pragma("secure_delete", "ON");
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(5))
        };
        let writer = pool(1)
            // A transaction that was given up in the middle of its beginning would block the only writer for good.
            .after_release(|connection, _metadata| {
                Box::pin(async move {
                    // It fails if there is none, which is as it should be.
                    drop(
                        sqlx::query("-- abandon\nROLLBACK")
                            .execute(connection)
                            .await,
                    );
                    Ok(true)
                })
            })
            .connect_with(writing)
            .await
            .map_err(StoreError::Database)?;
        let mut migrating = writer.acquire().await.map_err(StoreError::Database)?;
        migrations::run(sqlx::migrate!("./migrations/sqlite"), &mut *migrating).await?;
        drop(migrating);
        let reader = pool(4).connect_with(reading.read_only(true)).await;
        Ok(Self {
            reader: reader.map_err(StoreError::Database)?,
            writer,
            file,
        })
    }

    /// Takes the writer, and the database's write lock at once: a transaction that reads first could otherwise fail
    /// when it comes to write. Nothing else is written meanwhile, whatever this is about.
    async fn begin(&self, _about: &[About<'_>]) -> Result<Transaction<'static, Db>, StoreError> {
        failpoint!("store.write", StoreError::Full);
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(StoreError::Database)
    }

    /// Nobody can be told: other processes read the file again within a moment.
    #[expect(
        clippy::unused_self,
        reason = "said in the words of the other database"
    )]
    fn tell_others(&self) {}

    async fn told_by_others(&self) {
        std::future::pending::<()>().await;
    }

    /// Writes a copy of everything, as of one moment, into a file that is there and empty. Nobody is held up.
    async fn copy_file(&self, file: &Path) -> Result<(), StoreError> {
        sqlx::query("-- copy_into\nVACUUM INTO $1")
            .bind(file.to_string_lossy())
            .execute(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    /// Whether what is on the disk is whole.
    async fn is_whole(&self) -> Result<bool, StoreError> {
        let said: String = sqlx::query_scalar("-- is_sound\nPRAGMA integrity_check(1)")
            .fetch_one(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(said == "ok")
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("-- ping\nSELECT 1")
            .execute(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    /// It is this machine's.
    async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
