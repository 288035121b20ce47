//! Every picture that the element can show.

mod steps;

pub(crate) use self::steps::EXPECTED;

/// What the element can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Loading,
    NoLink,
    NoQr,
    NoCode,
    WrongNumber,
    NoToken,
    Issuing,
    IssuingLong,
    Link,
    Copied,
    Qr,
    Code,
    Token,
    TokenRevealed,
    Aside,
    Expiring,
    Expired,
    Checking,
    Revoking,
    NotRevoked,
    RevokedUpstream,
    RevokedPending,
    RevokedLocally,
    RevokedElsewhere,
    Starting,
    Blocked,
    FailedLogin,
    Passkey,
    WrongPhone,
    OtherNumber,
    Connected,
    Parting,
    LoggingOut,
    LoggedOut,
    Offline,
    CutOff,
    Unreachable,
    NoSession,
    ProviderDown,
    TooMany,
    Refused,
    NotReplaced,
    Fallback,
    NotSetUp,
}

impl Scene {
    /// Each, in the order in which a visitor may meet them.
    pub(crate) const ALL: [Self; 44] = [
        Self::Loading,
        Self::NoLink,
        Self::NoQr,
        Self::NoCode,
        Self::WrongNumber,
        Self::NoToken,
        Self::Issuing,
        Self::IssuingLong,
        Self::Link,
        Self::Copied,
        Self::Qr,
        Self::Code,
        Self::Token,
        Self::TokenRevealed,
        Self::Aside,
        Self::Expiring,
        Self::Expired,
        Self::Checking,
        Self::Revoking,
        Self::NotRevoked,
        Self::RevokedUpstream,
        Self::RevokedPending,
        Self::RevokedLocally,
        Self::RevokedElsewhere,
        Self::Starting,
        Self::Blocked,
        Self::FailedLogin,
        Self::Passkey,
        Self::WrongPhone,
        Self::OtherNumber,
        Self::Connected,
        Self::Parting,
        Self::LoggingOut,
        Self::LoggedOut,
        Self::Offline,
        Self::CutOff,
        Self::Unreachable,
        Self::NoSession,
        Self::ProviderDown,
        Self::TooMany,
        Self::Refused,
        Self::NotReplaced,
        Self::Fallback,
        Self::NotSetUp,
    ];

    /// What the element says then.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Loading => "Looking up the state",
            Self::NoLink => "Make a temporary link",
            Self::NoQr => "Show a QR code and scan it",
            Self::NoCode => "Get a code and type it",
            Self::WrongNumber => "Please check it",
            Self::NoToken => "Make a short-lived API token",
            Self::Issuing => "Making a new one",
            Self::IssuingLong => "This can take half a minute",
            Self::Link => "Your link is ready",
            Self::Copied => "Copied",
            Self::Qr => "Have the phone ready",
            Self::Code => "Type this code into WhatsApp",
            Self::Token | Self::TokenRevealed => "Your API token is ready",
            Self::Aside => "is still active",
            Self::Expiring => "Ends soon",
            Self::Expired => "has expired",
            Self::Checking => "This page was away",
            Self::Revoking => "Revoking\u{2026}",
            Self::NotRevoked => "Not revoked yet",
            Self::RevokedUpstream => "It has stopped working everywhere",
            Self::RevokedPending => "has not confirmed yet",
            Self::RevokedLocally => "cannot take back",
            Self::RevokedElsewhere => "revoked on another page",
            Self::Starting => "is starting the account",
            Self::Blocked => "WhatsApp has blocked this account",
            Self::FailedLogin => "The last attempt failed",
            Self::Passkey => "WhatsApp asks for a passkey",
            Self::WrongPhone => "Another phone was linked",
            Self::OtherNumber => "Another number is expected here",
            Self::Connected => "WhatsApp is connected",
            Self::Parting => "Log this phone out?",
            Self::LoggingOut => "Waiting for the provider to confirm it",
            Self::LoggedOut => "The phone is logged out",
            Self::Offline => "You are offline",
            Self::CutOff => "No connection right now",
            Self::Unreachable => "The service cannot be reached",
            Self::NoSession => "session has ended",
            Self::ProviderDown => "has a problem",
            Self::TooMany => "You can try again in",
            Self::Refused => "The account needs attention",
            Self::NotReplaced => "the earlier one still works",
            Self::Fallback => "could not be loaded",
            Self::NotSetUp => "is not set up on this page",
        }
    }

    /// Its name as a person reads it: `RevokedElsewhere` is "Revoked elsewhere".
    pub(crate) fn title(self) -> String {
        let mut title = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !title.is_empty() {
                title.push(' ');
                title.extend(letter.to_lowercase());
            } else {
                title.push(letter);
            }
        }
        title
    }
}
