//! What a store keeps of who is at work.

use async_trait::async_trait;

use super::{Lease, StoreError};
use crate::domain::{ConnectionId, PassId, Timestamp};

/// Turns, one at a time for each connection among all processes; and intents, each with its maker.
#[async_trait]
pub trait TurnStore {
    /// Takes the connection's turn until then. None while somebody else has it.
    async fn claim_turn(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreError>;
    /// Keeps a turn until then. False if somebody else has had it since.
    async fn keep_turn(&self, lease: &Lease, until: Timestamp) -> Result<bool, StoreError>;
    /// Gives a turn back.
    async fn end_turn(&self, lease: &Lease) -> Result<(), StoreError>;
    /// Says that whoever made this intent is at it until then. False if it is none any more.
    async fn keep_intent(&self, pass: &PassId, until: Timestamp) -> Result<bool, StoreError>;
    /// Says that nobody is at this intent any more: whoever comes first may settle it.
    async fn release_intent(&self, pass: &PassId) -> Result<(), StoreError>;
    /// Takes it on to look at a login while pages are open. False while another process does, which is not heard of again
    /// if it was last heard of at `stale` or before.
    async fn claim_look(
        &self,
        connection: &ConnectionId,
        process: &str,
        now: Timestamp,
        stale: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Notes that something of a pass that was given up is alive all the same, until then at most: its maker was late.
    /// It is to be revoked.
    async fn reopen_revoke(&self, pass: &PassId, dead_by: Timestamp) -> Result<(), StoreError>;
}
