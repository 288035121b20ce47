//! The one endpoint that a host adds to its backend: it trades the visitor's session for an embed token.
//!
//! This is the file to copy. It must never answer with anything that the proxy said, except the token.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use pairlink_protocol::{Action, CreateEmbedToken, EmbedToken, Sensitive};
use url::Url;

/// A page waits for the token before it can show anything.
const DEADLINE: Duration = Duration::from_secs(5);

/// Asks the proxy for embed tokens of one connection.
#[derive(Clone)]
pub struct TokenEndpoint(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    url: String,
    api_key: Sensitive,
    origins: Vec<String>,
}

impl TokenEndpoint {
    /// An endpoint for pages of these origins.
    pub fn new(
        pairlink_url: &Url,
        connection: &str,
        api_key: Sensitive,
        origins: Vec<String>,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let base = pairlink_url.as_str().trim_end_matches('/');
        Ok(Self(Arc::new(Inner {
            http,
            url: format!("{base}/v1/connections/{connection}/embed-tokens"),
            api_key,
            origins,
        })))
    }

    async fn create(&self, origin: &str) -> Result<EmbedToken, reqwest::Error> {
        self.0
            .http
            .post(&self.0.url)
            .bearer_auth(self.0.api_key.expose())
            .json(&CreateEmbedToken {
                actions: vec![Action::Read, Action::Issue, Action::Revoke],
                origins: vec![origin.to_owned()],
                ttl_seconds: None,
            })
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }
}

/// `POST /api/pairlink-token`: an embed token for the page that asks.
///
/// A real host first checks who is signed in and looks up which connection is theirs, as in any other endpoint. The
/// demo has one visitor and one connection.
pub(crate) async fn mint(
    State(endpoint): State<TokenEndpoint>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let origin = own_origin(&headers, &endpoint.0.origins).ok_or(StatusCode::FORBIDDEN)?;
    let token = endpoint.create(origin).await.map_err(|error| {
        // The page learns that it failed; why is for the log.
        tracing::warn!(%error, "no embed token from Pairlink");
        StatusCode::BAD_GATEWAY
    })?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(token)))
}

/// The origin of the page that asks, if it is one of our own.
///
/// # Security
///
/// Cookies come along when another site posts here; these two headers tell it apart, and scripts cannot set them.
/// Browsers send `Origin` with every POST, and `Sec-Fetch-Site` if they are newer than 2023.
fn own_origin<'a>(headers: &HeaderMap, origins: &'a [String]) -> Option<&'a str> {
    let same_site = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).filter(|_origin| same_site)?;
    origins.iter().map(String::as_str).find(|own| origin == own)
}
