//! Where the data is, and which database that is.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use super::{Store, StoreError};
use crate::secret::Secret;

/// Where the data is.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub enum DatabaseAddress {
    /// A file, such as `sqlite://pairlink.db`.
    Sqlite(String),
    /// A server, such as `postgres://pairlink@database.example/pairlink`. There may be a password in it.
    Postgres(Secret),
}

/// The address begins with something that is not known.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("database_url must begin with sqlite: or postgres:")]
pub struct UnknownDatabase;

impl DatabaseAddress {
    /// Reads what the operator wrote.
    pub fn parse(text: impl Into<String>) -> Result<Self, UnknownDatabase> {
        let text = text.into();
        if text.starts_with("sqlite:") {
            Ok(Self::Sqlite(text))
        } else if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            Ok(Self::Postgres(Secret::new(text)))
        } else {
            Err(UnknownDatabase)
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(address) => {
                let path = address
                    .trim_start_matches("sqlite:")
                    .trim_start_matches("//");
                Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
            }
            Self::Postgres(_) => None,
        }
    }

    /// Opens the store and brings its schema up to date. `connections` is how many to a server there are at most.
    pub async fn open(&self, connections: u32) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::Sqlite(address) => Arc::new(SqliteStore::open(address).await?),
            Self::Postgres(address) => Arc::new(PostgresStore::open(address, connections).await?),
        })
    }
}

impl TryFrom<String> for DatabaseAddress {
    type Error = UnknownDatabase;

    fn try_from(text: String) -> Result<Self, UnknownDatabase> {
        Self::parse(text)
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Sqlite(_) => "sqlite:…",
            Self::Postgres(_) => "postgres:…",
        })
    }
}
