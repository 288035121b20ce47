//! What Pairlink needs of a provider, and the providers that it knows.
//!
//! An adapter is one file below this module: it speaks one provider's dialect and knows the domain, nothing else of
//! this crate. Its errors are kinds without text, because the providers' secrets stand in addresses and bodies.

mod address;
mod upstream;
mod wawp;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use url::Url;

pub use address::{AddressPolicy, ForbiddenAddress};
pub use upstream::{Upstream, UpstreamLimits};

use crate::domain::{Content, Method, SessionState, Timestamp};
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
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", Secret::expose)
    }

    /// All of them, for sealing.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.0.iter().map(|(name, secret)| (*name, secret))
    }
}

/// An account at a provider, with what is needed to speak for it.
#[derive(Clone)]
pub struct Account {
    /// Where the provider is.
    pub base_url: Url,
    /// Its secrets.
    pub credentials: Credentials,
}

/// What a provider issued.
#[derive(Clone)]
pub struct Issued {
    /// What to show or use.
    pub content: Content,
    /// From when on it is dead.
    pub expires_at: Timestamp,
}

/// What a provider says is alive.
pub enum Current {
    /// This, and nothing else of the method.
    Alive(Issued),
    /// Nothing of the method.
    Nothing,
    /// It cannot tell.
    Untold,
}

/// Why a call to a provider failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It does not accept the credentials.
    #[error("the provider does not accept the credentials")]
    Credentials,
    /// It refused, for a reason of its own.
    #[error("the provider refused with status {0}")]
    Refused(u16),
    /// It wants fewer calls.
    #[error("the provider asks to wait")]
    RateLimited {
        /// For so many seconds, if it said.
        retry_after: Option<u32>,
    },
    /// It answered with an error of its own, or sent us elsewhere.
    #[error("the provider answered with status {0}")]
    Status(u16),
    /// Its answer cannot be read: not its form, too long, or with an address that is not its own.
    #[error("the provider's answer cannot be read")]
    Malformed,
    /// It was never reached: nothing was sent.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// The connection broke after the call was sent.
    #[error("the provider broke the connection off")]
    Broken,
    /// It did not answer in time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// It does not do that.
    #[error("the provider does not offer this")]
    NotOffered,
}

impl ProviderError {
    /// Whether the provider may have done what it was asked in spite of this: whatever was sent may have been done, and
    /// another may have answered in its place.
    pub const fn may_have_happened(self) -> bool {
        match self {
            Self::Credentials
            | Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::Status(_)
            | Self::Malformed
            | Self::Broken
            | Self::Timeout => true,
            Self::Unreachable | Self::NotOffered => false,
        }
    }

    /// Whether it says that it did nothing. That is believed where nothing shows otherwise.
    pub const fn is_refusal(self) -> bool {
        match self {
            Self::Credentials | Self::Refused(_) | Self::RateLimited { .. } => true,
            Self::Status(_)
            | Self::Malformed
            | Self::Unreachable
            | Self::Broken
            | Self::Timeout
            | Self::NotOffered => false,
        }
    }

    /// Whether the same call may do better at once; only for calls that can be repeated.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Status(_) | Self::Unreachable | Self::Broken | Self::Timeout => true,
            Self::Credentials
            | Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::Malformed
            | Self::NotOffered => false,
        }
    }
}

/// One provider. Each call has a deadline and a bound on what it reads; dropping its future cancels it.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// What is known without asking.
    fn profile(&self) -> &'static Profile;

    /// Issues something new; sent once, never repeated here. Where the provider allows one at a time, the earlier one
    /// is dead when this succeeds, and perhaps also when it fails (see [`ProviderError::may_have_happened`]).
    async fn issue(
        &self,
        account: &Account,
        method: Method,
        now: Timestamp,
    ) -> Result<Issued, ProviderError>;

    /// Says what is alive; changes nothing.
    async fn current(
        &self,
        account: &Account,
        method: Method,
        now: Timestamp,
    ) -> Result<Current, ProviderError>;

    /// Takes back everything that is alive; may be repeated, and having nothing to take back is success.
    async fn revoke(&self, account: &Account) -> Result<(), ProviderError>;

    /// Says how the login is doing; changes nothing.
    async fn session(&self, account: &Account) -> Result<SessionState, ProviderError>;
}

/// The providers that can be used, by name.
#[derive(Clone)]
pub struct Registry(BTreeMap<&'static str, Arc<dyn Provider>>);

impl Registry {
    /// Every provider that Pairlink knows.
    pub fn builtin(upstream: &Upstream) -> Self {
        Self(BTreeMap::new()).with(wawp::Wawp::new(upstream.clone()))
    }

    fn with(mut self, provider: impl Provider) -> Self {
        self.0.insert(provider.profile().name, Arc::new(provider));
        self
    }

    /// The provider of that name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Provider>> {
        self.0.get(name).cloned()
    }
}
