//! A proxy and a provider behind it, of a test's own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pairlink_protocol::Timestamp;
use pairlink_proxy::clock::Clock;
use pairlink_proxy::domain::{Actor, Tenant, TenantScope};
use pairlink_proxy::http::{self, ConnectionLimits, LimitSettings, Limits, PassingLimits};
use pairlink_proxy::outbound::AddressPolicy;
use pairlink_proxy::provider::{Registry, Upstream, UpstreamLimits};
use pairlink_proxy::service::{NewApiKey, Pace, Parts, Service};
use pairlink_proxy::store::{DatabaseAddress, Store};
use pairlink_proxy::vault::{MasterKey, Vault};
use pairlink_proxy::webhook::{Courier, CourierLimits};
use pairlink_simulator::{Simulator, wawp};
use rand::distr::{Alphanumeric, SampleString as _};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::answer::{Answer, send};
use super::eventually;
use super::leaks;
use super::place::{Place, address};

/// The origin of the pages that the tests play.
pub(crate) const ORIGIN: &str = "https://app.example";

/// Where time stands when it stands still.
const NOON: i64 = 1_781_870_400;

/// How the parts are set.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) pace: Pace,
    pub(crate) limits: UpstreamLimits,
    pub(crate) courier: CourierLimits,
    pub(crate) addresses: AddressPolicy,
    pub(crate) public_url: Option<&'static str>,
    /// Changes how often callers may ask.
    pub(crate) callers: fn(&mut LimitSettings),
    pub(crate) connections: ConnectionLimits,
    /// Whether time stands still but for what a test advances it.
    pub(crate) still: bool,
}

impl Default for Setup {
    /// Quick where nobody looks, patient where a slow machine would make a difference.
    fn default() -> Self {
        let quick = Duration::from_millis(20);
        Self {
            pace: Pace {
                patience: Duration::from_secs(20),
                watch_live: quick,
                watch_idle: quick * 2,
                tick: quick,
                settle_again: quick,
                lease: Duration::from_secs(2),
                ..Pace::default()
            },
            limits: UpstreamLimits {
                deadline: Duration::from_secs(10),
                ..UpstreamLimits::default()
            },
            courier: CourierLimits::default(),
            addresses: AddressPolicy::AllowPrivate,
            public_url: None,
            callers: |_usual| {},
            connections: ConnectionLimits::default(),
            still: false,
        }
    }
}

impl Setup {
    /// Where a call to the provider is given up soon.
    pub(crate) fn hasty() -> Self {
        let mut setup = Self::default();
        setup.limits.deadline = Duration::from_millis(400);
        setup
    }

    /// What is counted of callers.
    pub(crate) fn limits(&self) -> Arc<Limits> {
        let mut settings = LimitSettings::default();
        (self.callers)(&mut settings);
        Limits::new(settings)
    }

    /// Where a caller is soon told to wait for an event.
    pub(crate) fn impatient() -> Self {
        let mut setup = Self::default();
        setup.pace.patience = Duration::from_millis(100);
        setup
    }
}

/// The simulated instant, so that one hand moves the time of both.
struct SharedClock(Arc<Simulator>);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let millis = self.0.now().unix_timestamp_nanos() / 1_000_000;
        Timestamp::from_unix_millis(i64::try_from(millis).unwrap())
    }
}

/// A proxy with one connection to one account of a simulated provider.
pub(crate) struct World {
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) service: Service,
    pub(crate) url: String,
    pub(crate) client: Client,
    /// An API key for every tenant.
    pub(crate) key: String,
    pub(crate) key_id: String,
    /// `con_…`.
    pub(crate) connection: String,
    pub(crate) instance_id: String,
    pub(crate) access_token: String,
    pub(crate) master_key: String,
    pub(crate) household: Household,
    /// The tokens of the links that were given out.
    pub(crate) links: Mutex<Vec<String>>,
    /// Where the log was when this began.
    pub(crate) log_begins: usize,
    directory: Place,
    serving: JoinHandle<()>,
}

/// An instance of Green-API, and the connection to it.
pub(crate) struct Green {
    /// `con_…`.
    pub(crate) connection: String,
    pub(crate) id_instance: String,
    pub(crate) token: String,
}

/// What every process on the world's database has in common.
#[derive(Clone)]
pub(crate) struct Household {
    simulator: Arc<Simulator>,
    database: String,
    master: MasterKey,
    public_url: String,
    /// Where signed heads of the audit are kept.
    pub(crate) heads: PathBuf,
    pub(crate) setup: Setup,
}

impl Household {
    /// The store alone, as another process sees it.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        let database = DatabaseAddress::parse(self.database.as_str()).unwrap();
        database.open(8).await.unwrap()
    }

    /// The rules of one more process; nothing runs yet.
    pub(crate) async fn open(&self) -> Service {
        let (setup, store) = (self.setup, self.store().await);
        let clock = SharedClock(Arc::clone(&self.simulator));
        let new = Vault::new_keys(&self.master, &mut rand::rng()).unwrap();
        let keys = store.data_keys_or(&new, clock.now()).await.unwrap();
        let upstream = Upstream::new(setup.addresses, setup.limits).unwrap();
        Service::new(Parts {
            store,
            vault: Vault::unlock(&self.master, &keys).unwrap(),
            registry: Registry::builtin(&upstream),
            addresses: setup.addresses,
            courier: Courier::new(setup.addresses, setup.courier).unwrap(),
            clock: Arc::new(clock),
            public_url: self.public_url.parse().unwrap(),
            pace: setup.pace,
            audit_head_file: Some(self.heads.clone()),
        })
    }
}

/// A client that neither follows redirects nor asks a proxy.
pub(crate) fn client() -> Client {
    // The second and later times it is there already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let redirects = reqwest::redirect::Policy::none();
    let client = Client::builder().no_proxy().redirect(redirects);
    client.build().unwrap()
}

/// So many random letters and digits.
pub(crate) fn random(length: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), length)
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    #[expect(clippy::large_types_passed_by_value, reason = "handed over once")]
    pub(crate) async fn start_with(setup: Setup) -> Self {
        let mut world = Self::start_bare(setup).await;
        world.connection = world.connect("default").await;
        world
    }

    /// Starts without a connection.
    #[expect(clippy::large_types_passed_by_value, reason = "handed over once")]
    pub(crate) async fn start_bare(setup: Setup) -> Self {
        leaks::capture_logs();
        let client = client();
        let clock = if setup.still {
            pairlink_simulator::Clock::manual(OffsetDateTime::from_unix_timestamp(NOON).unwrap())
        } else {
            pairlink_simulator::Clock::running()
        };
        let options = pairlink_simulator::Options {
            clock,
            ..pairlink_simulator::Options::default()
        };
        let simulator = Arc::new(Simulator::start_with(options).await.unwrap());
        let directory = Place::new();
        let master = MasterKey::random(&mut rand::rng());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let household = Household {
            simulator: Arc::clone(&simulator),
            database: address(directory.path()),
            master: master.clone(),
            heads: directory.path().join("heads"),
            public_url: setup.public_url.unwrap_or(&url).to_owned(),
            setup,
        };
        let service = household.open().await;
        service.start().await.unwrap();
        let limits = setup.limits();
        let passing = PassingLimits::default();
        let router = http::router_with(service.clone(), None, passing, Arc::clone(&limits));
        let (bounds, closing) = (setup.connections, service.closing());
        let server = http::serve(listener, router, bounds, limits, closing);
        let key = service
            .create_api_key(TenantScope::All, &Actor::operator())
            .await
            .unwrap();
        let world = Self {
            simulator,
            service,
            url,
            client,
            key: key.token.expose().to_owned(),
            key_id: key.key.id.as_str().to_owned(),
            connection: String::new(),
            instance_id: random(12),
            access_token: random(40),
            master_key: master.to_hex().expose().to_owned(),
            household,
            links: Mutex::default(),
            log_begins: leaks::log_length(),
            directory,
            serving: tokio::spawn(server),
        };
        world
            .simulator
            .wawp()
            .add_instance(&world.instance_id, &world.access_token)
            .unwrap();
        world
    }

    /// Adds a connection of that tenant to the world's account, and returns its name.
    pub(crate) async fn connect(&self, tenant: &str) -> String {
        let asked = json!({
            "provider": "wawp", "tenant": tenant, "label": "Acme support line",
            "base_url": self.simulator.base_url(), "credentials": self.credentials(),
        });
        let added = self
            .send(self.backend(Method::POST, "/v1/connections").json(&asked))
            .await
            .json(201);
        added["id"].as_str().unwrap().to_owned()
    }

    /// Starts with a connection to an instance of Green-API.
    #[expect(clippy::large_types_passed_by_value, reason = "handed over once")]
    pub(crate) async fn start_green(setup: Setup) -> (Self, Green) {
        let mut world = Self::start_bare(setup).await;
        let green = world.add_green("default").await;
        world.connection.clone_from(&green.connection);
        (world, green)
    }

    /// Adds a connection of that tenant to a new instance of Green-API.
    pub(crate) async fn add_green(&self, tenant: &str) -> Green {
        let id_instance = format!("1{:09}", rand::random_range(0..1_000_000_000));
        let token = random(50);
        let green_api = self.simulator.green_api();
        green_api.add_instance(&id_instance, &token).unwrap();
        let asked = json!({
            "provider": "green-api", "tenant": tenant, "base_url": self.simulator.base_url(),
            "credentials": { "id_instance": id_instance, "api_token_instance": token },
        });
        let request = self.backend(Method::POST, "/v1/connections");
        let added = self.send(request.json(&asked)).await.json(201);
        Green {
            connection: added["id"].as_str().unwrap().to_owned(),
            id_instance,
            token,
        }
    }

    pub(crate) fn credentials(&self) -> Value {
        json!({ "instance_id": self.instance_id, "access_token": self.access_token })
    }

    /// Makes an API key for one tenant.
    pub(crate) async fn key_of(&self, tenant: &str) -> NewApiKey {
        let scope = TenantScope::One(Tenant::parse(tenant).unwrap());
        self.service
            .create_api_key(scope, &Actor::operator())
            .await
            .unwrap()
    }

    /// Where its database is.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn at(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request of the host's backend.
    pub(crate) fn backend(&self, method: Method, path: &str) -> RequestBuilder {
        self.at(method, path).bearer_auth(&self.key)
    }

    /// A request of the host's backend about the connection.
    pub(crate) fn of_connection(&self, method: Method, rest: &str) -> RequestBuilder {
        self.backend(
            method,
            &format!("/v1/connections/{}{rest}", self.connection),
        )
    }

    /// A request of a page.
    pub(crate) fn page(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.at(method, path)
            .bearer_auth(token)
            .header("origin", ORIGIN)
    }

    /// Sends a request, and remembers the link in its answer.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = send(request).await;
        if let Some((_, rest)) = answer.text.split_once("/temp-qr/") {
            let token = rest.split('"').next().unwrap().to_owned();
            let mut links = self.links.lock().unwrap();
            if token.len() == 64 && !links.contains(&token) {
                links.push(token);
            }
        }
        answer
    }

    /// An embed token for pages of [`ORIGIN`].
    pub(crate) async fn embed_token(&self, actions: &[&str]) -> String {
        self.embed_token_for(actions, 900).await
    }

    pub(crate) async fn embed_token_for(&self, actions: &[&str], seconds: u32) -> String {
        let asked = json!({ "actions": actions, "origins": [ORIGIN], "ttl_seconds": seconds });
        let request = self.of_connection(Method::POST, "/embed-tokens");
        let given = self.send(request.json(&asked)).await.json(201);
        given["token"].as_str().unwrap().to_owned()
    }

    /// Asks for a link in the name of the backend.
    pub(crate) fn issue(&self) -> RequestBuilder {
        let request = self.of_connection(Method::POST, "/pass");
        request.json(&json!({ "method": "link" }))
    }

    /// Asks for a link with an idempotency key.
    pub(crate) fn issue_as(&self, key: &str) -> RequestBuilder {
        self.issue().header("idempotency-key", key)
    }

    /// Issues a link, and returns its address. Where nobody waits for long, on a busy machine, it may come later.
    pub(crate) async fn issued(&self) -> String {
        let issued = self.send(self.issue()).await;
        if issued.status == 202 {
            eventually("it is issued", async || !self.live().await.is_null()).await;
            return self.live().await["url"].as_str().unwrap().to_owned();
        }
        issued.json(201)["pass"]["url"].as_str().unwrap().to_owned()
    }

    /// The live pass as the backend reads it, or null.
    pub(crate) async fn live(&self) -> Value {
        let request = self.of_connection(Method::GET, "/pass");
        self.send(request).await.json(200)["pass"].take()
    }

    pub(crate) async fn revoke(&self) -> Value {
        let request = self.of_connection(Method::DELETE, "/pass");
        self.send(request).await.json(200)
    }

    /// How often the provider was called.
    pub(crate) fn calls(&self, call: &str) -> u64 {
        self.simulator.calls(call).unwrap()
    }

    /// How often the provider was called, whatever for.
    pub(crate) fn all_calls(&self) -> u64 {
        [wawp::READ, wawp::MINT, wawp::REVOKE, wawp::INFO]
            .iter()
            .map(|call| self.calls(call))
            .sum()
    }

    /// Ends the proxy as a signal would.
    pub(crate) async fn stop(self) -> (Arc<Simulator>, Place) {
        self.service.close();
        super::in_time("the server's end", self.serving)
            .await
            .unwrap();
        self.service.finish(super::PATIENCE).await;
        (self.simulator, self.directory)
    }
}
