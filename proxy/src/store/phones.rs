//! What Pairlink needs of a store to know whose phone may be linked.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{AccountCheck, ConnectionId, Timestamp};
use crate::vault::Sealed;

/// The phone that may be linked to a connection.
#[derive(Clone, Debug)]
pub struct ExpectedPhone {
    /// Its number.
    pub phone: Sealed,
    /// Whether the one that is linked is that one.
    pub account: AccountCheck,
    /// When the provider was last asked for its number.
    pub checked_at: Option<Timestamp>,
}

/// Whose phone may be linked from now on. Nothing is known of the one that is linked by then.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// Anybody's.
    Anyone,
    /// One phone alone.
    One {
        /// Its number.
        phone: Sealed,
        /// Until when somebody has to look who is linked; none if the provider does not tell.
        check_until: Option<Timestamp>,
    },
}

/// Expected phones.
#[async_trait]
pub trait PhoneStore {
    /// The phone that may be linked; none if any may.
    async fn expected_phone(&self, id: &ConnectionId) -> Result<Option<ExpectedPhone>, StoreError>;
    /// Notes that a phone may be linked until then: somebody has to look at the login.
    async fn watch_phone(&self, id: &ConnectionId, until: Timestamp) -> Result<(), StoreError>;
    /// Takes on to look at logins that nobody has looked at since that instant, the longest ago first.
    async fn claim_phone_checks(
        &self,
        now: Timestamp,
        not_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConnectionId>, StoreError>;
    /// Notes that nobody has to look any more, unless a phone may have been linked since.
    async fn end_phone_check(&self, id: &ConnectionId, now: Timestamp) -> Result<(), StoreError>;
    /// Writes down what came of asking for the number. Another number needs attention, and a right one takes that away.
    async fn record_account(
        &self,
        id: &ConnectionId,
        account: AccountCheck,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
}
