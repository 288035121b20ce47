//! What Pairlink needs of a store to open accounts at providers.

use async_trait::async_trait;

use super::{Change, Expectation, IdempotencyKey, StoreError};
use crate::domain::{Connection, ConnectionId};
use crate::vault::Sealed;

/// The intent to open an account.
#[derive(Clone, Debug)]
pub struct NewOpening {
    /// The connection that it is for.
    pub connection: Connection,
    /// Its credentials without the one that names the account.
    pub credentials: Sealed,
    /// Whose phone may be linked.
    pub phone: Expectation,
    /// That one's name.
    pub credential: &'static str,
    /// The caller's key and request, hashed.
    pub idempotency: Option<IdempotencyKey>,
}

/// What became of the intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BegunOpening {
    /// It is written, and the connection with it: the provider may be asked.
    Intended,
    /// The idempotency key stands for this connection.
    Repeated(ConnectionId),
    /// The idempotency key came with another request before.
    KeyReused,
}

/// A connection whose account has no name here.
#[derive(Clone, Debug)]
pub struct UnfinishedOpening {
    /// The connection.
    pub connection: ConnectionId,
    /// The credential that is missing.
    pub credential: String,
}

/// Accounts that are opened at providers.
#[async_trait]
pub trait OpeningStore {
    /// Writes the intent to open an account, and the connection that it is for.
    async fn begin_opening(
        &self,
        opening: &NewOpening,
        change: Change<'_>,
    ) -> Result<BegunOpening, StoreError>;
    /// Completes the credentials, by whoever told the name of the account. False if they were complete, or the
    /// connection is gone.
    async fn finish_opening(
        &self,
        connection: &ConnectionId,
        credentials: &Sealed,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// Notes that the provider opened no account: the connection is gone, and its idempotency key free again.
    async fn abandon_opening(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// The connections whose account has no name here.
    async fn unfinished_openings(&self) -> Result<Vec<UnfinishedOpening>, StoreError>;
}
