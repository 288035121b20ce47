//! The audit: who did what when.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Something that was done. No secret stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its place in the chain of the audit: 1, 2, 3 …. A key of one tenant sees some of them.
    pub position: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Whose it is about, or null if it is about all.
    pub tenant: Option<String>,
    /// In whose name.
    pub actor: AuditActor,
    /// What was done, such as `pass.issue`. Later versions know more of them.
    pub action: String,
    /// To what: the name of a connection, a webhook, a key, a tenant.
    pub object: String,
    /// `started`, `done` or `failed`.
    pub outcome: String,
    /// The request in which it was done, or null.
    pub request_id: Option<String>,
}

/// In whose name something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditActor {
    /// `api_key`, `embed_token`, `share_link`, `operator` or `pairlink`.
    pub kind: String,
    /// The name of the key, token or link; empty if there is none.
    pub id: String,
}

/// What was done to what the API key reaches, in the order of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// This page.
    pub entries: Vec<AuditEntry>,
    /// Where the next page starts (`?after=`), or null at the end.
    pub next: Option<String>,
}
