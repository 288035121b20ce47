//! SQLite: one file, write-ahead log, every commit on disk before it is answered.
//!
//! One connection writes, several read: SQLite has one writer anyway, and a queue in front of it is fairer than its
//! busy handler. Statements stay within what PostgreSQL also takes.

mod access;
mod connections;
mod credentials;
mod events;
mod ground;
mod idempotency;
mod keys;
mod logins;
mod notices;
mod openings;
mod passes;
mod reminders;
mod restored;
mod rounds;
mod row;
mod share_links;
mod tally;
mod webhooks;
mod withdrawn;

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Change, Store, StoreError};
use crate::domain::{ConnectionId, EventKind, Outcome, RequestId, Timestamp};

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
        sqlx::migrate!("./migrations")
            .run(&writer)
            .await
            .map_err(StoreError::Migration)?;
        let reader = pool(4).connect_with(reading.read_only(true)).await;
        Ok(Self {
            reader: reader.map_err(StoreError::Database)?,
            writer,
            file,
        })
    }

    /// Takes the writer, and the database's write lock at once: a transaction that reads first could otherwise fail
    /// when it comes to write.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        failpoint!("store.write", StoreError::Full);
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(StoreError::Database)
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

    async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

async fn commit(transaction: Transaction<'static, Sqlite>) -> Result<(), StoreError> {
    transaction.commit().await.map_err(StoreError::Database)
}

/// Tells open pages.
async fn publish(
    connection: &mut SqliteConnection,
    of: &ConnectionId,
    kind: EventKind,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("-- publish\nINSERT INTO outbox (connection, kind, at) VALUES ($1, $2, $3)")
        .bind(of.as_str())
        .bind(kind.as_str())
        .bind(at.unix_millis())
        .execute(connection)
        .await
        .map_err(StoreError::Database)?;
    Ok(())
}

/// Writes down who did what. `object` is a name of ours, never a secret.
async fn audit(
    connection: &mut SqliteConnection,
    change: Change<'_>,
    action: &'static str,
    object: &str,
    outcome: Outcome,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- audit
         INSERT INTO audit (at, tenant, actor_kind, actor, action, object, outcome, request)
         VALUES ($1, (SELECT tenant FROM connections WHERE id = $6 UNION ALL SELECT tenant FROM webhooks WHERE id = $6),
                 $2, $3, $4, $6, $5, $7)",
    )
    .bind(change.at.unix_millis())
    .bind(change.actor.kind.as_str())
    .bind(&change.actor.id)
    .bind(action)
    .bind(outcome.as_str())
    .bind(object)
    .bind(change.actor.request.as_ref().map(RequestId::as_str))
    .execute(connection)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}
