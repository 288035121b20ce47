//! Share links: Pairlink's own temporary page.

/// Where a share link is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareLinkState {
    /// Opens the page until its end.
    Live,
    /// Dead, because a newer one was made.
    Replaced,
    /// Dead, by revocation.
    Revoked,
}

impl ShareLinkState {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Live, Self::Replaced, Self::Revoked]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}
