//! Passes a backend's request on to the provider, in the name of a connection's account.
//!
//! The adapter says where it goes and what lets it in. If the provider does not accept the API token there is a new one,
//! once, and the request is sent again, once: the provider said that it did nothing. Whatever else it answers is the
//! caller's to judge.

mod mask;

use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Method as HttpMethod, StatusCode};
use url::Url;

use self::mask::Mask;
use super::{ApiToken, Freshness, Service, ServiceError};
use crate::domain::{Actor, Connection, Method, Outcome};
use crate::outbound::Replay;
use crate::provider::{
    Account, AnswerBody, ApiPath, NotAddressed, Passage, PassageError, Passed, Provider,
};
use crate::store::Change;

/// A request to be passed on.
pub struct UpstreamRequest {
    /// Its method.
    pub method: HttpMethod,
    /// Where it goes, below the provider's address.
    pub path: ApiPath,
    /// Its headers, without those of one hop and without credentials.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Replay,
}

/// What the provider answered.
pub struct UpstreamAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, as it sent them, but for those that could tell a credential.
    pub headers: HeaderMap,
    /// Its body, the account's credentials masked.
    pub body: AnswerBody,
    /// Whether it did not accept the token and there is a new one now, but the request was too long to be kept: it is
    /// the caller's to send again.
    pub send_again: bool,
}

impl From<NotAddressed> for ServiceError {
    fn from(error: NotAddressed) -> Self {
        match error {
            NotAddressed::Kept => Self::ActionNotAllowed,
            NotAddressed::Path => Self::InvalidField("path".to_owned()),
            NotAddressed::Parameter(name) => Self::InvalidField(name.to_owned()),
        }
    }
}

impl From<PassageError> for ServiceError {
    fn from(error: PassageError) -> Self {
        match error {
            PassageError::Provider(error) => error.into(),
            PassageError::Body(fault) => fault.into(),
        }
    }
}

impl Service {
    /// The connection's API token, for a backend that calls the provider itself.
    pub async fn give_api_token(
        &self,
        connection: &Connection,
        actor: &Actor,
    ) -> Result<ApiToken, ServiceError> {
        self.refuse_if_suspended(connection).await?;
        if !has_tokens(self.provider_of(connection)?.as_ref()) {
            return Err(ServiceError::MethodNotOffered);
        }
        let token = self.token_to_its_end(connection, Freshness::Valid).await?;
        self.note_use(connection, "api_token.give", Outcome::Done, actor)
            .await?;
        Ok(token)
    }

    /// Passes a request on. Dropping this ends the call to the provider.
    pub async fn pass_on(
        &self,
        connection: &Connection,
        request: UpstreamRequest,
        actor: &Actor,
    ) -> Result<UpstreamAnswer, ServiceError> {
        self.refuse_if_suspended(connection).await?;
        let (_, provider, account) = self.account(&connection.id).await?;
        let provider = provider.as_ref();
        // Before anything is asked for or written down.
        provider.address(&account, &request.path, None)?;
        let token = if has_tokens(provider) {
            Some(self.token_to_its_end(connection, Freshness::Valid).await?)
        } else {
            None
        };
        if let Some(action) = audited(&request.method) {
            self.refuse_while_observing().await?;
            self.note_use(connection, action, Outcome::Started, actor)
                .await?;
        }
        let passed = self
            .pass_with_token(connection, provider, &account, &request, token)
            .await;
        if let Err(ServiceError::Provider(error)) = &passed {
            self.note_error(&connection.id, *error).await;
        }
        passed
    }

    async fn pass_with_token(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        request: &UpstreamRequest,
        token: Option<ApiToken>,
    ) -> Result<UpstreamAnswer, ServiceError> {
        let first = self.pass_once(provider, account, request, token.as_ref());
        let (passed, mask, url) = first.await?;
        let Some(refused) = token.filter(|_token| says_no(provider, &passed)) else {
            return Ok(answer(passed, mask, &url, false));
        };
        tracing::info!(connection.id = %connection.id, "the provider does not accept the API token; renewing it");
        // Also if this request cannot be sent again: the next one would fail by the same token.
        let newer = Freshness::NewerThan(refused.serial);
        let token = self.token_to_its_end(connection, newer).await?;
        if !request.body.can_be_sent_again() {
            return Ok(answer(passed, mask, &url, true));
        }
        drop(passed);
        let second = self.pass_once(provider, account, request, Some(&token));
        let (passed, mask, url) = second.await?;
        Ok(answer(passed, mask, &url, false))
    }

    async fn pass_once(
        &self,
        provider: &dyn Provider,
        account: &Account,
        request: &UpstreamRequest,
        token: Option<&ApiToken>,
    ) -> Result<(Passed, Mask, Url), ServiceError> {
        let bearer = token.map(|token| &token.token);
        let addressed = provider.address(account, &request.path, bearer)?;
        let passage = Passage {
            addressed: &addressed,
            method: request.method.clone(),
            headers: request.headers.clone(),
            body: &request.body,
        };
        let upstream = self.0.parts.registry.upstream_of(provider);
        let passed = upstream.pass(passage, token.is_some()).await?;
        let mask = Mask::new(&addressed.hidden);
        Ok((passed, mask, addressed.url))
    }

    /// A renewal comes to its end also if whoever wanted it leaves.
    async fn token_to_its_end(
        &self,
        connection: &Connection,
        wanted: Freshness,
    ) -> Result<ApiToken, ServiceError> {
        let (service, connection) = (self.clone(), connection.clone());
        let work = async move { service.api_token(&connection, wanted).await };
        self.to_its_end(work).await?
    }

    async fn note_use(
        &self,
        connection: &Connection,
        action: &'static str,
        outcome: Outcome,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        let noted = self
            .store()
            .record_use(&connection.id, action, outcome, change);
        Ok(noted.await?)
    }
}

fn has_tokens(provider: &dyn Provider) -> bool {
    provider.profile().offer(Method::Token).is_some()
}

fn says_no(provider: &dyn Provider, passed: &Passed) -> bool {
    provider.refuses_token(passed.status.as_u16(), &passed.beginning)
}

/// What the audit calls a request that may change something. Neither its path nor its query stands there: they hold
/// phone numbers and names of messages.
fn audited(method: &HttpMethod) -> Option<&'static str> {
    match method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => None,
        "POST" => Some("upstream.post"),
        "PUT" => Some("upstream.put"),
        "PATCH" => Some("upstream.patch"),
        "DELETE" => Some("upstream.delete"),
        _other => Some("upstream.other"),
    }
}

fn answer(passed: Passed, mask: Mask, sent_to: &Url, send_again: bool) -> UpstreamAnswer {
    let mut headers = HeaderMap::with_capacity(passed.headers.len());
    for (name, value) in &passed.headers {
        if name != header::LOCATION && !mask.is_in_header(value) {
            headers.append(name, value.clone());
        }
    }
    if let Some(location) = location(&passed.headers, &mask, sent_to) {
        headers.insert(header::LOCATION, location);
    }
    UpstreamAnswer {
        status: passed.status,
        headers,
        body: mask.of(passed.body),
        send_again,
    }
}

/// Where the provider sends the caller, if it is a place of the provider's own and tells no credential.
fn location(headers: &HeaderMap, mask: &Mask, sent_to: &Url) -> Option<HeaderValue> {
    let given = headers.get(header::LOCATION)?.to_str().ok()?;
    let whole = sent_to.join(given).ok()?;
    let tells = mask.is_in(whole.as_str().as_bytes());
    let is_own = whole.origin() == sent_to.origin()
        && whole.username().is_empty()
        && whole.password().is_none();
    if is_own && !tells {
        HeaderValue::from_str(whole.as_str()).ok()
    } else {
        None
    }
}
