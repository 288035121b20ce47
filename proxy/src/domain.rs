//! Types and transitions. No async, no I/O, no clock, no randomness: `now` and `rng` are arguments.

pub mod access;
pub mod audit;
pub mod breaker;
pub mod connection;
pub mod credential;
pub mod event;
pub mod id;
pub mod notice;
pub mod origin;
pub mod pass;
pub mod phone;
pub mod policy;
pub mod share_link;
pub mod token;
pub mod webhook;

pub use access::{Actor, ActorKind, ApiKey, EmbedGrant, TenantScope};
pub use audit::{AuditEntry, AuditHead, AuditSeal, ChainEnd, ChainMac, SealedEntry, Tampering};
pub use breaker::{Breaker, BreakerPosition, BreakerScope, CallOutcome, LeftAlone, LeftAloneFor};
pub use connection::{Attention, Connection, InvalidText, Label, Tenant};
pub use credential::{RenewalState, TokenKind, TokenSource};
pub use event::{Event, Outcome};
pub use id::{
    ApiKeyId, ConnectionId, DeliveryId, EmbedTokenId, PassId, RequestId, ShareLinkId, WebhookId,
};
pub use notice::NoticeKind;
pub use origin::{InvalidOrigin, Origin};
pub use pairlink_protocol::{
    AccountCheck, Action, AttentionReason, CredentialKind, CredentialLifetime, CredentialState,
    DeliveryState, EventKind, Method, ProblemCode, RenewedBy, SessionState, Timestamp,
};
pub use pass::{Content, MismatchedPhoneNumber, PassRequest, PassState, is_exclusive};
pub use phone::{InvalidPhoneNumber, LinkedPhone, PhoneNumber};
pub use policy::{AccountPolicy, Days, FixedLifetime, InvalidDays, Reminder};
pub use share_link::ShareLinkState;
pub use token::TokenClass;
pub use webhook::{AfterAttempt, DeliveryOutcome, Notice, Webhook, after_attempt};
