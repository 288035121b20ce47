//! Requests of hosts' backends, passed on to providers.

mod api_token;
mod headers;
mod kept;
mod paths;
pub(crate) mod station;
mod streaming;
mod tokens;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use self::station::Station;
use crate::harness::world::{Setup, random};
use crate::harness::{World, in_time};

/// A world whose one connection is to a station that plays the provider.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) station: Station,
    /// What the provider takes, by its names.
    credentials: Value,
}

impl Scene {
    /// At the provider whose requests carry a token.
    async fn open() -> Self {
        Self::open_at("enablex", Setup::default()).await
    }

    #[expect(clippy::large_types_passed_by_value, reason = "handed over once")]
    pub(crate) async fn open_at(provider: &str, setup: Setup) -> Self {
        let mut world = World::start_bare(setup).await;
        let station = Station::open(world.service.now()).await;
        let credentials = match provider {
            "enablex" => json!({ "app_id": "app-1", "app_key": random(40) }),
            "green-api" => json!({ "id_instance": "1101000001", "api_token_instance": random(40) }),
            "wawp" => world.credentials(),
            "wazzup" => json!({
                "email": "partner@example.com", "password": random(40), "account_id": "12345678",
                "scope": "transport",
            }),
            other => panic!("no account at {other}"),
        };
        let asked = json!({
            "provider": provider, "base_url": station.url, "credentials": credentials,
        });
        let request = world.backend(Method::POST, "/v1/connections");
        let added = world.send(request.json(&asked)).await.json(201);
        added["id"]
            .as_str()
            .unwrap()
            .clone_into(&mut world.connection);
        Self {
            world,
            station,
            credentials,
        }
    }

    /// A request that is passed on.
    fn pass(&self, method: Method, path: &str) -> RequestBuilder {
        self.world
            .of_connection(method, &format!("/upstream/{path}"))
    }

    /// A request as it is written, which clients would tidy up. Returns everything that is heard.
    async fn raw(&self, method: &str, path: &str, more: &str) -> String {
        self.raw_half(method, path, more, "").await
    }

    /// The same, with this much of a body.
    async fn raw_half(&self, method: &str, path: &str, more: &str, body: &str) -> String {
        let said = format!(
            "{method} /v1/connections/{}/upstream/{path} HTTP/1.1\r\nhost: x\r\n\
             authorization: Bearer {}\r\nconnection: close\r\n{more}\r\n{body}",
            self.world.connection, self.world.key
        );
        let address = self.world.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        in_time("the end", stream.read_to_end(&mut heard))
            .await
            .unwrap();
        String::from_utf8(heard).unwrap()
    }

    /// Neither a credential nor a token stands in the log.
    fn assert_log_is_clean(&self) {
        let tokens = self.station.tokens();
        let mut secrets: Vec<(&'static str, &str)> = tokens
            .iter()
            .map(|token| ("API token", token.as_str()))
            .collect();
        for name in ["app_key", "api_token_instance", "password", "access_token"] {
            if let Some(secret) = self.credentials[name].as_str() {
                secrets.push((name, secret));
            }
        }
        self.world.assert_log_is_clean(&secrets);
    }
}
