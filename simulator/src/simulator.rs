//! The handle that starts a simulator, steers it, and ends it when dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::clock::Clock;
use crate::control;
use crate::dialect::enablex::Enablex;
use crate::dialect::green_api::GreenApi;
use crate::dialect::wawp::Wawp;
use crate::dialect::wazzup::Wazzup;
use crate::dialect::{Dialect, Dialects, Guest};
use crate::fault::Fault;
use crate::front;
use crate::ledger::Alive;
use crate::page;
use crate::server;
use crate::stage::{InjectError, Stage, UnknownCall};

/// The providers, served on a socket by a task of the running Tokio runtime. Dropping it stops them.
#[derive(Debug)]
pub struct Simulator {
    base_url: String,
    stage: Stage,
    dialects: Dialects,
    serving: JoinHandle<()>,
    stop: DropGuard,
}

/// Where and when a simulator plays.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where browsers find it, for the links it gives out; the address it listens on if absent.
    pub public_url: Option<String>,
    /// What time it is.
    pub clock: Clock,
    /// Providers beside those of this crate.
    pub guests: Vec<Guest>,
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Links are made by putting a path behind it.
    #[error("the public URL is not http(s)://host[:port]")]
    PublicUrl,
}

impl Default for Options {
    /// A free port of the loopback interface, and the machine's clock.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            clock: Clock::running(),
            guests: Vec::new(),
        }
    }
}

impl Simulator {
    /// Starts on a free port of the loopback interface, with the machine's clock.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(Options::default()).await
    }

    /// Starts. When this returns, connections are accepted.
    pub async fn start_with(options: Options) -> Result<Self, StartError> {
        let Options {
            listen: address,
            public_url,
            clock,
            guests,
        } = options;
        let listening = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listening)?;
        let base_url = format!("http://{}", listener.local_addr().map_err(listening)?);
        let public_url = match public_url {
            Some(given) => checked(&given)?,
            None => base_url.clone(),
        };

        let shutdown = CancellationToken::new();
        let stage = Stage::new(clock.clone(), shutdown.clone(), &Dialects::scripts(&guests));
        let dialects = Dialects::new(&stage, &public_url, &guests);
        let router = router(&stage, &dialects);
        Ok(Self {
            base_url,
            stage,
            dialects,
            serving: tokio::spawn(server::serve(listener, router, clock, shutdown.clone())),
            stop: shutdown.drop_guard(),
        })
    }

    /// `http://` and the address it listens on, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The simulated instant.
    pub fn now(&self) -> OffsetDateTime {
        self.stage.clock().now()
    }

    /// Moves simulated time forward.
    pub fn advance(&self, by: Duration) {
        self.stage.clock().advance(by);
    }

    /// Plans a fault for the calls of a name. Faults strike in the order in which they were injected.
    pub fn inject(&self, call: &str, fault: Fault) -> Result<(), InjectError> {
        self.stage.inject(call, fault)
    }

    /// Forgets every planned fault. Calls that one keeps already stay kept.
    pub fn clear_faults(&self) {
        self.stage.clear_faults();
    }

    /// Waits until such a call is being held; see [`FaultKind::Hold`](crate::FaultKind::Hold).
    pub async fn held(&self, call: &str) -> Result<(), UnknownCall> {
        self.stage.held(call).await
    }

    /// Lets go every call that is held now, and says how many those were.
    pub fn release(&self) -> usize {
        self.stage.release()
    }

    /// How many calls of a name arrived, whatever became of them.
    pub fn calls(&self, call: &str) -> Result<u64, UnknownCall> {
        self.stage.calls(call)
    }

    /// Everything that the providers gave out and that works now.
    pub fn ledger(&self) -> Vec<Alive> {
        let dialects = self.dialects.all();
        dialects.into_iter().flat_map(Dialect::alive).collect()
    }

    /// The simulated `EnableX`.
    pub fn enablex(&self) -> &Enablex {
        &self.dialects.enablex
    }

    /// The simulated Green-API.
    pub fn green_api(&self) -> &GreenApi {
        &self.dialects.green_api
    }

    /// The simulated Wawp.
    pub fn wawp(&self) -> &Wawp {
        &self.dialects.wawp
    }

    /// The simulated Wazzup.
    pub fn wazzup(&self) -> &Wazzup {
        &self.dialects.wazzup
    }

    /// Stops, and returns when the port is free and every connection closed. It does not wait for calls that hang.
    pub async fn stop(self) {
        let Self { serving, stop, .. } = self;
        drop(stop);
        // It fails only if the serving task panicked, and then it has ended as well.
        drop(serving.await);
    }
}

fn router(stage: &Stage, dialects: &Dialects) -> Router {
    let common = page::router()
        .merge(front::router(dialects.clone()))
        .nest("/__control", control::router(stage, dialects));
    dialects.all().into_iter().fold(common, |router, dialect| {
        router.merge(dialect.router(stage))
    })
}

/// A public URL without the slash at its end.
fn checked(url: &str) -> Result<String, StartError> {
    let invalid = |_invalid| StartError::PublicUrl;
    let parsed: Uri = url.parse().map_err(invalid)?;
    let web = matches!(parsed.scheme_str(), Some("http" | "https"));
    if web && parsed.path_and_query().is_none_or(|rest| rest == "/") && !url.contains('#') {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        Err(StartError::PublicUrl)
    }
}
