//! What the people behind a connection are told of.

/// Something that somebody should know, or do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The state of the login is another one; which, is the notice's detail.
    State,
    /// The provider's secrets are older than their policy likes.
    CredentialRotationDue,
    /// They will be dead before long.
    CredentialExpiring,
    /// They must be replaced now.
    CredentialRenewalDue,
    /// They are dead by their policy, and are used no more.
    CredentialExpired,
    /// Nothing can be done for the connection until somebody looks at it.
    NeedsAttention,
    /// It can be used again.
    Recovered,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::State,
        Self::CredentialRotationDue,
        Self::CredentialExpiring,
        Self::CredentialRenewalDue,
        Self::CredentialExpired,
        Self::NeedsAttention,
        Self::Recovered,
    ];

    /// The name in the store and in webhooks.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "connection.state",
            Self::CredentialRotationDue => "credential.rotation_due",
            Self::CredentialExpiring => "credential.expiring",
            Self::CredentialRenewalDue => "credential.renewal_due",
            Self::CredentialExpired => "credential.expired",
            Self::NeedsAttention => "connection.needs_attention",
            Self::Recovered => "connection.recovered",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
