//! Connections, and the embed tokens of the pages that are open for them.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

use super::replicas::{Installation, Replica};
use super::{Options, spread};
use crate::load::client::Request;
use crate::load::system::{client, tell, text};

/// The origin that the pages would have.
pub(super) const ORIGIN: &str = "http://127.0.0.1:1";
/// How many streams one embed token may have open.
const STREAMS_PER_TOKEN: usize = 5;
/// Makes names of instances that nobody has used.
static NEXT_INSTANCE: AtomicU64 = AtomicU64::new(1);
/// How many connections are made at once.
const AT_ONCE: usize = 16;

/// All of them.
pub(super) struct Pages {
    pub(super) connections: Vec<Connection>,
    pub(super) api_key: String,
}

/// A connection, and the tokens of the pages that are open for it.
pub(super) struct Connection {
    pub(super) id: String,
    pub(super) tokens: Vec<String>,
}

impl Pages {
    /// Makes an instance at the provider for each connection, and as many tokens as its pages need.
    pub(super) async fn prepare(
        options: &Options,
        installation: &Installation,
        replica: &Replica,
    ) -> Result<Self> {
        let per_connection = options.streams.div_ceil(options.connections.max(1));
        let tokens = per_connection.div_ceil(STREAMS_PER_TOKEN).max(1);
        let http = client()?;
        let making = (0..options.connections).map(|_connection| {
            let http = http.clone();
            let number = NEXT_INSTANCE.fetch_add(1, Ordering::Relaxed);
            async move {
                // As Wawp names them: twelve letters and digits.
                let instance = format!("SCAL{number:08}");
                let credentials =
                    json!({"instance_id": instance, "access_token": format!("scale-{number}-not-a-secret")});
                let control = format!("{}/__control/wawp/instances", installation.simulator_url);
                tell(http.post(control), &credentials).await?;
                let added = http
                    .post(format!("{}/v1/connections", replica.url))
                    .bearer_auth(&installation.api_key);
                let asked = json!({
                    "provider": "wawp", "base_url": installation.simulator_url, "credentials": credentials,
                });
                let id = text(&tell(added, &asked).await?, "id")?;
                let mut given = Vec::new();
                for _token in 0..tokens {
                    let path = format!("{}/v1/connections/{id}/embed-tokens", replica.url);
                    let asked = json!({
                        "actions": ["read", "issue", "revoke"], "origins": [ORIGIN], "ttl_seconds": 3600,
                    });
                    let made = http.post(path).bearer_auth(&installation.api_key);
                    given.push(text(&tell(made, &asked).await?, "token")?);
                }
                anyhow::Ok(Connection { id, tokens: given })
            }
        });
        let connections = stream::iter(making)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self {
            connections,
            api_key: installation.api_key.clone(),
        })
    }

    /// The token of a page, and which connection it is open for.
    pub(super) fn token_of(&self, page: usize) -> Option<(usize, &str)> {
        let at = page % self.connections.len().max(1);
        let connection = self.connections.get(at)?;
        let turn = page / self.connections.len() / STREAMS_PER_TOKEN;
        Some((at, connection.tokens.get(turn)?))
    }

    /// For each connection a request of a page, spread over the replicas.
    pub(super) fn requests(
        &self,
        replicas: &[Replica],
        most: usize,
        issue: bool,
    ) -> Result<Vec<Request>> {
        self.connections
            .iter()
            .take(most)
            .enumerate()
            .map(|(number, connection)| {
                let replica = spread(replicas, number)?;
                let token = connection.tokens.first().map_or("", String::as_str);
                let bearer = format!("Bearer {token}");
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("origin", ORIGIN),
                    ("content-type", "application/json"),
                ];
                Ok(if issue {
                    let body = json!({"method": "link"}).to_string();
                    Request::post(&replica.url, "/v1/pass", &headers, body).with_key()
                } else {
                    Request::get(&replica.url, "/v1/pass", &headers)
                })
            })
            .collect()
    }
}
