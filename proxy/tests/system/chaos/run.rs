//! The runs: requests and faults at random, and a look at the books in between.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pairlink_simulator::{Fault, FaultKind, HeaderValue, Simulator, StatusCode, wawp, wazzup};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Figures, Plan, Violation};
use crate::harness::program::{Program, Running};
use crate::harness::world::{client, random};

/// So many accounts at Wawp.
const ACCOUNTS: usize = 4;
/// So many requests at a time.
const AT_ONCE: usize = 6;
/// Everything is looked at after so many rounds.
const ROUNDS: u32 = 6;
/// A request that is answered later was lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// What would turn requests away.
const LIMITS: [&str; 3] = [
    "PAIRLINK_LIMIT_REQUESTS_PER_ADDRESS",
    "PAIRLINK_LIMIT_REQUESTS_PER_API_KEY",
    "PAIRLINK_LIMIT_REQUESTS_PER_TENANT",
];
/// Places at which the proxy dies.
const DEADLY: &[&str] = &[
    "mint.begin",
    "mint.intended",
    "mint.answered",
    "mint.recorded",
    "revoke.begin",
    "revoke.withdrawn",
    "revoke.confirmed",
    "renew.presented",
    "renew.sending",
    "renew.answered",
    "renew.recorded",
    "store.write",
];
/// Places at which it is told that the disk is full.
const FULL: &[&str] = &["store.write", "store.revoke"];

/// Everything that takes part.
pub(super) struct Theatre {
    pub(super) program: Program,
    pub(super) simulator: Simulator,
    pub(super) client: Client,
    pub(super) key: String,
    /// The names of the connections, and of their accounts.
    pub(super) connections: Vec<(String, String)>,
    pub(super) tokens: String,
    pub(super) running: Option<Running>,
    pub(super) figures: Figures,
    /// Whether the disk was full since the last look: a revocation may have counted until the process died.
    pub(super) was_full: bool,
    rng: StdRng,
}

/// Plays until enough went wrong, or something that must not.
#[expect(
    clippy::disallowed_methods,
    reason = "a run is measured by the real clock"
)]
pub(crate) async fn run(plan: Plan) -> Result<Figures, Violation> {
    let begun = Instant::now();
    let mut theatre = Theatre::open(plan).await;
    let over = |theatre: &Theatre| {
        theatre.figures.faults() >= plan.faults || begun.elapsed() >= plan.at_most
    };
    while !over(&theatre) {
        for _round in 0..ROUNDS {
            theatre.play().await;
        }
        theatre.look().await?;
        theatre.race().await?;
    }
    if let Some(running) = theatre.running.take() {
        running.kill().await;
    }
    theatre.figures.took = begun.elapsed();
    Ok(theatre.figures)
}

impl Theatre {
    pub(super) async fn open(plan: Plan) -> Self {
        let (mut program, simulator) = (Program::new(), Simulator::start().await.unwrap());
        program.settings = vec![("BROKEN", plan.broken.to_owned())];
        // Everything comes from one address by one key, as fast as it can.
        let wide = LIMITS.map(|limit| (limit, "1000000".to_owned()));
        program.settings.extend(wide);
        if let Ok(address) = std::env::var("CHAOS_DATABASE_URL") {
            program.settings.push(("PAIRLINK_DATABASE_URL", address));
            let key = program.make_master_key();
            program.settings.push(("PAIRLINK_MASTER_KEY_FILE", key));
        }
        let key = program.api_key().await;
        let mut theatre = Self {
            program,
            simulator,
            client: client(),
            key,
            connections: Vec::new(),
            tokens: String::new(),
            running: None,
            figures: Figures::default(),
            was_full: false,
            rng: StdRng::seed_from_u64(plan.seed),
        };
        theatre.start().await;
        for _ in 0..ACCOUNTS {
            let account = random(12);
            theatre
                .simulator
                .wawp()
                .add_instance(&account, "an-access-token-of-the-chaos")
                .unwrap();
            let credentials = json!({
                "instance_id": account, "access_token": "an-access-token-of-the-chaos",
            });
            let connection = theatre.connect("wawp", credentials).await;
            theatre.connections.push((connection, account));
        }
        let credentials = json!({
            "email": wazzup::DEMO_EMAIL, "password": wazzup::DEMO_PASSWORD,
            "account_id": wazzup::DEMO_ACCOUNT_ID, "scope": "transport,crm",
        });
        theatre.tokens = theatre.connect("wazzup", credentials).await;
        theatre
    }

    async fn connect(&mut self, provider: &str, credentials: Value) -> String {
        let asked = json!({
            "provider": provider, "credentials": credentials, "base_url": self.simulator.base_url(),
        });
        let request = self.request(Method::POST, "/v1/connections").json(&asked);
        let added: Value = request.send().await.unwrap().json().await.unwrap();
        added["id"].as_str().unwrap().to_owned()
    }

    /// Starts the proxy, with nothing in its way.
    pub(super) async fn start(&mut self) {
        self.program.steer("");
        if std::env::var_os("CHAOS_DATABASE_URL").is_none() {
            // Whoever held a lease is dead: nobody waits for its end.
            self.program.end_leases().await;
        }
        let settings = [("PAIRLINK_LOG", "warn")];
        self.running = Some(self.program.serve_with(&settings).await);
    }

    /// Kills it, if it lives.
    pub(super) async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill().await;
        }
    }

    fn is_dead(&mut self) -> bool {
        let running = self.running.as_mut();
        running.is_none_or(|running| running.child.try_wait().unwrap().is_some())
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.running.as_ref().map_or("", |running| &running.url);
        self.client
            .request(method, format!("{url}{path}"))
            .bearer_auth(&self.key)
            .timeout(PATIENCE)
    }

    /// A few requests at once, with something in the way of each.
    async fn play(&mut self) {
        let mut asked = Vec::new();
        for _ in 0..AT_ONCE {
            let (what, calls, request) = self.choose();
            self.disturb(calls);
            asked.push((what, tokio::spawn(request.send())));
        }
        if self.rng.random_ratio(1, 4) {
            let place = DEADLY.choose(&mut self.rng).unwrap();
            self.program.steer(&format!("{place}=abort"));
            self.figures.count(format!("dies at {place}"));
        } else if self.rng.random_ratio(1, 6) {
            let place = FULL.choose(&mut self.rng).unwrap();
            self.program.steer(&format!("{place}=error"));
            self.was_full = true;
            self.figures.count("a full disk");
        } else if self.rng.random_ratio(1, 12) {
            self.kill().await;
            self.figures.count("kill -9");
        }
        for (what, answered) in asked {
            let outcome = match answered.await.unwrap() {
                Ok(answer) => answer.status().to_string(),
                Err(_lost) => "lost".to_owned(),
            };
            *self
                .figures
                .answers
                .entry(format!("{what}: {outcome}"))
                .or_default() += 1;
        }
        self.program.steer("");
        if self.is_dead() {
            self.kill().await;
            self.quiet().await;
            self.start().await;
        }
    }

    /// Waits until the provider has done what the dead had asked of it: what it does later than that nobody can know,
    /// as SECURITY.md says.
    pub(super) async fn quiet(&self) {
        let arrived = || -> u64 {
            [wawp::MINT, wawp::READ, wawp::REVOKE, wawp::INFO]
                .map(|call| self.simulator.calls(call).unwrap())
                .iter()
                .sum()
        };
        let mut before = arrived();
        loop {
            // Longer than the longest delay.
            tokio::time::sleep(Duration::from_millis(150)).await;
            let now = arrived();
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// A request at random, and the calls that it leads to.
    fn choose(&mut self) -> (&'static str, &'static [&'static str], RequestBuilder) {
        let (connection, _account) = self.connections.choose(&mut self.rng).unwrap().clone();
        let path = format!("/v1/connections/{connection}/pass");
        let key = format!("key-{}", self.rng.random_range(0..100_000));
        match self.rng.random_range(0..10) {
            0..4 => (
                "issue",
                &[wawp::MINT, wawp::READ],
                self.request(Method::POST, &path)
                    .header("idempotency-key", key)
                    .json(&json!({ "method": "link" })),
            ),
            4..7 => (
                "revoke",
                &[wawp::REVOKE, wawp::READ],
                self.request(Method::DELETE, &path),
            ),
            7 => ("read", &[wawp::INFO], self.request(Method::GET, &path)),
            _renews => (
                "renew",
                &[wazzup::REFRESH, wazzup::EXCHANGE, wazzup::MACHINE_TOKEN],
                self.request(
                    Method::POST,
                    &format!("/v1/connections/{}/pass", self.tokens),
                )
                .json(&json!({ "method": "token" })),
            ),
        }
    }

    /// Something goes wrong with the next such call, perhaps.
    fn disturb(&mut self, calls: &[&'static str]) {
        if self.rng.random_ratio(1, 3) {
            return;
        }
        let call = calls.choose(&mut self.rng).unwrap();
        let status = |status, retry_after| FaultKind::Status {
            status,
            retry_after,
        };
        let kind = match self.rng.random_range(0..11) {
            0 => status(StatusCode::INTERNAL_SERVER_ERROR, None),
            1 => status(StatusCode::BAD_GATEWAY, None),
            2 => status(StatusCode::TOO_MANY_REQUESTS, Some(Duration::from_secs(1))),
            3 => FaultKind::Malformed,
            4 => FaultKind::Html,
            5 => FaultKind::Empty,
            6 => FaultKind::Truncate,
            7 => FaultKind::Json(json!({ "link": 5 })),
            8 => FaultKind::Redirect {
                status: StatusCode::FOUND,
                location: HeaderValue::from_static("http://127.0.0.1:9/"),
            },
            9 => FaultKind::Delay(Duration::from_millis(self.rng.random_range(1..80))),
            _last => FaultKind::Disconnect,
        };
        let name = format!("{kind:?}");
        let name: String = name
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        // Who says that it did nothing, and says so again when asked, is believed: see `issue.rs`.
        let refuses = name == "Status"
            && matches!(
                &kind,
                FaultKind::Status {
                    retry_after: Some(_),
                    ..
                }
            );
        let fault = if refuses || self.rng.random_bool(0.5) {
            Fault::before(kind)
        } else {
            Fault::after(kind)
        };
        // Whoever asks again meets it again, or does not.
        let fault = fault.times(if self.rng.random_bool(0.5) { 1 } else { 4 });
        self.figures.count(format!("the provider: {name}"));
        self.simulator.inject(call, fault).unwrap();
    }

    /// The links that are alive, by account.
    pub(super) fn alive(&self) -> BTreeMap<String, String> {
        let ledger = self.simulator.ledger().into_iter();
        ledger
            .filter(|alive| alive.kind == "link")
            .map(|alive| (alive.account, alive.secret))
            .collect()
    }
}
