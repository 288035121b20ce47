//! Every credential is kept within its lifetime, by Pairlink where that can, by a person who is told where it cannot.

mod account;
mod at_rest;
mod attention;
mod chain;
mod herd;
mod processes;
mod tokens;

use std::time::Duration;

use pairlink_proxy::domain::{Connection, ConnectionId};
use pairlink_proxy::service::{ApiToken, Freshness, Service, ServiceError};
use pairlink_simulator::{enablex, wazzup};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::books::Books;
use crate::harness::{Setup, World};

/// A world in which time stands still, and a connection to the demo account of a provider of tokens.
struct Scene {
    world: World,
    connection: Connection,
}

impl Scene {
    async fn at(provider: &str) -> Self {
        let world = World::start_bare(still()).await;
        let connection = world.connect_to(provider, &account_at(provider)).await;
        Self { world, connection }
    }

    fn service(&self) -> &Service {
        &self.world.service
    }

    async fn token(&self) -> Result<ApiToken, ServiceError> {
        let service = self.service();
        service.api_token(&self.connection, Freshness::Valid).await
    }

    async fn newer_than(&self, token: &ApiToken) -> Result<ApiToken, ServiceError> {
        let wanted = Freshness::NewerThan(token.serial);
        self.service().api_token(&self.connection, wanted).await
    }

    async fn health(&self) -> Value {
        let path = format!("/v1/connections/{}/health", self.connection.id);
        let answer = self.world.send(self.world.backend(Method::GET, &path));
        answer.await.json(200)
    }

    /// What health says of one kind.
    async fn health_of(&self, kind: &str) -> Value {
        let mut health = self.health().await;
        let all = health["credentials"].as_array_mut().unwrap();
        all.iter_mut()
            .find(|one| one["kind"] == kind)
            .unwrap()
            .take()
    }

    /// Whether something of the API token is still to come: its end, or its next renewal.
    async fn to_come(&self, what: &str) -> bool {
        let now = self.service().now().to_string();
        let at = self.health_of("api_token").await[what].take();
        at.as_str().is_some_and(|at| at > now.as_str())
    }

    async fn reason(&self) -> Value {
        self.health().await["attention"]["reason"].take()
    }

    async fn rotate(&self, credentials: &Value) {
        let path = format!("/v1/connections/{}", self.connection.id);
        let request = self.world.backend(Method::PATCH, &path);
        let request = request.json(&json!({ "credentials": credentials }));
        self.world.send(request).await.json(200);
    }

    /// The kinds of the notices so far, with what says more.
    async fn notices(&self) -> Vec<String> {
        let mut books = Books::open(self.world.directory()).await;
        books
            .column("SELECT kind || COALESCE(' ' || detail, '') FROM notices ORDER BY sequence")
            .await
    }

    fn advance(&self, by: Duration) {
        self.world.simulator.advance(by);
    }

    /// Whether the provider knows the token.
    fn works(&self, token: &ApiToken) -> bool {
        let ledger = self.world.simulator.ledger();
        ledger
            .iter()
            .any(|alive| alive.secret == token.token.expose())
    }

    /// What the provider gave out of a kind.
    fn given_out(&self, kind: &str) -> Vec<String> {
        let ledger = self.world.simulator.ledger().into_iter();
        let of_kind = ledger.filter(|alive| alive.kind == kind);
        of_kind.map(|alive| alive.secret).collect()
    }
}

impl World {
    async fn connect_to(&self, provider: &str, credentials: &Value) -> Connection {
        let asked = json!({
            "provider": provider, "base_url": self.simulator.base_url(), "credentials": credentials,
        });
        let request = self.backend(Method::POST, "/v1/connections");
        let added = self.send(request.json(&asked)).await.json(201);
        let id = ConnectionId::from_text(added["id"].as_str().unwrap());
        self.service.connection_named(&id).await.unwrap()
    }
}

fn still() -> Setup {
    Setup {
        still: true,
        ..Setup::default()
    }
}

fn account_at(provider: &str) -> Value {
    match provider {
        "enablex" => json!({
            "app_id": enablex::DEMO_APP_ID, "app_key": enablex::DEMO_APP_KEY,
        }),
        "wazzup" => json!({
            "email": wazzup::DEMO_EMAIL, "password": wazzup::DEMO_PASSWORD,
            "account_id": wazzup::DEMO_ACCOUNT_ID, "scope": "transport,crm",
            "client_id": wazzup::DEMO_CLIENT_ID,
        }),
        other => panic!("no account at {other}"),
    }
}

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
