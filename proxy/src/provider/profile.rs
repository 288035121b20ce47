//! What is known of a provider without asking it, and the long-lived secrets that it wants.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::Method;
use crate::secret::Secret;

/// What is known of a provider without asking it.
#[derive(Debug)]
pub struct Profile {
    /// Its name in the API.
    pub name: &'static str,
    /// Its public address.
    pub base_url: &'static str,
    /// What can be issued, the preferred method first.
    pub methods: &'static [Method],
    /// The long-lived secrets that it wants, all of them.
    pub credentials: &'static [CredentialField],
    /// Whether it can take back what it issued.
    pub revokes: bool,
    /// The longest that anything it issues can live.
    pub longest_ttl: Duration,
}

/// One of the secrets that a provider wants.
#[derive(Debug)]
pub struct CredentialField {
    /// The provider's name for it.
    pub name: &'static str,
    /// Whether a value can be one; says nothing about whether it opens anything.
    pub admits: fn(&str) -> bool,
}

/// A connection's secrets, by the provider's names. Complete: made by [`Profile::credentials_from`] alone.
#[derive(Clone)]
pub struct Credentials(BTreeMap<&'static str, Secret>);

/// The credential at fault: missing, unknown, or of a shape that the provider never gives.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("credential {0} is missing, unknown or malformed")]
pub struct InvalidCredential(pub String);

impl Profile {
    /// Takes in exactly the secrets that the provider wants.
    pub fn credentials_from(
        &self,
        mut given: BTreeMap<String, Secret>,
    ) -> Result<Credentials, InvalidCredential> {
        let mut credentials = BTreeMap::new();
        for field in self.credentials {
            let invalid = || InvalidCredential(field.name.to_owned());
            let secret = given.remove(field.name).ok_or_else(invalid)?;
            let printable = secret.expose().bytes().all(|byte| byte.is_ascii_graphic());
            if secret.expose().len() > 4096 || !printable || !(field.admits)(secret.expose()) {
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
    /// The secret of that name; empty if the provider has none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", Secret::expose)
    }

    /// All of them, for sealing.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.0.iter().map(|(name, secret)| (*name, secret))
    }
}
