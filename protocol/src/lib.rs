//! Every type that crosses a wire of Pairlink: between the widget, the proxy and a host's backend.
//!
//! No I/O, no clock, no randomness; compiled for wasm and for the host. The golden files in `fixtures/` are the
//! contract: both sides test against them, and a change of one is a change of the wire.
//!
//! Requests refuse unknown keys, so that a misspelt option never passes silently. Answers accept them, so that a
//! page keeps working while the proxy behind it is one version ahead.

mod api_token;
mod audit;
mod connection;
mod credential;
mod credentials;
mod embed_token;
mod event;
mod method;
mod pass;
mod problem;
mod provider_events;
mod sensitive;
mod share_link;
mod tenant;
mod timestamp;
mod webhook;

pub use api_token::ApiToken;
pub use audit::{AuditActor, AuditEntry, AuditPage};
pub use connection::{
    AccountValue, Connection, ConnectionHealth, ConnectionList, ConnectionView, CreateConnection,
    EndedSession, SessionState, UpdateConnection,
};
pub use credential::{
    AccountCheck, Attention, AttentionReason, CredentialHealth, CredentialKind, CredentialLifetime,
    CredentialPolicy, CredentialState, PolicyLifetime, RenewedBy,
};
pub use credentials::read_credentials;
pub use embed_token::{Action, CreateEmbedToken, EmbedToken};
pub use event::{EventKind, ParseEventKindError};
pub use method::{Method, ParseMethodError};
pub use pass::{
    DrawnPass, DrawnPassView, InvalidPass, IssuePass, IssuedPass, Pass, PassContent, PassDrawing,
    PassView, PendingPass, ReadPass, ReusedPass, Revocation, RevokedPasses,
};
pub use problem::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode};
pub use provider_events::ProviderEventsAddress;
pub use sensitive::Sensitive;
pub use share_link::{CreateShareLink, RevokedShareLink, ShareLink};
pub use tenant::TenantSuspension;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use webhook::{
    CreateWebhook, DeliveryState, NewWebhook, Webhook, WebhookData, WebhookDelivery,
    WebhookDeliveryList, WebhookList, WebhookMessage,
};
