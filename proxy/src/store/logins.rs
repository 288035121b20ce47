//! What a store knows of logins beside their state.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{ConnectionId, SessionState};

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
}
