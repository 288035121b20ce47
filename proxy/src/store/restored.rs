//! What Pairlink needs of a store to be backed up, and to come back out of a backup.
//!
//! A restored store knows an old world: what it takes for live may be dead by now, and what it does not know may be
//! alive. So it gives out nothing that it holds, and observes until somebody says that it may act. Then the providers
//! are asked, connection by connection, what is alive.

use std::path::Path;

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{ConnectionId, Timestamp};

/// The time between a backup and its restoration, when others may have issued something of a connection.
#[derive(Clone, Debug)]
pub struct LostTime {
    /// Of which connection.
    pub connection: ConnectionId,
    /// The last that the backup knows.
    pub began_at: Timestamp,
    /// When it was restored.
    pub ended_at: Timestamp,
}

/// What a restored store holds.
#[derive(Clone, Copy, Debug)]
pub struct Restored {
    /// The last that the backup knows.
    pub known_until: Timestamp,
    /// API keys that open something: also ones that were revoked after the backup.
    pub api_keys: u64,
    /// Connections whose providers will be asked what is alive.
    pub connections: u64,
    /// Messages to webhooks that are not sent any more, unless somebody asks for it.
    pub deliveries: u64,
}

/// Backups.
#[async_trait]
pub trait RestoredStore {
    /// Writes a copy of everything, as of one moment, into a file that is there and empty. The copy says itself
    /// when that was.
    async fn copy_into(&self, file: &Path, change: Change<'_>) -> Result<(), StoreError>;
    /// Whether what is on the disk is whole.
    async fn is_sound(&self) -> Result<bool, StoreError>;
    /// Makes of a copy a store that observes: nothing that it holds is given out any more. With `revoke_api_keys` no
    /// API key opens anything either.
    async fn begin_observing(
        &self,
        revoke_api_keys: bool,
        change: Change<'_>,
    ) -> Result<Restored, StoreError>;
    /// Since when the store observes; none if it may act.
    async fn observing_since(&self) -> Result<Option<Timestamp>, StoreError>;
    /// From now on the store may act. False if it may already.
    async fn end_observing(&self, change: Change<'_>) -> Result<bool, StoreError>;
    /// The connections of which something may be alive that is not known here.
    async fn lost_times(&self) -> Result<Vec<LostTime>, StoreError>;
    /// The connection's, if something of it may be alive that is not known here.
    async fn lost_time(&self, connection: &ConnectionId) -> Result<Option<LostTime>, StoreError>;
    /// Notes that everything alive of the connection is known here.
    async fn end_lost_time(&self, connection: &ConnectionId) -> Result<(), StoreError>;
}
