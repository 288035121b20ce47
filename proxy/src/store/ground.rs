//! What a proxy asks of the ground that its store stands on: room on the disk, and a clock that does not go back.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::Timestamp;

/// Room and time.
#[async_trait]
pub trait GroundStore {
    /// The latest instant at which anything was written down; none in a store of which nothing was.
    async fn last_change(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Keeps some room of the disk occupied, to be given up when a revocation needs it. A store elsewhere has none.
    async fn keep_ballast(&self) -> std::io::Result<()>;
    /// Gives that room up. False if there was none.
    async fn drop_ballast(&self) -> bool;
}
