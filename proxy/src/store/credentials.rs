//! What a store keeps of the tokens that accounts buy, of their renewing, and of reminders.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    Attention, AttentionReason, Connection, ConnectionId, ProblemCode, Reminder, RenewalState,
    Timestamp, TokenKind,
};
use crate::vault::Sealed;

/// A token as the store holds it.
#[derive(Clone, Debug)]
pub struct CredentialRow {
    /// What it is.
    pub kind: TokenKind,
    /// The token.
    pub value: Sealed,
    /// Whether it was sent once, and must not be sent again.
    pub presented: bool,
    /// When it was bought.
    pub issued_at: Timestamp,
    /// From when on it is dead; none if nobody was told.
    pub expires_at: Option<Timestamp>,
}

/// The newest API token of a connection.
#[derive(Clone, Debug)]
pub struct HeldToken {
    /// The token.
    pub row: CredentialRow,
    /// Which one it is.
    pub serial: i64,
    /// When somebody last wanted one, to the hour.
    pub asked_at: Option<Timestamp>,
}

/// How the renewing of a connection's API token is doing.
#[derive(Clone, Copy, Debug)]
pub struct RenewalRow {
    /// Which API token is the newest; none was ever bought if 0.
    pub serial: i64,
    /// When somebody last wanted an API token, to the hour.
    pub asked_at: Option<Timestamp>,
    /// How it is doing.
    pub state: RenewalState,
    /// When it is next renewed, tried or probed without being asked.
    pub due_at: Option<Timestamp>,
}

/// The right to renew, for a while. Whoever got it later has a greater fence, and then this one writes nothing more.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Of which connection.
    pub connection: ConnectionId,
    /// The greatest that was given out, as long as it holds.
    pub fence: i64,
}

/// A change to what is held.
#[derive(Clone, Debug)]
pub enum CredentialChange {
    /// This is held from now on, in place of what was.
    Put(CredentialRow),
    /// It is about to be sent, or was not after all.
    Presented(TokenKind, bool),
    /// Nothing of the kind is held any more.
    Drop(TokenKind),
}

/// What becomes of a connection's attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttentionChange {
    /// It stays as it is.
    Keep,
    /// Somebody must look at it; told once.
    Raise(AttentionReason),
    /// Nobody must any more; told if somebody had to.
    Clear,
}

/// How a renewal ended.
#[derive(Clone, Debug)]
pub struct EndedRenewal {
    /// What is held from now on.
    pub changes: Vec<CredentialChange>,
    /// How the renewing is doing.
    pub state: RenewalState,
    /// When it is renewed, tried or probed without being asked.
    pub due_at: Option<Timestamp>,
    /// Whether there is a new API token.
    pub renewed: bool,
    /// What becomes of the connection's attention.
    pub attention: AttentionChange,
    /// What went wrong; none clears what went wrong before.
    pub error: Option<ProblemCode>,
    /// By how many milliseconds the provider's clock is ahead, if it told.
    pub clock_skew_millis: Option<i64>,
}

/// Reminders to give of one connection's credentials.
#[derive(Clone, Debug)]
pub struct GivenReminders {
    /// Of which connection.
    pub connection: ConnectionId,
    /// When the first of these was due: if it is another by now, somebody else gave them, or they are void.
    pub was_due_at: Timestamp,
    /// Which.
    pub reminders: Vec<Reminder>,
    /// When the next is due.
    pub next_at: Option<Timestamp>,
}

/// Tokens, their renewing, and reminders.
#[async_trait]
pub trait CredentialStore {
    /// The newest API token of a connection.
    async fn api_token(&self, connection: &ConnectionId) -> Result<Option<HeldToken>, StoreError>;
    /// Every token of a connection.
    async fn credentials(
        &self,
        connection: &ConnectionId,
    ) -> Result<Vec<CredentialRow>, StoreError>;
    /// How the renewing is doing; none if nobody ever wanted a token.
    async fn renewal(&self, connection: &ConnectionId) -> Result<Option<RenewalRow>, StoreError>;
    /// Notes that somebody wants API tokens.
    async fn note_asked(&self, connection: &ConnectionId, at: Timestamp) -> Result<(), StoreError>;
    /// Takes the right to renew until then; `asked` notes that somebody wants the token. None while somebody else has the
    /// right, or if there is no such connection.
    async fn claim_renewal(
        &self,
        connection: &ConnectionId,
        asked: bool,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreError>;
    /// Changes what is held, and keeps the right until then. False if it was lost: then nothing is changed.
    async fn advance_renewal(
        &self,
        lease: &Lease,
        changes: &[CredentialChange],
        until: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Writes down how it ended, and gives the right back. None if that was lost: then nothing is changed. Otherwise the
    /// serial of the newest API token.
    async fn end_renewal(
        &self,
        lease: &Lease,
        ended: &EndedRenewal,
        at: Timestamp,
    ) -> Result<Option<i64>, StoreError>;
    /// Gives the right back, with nothing changed.
    async fn release_renewal(&self, lease: &Lease) -> Result<(), StoreError>;
    /// Gives the connection's API token out no more.
    async fn withdraw_api_token(&self, connection: &ConnectionId) -> Result<(), StoreError>;
    /// Connections that are due and that nobody renews now, with their serials, the longest due first.
    async fn due_renewals(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(ConnectionId, i64)>, StoreError>;
    /// Lets what is due and well, needs no attention, and that nobody asked for since, rest until somebody does. Returns
    /// how many.
    async fn rest_renewals(&self, now: Timestamp, since: Timestamp) -> Result<u64, StoreError>;
    /// Lets a connection rest until somebody asks, or its account is replaced.
    async fn rest_renewal(&self, connection: &ConnectionId) -> Result<(), StoreError>;
    /// Connections with a reminder that is due, the longest due first.
    async fn due_reminders(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Connection, Timestamp)>, StoreError>;
    /// Gives reminders, each once. False if somebody else did, or they are void.
    async fn remind(&self, given: &GivenReminders, at: Timestamp) -> Result<bool, StoreError>;
}

impl AttentionChange {
    /// The change from what is known.
    pub fn raise(known: Option<Attention>, reason: AttentionReason) -> Self {
        match known {
            Some(attention) if attention.reason == reason => Self::Keep,
            Some(_) | None => Self::Raise(reason),
        }
    }
}
