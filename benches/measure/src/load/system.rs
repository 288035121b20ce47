//! What the load is put on: many connections, each with an instance of its own at the simulated provider.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::Options;
use super::client::Request;

/// The origin that the pages of this measurement would have.
const ORIGIN: &str = "http://127.0.0.1:1";

/// A proxy and a simulator with everything made that the measurement needs.
pub(super) struct System {
    http: Client,
    pairlink_url: String,
    simulator_url: String,
    pages: Vec<Page>,
}

/// A page's view: a connection by its embed token, and the instance behind it.
struct Page {
    token: String,
    instance_id: String,
    access_token: String,
}

impl System {
    /// Makes connections, embed tokens, and one live pass each, so that there is something to read.
    pub(super) async fn prepare(options: &Options) -> Result<Self> {
        let mut system = Self {
            http: client()?,
            pairlink_url: options.pairlink_url.clone(),
            simulator_url: options.simulator_url.clone(),
            pages: Vec::new(),
        };
        for number in 0..options.callers {
            let page = system.make_page(number, &options.api_key).await?;
            system.pages.push(page);
        }
        for request in system.issues() {
            super::Client::connect(&request)
                .await?
                .send(&request)
                .await?;
        }
        Ok(system)
    }

    async fn make_page(&self, number: usize, api_key: &str) -> Result<Page> {
        let instance_id = format!("LOAD{number:08}");
        let access_token = format!("load-{number}-not-a-secret");
        let credentials = json!({"instance_id": instance_id, "access_token": access_token});
        let instances = format!("{}/__control/wawp/instances", self.simulator_url);
        tell(self.http.post(instances), &credentials).await?;
        let connection = tell(
            self.http
                .post(format!("{}/v1/connections", self.pairlink_url))
                .bearer_auth(api_key),
            &json!({"provider": "wawp", "base_url": self.simulator_url, "credentials": credentials}),
        )
        .await?;
        let id = text(&connection, "id")?;
        let token = tell(
            self.http
                .post(format!(
                    "{}/v1/connections/{id}/embed-tokens",
                    self.pairlink_url
                ))
                .bearer_auth(api_key),
            &json!({"actions": ["read", "issue"], "origins": [ORIGIN], "ttl_seconds": 3600}),
        )
        .await?;
        Ok(Page {
            token: text(&token, "token")?,
            instance_id,
            access_token,
        })
    }

    pub(super) fn reads(&self) -> Vec<Request> {
        self.for_each_page(|page| {
            let bearer = format!("Bearer {}", page.token);
            let headers = [("authorization", bearer.as_str()), ("origin", ORIGIN)];
            Request::get(&self.pairlink_url, "/v1/pass", &headers)
        })
    }

    pub(super) fn issues(&self) -> Vec<Request> {
        self.for_each_page(|page| {
            let bearer = format!("Bearer {}", page.token);
            let headers = [
                ("authorization", bearer.as_str()),
                ("origin", ORIGIN),
                ("content-type", "application/json"),
            ];
            let body = json!({"method": "link"}).to_string();
            Request::post(&self.pairlink_url, "/v1/pass", &headers, body).with_key()
        })
    }

    /// What the proxy asks of the provider, asked directly.
    pub(super) fn mints_at_the_provider(&self) -> Vec<Request> {
        self.for_each_page(|page| {
            let path = format!(
                "/v2/session/temp-link?instance_id={}&access_token={}",
                page.instance_id, page.access_token
            );
            Request::post(&self.simulator_url, &path, &[], String::new())
        })
    }

    /// How often the provider was called since it was started.
    pub(super) async fn provider_calls(&self) -> Result<f64> {
        let address = format!("{}/__control/calls", self.simulator_url);
        let answer = self.http.get(address).send().await?.error_for_status()?;
        let calls: Value = serde_json::from_slice(&answer.bytes().await?)?;
        let counts = calls.as_object().context("the simulator counts nothing")?;
        Ok(counts.values().filter_map(Value::as_f64).sum())
    }

    fn for_each_page(&self, request: impl Fn(&Page) -> Request) -> Vec<Request> {
        self.pages.iter().map(request).collect()
    }
}

/// A client for what is made before anything is measured.
pub(crate) fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().build()?)
}

/// Posts JSON and reads JSON; an error carries what was answered.
pub(crate) async fn tell(request: RequestBuilder, body: &Value) -> Result<Value> {
    let answer = request.json(body).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        bail!("answered {status}: {text}");
    }
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// A field that must be there.
pub(crate) fn text(answer: &Value, field: &str) -> Result<String> {
    let value = answer.get(field).and_then(Value::as_str);
    Ok(value
        .with_context(|| format!("an answer without {field}"))?
        .to_owned())
}
