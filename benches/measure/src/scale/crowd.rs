//! A store with much in it: rows as the proxy itself writes them, copied many times over.

use anyhow::{Result, bail};
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::Database;
use super::replicas::Installation;

/// One connection, with one live pass, so many times: what is there already is the pattern.
const FILL: [&str; 2] = [
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1),
          pattern AS (SELECT * FROM connections WHERE removed_at IS NULL ORDER BY id LIMIT 1)
     INSERT INTO connections (id, tenant, provider, label, base_url, credentials, credentials_set_at,
                              credentials_issued_at, session, created_at)
     SELECT 'con_crowd' || n, tenant, provider, label, base_url, credentials, credentials_set_at,
            credentials_issued_at, session, created_at
     FROM pattern, numbers",
    "INSERT INTO passes (id, connection, method, state, content, requested_at, issued_at, expires_at, replaced)
     SELECT 'pas_' || id, id, 'link', 'live', credentials, created_at, created_at, created_at + 86400000, 0
     FROM connections WHERE id LIKE 'con_crowd%' AND $1 > 0",
];

/// Adds so many live passes.
pub(super) async fn fill(installation: &Installation, passes: usize) -> Result<()> {
    let passes = i64::try_from(passes)?;
    let mut written = 0;
    match installation.database {
        Database::Sqlite => {
            let mut database = SqliteConnection::connect(&installation.address).await?;
            for statement in FILL {
                written = sqlx::query(statement)
                    .bind(passes)
                    .execute(&mut database)
                    .await?
                    .rows_affected();
            }
            database.close().await?;
        }
        Database::Postgres => {
            let mut database = PgConnection::connect(&installation.address).await?;
            for statement in FILL {
                written = sqlx::query(statement)
                    .bind(passes)
                    .execute(&mut database)
                    .await?
                    .rows_affected();
            }
            database.close().await?;
        }
    }
    if written != u64::try_from(passes)? {
        bail!("{written} passes were added in the place of {passes}");
    }
    Ok(())
}
