//! What Pairlink needs of a provider, and the providers that it knows.
//!
//! An adapter is one file below this module: it speaks one provider's dialect and knows the domain, nothing else of
//! this crate. Its errors are kinds without text, because the providers' secrets stand in addresses and bodies.

mod address;
mod error;
mod profile;
mod upstream;
mod wawp;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

pub use address::{AddressPolicy, ForbiddenAddress};
pub use error::ProviderError;
pub use profile::{CredentialField, Credentials, InvalidCredential, Profile};
pub use upstream::{Upstream, UpstreamLimits};

use crate::domain::{Content, Method, PassRequest, SessionState, Timestamp};

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
        request: &PassRequest,
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
