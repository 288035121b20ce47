//! What axum and one read from a database cost, with nothing of Pairlink in it.

use anyhow::Result;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use clap::Args;
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tokio::net::TcpListener;

/// Arguments of the bare server.
#[derive(Args)]
pub(crate) struct Options {
    /// Reads from this PostgreSQL, and else from an SQLite of its own.
    #[arg(long)]
    postgres_url: Option<String>,
}

const MAKE: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, url TEXT NOT NULL, expires_at BIGINT NOT NULL)",
    "DELETE FROM bare",
    "INSERT INTO bare VALUES ('one', 'https://provider.example/temp-qr/0', 1)",
];
const READ: &str = "SELECT url, expires_at FROM bare WHERE id = $1";

/// Serves `GET /` until it is killed; says where on stdout.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let router = if let Some(address) = &options.postgres_url {
        let pool = PgPoolOptions::new().connect(address).await?;
        for statement in MAKE {
            sqlx::query(statement).execute(&pool).await?;
        }
        Router::new()
            .route("/", get(read_postgres))
            .with_state(pool)
    } else {
        let file = SqliteConnectOptions::new()
            .filename(directory.path().join("floor.db"))
            .journal_mode(SqliteJournalMode::Wal)
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new().connect_with(file).await?;
        for statement in MAKE {
            sqlx::query(statement).execute(&pool).await?;
        }
        Router::new().route("/", get(read_sqlite)).with_state(pool)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn read_sqlite(State(pool): State<SqlitePool>) -> Result<Json<Value>, StatusCode> {
    let row = sqlx::query_as(READ).bind("one").fetch_one(&pool).await;
    row.map(answer)
        .map_err(|_failed| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn read_postgres(State(pool): State<PgPool>) -> Result<Json<Value>, StatusCode> {
    let row = sqlx::query_as(READ).bind("one").fetch_one(&pool).await;
    row.map(answer)
        .map_err(|_failed| StatusCode::INTERNAL_SERVER_ERROR)
}

fn answer((url, expires_at): (String, i64)) -> Json<Value> {
    Json(json!({"url": url, "expires_at": expires_at}))
}
