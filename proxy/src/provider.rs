//! What Pairlink needs of a provider, and the providers that it knows.
//!
//! An adapter is one file below this module: it speaks one provider's dialect and knows the domain, nothing else of
//! this crate. Its errors are kinds without text, because the providers' secrets stand in addresses and bodies.

mod enablex;
mod error;
mod green_api;
mod pairing;
mod picture;
mod profile;
mod upstream;
mod wawp;
mod wazzup;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use url::Url;

pub use error::ProviderError;
pub use profile::{CredentialField, Credentials, InvalidCredential, Offer, Profile};
pub use upstream::{Upstream, UpstreamLimits};

pub use crate::outbound::AddressPolicy;

use crate::domain::{Content, Method, PassRequest, SessionState, Timestamp};

/// An account at a provider, with what is needed to speak for it.
#[derive(Clone)]
pub struct Account {
    /// Where the provider is.
    pub base_url: Url,
    /// Its secrets.
    pub credentials: Credentials,
}

impl Account {
    /// The provider's address with these segments below it. Each stays one segment, whatever stands in it: where
    /// credentials are part of the path, a tenant must not reach another path by them.
    fn url<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Result<Url, ProviderError> {
        let mut url = self.base_url.clone();
        {
            let mut path = url
                .path_segments_mut()
                .map_err(|()| ProviderError::Unreachable)?;
            path.pop_if_empty();
            for segment in segments {
                // These two would not be written at all.
                if matches!(segment, "." | "..") {
                    return Err(ProviderError::Unreachable);
                }
                path.push(segment);
            }
        }
        Ok(url)
    }
}

/// The end of something that lives so long from now on.
fn later(now: Timestamp, ttl: Duration) -> Timestamp {
    now.plus_millis(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX))
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

    /// Takes back everything that is alive and revocable; may be repeated, and having nothing to take back is success.
    async fn revoke(&self, account: &Account) -> Result<(), ProviderError>;

    /// Says how the login is doing; changes nothing. Providers of API tokens alone have none, and do not offer this.
    async fn session(&self, account: &Account) -> Result<SessionState, ProviderError>;
}

/// The providers that can be used, by name.
#[derive(Clone)]
pub struct Registry(BTreeMap<&'static str, Arc<dyn Provider>>);

impl Registry {
    /// Every provider that Pairlink knows.
    pub fn builtin(upstream: &Upstream) -> Self {
        Self(BTreeMap::new())
            .with(enablex::EnableX::new(upstream.clone()))
            .with(green_api::GreenApi::new(upstream.clone()))
            .with(wawp::Wawp::new(upstream.clone()))
            .with(wazzup::Wazzup::new(upstream.clone()))
    }

    fn with(mut self, provider: impl Provider) -> Self {
        self.0.insert(provider.profile().name, Arc::new(provider));
        self
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// The provider of that name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Provider>> {
        self.0.get(name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_segment_of_a_path_reaches_another_path() {
        static BARE: Profile = Profile {
            name: "bare",
            base_url: "https://api.example",
            offers: &[],
            credentials: &[],
        };
        let account = |base_url: &str| Account {
            base_url: base_url.parse().unwrap(),
            credentials: BARE.credentials_from(BTreeMap::new()).unwrap(),
        };
        let url = |segment: &str| account("https://api.example/v1/").url(["a", segment, "z"]);
        for (segment, written) in [
            ("plain", "plain"),
            ("a/b", "a%2Fb"),
            ("a?b#c", "a%3Fb%23c"),
            ("../..", "..%2F.."),
            ("%2e%2e", "%252e%252e"),
            ("a\\b", "a%5Cb"),
            ("é", "%C3%A9"),
        ] {
            let url = url(segment).unwrap();
            assert_eq!(
                url.as_str(),
                format!("https://api.example/v1/a/{written}/z")
            );
        }
        for segment in [".", ".."] {
            assert_eq!(url(segment), Err(ProviderError::Unreachable));
        }
        let bare = account("https://api.example").url(["a"]).unwrap();
        assert_eq!(bare.as_str(), "https://api.example/a");
    }
}
