//! Calls to the Pairlink proxy, with the API key. What the proxy answers goes to whoever asked for it, and no further.

use std::sync::Arc;
use std::time::Duration;

use pairlink_protocol::{Connection, CreateEmbedToken, EmbedToken, Sensitive};
use reqwest::{Method, RequestBuilder};
use url::Url;

/// A page waits for the answer before it can show anything.
const DEADLINE: Duration = Duration::from_secs(5);

/// The proxy, as a backend sees it.
#[derive(Clone)]
pub(crate) struct Pairlink(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base: String,
    api_key: Sensitive,
}

impl Pairlink {
    pub(crate) fn new(url: &Url, api_key: Sensitive) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self(Arc::new(Inner {
            http,
            base,
            api_key,
        })))
    }

    pub(crate) async fn create_embed_token(
        &self,
        connection: &str,
        wanted: &CreateEmbedToken,
    ) -> Result<EmbedToken, reqwest::Error> {
        let call = self.call(Method::POST, connection, "/embed-tokens");
        let answer = call.json(wanted).send().await?;
        answer.error_for_status()?.json().await
    }

    pub(crate) async fn connection(&self, id: &str) -> Result<Connection, reqwest::Error> {
        let answer = self.call(Method::GET, id, "").send().await?;
        answer.error_for_status()?.json().await
    }

    fn call(&self, method: Method, connection: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/v1/connections/{connection}{path}", self.0.base);
        let call = self.0.http.request(method, url);
        call.bearer_auth(self.0.api_key.expose())
    }
}
