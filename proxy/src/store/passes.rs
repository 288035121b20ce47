//! Passes, as a store keeps them.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{ConnectionId, Method, PassId, PassState, Timestamp};
use crate::vault::{Sealed, TokenHash};

/// A pass as the store holds it.
#[derive(Clone, Debug)]
pub struct PassRow {
    /// Its name.
    pub id: PassId,
    /// Of which connection.
    pub connection: ConnectionId,
    /// How it is used.
    pub method: Method,
    /// Where it is in its life.
    pub state: PassState,
    /// What it holds; only while it is live.
    pub content: Option<Sealed>,
    /// When the intent was written.
    pub requested_at: Timestamp,
    /// When the provider issued it; none while minting.
    pub issued_at: Option<Timestamp>,
    /// When it is dead whatever happens.
    pub expires_at: Timestamp,
    /// Of an intent: until when its maker is at it, unless it says so anew.
    pub leased_until: Timestamp,
    /// Whether an earlier one died by it.
    pub replaced: bool,
}

impl PassRow {
    /// Whether it is an intent that somebody is at.
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        self.state == PassState::Minting && now < self.leased_until
    }
}

/// The intent to issue a pass.
#[derive(Clone, Debug)]
pub struct NewPass {
    /// Its name.
    pub id: PassId,
    /// Of which connection.
    pub connection: ConnectionId,
    /// How it is used.
    pub method: Method,
    /// When whatever the provider may make of this is dead.
    pub dead_by: Timestamp,
    /// Until when its maker is at it, unless it says so anew.
    pub leased_until: Timestamp,
    /// The caller's key and request, hashed.
    pub idempotency: Option<IdempotencyKey>,
    /// For a pairing code: how many its phone may be sent.
    pub limit: Option<CodeLimit>,
}

/// How many pairing codes a phone may be sent.
#[derive(Clone, Debug)]
pub struct CodeLimit {
    /// Its number, hashed.
    pub phone: TokenHash,
    /// Those that were asked for after this instant count.
    pub since: Timestamp,
    /// That many, and no more.
    pub most: u32,
}

/// What makes a repeated request recognisable.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The caller's key, hashed.
    pub key: TokenHash,
    /// What was asked, hashed.
    pub request: TokenHash,
}

/// What became of the intent to issue a pass.
#[derive(Clone, Debug)]
pub enum BegunIssue {
    /// It is written: the provider may be called.
    Intended,
    /// The idempotency key stands for this pass, which did not fail.
    Repeated(PassRow),
    /// The idempotency key came with another request before.
    KeyReused,
    /// An earlier intent of the connection and method is not settled.
    Unsettled(PassRow),
    /// The phone was sent as many codes as it may be. The oldest of them that counts was asked for at that instant.
    TooManyCodes(Timestamp),
    /// The connection was removed.
    Gone,
    /// Its tenant is suspended.
    Suspended,
}

/// What became of an issued pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletedIssue {
    /// It is live.
    Live {
        /// Whether an earlier one died by this.
        replaced: bool,
    },
    /// It was revoked meanwhile: what the provider made must be taken back.
    RevokedMeanwhile,
}

/// Passes.
#[async_trait]
pub trait PassStore {
    /// Writes the intent to issue a pass.
    async fn begin_issue(
        &self,
        pass: &NewPass,
        change: Change<'_>,
    ) -> Result<BegunIssue, StoreError>;
    /// Forgets what an idempotency key stands for: the request was not answered by that.
    async fn free_key(
        &self,
        connection: &ConnectionId,
        key: &IdempotencyKey,
    ) -> Result<(), StoreError>;
    /// Makes the intended pass live. Whatever was alive of the method is dead by this.
    async fn complete_issue(
        &self,
        id: &PassId,
        content: &Sealed,
        expires_at: Timestamp,
        change: Change<'_>,
    ) -> Result<CompletedIssue, StoreError>;
    /// Gives the intended pass up, and tells open pages; with `earlier_is_dead` also the one that was live. False if it was revoked
    /// meanwhile.
    async fn fail_issue(
        &self,
        id: &PassId,
        earlier_is_dead: bool,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// A pass, whatever became of it.
    async fn pass(&self, id: &PassId) -> Result<Option<PassRow>, StoreError>;
    /// The live passes of a connection that have not ended, the newest first.
    async fn live_passes(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Vec<PassRow>, StoreError>;
    /// What open pages are told of: the live passes as [`PassStore::live_passes`] has them, then the intended ones; of a
    /// suspended tenant none.
    async fn present_passes(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Vec<PassRow>, StoreError>;
    /// Gives out none of the live passes of a method any more, and tells open pages. What is only intended stays.
    /// Returns every pass of the method that is being revoked then.
    async fn withdraw_live(
        &self,
        connection: &ConnectionId,
        method: Method,
        change: Change<'_>,
    ) -> Result<Vec<PassId>, StoreError>;
    /// Gives out no pass of the connection any more, and tells open pages. Returns every pass that may still be alive
    /// at the provider.
    async fn begin_revoke(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<Vec<PassRow>, StoreError>;
    /// Gives the intended pass up without knowing whether the provider issued it, and tells open pages. What it may
    /// have replaced is not given out any more. Its idempotency key is free again. Nothing happens if it is not
    /// intended any more.
    async fn abandon_issue(&self, id: &PassId, change: Change<'_>) -> Result<(), StoreError>;
    /// Notes that nobody can take back those of these that are being revoked: they live to their end.
    async fn leave_to_end(&self, passes: &[PassId], change: Change<'_>) -> Result<(), StoreError>;
    /// Notes that nothing of these is alive at the provider.
    async fn finish_revoke(&self, passes: &[PassId], change: Change<'_>) -> Result<(), StoreError>;
    /// Passes that are minting or being revoked: nobody knows what of them is alive at the provider.
    async fn unsettled(&self) -> Result<Vec<PassRow>, StoreError>;
    /// The unsettled passes of one connection.
    async fn unsettled_of(&self, connection: &ConnectionId) -> Result<Vec<PassRow>, StoreError>;
    /// Ends every pass whose end has come. Returns how many.
    async fn expire(&self, now: Timestamp) -> Result<u64, StoreError>;
}
