//! Nothing of what providers gave us to keep is anywhere but in their hands: not in the database, its log or a backup,
//! not in what is logged at the finest level, not in any answer, not in the metrics. The search is tested by leaks that
//! are planted.

use std::collections::BTreeSet;

use pairlink_proxy::domain::Actor;
use pairlink_simulator::{Fault, FaultKind, enablex, green_api, wawp, wazzup};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::World;
use crate::harness::answer::{Answer, send};
use crate::harness::leaks::{found, log_since, recorder};
use crate::harness::world::{ORIGIN, random};

/// The calls that can fail, each a place where a secret could get into words.
const CALLS: &[&str] = &[
    wawp::MINT,
    wawp::READ,
    wawp::INFO,
    wawp::QR,
    wawp::REQUEST_CODE,
    green_api::QR,
    green_api::AUTHORIZATION_CODE,
    green_api::STATE,
    enablex::TOKEN,
    wazzup::MACHINE_TOKEN,
    wazzup::EXCHANGE,
    wazzup::REFRESH,
];

/// A world with an account at every provider, and everything that its proxy said.
struct House {
    world: World,
    /// What nobody may see: what the proxy was given, and what providers gave it for itself.
    kept: Vec<(String, String)>,
    /// What only those may see who asked for it.
    given: BTreeSet<(String, String)>,
    connections: Vec<(String, Vec<Value>)>,
    /// Answers to requests for what is given out, and all other answers.
    asked_for: Vec<u8>,
    answers: Vec<u8>,
}

impl House {
    async fn open() -> Self {
        recorder();
        let world = World::start().await;
        let (green, app_key, password) = (random(40), random(30), random(24));
        let app_id = random(14);
        let simulator = &world.simulator;
        simulator
            .green_api()
            .add_instance("1101000077", &green)
            .unwrap();
        simulator.enablex().add_app(&app_id, &app_key).unwrap();
        let email = "canary-partner@wazzup.example";
        simulator
            .wazzup()
            .add_partner(email, &password, None)
            .unwrap();
        simulator.wazzup().add_account(email, "71030001").unwrap();
        let kept = [
            ("Wawp's access token", &world.access_token),
            ("Green-API's token", &green),
            ("EnableX's app key", &app_key),
            ("Wazzup's password", &password),
            ("the API key", &world.key),
            ("the master key", &world.master_key),
        ]
        .map(|(name, secret)| (name.to_owned(), secret.clone()));
        let phone = json!({ "method": "code", "phone_number": "+44 1134 960 000" });
        let (link, qr, token) = (
            json!({ "method": "link" }),
            json!({ "method": "qr" }),
            json!({ "method": "token" }),
        );
        let mut house = Self {
            connections: vec![(
                world.connection.clone(),
                vec![link, qr.clone(), phone.clone()],
            )],
            kept: kept.to_vec(),
            given: BTreeSet::new(),
            asked_for: Vec::new(),
            answers: Vec::new(),
            world,
        };
        for (provider, credentials, methods) in [
            (
                "green-api",
                json!({ "id_instance": "1101000077", "api_token_instance": green }),
                vec![qr, phone],
            ),
            (
                "enablex",
                json!({ "app_id": app_id, "app_key": app_key }),
                vec![token.clone()],
            ),
            (
                "wazzup",
                json!({
                    "email": email, "password": password, "account_id": "71030001",
                    "scope": "transport,crm",
                }),
                vec![token],
            ),
        ] {
            let asked = json!({
                "provider": provider, "label": provider, "credentials": credentials,
                "base_url": house.world.simulator.base_url(),
            });
            let request = house.world.backend(Method::POST, "/v1/connections");
            let added = house.hear(request.json(&asked)).await.json(201);
            let id = added["id"].as_str().unwrap().to_owned();
            house.connections.push((id, methods));
        }
        house
    }

    /// Sends a request whose answer may hold nothing.
    async fn hear(&mut self, request: RequestBuilder) -> Answer {
        let answer = send(request).await;
        write(&mut self.answers, &answer);
        self.look_at_ledger();
        answer
    }

    /// Sends a request for what its answer gives out.
    async fn hear_secret(&mut self, request: RequestBuilder) -> Answer {
        let answer = send(request).await;
        write(&mut self.asked_for, &answer);
        self.look_at_ledger();
        answer
    }

    /// Takes down what the providers gave out.
    fn look_at_ledger(&mut self) {
        for alive in self.world.simulator.ledger() {
            let name = format!("{} {}", alive.provider, alive.kind);
            let secret = if alive.kind == "link" {
                alive.secret.rsplit('/').next().unwrap().to_owned()
            } else {
                alive.secret
            };
            if matches!(alive.kind, "machine_token" | "refresh_token") {
                if !self.kept.iter().any(|(_name, known)| *known == secret) {
                    self.kept.push((name, secret));
                }
            } else {
                self.given.insert((name, secret));
            }
        }
    }

    fn of(&self, connection: &str, method: Method, rest: &str) -> RequestBuilder {
        let path = format!("/v1/connections/{connection}{rest}");
        self.world.backend(method, &path)
    }

    /// Everything that a connection can be asked, by a backend and by a page.
    async fn live(&mut self) {
        for (connection, methods) in self.connections.clone() {
            for method in &methods {
                // Providers forbid to ask again within a second.
                self.world
                    .simulator
                    .advance(std::time::Duration::from_secs(2));
                let request = self.of(&connection, Method::POST, "/pass").json(method);
                self.hear_secret(request).await;
                let request = self.of(&connection, Method::GET, "/pass");
                self.hear_secret(request).await;
                self.look_at_as_a_page(&connection).await;
            }
            for (method, rest) in [
                (Method::GET, ""),
                (Method::GET, "/health"),
                (Method::DELETE, "/pass"),
            ] {
                let request = self.of(&connection, method, rest);
                self.hear(request).await;
            }
            let request = self.of(&connection, Method::PATCH, "");
            self.hear(request.json(&json!({ "label": "Renamed" })))
                .await;
        }
        let request = self.world.backend(Method::GET, "/v1/connections");
        self.hear(request).await;
        for path in [
            "/openapi.json",
            "/healthz",
            "/readyz",
            "/nowhere",
            "/metrics",
        ] {
            let request = self.world.at(Method::GET, path);
            self.hear(request).await;
        }
    }

    /// A page that may not see API tokens sees none; what else is live it may show.
    async fn look_at_as_a_page(&mut self, connection: &str) {
        let asked = json!({ "actions": ["read", "issue", "revoke"], "origins": [ORIGIN] });
        let request = self.of(connection, Method::POST, "/embed-tokens");
        let given = self.hear_secret(request.json(&asked)).await.json(201);
        let token = given["token"].as_str().unwrap().to_owned();
        let request = self.world.page(Method::GET, "/v1/pass", &token);
        let view = self.hear_secret(request).await.json(200);
        assert_ne!(view["pass"]["method"], "token", "{connection}");
        self.given.insert(("an embed token".to_owned(), token));
    }

    /// Every call goes wrong in every way that puts words into somebody's mouth.
    async fn suffer(&mut self) {
        for kind in [
            FaultKind::Malformed,
            FaultKind::Html,
            FaultKind::Disconnect,
            FaultKind::Truncate,
        ] {
            for call in CALLS {
                let fault = Fault::before(kind.clone()).until_cleared();
                self.world.simulator.inject(call, fault).unwrap();
            }
            for (connection, methods) in self.connections.clone() {
                for method in &methods {
                    self.world
                        .simulator
                        .advance(std::time::Duration::from_secs(2));
                    let request = self.of(&connection, Method::POST, "/pass").json(method);
                    self.hear(request).await;
                }
                let request = self.of(&connection, Method::GET, "/health");
                self.hear(request).await;
            }
            self.world.simulator.clear_faults();
        }
    }

    /// Every place where nothing may be, with what is in it.
    async fn places(&self) -> Vec<(String, Vec<u8>)> {
        let backup = self.world.directory().join("backup");
        if !backup.exists() {
            std::fs::File::create(&backup).unwrap();
            let operator = Actor::operator();
            let copied = self.world.service.copy_into(&backup, &operator);
            copied.await.unwrap();
        }
        let mut places = vec![
            ("the log".to_owned(), log_since(self.world.log_begins)),
            ("an answer".to_owned(), self.answers.clone()),
            (
                "the metrics".to_owned(),
                self.world.metrics_text().await.into_bytes(),
            ),
        ];
        for entry in std::fs::read_dir(self.world.directory()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            places.push((name, std::fs::read(path).unwrap()));
        }
        places
    }
}

fn write(into: &mut Vec<u8>, answer: &Answer) {
    let told = format!("{:?}\n{}\n", answer.headers, answer.text);
    into.extend_from_slice(told.as_bytes());
}

fn named(secrets: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    secrets.into_iter().collect()
}

/// What of these stands where, in whatever form.
fn scan(secrets: &[(String, String)], places: &[(String, Vec<u8>)]) -> Vec<String> {
    let secrets: Vec<(&str, &str)> = secrets
        .iter()
        .map(|(name, secret)| (name.as_str(), secret.as_str()))
        .collect();
    let mut leaks = Vec::new();
    for (place, bytes) in places {
        for name in found(&secrets, bytes) {
            leaks.push(format!("{name} in {place}"));
        }
    }
    leaks
}

#[tokio::test]
async fn no_secret_of_any_provider_is_anywhere() {
    let mut house = House::open().await;
    house.live().await;
    house.suffer().await;
    house.live().await;
    let names: BTreeSet<&str> = house
        .kept
        .iter()
        .chain(&house.given)
        .map(|(name, _secret)| name.as_str())
        .collect();
    for name in [
        "wawp link",
        "wawp qr",
        "wawp code",
        "green_api qr",
        "green_api code",
        "enablex token",
        "wazzup machine_token",
        "wazzup access_token",
        "wazzup refresh_token",
    ] {
        assert!(
            names.contains(name),
            "{name} was never given out: {names:?}"
        );
    }
    let places = house.places().await;
    let everything = named(house.kept.iter().cloned().chain(house.given.clone()));
    for place in [
        "pairlink.db",
        "pairlink.db-wal",
        "backup",
        "the log",
        "an answer",
    ] {
        assert!(
            places
                .iter()
                .any(|(name, bytes)| name == place && !bytes.is_empty())
        );
    }
    assert_eq!(scan(&everything, &places), [""; 0]);
    // What is asked for is given, and nothing that is kept comes with it.
    let asked_for = [("what was asked for".to_owned(), house.asked_for.clone())];
    assert_eq!(scan(&house.kept, &asked_for), [""; 0]);
    let given = named(house.given.clone());
    assert!(
        !scan(&given, &asked_for).is_empty(),
        "the search finds what is there"
    );
}

#[tokio::test]
async fn what_is_planted_is_found_wherever_it_is() {
    let mut house = House::open().await;
    let planted = random(24);
    let hexadecimal = hex::encode(&planted);
    let backwards: String = planted.chars().rev().collect();
    tracing::debug!(leak = hexadecimal, "somebody logs what he should not");
    let request = house.of(&house.world.connection, Method::PATCH, "");
    house.hear(request.json(&json!({ "label": planted }))).await;
    metrics::counter!("planted_total", "leak" => backwards).increment(1);
    let secrets = [("the planted one".to_owned(), planted)];
    let leaks = scan(&secrets, &house.places().await);
    for place in [
        "the log",
        "an answer",
        "the metrics",
        "pairlink.db-wal",
        "backup",
    ] {
        let expected = format!("the planted one in {place}");
        assert!(
            leaks.contains(&expected),
            "{expected} is missing in {leaks:?}"
        );
    }
}
