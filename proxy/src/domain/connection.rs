//! Connections.

use std::fmt;

use super::{
    AccountPolicy, AttentionReason, ConnectionId, ProblemCode, Reminder, SessionState, Timestamp,
};

/// One account or instance at a provider, belonging to a tenant.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its name in the API.
    pub id: ConnectionId,
    /// Whose it is.
    pub tenant: Tenant,
    /// The provider's name, one of the registry's.
    pub provider: String,
    /// What pages call it.
    pub label: Label,
    /// Replaces the provider's public address.
    pub base_url: Option<String>,
    /// The state of its login, as last heard.
    pub session: SessionState,
    /// When the provider last confirmed that state.
    pub session_checked_at: Option<Timestamp>,
    /// The last problem that the provider caused; none since it last answered well.
    pub last_error: Option<ProblemCode>,
    /// When the credentials were given or replaced.
    pub credentials_set_at: Timestamp,
    /// From when on their age counts: they may be older than that.
    pub credentials_issued_at: Timestamp,
    /// How long they are good.
    pub policy: AccountPolicy,
    /// The last reminder that was given of them.
    pub reminded: Option<Reminder>,
    /// Why somebody must look at it, as far as the provider is concerned; see [`Connection::attention`].
    pub trouble: Option<Attention>,
    /// By how many milliseconds the provider's clock is ahead, if it told.
    pub clock_skew_millis: Option<i64>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Why somebody must look at a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Why.
    pub reason: AttentionReason,
    /// Since when.
    pub since: Timestamp,
}

impl Connection {
    /// Whether its credentials are dead by their policy: they are used for nothing but to take back what is alive.
    pub fn is_dead(&self, now: Timestamp) -> bool {
        self.policy.is_dead(self.credentials_issued_at, now)
    }

    /// Why somebody must look at it. That its credentials are dead is the first thing to do something about.
    pub fn attention(&self, now: Timestamp) -> Option<Attention> {
        match self.policy.expires_at(self.credentials_issued_at) {
            Some(since) if since <= now => Some(Attention {
                reason: AttentionReason::CredentialsExpired,
                since,
            }),
            Some(_) | None => self.trouble,
        }
    }
}

/// Whose connection it is: a name that the host chose.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tenant(String);

/// What pages call a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

/// A text that is too long, empty, or holds characters that have no place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("empty, too long, or with characters that are not allowed")]
pub struct InvalidText;

impl Tenant {
    /// The tenant of hosts that have only one.
    pub fn single() -> Self {
        Self("default".to_owned())
    }

    /// The name, where the host tells customers apart.
    pub fn told(&self) -> Option<&str> {
        (*self != Self::single()).then_some(self.0.as_str())
    }

    /// Reads a name of 1 to 64 letters, digits, dots, dashes and underscores.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidText)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Label {
    /// Reads a label of 1 to 80 characters. Control characters and those that change the direction of text around
    /// them are refused: a label is shown beside words that a customer must be able to trust.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        let text = text.trim();
        let fits = (1..=80).contains(&text.chars().count()) && !text.chars().any(deceives);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidText)
        }
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Invisible characters and those that reorder text (Unicode TR 36).
fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_visible_text() {
        assert_eq!(
            Label::parse("  Línea de soporte — 日本 ").unwrap().as_str(),
            "Línea de soporte — 日本"
        );
        for text in [
            "",
            "   ",
            "a\u{0}b",
            "a\u{202e}b",
            "a\u{200b}b",
            &"x".repeat(81),
        ] {
            assert_eq!(Label::parse(text), Err(InvalidText), "{text:?}");
        }
    }

    #[test]
    fn tenants_are_plain_names() {
        assert!(Tenant::parse("acme-2.eu_west").is_ok());
        for text in ["", "a b", "a/b", "é", &"x".repeat(65)] {
            assert_eq!(Tenant::parse(text), Err(InvalidText), "{text:?}");
        }
    }
}
