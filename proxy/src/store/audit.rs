//! What Pairlink needs of a store to chain the audit, and to read it. Rows are written where things are done; see
//! [`Change`](super::Change).

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    AuditEntry, AuditSeal, ChainEnd, ConnectionId, SealedEntry, TenantScope, Timestamp,
};

/// The right to seal, until it runs out or somebody takes it over.
#[derive(Clone, Copy, Debug)]
pub struct SealingTurn {
    /// Greater than that of everybody before.
    pub fence: i64,
    /// Where the chain goes on.
    pub end: ChainEnd,
}

/// Which rows are asked for.
#[derive(Clone, Debug)]
pub struct AuditQuery {
    /// About these tenants.
    pub scope: TenantScope,
    /// After this place in the chain.
    pub after: i64,
    /// About this connection.
    pub connection: Option<ConnectionId>,
    /// Done at that instant or later.
    pub since: Option<Timestamp>,
}

/// A place in the whole of the rows, for reading a page at a time: position and sequence.
pub type ChainPlace = (i64, i64);

/// The audit.
#[async_trait]
pub trait AuditStore {
    /// Where the chain ends, as whoever sealed last wrote it down.
    async fn chain_end(&self) -> Result<ChainEnd, StoreError>;
    /// Takes the right to seal; none if somebody has it.
    async fn claim_sealing(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<SealingTurn>, StoreError>;
    /// Gives it back.
    async fn release_sealing(&self, fence: i64) -> Result<(), StoreError>;
    /// Rows without a place, in the order in which they were written.
    async fn unsealed_audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;
    /// Gives rows, named by their sequence, their places at the end of the chain, all or none. False if somebody else
    /// holds the right to that.
    async fn seal_audit(
        &self,
        turn: &SealingTurn,
        seals: &[(i64, AuditSeal)],
        end: ChainEnd,
    ) -> Result<bool, StoreError>;
    /// Rows with a place after that one, in the order of places; a place that two rows claim comes twice.
    async fn audit_chain(
        &self,
        after: ChainPlace,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError>;
    /// Rows with a place, in the order of places.
    async fn audit_of(
        &self,
        query: &AuditQuery,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError>;
    /// Notes that the head of the chain is being shipped, and says which; none if it was shipped, or another one not
    /// before that instant.
    async fn claim_head(
        &self,
        now: Timestamp,
        not_since: Timestamp,
    ) -> Result<Option<ChainEnd>, StoreError>;
    /// Notes that it was not.
    async fn release_head(&self, position: i64) -> Result<(), StoreError>;
    /// Writes down that somebody was not let in, so many times since the last row of this.
    async fn record_refusals(&self, count: u64, at: Timestamp) -> Result<(), StoreError>;
}
