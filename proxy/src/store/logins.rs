//! What a store knows of logins beside their state.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{ConnectionId, PassId, SessionState, Timestamp};
use crate::vault::TokenHash;

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
    /// Takes back what [`PassStore::begin_issue`](super::PassStore::begin_issue) counted for this pass.
    async fn forget_code_request(&self, pass: &PassId) -> Result<(), StoreError>;
    /// Forgets what was counted until then.
    async fn forget_code_requests(&self, until: Timestamp) -> Result<(), StoreError>;
}
