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
mod passes;
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
pub use passes::{
    BegunIssue, CodeLimit, CompletedIssue, IdempotencyKey, NewPass, PassRow, PassStore,
};
pub use phones::{Expectation, ExpectedPhone, PhoneStore};
pub use restored::{LostTime, Restored, RestoredStore};
pub use tally::{Tally, TallyStore};
pub use tenants::{SuspendedTenant, TenantStore};
pub use turns::TurnStore;
pub use webhooks::{Attempt, DeliveryRow, NewDelivery, WebhookRow, WebhookStore};

use crate::domain::{
    AccountPolicy, Actor, ApiKey, ApiKeyId, Connection, ConnectionId, EmbedGrant, Event, Label,
    Origin, Outcome, ProblemCode, SessionState, ShareLinkId, TenantScope, Timestamp,
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
    /// Whose phone may be linked.
    pub phone: Option<Expectation>,
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
        phone: &Expectation,
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
