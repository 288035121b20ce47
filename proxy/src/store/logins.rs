//! What a store knows of logins beside their state.

use async_trait::async_trait;

use super::{Change, PassRow, StoreError};
use crate::domain::{ConnectionId, PassId, SessionState, Timestamp};
use crate::vault::{Sealed, TokenHash};

/// A round of QR codes.
#[derive(Clone, Debug)]
pub struct QrRound {
    /// Its newest code.
    pub pass: PassRow,
    /// When its first one was issued.
    pub began_at: Timestamp,
    /// How many it had.
    pub codes: u32,
}

/// The next code of a round.
#[derive(Clone, Debug)]
pub struct NextQr {
    /// Its name.
    pub id: PassId,
    /// The one that it follows.
    pub follows: PassId,
    /// What it holds.
    pub content: Sealed,
    /// From when on it is dead.
    pub expires_at: Timestamp,
}

/// Logins.
#[async_trait]
pub trait LoginStore {
    /// Notes that the login is about to be ended.
    async fn begin_log_out(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// Notes how that came out: the state that the provider confirmed when it was asked at that instant, or none if it
    /// did not do it. What is news is told like every news of a state.
    async fn end_log_out(
        &self,
        connection: &ConnectionId,
        session: Option<SessionState>,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// Makes this the address to which the provider posts the connection's events; an earlier one is none any more.
    /// False if there is no such connection.
    async fn set_event_address(
        &self,
        connection: &ConnectionId,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// The connection whose events are posted to that address, unless it was removed.
    async fn connection_of_event_address(
        &self,
        token: &TokenHash,
    ) -> Result<Option<ConnectionId>, StoreError>;
    /// Whether the pass is a code for that phone, hashed.
    async fn is_code_for(&self, pass: &PassId, phone: &TokenHash) -> Result<bool, StoreError>;
    /// Takes back what [`PassStore::begin_issue`](super::PassStore::begin_issue) counted for this pass.
    async fn forget_code_request(&self, pass: &PassId) -> Result<(), StoreError>;
    /// Forgets what was counted until then.
    async fn forget_code_requests(&self, until: Timestamp) -> Result<(), StoreError>;
    /// The connection's round of QR codes. A code that somebody asked for begins one; a revocation ends it.
    async fn qr_round(&self, connection: &ConnectionId) -> Result<Option<QrRound>, StoreError>;
    /// Makes the next code of a round live, and tells open pages. Whoever repeats the request for the round gets that
    /// one. False if the round has ended, or went on without this.
    async fn turn_qr(&self, next: &NextQr, change: Change<'_>) -> Result<bool, StoreError>;
    /// Ends the round of that code, and tells open pages once more that it has expired. Nothing happens if there is
    /// none.
    async fn end_qr_round(&self, pass: &PassId, change: Change<'_>) -> Result<(), StoreError>;
}
