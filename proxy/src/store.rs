//! What Pairlink needs of a store.
//!
//! Rules for every store: each change of state is one statement guarded by the old state, in one transaction with its
//! audit and outbox rows; when a method returns, its change is durable. Doing something twice is doing it once.
//! Lookups return `Option`, because "not there" is handled differently everywhere. Sealed values and hashes arrive
//! made: a store sees no secret.

mod about;
mod address;
mod audit;
mod credentials;
mod ground;
mod keys;
mod logins;
mod migrations;
mod openings;
mod phones;
pub mod postgres;
mod restored;
pub mod sqlite;
mod tally;
mod tenants;
mod turns;
mod webhooks;

use async_trait::async_trait;

pub use address::{DatabaseAddress, UnknownDatabase};
pub use audit::{AuditQuery, AuditStore, ChainPlace, SealingTurn};
pub use credentials::{
    AttentionChange, CredentialChange, CredentialRow, CredentialStore, EndedRenewal,
    GivenReminders, HeldToken, Lease, RenewalRow,
};
pub use ground::GroundStore;
pub use keys::{KeyStore, Resealed, SealedRow};
pub use logins::{LoginStore, NextQr, QrRound};
pub use openings::{BegunOpening, NewOpening, OpeningStore, UnfinishedOpening};
pub use phones::{ExpectedPhone, PhoneStore};
pub use restored::{LostTime, Restored, RestoredStore};
pub use tally::{Tally, TallyStore};
pub use tenants::{SuspendedTenant, TenantStore};
pub use turns::TurnStore;
pub use webhooks::{Attempt, DeliveryRow, NewDelivery, WebhookRow, WebhookStore};

use crate::domain::{
    AccountPolicy, Actor, ApiKey, ApiKeyId, Connection, ConnectionId, EmbedGrant, Event, Label,
    Method, Origin, Outcome, PassId, PassState, ProblemCode, SessionState, ShareLinkId,
    TenantScope, Timestamp,
};
use crate::vault::{Sealed, TokenHash};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used right now.
    #[error("the database cannot be used")]
    Database(#[source] sqlx::Error),
    /// Its schema cannot be brought up to date.
    #[error("the schema cannot be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// Its address is not one. It is not said, because it may hold a password.
    #[error("the database's address cannot be read")]
    Address,
    /// This database has tools of its own for it.
    #[error("this is done with the database's own tools")]
    OwnTools,
    /// There is no room for it.
    #[error("the database has no room")]
    Full,
    /// A row holds something that this version cannot read.
    #[error("column {0} holds something unknown")]
    Unreadable(&'static str),
}

impl StoreError {
    /// Whether there was no room for what was to be written.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Full => true,
            // As SQLite and PostgreSQL say it.
            Self::Database(sqlx::Error::Database(error)) => {
                matches!(error.code().as_deref(), Some("13" | "53100"))
            }
            Self::Database(_)
            | Self::Migration(_)
            | Self::Address
            | Self::OwnTools
            | Self::Unreadable(_) => false,
        }
    }
}

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

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

/// A share link as the store holds it.
#[derive(Clone, Debug)]
pub struct ShareLinkRow {
    /// Its name.
    pub id: ShareLinkId,
    /// Of which connection.
    pub connection: ConnectionId,
    /// The token of its address; only while it is live.
    pub token: Option<Sealed>,
    /// Whether it was replaced or revoked; its end is beside that.
    pub state: crate::domain::ShareLinkState,
    /// When it was made.
    pub issued_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
}

/// An embed token that is about to be given out.
#[derive(Clone, Debug)]
pub struct NewEmbedToken {
    /// What it allows.
    pub grant: EmbedGrant,
    /// The token, hashed.
    pub token: TokenHash,
    /// The key or link by whose right it is made.
    pub issuer: Issuer,
}

/// By whose right an embed token exists; it dies with that.
#[derive(Clone, Debug)]
pub enum Issuer {
    /// A host's backend.
    ApiKey(ApiKeyId),
    /// A customer who opened a share link.
    ShareLink(ShareLinkId),
}

/// What of a connection is to be changed; what is absent stays.
#[derive(Clone, Debug)]
pub struct ConnectionUpdate {
    /// Which.
    pub id: ConnectionId,
    /// What pages call it.
    pub label: Option<Label>,
    /// The provider's secrets, new, and from when on their age counts.
    pub credentials: Option<(Sealed, Timestamp)>,
    /// How long the secrets are good.
    pub policy: Option<AccountPolicy>,
    /// When the next reminder of the secrets is due, by all of that.
    pub next_reminder_at: Option<Timestamp>,
}

/// API keys and embed tokens.
#[async_trait]
pub trait AccessStore {
    /// Adds an API key.
    async fn add_api_key(
        &self,
        key: &ApiKey,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// The API key of that token, revoked or not.
    async fn api_key(&self, token: &TokenHash) -> Result<Option<ApiKey>, StoreError>;
    /// Every API key, the oldest first.
    async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError>;
    /// Revokes an API key, and with it every embed token that it made. False if there is none of that name.
    async fn revoke_api_key(&self, id: &ApiKeyId, change: Change<'_>) -> Result<bool, StoreError>;
    /// Adds an embed token.
    async fn add_embed_token(
        &self,
        token: &NewEmbedToken,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// What the embed token allows, ended or not.
    async fn embed_grant(&self, token: &TokenHash) -> Result<Option<EmbedGrant>, StoreError>;
    /// Whether some embed token that has not ended was made for this origin.
    async fn knows_origin(&self, origin: &Origin, now: Timestamp) -> Result<bool, StoreError>;
    /// Whether some embed token opens something for this origin: one that has neither ended nor been revoked with what
    /// it came from.
    async fn serves_origin(&self, origin: &Origin, now: Timestamp) -> Result<bool, StoreError>;
}

/// Connections.
#[async_trait]
pub trait ConnectionStore {
    /// Adds a connection.
    async fn add_connection(
        &self,
        connection: &Connection,
        credentials: &Sealed,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// A connection that was not removed.
    async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError>;
    /// Connections within reach that come after the given one in the order of their names.
    async fn connections(
        &self,
        scope: &TenantScope,
        after: Option<&ConnectionId>,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError>;
    /// The connection with its credentials, also when it was removed but something of it may be alive.
    async fn connection_with_credentials(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(Connection, Sealed)>, StoreError>;
    /// Changes connections: all of them, or none and false if one is not there. With new credentials everything that was
    /// bought by the earlier ones is forgotten, and reminders begin anew.
    async fn update_connections(
        &self,
        updates: &[ConnectionUpdate],
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// Removes the connection: revokes its passes and its share link, and ends its embed tokens. False if there is no
    /// such connection.
    async fn remove_connection(
        &self,
        id: &ConnectionId,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// Forgets the credentials of removed connections of which nothing can be alive.
    async fn forget_removed(&self) -> Result<u64, StoreError>;
    /// Writes down what the provider said of the login when it was asked at that instant. True if that is news: an
    /// answer to an earlier question than the last one is not.
    async fn record_session(
        &self,
        id: &ConnectionId,
        session: SessionState,
        asked_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Writes into the audit that a backend used the connection, without a change of it.
    async fn record_use(
        &self,
        id: &ConnectionId,
        action: &'static str,
        outcome: Outcome,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// Writes down the last problem that the provider caused. An account that is refused twice in a row needs attention,
    /// until its login is seen again; those of API tokens are looked after by their renewals.
    async fn record_error(
        &self,
        id: &ConnectionId,
        error: ProblemCode,
        at: Timestamp,
    ) -> Result<(), StoreError>;
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
    /// What open pages are told of: the live passes as [`PassStore::live_passes`] has them, then the intended ones.
    async fn present_passes(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Vec<PassRow>, StoreError>;
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

/// Share links.
#[async_trait]
pub trait ShareLinkStore {
    /// Makes this the connection's share link. True if an earlier one died by this.
    async fn replace_share_link(
        &self,
        link: &ShareLinkRow,
        token: &TokenHash,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// The connection's share link, if it has a live one.
    async fn share_link(
        &self,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<ShareLinkRow>, StoreError>;
    /// The share link of that token, dead or alive.
    async fn share_link_by_token(
        &self,
        token: &TokenHash,
    ) -> Result<Option<ShareLinkRow>, StoreError>;
    /// Revokes the connection's share link.
    async fn revoke_share_link(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError>;
    /// Notes one more browser that opened the link. False if it is dead or was opened by `most` already.
    async fn add_viewer(
        &self,
        link: &ShareLinkId,
        viewer: &TokenHash,
        most: u32,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// The live share link that this browser opened.
    async fn share_link_of_viewer(
        &self,
        viewer: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<ShareLinkRow>, StoreError>;
}

/// Events.
#[async_trait]
pub trait EventStore {
    /// The number of the newest event, 0 if there is none. Every earlier one is there by then.
    async fn newest_event(&self) -> Result<i64, StoreError>;
    /// The number of the oldest event that is kept, 0 if there is none.
    async fn oldest_event(&self) -> Result<i64, StoreError>;
    /// The number of the connection's newest event, 0 if there is none. Its next one has a greater number.
    async fn newest_event_of(&self, connection: &ConnectionId) -> Result<i64, StoreError>;
    /// Events after that one, in order: no later answer has one in between.
    async fn events_after(&self, sequence: i64, limit: u32) -> Result<Vec<Event>, StoreError>;
    /// Events of one connection after that one, in order.
    async fn events_of(
        &self,
        connection: &ConnectionId,
        sequence: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;
    /// Lets other processes know that there may be something in the outbox, where there is a way to. It may get lost:
    /// the outbox is the truth.
    fn hint(&self);
    /// Waits until another process has let this one know.
    async fn hinted(&self);
    /// Forgets what nobody asks for any more: old events, tokens long ended, keys of requests long answered.
    async fn forget_before(&self, then: Timestamp) -> Result<u64, StoreError>;
}

/// Everything together.
#[async_trait]
pub trait Store:
    KeyStore
    + AccessStore
    + ConnectionStore
    + CredentialStore
    + PassStore
    + TurnStore
    + ShareLinkStore
    + EventStore
    + WebhookStore
    + OpeningStore
    + LoginStore
    + RestoredStore
    + AuditStore
    + TenantStore
    + PhoneStore
    + TallyStore
    + GroundStore
    + Send
    + Sync
    + 'static
{
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
    /// What time it is by the database, if that may run on another machine.
    async fn clock(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Lets go of the database.
    async fn close(&self);
}
