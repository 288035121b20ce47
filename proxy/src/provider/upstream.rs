//! How providers are called: with a deadline, a bound on what is read, no redirects, and errors without text.
//!
//! The providers' secrets stand in queries and paths, and `reqwest`'s errors print addresses: none leaves this file.

mod passing;

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use serde::Serialize;
use url::Url;

pub use passing::{PassageError, PassageLimits};

use super::{Profile, ProviderError};
use crate::metrics;
use crate::outbound::{self, AddressPolicy, ClientUnavailable};

/// Bounds of one call.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamLimits {
    /// For the connection to be made.
    pub connect: Duration,
    /// For the whole call, from sending to the last byte.
    pub deadline: Duration,
    /// The same for calls of which a provider says that they take their time.
    pub slow_deadline: Duration,
    /// For the body that is read.
    pub body_bytes: usize,
    /// For requests of backends that are passed on.
    pub passage: PassageLimits,
}

impl Default for UpstreamLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            deadline: Duration::from_secs(10),
            slow_deadline: Duration::from_secs(40),
            body_bytes: 256 * 1024,
            passage: PassageLimits::default(),
        }
    }
}

/// The one client through which providers are called.
#[derive(Clone)]
pub struct Upstream {
    client: Client,
    limits: UpstreamLimits,
    /// Who is called, for those who count.
    provider: &'static str,
}

/// One request that is being put together.
pub(super) struct Call {
    request: RequestBuilder,
    limits: UpstreamLimits,
    provider: &'static str,
}

/// What came back.
pub(super) struct Answer {
    status: StatusCode,
    retry_after: Option<u32>,
    body: Vec<u8>,
}

impl Upstream {
    /// Makes the client.
    pub fn new(policy: AddressPolicy, limits: UpstreamLimits) -> Result<Self, ClientUnavailable> {
        let client = outbound::client(policy, limits.connect, limits.deadline)?;
        Ok(Self {
            client,
            limits,
            provider: "unnamed",
        })
    }

    /// The same client, for calls to that provider.
    pub(super) fn of(self, profile: &'static Profile) -> Self {
        Self {
            provider: profile.name,
            ..self
        }
    }

    /// Begins a request.
    pub(super) fn call(&self, method: Method, url: Url) -> Call {
        let request = self
            .client
            .request(method, url)
            .header(header::ACCEPT, "application/json");
        Call {
            request,
            limits: self.limits,
            provider: self.provider,
        }
    }
}

impl Call {
    /// Sends this along.
    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Presents a name and a password.
    pub(super) fn basic(mut self, name: &str, password: &str) -> Self {
        self.request = self.request.basic_auth(name, Some(password));
        self
    }

    /// Waits longer: for calls of which the provider says that they take their time.
    pub(super) fn slow(mut self) -> Self {
        self.request = self.request.timeout(self.limits.slow_deadline);
        self
    }

    /// Sends the request, and reads the answer whole.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long the call took, decides nothing"
    )]
    pub(super) async fn send(self) -> Result<Answer, ProviderError> {
        let (provider, begun) = (self.provider, Instant::now());
        let answered = self.exchange().await;
        let status = answered
            .as_ref()
            .map(Answer::status)
            .map_err(|error| *error);
        metrics::upstream_called(provider, status, begun.elapsed());
        answered
    }

    async fn exchange(self) -> Result<Answer, ProviderError> {
        let mut response = self.request.send().await.map_err(classify)?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let body = match read(&mut response, self.limits.body_bytes).await {
            Ok(body) => body,
            Err(error) if status.is_success() => return Err(error),
            // A refusal stands, however badly it is put.
            Err(_cause) => Vec::new(),
        };
        Ok(Answer {
            status,
            retry_after,
            body,
        })
    }
}

impl Answer {
    /// The body of a success; what its status says otherwise.
    pub(super) fn success(self) -> Result<Vec<u8>, ProviderError> {
        match self.refusal() {
            None => Ok(self.body),
            Some(error) => Err(error),
        }
    }

    /// What the status says went wrong, if it does.
    pub(super) fn refusal(&self) -> Option<ProviderError> {
        match self.status {
            success if success.is_success() => None,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(ProviderError::Credentials),
            StatusCode::TOO_MANY_REQUESTS => Some(ProviderError::RateLimited {
                retry_after: self.retry_after,
            }),
            client_error if client_error.is_client_error() => {
                Some(ProviderError::Refused(client_error.as_u16()))
            }
            other => Some(ProviderError::Status(other.as_u16())),
        }
    }

    /// The body, of an error too. For the adapter alone: secrets may stand in it.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The status, for an adapter that knows better what it means.
    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }
}

async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(classify)? {
        if body.len() + chunk.len() > most {
            return Err(ProviderError::Malformed);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What is left of a library error: its kind.
fn classify(error: reqwest::Error) -> ProviderError {
    #[cfg(feature = "broken")]
    if crate::defect::is_chosen("leak-error") {
        tracing::debug!(error = &error as &dyn std::error::Error, "the call failed");
    }
    if error.is_connect() {
        // Nothing was sent: not even the handshake came to its end.
        ProviderError::Unreachable
    } else if error.is_timeout() {
        ProviderError::Timeout
    } else {
        ProviderError::Broken
    }
}

/// The seconds of `Retry-After`, at most five minutes; its date form is not used by any provider.
fn retry_after(headers: &header::HeaderMap) -> Option<u32> {
    let seconds: u32 = headers
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(seconds.min(300))
}
