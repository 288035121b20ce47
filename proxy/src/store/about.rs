//! What a transaction is about.
//!
//! Two that are about the same do not run side by side, so that what one reads stays true until it has written. Each
//! names everything that it is about when it begins: whoever took more later could wait for somebody who waits for it.

use sha2::{Digest as _, Sha256};

use crate::domain::{ConnectionId, ShareLinkId, WebhookId};
use crate::vault::TokenHash;

/// What a transaction is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About<'a> {
    /// A connection, and what belongs to it: passes, share link, renewals, login. Its events are in the order of their
    /// commits by this.
    Connection(&'a ConnectionId),
    /// How many codes a phone was sent, whoever asked for them.
    Phone(&'a TokenHash),
    /// How many browsers opened a share link.
    ShareLink(&'a ShareLinkId),
    /// A webhook and its deliveries.
    Webhook(&'a WebhookId),
    /// Which webhooks there are.
    Webhooks,
    /// The accounts that a tenant has opened.
    Openings(&'a str),
    /// Whether a tenant is suspended.
    Tenant(&'a str),
    /// The data keys.
    Keys,
    /// The chain of the audit, not its rows.
    Audit,
    /// The whole store: upkeep, backups, restoring.
    Store,
    /// The order of all events. It waits for every transaction that has told of something and is not committed yet.
    Events,
}

impl About<'_> {
    /// The number of [`About::Events`]: `publish` of PostgreSQL has it in its text.
    pub(super) const EVENTS: i64 = 7_310_034_283_826_791_026;

    /// The number that stands for it among all processes. Two things may have the same: then one waits for the other
    /// without need.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Connection(id) => number("connection", id.as_str()),
            Self::Phone(hash) => number("phone", &hash.0),
            Self::ShareLink(id) => number("share_link", id.as_str()),
            Self::Webhook(id) => number("webhook", id.as_str()),
            Self::Webhooks => number("webhooks", ""),
            Self::Openings(tenant) => number("openings", tenant),
            Self::Tenant(tenant) => number("tenant", tenant),
            Self::Keys => number("keys", ""),
            Self::Audit => number("audit", ""),
            Self::Store => number("store", ""),
            Self::Events => Self::EVENTS,
        }
    }
}

fn number(kind: &str, name: &str) -> i64 {
    let hash = Sha256::digest(format!("pairlink {kind} {name}"));
    hash.iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | i64::from(*byte))
}
