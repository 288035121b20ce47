//! What Pairlink needs of a provider, and the providers that it knows.
//!
//! An adapter is one file below this module: it speaks one provider's dialect and knows the domain, nothing else of
//! this crate. Its errors are kinds without text, because the providers' secrets stand in addresses and bodies.

mod api_path;
mod enablex;
mod error;
mod green_api;
mod opening;
mod pairing;
mod passage;
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

pub use api_path::{ApiPath, InvalidPath};
pub use error::ProviderError;
pub use opening::{Form, FormField, FormValue, Opening};
pub use passage::{Addressed, AnswerBody, AnswerBrokenOff, NotAddressed, Passage, Passed};
pub use profile::{CredentialField, Credentials, InvalidCredential, Offer, Profile};
pub use upstream::{PassageError, PassageLimits, Upstream, UpstreamLimits};

pub use crate::outbound::AddressPolicy;

use crate::domain::{Content, LinkedPhone, Method, PassRequest, SessionState, Timestamp};
use crate::secret::Secret;

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

/// By what a token is to be bought.
#[derive(Clone, Copy)]
pub enum Renewal<'a> {
    /// By the account alone.
    Mint,
    /// By this machine token.
    Exchange(&'a Secret),
    /// By this refresh token.
    Refresh(&'a Secret),
}

/// A token that was bought.
#[derive(Clone)]
pub struct Renewed {
    /// The token.
    pub token: Secret,
    /// From when on it is dead.
    pub expires_at: Timestamp,
    /// What renews it, if that came along. Of a refresh that brought none, the one that was presented is good still.
    pub refresh_token: Option<Secret>,
    /// By how many milliseconds the provider's clock is ahead, if it told.
    pub clock_skew_millis: Option<i64>,
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

    /// Issues something new, but no token; sent once, never repeated here. A QR code is read off the provider's screen:
    /// asking for it again makes no other one before its time. Where the provider allows one at a time, the earlier one
    /// is dead when this succeeds, and perhaps also when it fails (see [`ProviderError::may_have_happened`]).
    async fn issue(
        &self,
        account: &Account,
        request: &PassRequest,
        now: Timestamp,
    ) -> Result<Issued, ProviderError>;

    /// Buys a token: one call, sent once, never repeated here. Where there are machine tokens, minting makes one of those.
    /// Providers without tokens do not offer this.
    async fn renew(
        &self,
        _account: &Account,
        _by: Renewal<'_>,
        _now: Timestamp,
    ) -> Result<Renewed, ProviderError> {
        Err(ProviderError::NotOffered)
    }

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

    /// Opens an account, and returns the credential that names it. Sent once, never repeated here: an account is for
    /// good. The account's own credentials are without that one.
    /// Offered where [`Profile::opening`] says so.
    async fn open_account(
        &self,
        _account: &Account,
        _form: &Form,
    ) -> Result<Secret, ProviderError> {
        Err(ProviderError::NotOffered)
    }

    /// Says where a backend's request goes and what lets it in, or that it goes nowhere. A token is there if the
    /// provider offers API tokens. Asks nobody.
    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed>;

    /// Whether an answer says that the API token is not accepted: by its status and the beginning of its body. Where
    /// there are no tokens there is none to refuse.
    fn refuses_token(&self, _status: u16, _beginning: &[u8]) -> bool {
        false
    }

    /// Ends the login; sent once, never repeated here, because a second time might end the login of whoever came next.
    /// Offered where [`Profile::logs_out`] says so.
    async fn log_out(&self, _account: &Account) -> Result<(), ProviderError> {
        Err(ProviderError::NotOffered)
    }

    /// Says which phone is linked; none while that is not told. Changes nothing. Offered where
    /// [`Profile::tells_phone`] says so.
    async fn linked_phone(&self, _account: &Account) -> Result<Option<LinkedPhone>, ProviderError> {
        Err(ProviderError::NotOffered)
    }

    /// Whether what was posted in the provider's name says that the login of this account may be another one now. It
    /// is a hint and nothing more: whoever knows the address can post it again, or something else.
    fn hints_at_login(&self, _account: &Account, _body: &[u8]) -> bool {
        false
    }
}

/// The providers that can be used, by name, and the client through which they are called.
#[derive(Clone)]
pub struct Registry {
    providers: BTreeMap<&'static str, Arc<dyn Provider>>,
    upstream: Upstream,
}

impl Registry {
    /// Every provider that Pairlink knows.
    pub fn builtin(upstream: &Upstream) -> Self {
        let nobody = Self {
            providers: BTreeMap::new(),
            upstream: upstream.clone(),
        };
        nobody
            .with(enablex::EnableX::new(upstream.clone()))
            .with(green_api::GreenApi::new(upstream.clone()))
            .with(wawp::Wawp::new(upstream.clone()))
            .with(wazzup::Wazzup::new(upstream.clone()))
    }

    fn with(mut self, provider: impl Provider) -> Self {
        let name = provider.profile().name;
        self.providers.insert(name, Arc::new(provider));
        self
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.providers.keys().copied()
    }

    /// The provider of that name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Provider>> {
        self.providers.get(name).cloned()
    }

    /// What passes backends' requests on to a provider.
    pub fn upstream_of(&self, provider: &dyn Provider) -> Upstream {
        self.upstream.clone().of(provider.profile())
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
            tokens: None,
            credentials: &[],
            opening: None,
            logs_out: false,
            tells_phone: false,
            posts_events: false,
            qr_interval: None,
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
