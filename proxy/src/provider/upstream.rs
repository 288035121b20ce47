//! How providers are called: with a deadline, a bound on what is read, no redirects, and errors without text.
//!
//! The providers' secrets stand in queries and paths, and `reqwest`'s errors print addresses: none leaves this file.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode, header};
use url::Url;

use super::ProviderError;
use super::address::{AddressPolicy, CheckedResolver};

/// Bounds of one call.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamLimits {
    /// For the connection to be made.
    pub connect: Duration,
    /// For the whole call, from sending to the last byte.
    pub deadline: Duration,
    /// For the body that is read.
    pub body_bytes: usize,
}

impl Default for UpstreamLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            deadline: Duration::from_secs(10),
            body_bytes: 256 * 1024,
        }
    }
}

/// The one client through which providers are called.
#[derive(Clone)]
pub struct Upstream {
    client: Client,
    limits: UpstreamLimits,
}

/// The client could not be made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no HTTPS client: the system offers no usable certificates")]
pub struct ClientUnavailable;

/// An answer with a success status.
pub(super) struct Answer {
    /// At most as long as the bound.
    pub(super) body: Vec<u8>,
}

impl Upstream {
    /// Makes the client.
    pub fn new(policy: AddressPolicy, limits: UpstreamLimits) -> Result<Self, ClientUnavailable> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(limits.connect)
            .timeout(limits.deadline)
            .dns_resolver(CheckedResolver(policy))
            .user_agent(concat!("pairlink/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_cause| ClientUnavailable)?;
        Ok(Self { client, limits })
    }

    /// Sends one request and reads its answer whole.
    pub(super) async fn call(&self, method: Method, url: Url) -> Result<Answer, ProviderError> {
        let request = self
            .client
            .request(method, url)
            .header(header::ACCEPT, "application/json");
        let mut response = request.send().await.map_err(classify)?;
        let status = response.status();
        if !status.is_success() {
            // The body of an error says nothing that may be passed on, so it is not read.
            return Err(refusal(status, retry_after(response.headers())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(classify)? {
            if body.len() + chunk.len() > self.limits.body_bytes {
                return Err(ProviderError::Malformed);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { body })
    }
}

/// What is left of a library error: its kind.
fn classify(error: reqwest::Error) -> ProviderError {
    if error.is_connect() {
        // Nothing was sent: not even the handshake came to its end.
        ProviderError::Unreachable
    } else if error.is_timeout() {
        ProviderError::Timeout
    } else {
        ProviderError::Broken
    }
}

fn refusal(status: StatusCode, retry_after: Option<u32>) -> ProviderError {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ProviderError::Credentials,
        StatusCode::TOO_MANY_REQUESTS => ProviderError::RateLimited { retry_after },
        client_error if client_error.is_client_error() => {
            ProviderError::Refused(client_error.as_u16())
        }
        other => ProviderError::Status(other.as_u16()),
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
