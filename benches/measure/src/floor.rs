//! What axum and one read from SQLite cost, with nothing of Pairlink in it.

use anyhow::Result;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Row as _, SqlitePool};
use tokio::net::TcpListener;

/// Serves `GET /` until it is killed; says where on stdout.
pub(crate) async fn run() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(directory.path().join("floor.db"))
        .journal_mode(SqliteJournalMode::Wal)
        .create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    sqlx::query("CREATE TABLE passes (id TEXT PRIMARY KEY, url TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT")
        .execute(&pool)
        .await?;
    sqlx::query("INSERT INTO passes VALUES ('one', 'https://provider.example/temp-qr/0', 1)")
        .execute(&pool)
        .await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(
        listener,
        Router::new().route("/", get(read)).with_state(pool),
    )
    .await?;
    Ok(())
}

async fn read(State(pool): State<SqlitePool>) -> Result<Json<serde_json::Value>, StatusCode> {
    let row = sqlx::query("SELECT url, expires_at FROM passes WHERE id = $1")
        .bind("one")
        .fetch_one(&pool)
        .await
        .map_err(|_failed| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(
        json!({"url": row.get::<String, _>(0), "expires_at": row.get::<i64, _>(1)}),
    ))
}
