//! Who asks, and what they may do.

use super::{Action, ApiKeyId, ConnectionId, EmbedTokenId, Origin, RequestId, Tenant, Timestamp};

/// Which tenants an API key reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantScope {
    /// Every tenant.
    All,
    /// This one.
    One(Tenant),
}

impl TenantScope {
    /// Whether the tenant is within reach.
    pub fn reaches(&self, tenant: &Tenant) -> bool {
        match self {
            Self::All => true,
            Self::One(own) => own == tenant,
        }
    }
}

/// An API key as the store knows it: without the key.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its name.
    pub id: ApiKeyId,
    /// Which tenants it reaches.
    pub scope: TenantScope,
    /// The last four characters of the key, to tell keys apart.
    pub last_four: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

/// What an embed token allows.
#[derive(Clone, Debug)]
pub struct EmbedGrant {
    /// The token's name.
    pub id: EmbedTokenId,
    /// The one connection that it opens.
    pub connection: ConnectionId,
    /// Whose connection that is.
    pub tenant: Tenant,
    /// What its page may do.
    pub actions: Vec<Action>,
    /// The pages that may use it.
    pub origins: Vec<Origin>,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
    /// Whether the API key or share link that it came from has been revoked, or its connection removed.
    pub revoked: bool,
    /// Whether the connection's tenant is suspended.
    pub suspended: bool,
    /// Whether its page is the one behind a share link.
    pub of_share_link: bool,
}

impl EmbedGrant {
    /// Whether its page may do that.
    pub fn allows(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }

    /// Whether it can be used from there.
    pub fn admits(&self, origin: &str) -> bool {
        self.origins
            .iter()
            .any(|admitted| admitted.as_str() == origin)
    }

    /// Whether it opens anything now.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        !self.revoked && !self.suspended && now < self.expires_at
    }
}

/// In whose name something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A host's backend.
    ApiKey,
    /// A page.
    EmbedToken,
    /// A customer who opened a share link.
    ShareLink,
    /// An operator at the command line.
    Operator,
    /// Pairlink itself.
    Pairlink,
}

impl ActorKind {
    /// The name in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::EmbedToken => "embed_token",
            Self::ShareLink => "share_link",
            Self::Operator => "operator",
            Self::Pairlink => "pairlink",
        }
    }
}

/// Who does something, for the audit.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Of what kind.
    pub kind: ActorKind,
    /// The name of the key or token; empty for Pairlink and the operator.
    pub id: String,
    /// The request in which it was done.
    pub request: Option<RequestId>,
}

impl Actor {
    /// Pairlink itself.
    pub fn pairlink() -> Self {
        Self {
            kind: ActorKind::Pairlink,
            id: String::new(),
            request: None,
        }
    }

    /// An operator at the command line.
    pub fn operator() -> Self {
        Self {
            kind: ActorKind::Operator,
            id: String::new(),
            request: None,
        }
    }
}
