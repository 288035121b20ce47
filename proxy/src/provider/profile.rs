//! What is known of a provider without asking it, and the long-lived secrets that it wants.

use std::collections::BTreeMap;
use std::time::Duration;

use super::opening::Opening;
use crate::domain::{Method, TokenSource};
use crate::secret::Secret;

const LONGEST_CREDENTIAL: usize = 4096;

/// What is known of a provider without asking it.
#[derive(Debug)]
pub struct Profile {
    /// Its name in the API.
    pub name: &'static str,
    /// Its public address.
    pub base_url: &'static str,
    /// What can be issued, the preferred first.
    pub offers: &'static [Offer],
    /// How tokens of its API come about, where it has some. Passes of method `token` are made of them.
    pub tokens: Option<TokenSource>,
    /// The long-lived secrets that it wants.
    pub credentials: &'static [CredentialField],
    /// How it opens accounts, if it does.
    pub opening: Option<&'static Opening>,
    /// Whether a login can be ended there.
    pub logs_out: bool,
    /// Whether it tells the number of the phone that is linked.
    pub tells_phone: bool,
    /// Whether it posts what happens to an address that it is given.
    pub posts_events: bool,
    /// Where the end of a QR code is not told: how often it may be asked for, to see whether there is another.
    pub qr_interval: Option<Duration>,
}

/// One kind of pass that a provider issues.
#[derive(Debug)]
pub struct Offer {
    /// How the pass is used.
    pub method: Method,
    /// The longest that one lives, as documented.
    pub longest_ttl: Duration,
    /// Whether the provider can take one back before its end.
    pub revocable: bool,
}

/// One of the secrets that a provider wants.
#[derive(Debug)]
pub struct CredentialField {
    /// The provider's name for it.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether a text without control characters can be one; says nothing about whether it opens anything.
    pub admits: fn(&str) -> bool,
}

/// A connection's secrets, by the provider's names. Well-formed, and complete but for an account that is being opened:
/// made by [`Profile`] alone.
#[derive(Clone)]
pub struct Credentials(BTreeMap<&'static str, Secret>);

/// The credential at fault: missing, unknown, or of a shape that the provider never gives.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("credential {0} is missing, unknown or malformed")]
pub struct InvalidCredential(pub String);

impl Offer {
    /// The longest that one lives, in milliseconds.
    pub fn longest_millis(&self) -> i64 {
        i64::try_from(self.longest_ttl.as_millis()).unwrap_or(i64::MAX)
    }
}

impl Profile {
    /// The methods of what can be issued, the preferred first.
    pub fn methods(&self) -> impl Iterator<Item = Method> {
        self.offers.iter().map(|offer| offer.method)
    }

    /// What can be issued by that method.
    pub fn offer(&self, method: Method) -> Option<&'static Offer> {
        self.offers.iter().find(|offer| offer.method == method)
    }

    /// Whether a pass of that method can be taken back before its end.
    pub fn revokes(&self, method: Method) -> bool {
        self.offer(method).is_some_and(|offer| offer.revocable)
    }

    /// Takes in exactly the secrets that the provider wants.
    pub fn credentials_from(
        &self,
        given: BTreeMap<String, Secret>,
    ) -> Result<Credentials, InvalidCredential> {
        self.take_in(given, None)
    }

    /// The same, without the one that nobody knows yet.
    pub fn credentials_without(
        &self,
        given: BTreeMap<String, Secret>,
        unknown: &str,
    ) -> Result<Credentials, InvalidCredential> {
        self.take_in(given, Some(unknown))
    }

    fn take_in(
        &self,
        mut given: BTreeMap<String, Secret>,
        without: Option<&str>,
    ) -> Result<Credentials, InvalidCredential> {
        let mut credentials = BTreeMap::new();
        for field in self.credentials {
            if without == Some(field.name) {
                continue;
            }
            let invalid = || InvalidCredential(field.name.to_owned());
            let Some(secret) = given.remove(field.name) else {
                if field.optional {
                    continue;
                }
                return Err(invalid());
            };
            let text = secret.expose();
            if text.len() > LONGEST_CREDENTIAL
                || text.chars().any(char::is_control)
                || !(field.admits)(text)
            {
                return Err(invalid());
            }
            credentials.insert(field.name, secret);
        }
        match given.into_keys().next() {
            Some(unknown) => Err(InvalidCredential(unknown)),
            None => Ok(Credentials(credentials)),
        }
    }
}

impl Credentials {
    /// The secret of that name; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", Secret::expose)
    }

    /// All of them, for sealing.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.0.iter().map(|(name, secret)| (*name, secret))
    }
}

/// Whether a text is a key or token as providers make them: visible ASCII without a blank.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
