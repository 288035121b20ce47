//! PostgreSQL: one database for many processes. Their transactions run side by side; what each is [`About`] keeps them
//! apart where it must.
//!
//! Every statement has an end that the server watches over, so that a process which is paused or cut off holds nobody up
//! for long.

mod doubt;
mod ground;
mod hints;
#[expect(clippy::duplicate_mod, reason = "one text, compiled for each database")]
#[path = "sql.rs"]
mod sql;

use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Postgres, Transaction};

use super::about::About;
use super::{Store, StoreError, migrations};
use crate::domain::Timestamp;
use crate::secret::Secret;

type Db = Postgres;
type DbConnection = PgConnection;
type DbRow = PgRow;
type SqlStore = PostgresStore;

/// What [`sql`] says in PostgreSQL's own way: an event gets the next number. Numbers are committed in whatever order,
/// but whoever reads about [`About::Events`] waits for all that were given out before: this takes its share of that
/// lock first, and holds it until the commit.
const PUBLISH: &str = "-- publish
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(7310034283826791026))
    INSERT INTO outbox (connection, kind, at) SELECT $1, $2, $3 FROM turn";

/// The same: events are numbered from a thousand times `$1` on.
const LEAP_EVENT_NUMBERS: &[&str] = &[
    "-- leap_event_numbers\nSELECT setval(pg_get_serial_sequence('outbox', 'sequence'), $1 * 1000)",
];

/// For how long the server works on a statement, waits for a lock, and keeps the locks of a process that says nothing.
const LIMITS: [(&str, &str); 3] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
];
/// How long somebody waits for a connection to the server.
const PATIENCE: Duration = Duration::from_secs(4);

/// The store.
#[derive(Clone)]
pub struct PostgresStore {
    reader: PgPool,
    writer: PgPool,
    hints: Arc<hints::Hints>,
}

impl PostgresStore {
    /// Opens the database at an address such as `postgres://pairlink@database.example/pairlink?sslmode=verify-full`, and
    /// brings its schema up to date. `connections` is how many to the server there are at most, two at least: half of
    /// them read.
    pub async fn open(address: &Secret, connections: u32) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(address.expose())
            // What is wrong may be said in words of the address, and that holds a password.
            .map_err(|_hidden| StoreError::Address)?;
        if options.get_application_name().is_none() {
            options = options.application_name("pairlink");
        }
        // What is there already is no news.
        let options = options.options([("client_min_messages", "warning")]);
        // By itself: bringing the schema up to date, and waiting for another process that does, take their time.
        let mut migrating = PgConnection::connect_with(&options)
            .await
            .map_err(StoreError::Database)?;
        migrations::run(sqlx::migrate!("./migrations/postgres"), &mut migrating).await?;
        migrating.close().await.map_err(StoreError::Database)?;

        let options = options.options(LIMITS);
        let reading = options
            .clone()
            .options([("default_transaction_read_only", "on")]);
        let (writers, readers) = (connections.div_ceil(2).max(1), (connections / 2).max(1));
        let doubt = doubt::Doubt::default();
        let reader = pool(readers, &doubt)
            .connect_with(reading)
            .await
            .map_err(StoreError::Database)?;
        let writer = pool(writers, &doubt)
            .connect_with(options.clone())
            .await
            .map_err(StoreError::Database)?;
        let hints = hints::Hints::start(options, writer.clone(), doubt);
        Ok(Self {
            reader,
            writer,
            hints,
        })
    }

    /// Begins a transaction that waits for every other about the same, in one go with it. All take locks in the order of
    /// their numbers, so that no two wait for each other.
    async fn begin(&self, about: &[About<'_>]) -> Result<Transaction<'static, Db>, StoreError> {
        failpoint!("store.write", StoreError::Full);
        let mut numbers: Vec<i64> = about.iter().map(|about| about.number()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut statement = "BEGIN ISOLATION LEVEL READ COMMITTED".to_owned();
        for number in numbers {
            // To write into a text cannot fail.
            let _written = write!(statement, "; SELECT pg_advisory_xact_lock({number})");
        }
        let writer = self.writer.clone();
        // In a task of its own: given up in the middle, it would leave a connection in a transaction that nobody ends.
        tokio::spawn(async move {
            // Made of numbers alone.
            writer.begin_with(AssertSqlSafe(statement)).await
        })
        .await
        .map_err(|_ended| StoreError::Database(sqlx::Error::WorkerCrashed))?
        .map_err(StoreError::Database)
    }

    fn tell_others(&self) {
        self.hints.tell();
    }

    async fn told_by_others(&self) {
        self.hints.told().await;
    }

    /// PostgreSQL has `pg_dump`.
    #[expect(
        clippy::unused_async,
        reason = "said in the words of the other database"
    )]
    async fn copy_file(&self, _file: &Path) -> Result<(), StoreError> {
        Err(StoreError::OwnTools)
    }

    /// PostgreSQL has `pg_amcheck` and checksums.
    #[expect(
        clippy::unused_async,
        reason = "said in the words of the other database"
    )]
    async fn is_whole(&self) -> Result<bool, StoreError> {
        Err(StoreError::OwnTools)
    }
}

fn pool(connections: u32, doubt: &doubt::Doubt) -> PgPoolOptions {
    doubt.heeded_by(
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE),
    )
}

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("-- ping\nSELECT 1")
            .execute(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let millis: i64 = sqlx::query_scalar(
            "-- clock\nSELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)",
        )
        .fetch_one(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(Some(Timestamp::from_unix_millis(millis)))
    }

    async fn close(&self) {
        self.hints.end();
        self.reader.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tells_of_something_shares_the_lock_of_who_reads() {
        assert!(PUBLISH.contains(&format!("lock_shared({})", About::EVENTS)));
    }
}
