//! The simulator's control plane, as a test holds it.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::accounts::WAWP_INSTANCE;
use crate::eventually;

/// What a test tells and asks the simulated provider.
pub struct Simulator {
    http: Client,
    address: String,
}

/// A fault of the provider's temporary links.
#[derive(Clone, Copy)]
pub struct Fault {
    /// The call that fails, such as `wawp.temp_link.mint`.
    pub call: &'static str,
    /// What goes wrong, such as `status`.
    pub kind: &'static str,
    /// With `status`: which.
    pub status: Option<u16>,
    /// With `status`: the seconds that the provider asks to wait.
    pub retry_after: Option<u32>,
    /// How often; 0 is until the faults are cleared.
    pub times: u32,
}

impl Simulator {
    /// The simulator at this address.
    pub(crate) fn new(http: Client, address: String) -> Self {
        Self { http, address }
    }

    /// Tells it something of a provider's own: another account, another state of one.
    pub async fn steer(&self, path: &str, body: &Value) {
        self.tell(Method::POST, path, Some(body.clone())).await;
    }

    /// The links of the test's account that work at this moment.
    pub async fn live_links(&self) -> Vec<String> {
        let ledger = self.tell(Method::GET, "ledger", None).await;
        ledger
            .get("wawp")
            .and_then(Value::as_array)
            .expect("the ledger has a page for wawp")
            .iter()
            .filter(|entry| entry.get("instance_id") == Some(&json!(WAWP_INSTANCE)))
            .map(|entry| {
                let link = entry.get("link").and_then(Value::as_str);
                link.expect("an entry has a link").to_owned()
            })
            .collect()
    }

    /// The tokens by which the proxy renews what it gives out, and which never leave it.
    pub async fn inner_tokens(&self) -> Vec<(&'static str, String)> {
        let ledger = self.tell(Method::GET, "ledger", None).await;
        let entries = ledger.get("wazzup").and_then(Value::as_array);
        let entries = entries.expect("the ledger has a page for wazzup");
        let mut tokens = Vec::new();
        for (field, name) in [
            ("machine_token", "Wazzup's machine token"),
            ("refresh_token", "Wazzup's refresh token"),
        ] {
            let found = entries
                .iter()
                .filter_map(|entry| entry.get(field)?.as_str());
            tokens.extend(found.map(|token| (name, token.to_owned())));
        }
        tokens
    }

    /// The one link that works at this moment.
    pub async fn live_link(&self) -> String {
        let mut links = self.live_links().await;
        assert_eq!(links.len(), 1, "links alive at the provider");
        links.pop().unwrap()
    }

    /// Waits until no link works any more.
    pub async fn forgets_every_link(&self) {
        eventually("no live link at the provider", async || {
            match self.live_links().await.len() {
                0 => Ok(()),
                count => Err(format!("{count} live links")),
            }
        })
        .await;
    }

    /// Makes calls fail before they have an effect.
    pub async fn fail(&self, fault: Fault) {
        let mut body = json!({
            "call": fault.call,
            "when": "before",
            "kind": fault.kind,
            "times": fault.times,
        });
        let keys = body.as_object_mut().unwrap();
        if let Some(status) = fault.status {
            keys.insert("status".to_owned(), json!(status));
        }
        if let Some(seconds) = fault.retry_after {
            keys.insert("retry_after".to_owned(), json!(seconds));
        }
        self.tell(Method::POST, "faults", Some(body)).await;
    }

    /// Makes the next call take so long, before it has an effect.
    pub async fn delay(&self, call: &str, by: Duration) {
        let milliseconds = u64::try_from(by.as_millis()).unwrap();
        let body =
            json!({"call": call, "when": "before", "kind": "delay", "delay_ms": milliseconds});
        self.tell(Method::POST, "faults", Some(body)).await;
    }

    /// Makes the next call wait, once its effect stands, until it is let go.
    pub async fn hold_after(&self, call: &str) {
        let body = json!({"call": call, "when": "after", "kind": "hold"});
        self.tell(Method::POST, "faults", Some(body)).await;
    }

    /// Waits until such a call is being held.
    pub async fn holds(&self, call: &str) {
        self.tell(Method::GET, &format!("held?call={call}"), None)
            .await;
    }

    /// Lets all calls go that are being held.
    pub async fn let_go(&self) {
        self.tell(Method::POST, "release", None).await;
    }

    /// The provider is well again.
    pub async fn recover(&self) {
        self.tell(Method::DELETE, "faults", None).await;
    }

    async fn tell(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/__control/{path}", self.address);
        let request = self.http.request(method, &url);
        let request = body.iter().fold(request, RequestBuilder::json);
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{url}: {status} {text}");
        if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        }
    }
}
