//! The store's rows beside the provider's ledger: what must agree.

use std::path::Path;

use pairlink_simulator::Simulator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection};

use super::world::World;
use super::{eventually, place};

/// The database as it is on the disk, past the proxy.
pub(crate) enum Books {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Books {
    pub(crate) async fn open(directory: &Path) -> Self {
        Self::connect(directory, true).await
    }

    pub(crate) async fn connect(directory: &Path, only_reads: bool) -> Self {
        let address = place::address(directory);
        if place::is_on_postgres() {
            return Self::Postgres(PgConnection::connect(&address).await.unwrap());
        }
        let options: SqliteConnectOptions = address.parse().unwrap();
        Self::Sqlite(options.read_only(only_reads).connect().await.unwrap())
    }

    /// How many passes are in these states.
    pub(crate) async fn passes_in(&mut self, states: &[&str]) -> usize {
        let rows = self.column("SELECT state FROM passes").await;
        rows.iter()
            .filter(|state| states.contains(&state.as_str()))
            .count()
    }

    /// The first column of every row, as text.
    pub(crate) async fn column(&mut self, query: &'static str) -> Vec<String> {
        self.answers(query.to_owned()).await
    }

    /// The first column of every row of a query that was put together.
    pub(crate) async fn answers(&mut self, query: String) -> Vec<String> {
        // What is not prepared is answered in text by PostgreSQL.
        let query = sqlx::raw_sql(sqlx::AssertSqlSafe(query));
        match self {
            Self::Sqlite(database) => {
                let rows = query.fetch_all(database).await.unwrap();
                rows.iter()
                    .map(|row| row.try_get_unchecked::<String, _>(0).unwrap())
                    .collect()
            }
            Self::Postgres(database) => {
                let rows = query.fetch_all(database).await.unwrap();
                rows.iter()
                    .map(|row| row.try_get_unchecked::<String, _>(0).unwrap())
                    .collect()
            }
        }
    }

    /// What the database says to a change that it does not take.
    pub(crate) async fn refusal(&mut self, statement: &'static str) -> String {
        let query = sqlx::raw_sql(statement);
        let refused = match self {
            Self::Sqlite(database) => query.execute(database).await.map(drop),
            Self::Postgres(database) => query.execute(database).await.map(drop),
        };
        refused.unwrap_err().to_string()
    }

    /// Waits until nobody has the turn at a provider: it is given back beside the answer, not before it.
    pub(crate) async fn at_rest(&mut self) {
        eventually("every turn was given back", async || {
            let held = "SELECT connection FROM turns WHERE leased_until > 0";
            self.column(held).await.is_empty()
        })
        .await;
    }

    /// Everything in every table, to tell whether anything changed; but for the audit's chain, which grows by itself.
    pub(crate) async fn everything(&mut self) -> Vec<String> {
        self.at_rest().await;
        let mut all = Vec::new();
        let tables = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND SUBSTR(name, 1, 1) <> '_'
                     AND name <> 'audit_sealing' ORDER BY name"
            }
            Self::Postgres(_) => {
                "SELECT table_name FROM information_schema.tables
                 WHERE table_schema = 'public' AND SUBSTR(table_name, 1, 1) <> '_'
                       AND table_name <> 'audit_sealing' ORDER BY table_name"
            }
        };
        for table in self.column(tables).await {
            let query = match self {
                Self::Sqlite(_) => {
                    let columns = self
                        .answers(format!(
                            "SELECT GROUP_CONCAT('COALESCE(CAST(\"' || name || '\" AS TEXT), ''-'')', ' || ''|'' || ') \
                             FROM pragma_table_info('{table}')
                              WHERE '{table}' <> 'audit' OR name NOT IN ('position', 'sealed_by', 'mac')"
                        ))
                        .await;
                    format!(
                        "SELECT '{table}: ' || {} FROM \"{table}\" ORDER BY 1",
                        columns[0]
                    )
                }
                Self::Postgres(_) => {
                    let chain = "- 'position' - 'sealed_by' - 'mac'";
                    format!(
                        "SELECT '{table}: ' || CAST(to_jsonb(t) {chain} AS TEXT) FROM \"{table}\" t ORDER BY 1"
                    )
                }
            };
            all.extend(self.answers(query).await);
        }
        all
    }

    /// Whether nothing is open, and what is live here is what is alive there.
    pub(crate) async fn agree_with(&mut self, simulator: &Simulator) -> bool {
        let unsettled = self.passes_in(&["minting", "revoking"]).await;
        let live = self.passes_in(&["live"]).await;
        unsettled == 0 && live == simulator.ledger().len()
    }

    /// Nothing may be alive at the provider for which no row stands that will end it.
    pub(crate) async fn assert_covers(&mut self, simulator: &Simulator, case: &str) {
        // First the ledger: what dies in between does no harm, and what is born has its row already.
        let alive = simulator.ledger().len();
        let known = self.passes_in(&["live", "minting", "revoking"]).await;
        assert!(alive <= known, "{case}: {alive} alive, {known} known");
    }

    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(database) => database.close().await.unwrap(),
            Self::Postgres(database) => database.close().await.unwrap(),
        }
    }
}

/// Changes the database in a directory past whoever uses it.
pub(crate) async fn meddle(directory: &Path, statements: &'static str) {
    let options = SqliteConnectOptions::new().filename(directory.join("pairlink.db"));
    let mut database = options.connect().await.unwrap();
    sqlx::raw_sql(statements)
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
}

impl World {
    pub(crate) async fn books(&self) -> Books {
        Books::open(self.directory()).await
    }

    /// Changes the database past the proxy.
    pub(crate) async fn meddle(&self, statement: impl Into<String>) {
        let mut books = Books::connect(self.directory(), false).await;
        drop(books.answers(statement.into()).await);
        books.close().await;
    }

    /// Nothing is alive at the provider that the store does not know.
    pub(crate) async fn assert_covered(&self, case: &str) {
        let mut books = self.books().await;
        books.assert_covers(&self.simulator, case).await;
        books.close().await;
    }

    /// Waits until the store and the ledger say the same, and then checks that it is the same link.
    pub(crate) async fn agreement(&self, case: &str) {
        let mut books = self.books().await;
        eventually(&format!("{case}: agreement"), async || {
            books.agree_with(&self.simulator).await
        })
        .await;
        books.close().await;
        let alive = self.simulator.ledger();
        let live = self.live().await;
        match alive.as_slice() {
            [] => assert!(live.is_null(), "{case}: given out, and dead"),
            [one] => assert!(live["url"] == one.secret.as_str(), "{case}: another link"),
            several => panic!("{case}: {} links", several.len()),
        }
    }
}
