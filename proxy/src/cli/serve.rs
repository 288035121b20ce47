//! `pairlink serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use pairlink_proxy::config::Config;
use pairlink_proxy::http::{
    self, ConnectionLimits, LimitSettings, Limits, PassingLimits, TrustedProxies,
};
use pairlink_proxy::metrics::Recorder;
use pairlink_proxy::service::Service;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

use super::sole::Sole;
use super::{open, print, process};

/// How long running requests and changes may take when the process is told to end: the longest call to a provider,
/// and settling it.
const DRAIN: Duration = Duration::from_secs(40);

/// How often what was measured is summed up.
const SUM_UP: Duration = Duration::from_secs(5);

pub(crate) async fn run(config: Config, listen: Option<SocketAddr>) -> Result<()> {
    process::prepare(config.limit_connections);
    if config.trusted_proxies == TrustedProxies::default() && is_public(&config) {
        tracing::warn!(
            "no trusted_proxies: behind a reverse proxy all clients look like one, and limits per address do not apply"
        );
    }
    let listen = listen.unwrap_or(config.listen);
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "cannot listen on {listen}: choose another address with --listen or PAIRLINK_LISTEN"
        )
    })?;
    let address = listener.local_addr()?;
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => Url::parse(&format!("http://{address}"))?,
    };
    // Before anything is counted.
    let admin = match config.admin_listen {
        Some(address) => Some(Admin::bind(address).await?),
        None => None,
    };
    // As long as this process lives.
    let _sole = Sole::claim(&config)?;
    let service = open::service(&config, public_url).await?;
    service.keep_ballast().await;
    service.start().await?;
    let passing = PassingLimits {
        body_bytes: config.upstream_body_bytes,
    };
    let limits = Limits::new(config.limits());
    let widget = config.widget_dir.clone();
    let router = http::router_with(service.clone(), widget, passing, Arc::clone(&limits));

    // Before anybody is told that it listens, so that no signal after that is lost.
    let ended_by_operator = ended_by_operator()?;
    print::line(&format!("listening on http://{address}"))?;
    if let Some(admin) = admin {
        admin.serve(&service)?;
    }
    let closing = service.closing();
    let bounds = ConnectionLimits::default();
    let running = tokio::spawn(http::serve(listener, router, bounds, limits, closing));
    ended_by_operator.await;
    tracing::info!("ending: no new requests, running ones come to their end");
    // Closes event streams too, which would otherwise keep the server from ending.
    service.close();
    if tokio::time::timeout(DRAIN, running).await.is_err() {
        tracing::warn!("some requests did not come to their end");
    }
    service.finish(DRAIN).await;
    Ok(())
}

/// Whether browsers reach it through something else: TLS is not spoken here.
fn is_public(config: &Config) -> bool {
    let url = config.public_url.as_ref();
    url.is_some_and(|url| url.scheme() == "https")
}

/// Where operators' tools read metrics and health.
struct Admin {
    listener: TcpListener,
    recorder: Recorder,
}

impl Admin {
    async fn bind(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}: choose another PAIRLINK_ADMIN_LISTEN")
        })?;
        Ok(Self {
            listener,
            recorder: Recorder::install()?,
        })
    }

    /// Answers until the process ends.
    fn serve(self, service: &Service) -> Result<()> {
        tracing::info!(address = %self.listener.local_addr()?, "metrics and health for operators");
        print::line(&format!(
            "metrics on http://{}/metrics",
            self.listener.local_addr()?
        ))?;
        let router = http::admin_router(service.clone(), self.recorder.clone());
        let closing = service.closing();
        // Nobody is counted here: whoever reaches this address is an operator.
        let limits = Limits::new(LimitSettings::default());
        let bounds = ConnectionLimits::default();
        tokio::spawn(http::serve(
            self.listener,
            router,
            bounds,
            limits,
            closing.clone(),
        ));
        let recorder = self.recorder;
        tokio::spawn(closing.run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(SUM_UP).await;
                recorder.sum_up();
            }
        }));
        Ok(())
    }
}

/// Listens for the signals from now on; what it returns resolves at the first of them.
fn ended_by_operator() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
