//! Where a test's data is: in a directory of its own, and on PostgreSQL in a database that goes with it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// Names the server on which the tests run; they run on SQLite without it. It may be asked for databases at will.
const SERVER: &str = "PAIRLINK_TEST_POSTGRES";

/// A directory, and what belongs to it. Both are removed at the end.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if server().is_some() && made().lock().unwrap().remove(&name(self.path())) {
            on_server(format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                name(self.path())
            ));
        }
    }
}

/// Whether the tests run on PostgreSQL.
pub(crate) fn is_on_postgres() -> bool {
    server().is_some()
}

/// The address of the database that belongs to a directory. It is there.
pub(crate) fn address(directory: &Path) -> String {
    let Some(server) = server() else {
        return format!("sqlite://{}", directory.join("pairlink.db").display());
    };
    let name = name(directory);
    if made().lock().unwrap().insert(name.clone()) {
        on_server(format!("CREATE DATABASE {name}"));
    }
    let mut address = server;
    address.set_path(&name);
    address.into()
}

fn server() -> Option<url::Url> {
    let address = std::env::var(SERVER).ok()?;
    Some(address.parse().expect(SERVER))
}

/// The databases that were made in this process.
fn made() -> &'static Mutex<HashSet<String>> {
    static MADE: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    &MADE
}

fn name(directory: &Path) -> String {
    let name = directory.file_name().unwrap().to_string_lossy();
    let bytes = name.bytes().map(|byte| format!("{byte:02x}"));
    format!("test_{}", bytes.collect::<String>())
}

/// In a thread of its own, because a value that is dropped cannot wait.
fn on_server(statement: String) {
    let address = server().expect(SERVER);
    let done = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut server = PgConnection::connect(address.as_str()).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut server)
                .await
                .unwrap();
            server.close().await.unwrap();
        });
    });
    done.join().unwrap();
}
