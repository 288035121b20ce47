//! A real proxy, a provider behind it, and one connection.

use pairlink_simulator::{Simulator, wawp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::answer::send;
use super::books::Books;
use super::leaks::found;
use super::program::{Program, Running};
use super::world::client;
use super::{eventually, in_time};

pub(crate) struct Scene {
    pub(crate) program: Program,
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
    pub(crate) key: String,
    pub(crate) connection: String,
}

impl Scene {
    pub(crate) async fn set() -> Self {
        let client = client();
        let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
        let (key, connection) = (
            program.api_key().await,
            program.connection(&simulator).await,
        );
        Self {
            program,
            simulator,
            client,
            key,
            connection,
        }
    }

    pub(crate) fn pass(&self, running: &Running, method: Method) -> RequestBuilder {
        let path = format!("{}/v1/connections/{}/pass", running.url, self.connection);
        self.client.request(method, path).bearer_auth(&self.key)
    }

    pub(crate) fn issue(&self, running: &Running) -> RequestBuilder {
        let request = self.pass(running, Method::POST);
        let request = request.header("idempotency-key", "key-1");
        request.json(&json!({ "method": "link" }))
    }

    /// Sends a request and kills the proxy while the provider keeps the call.
    pub(crate) async fn kill_while_held(
        &self,
        running: Running,
        request: RequestBuilder,
        call: &str,
    ) {
        let asked = tokio::spawn(request.send());
        in_time(call, self.simulator.held(call)).await.unwrap();
        running.kill().await;
        assert!(asked.await.unwrap().is_err(), "nobody was answered");
    }

    /// Waits until what is live here is what is alive there.
    pub(crate) async fn agreement(&self, running: &Running, alive: usize) -> Value {
        let mut books = Books::open(self.program.directory()).await;
        eventually("agreement after the crash", async || {
            books.agree_with(&self.simulator).await
        })
        .await;
        let live = send(self.pass(running, Method::GET)).await.json(200)["pass"].take();
        let ledger = self.simulator.ledger();
        assert_eq!(ledger.len(), alive);
        match ledger.first() {
            Some(one) => assert!(live["url"] == one.secret.as_str(), "another link"),
            None => assert!(live.is_null()),
        }
        live
    }

    pub(crate) fn assert_log_is_clean(&self, link: &str) {
        let key = std::fs::read_to_string(self.program.directory().join("pairlink.key")).unwrap();
        let secrets = [
            ("access token", wawp::DEMO_ACCESS_TOKEN),
            ("API key", self.key.as_str()),
            ("master key", key.trim()),
            ("link", link.rsplit('/').next().unwrap()),
        ];
        let log = self.program.log();
        assert!(log.len() > 1000, "it logs at the finest level");
        assert_eq!(found(&secrets, &log), [""; 0]);
    }
}
