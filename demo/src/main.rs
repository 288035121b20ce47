//! The command `pairlink-demo`: arguments, address, signals.

use std::env;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use pairlink_demo::{Settings, router};
use pairlink_protocol::Sensitive;
use tokio::net::TcpListener;
use tokio::signal;
use tracing_subscriber::EnvFilter;
use url::Url;

/// A host of Pairlink in small: a dashboard, a customer's onboarding page, and the endpoint that they need.
///
/// The API key is read from the environment, `PAIRLINK_API_KEY`: arguments can be seen by every process.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8400")]
    listen: SocketAddr,
    /// The address of the Pairlink proxy.
    #[arg(long)]
    pairlink_url: Url,
    /// The connection that the pages show: `con_…`.
    #[arg(long)]
    connection: String,
    /// The address of the simulator, which plays the phone.
    #[arg(long)]
    simulator_url: Url,
    /// The folder of the pages.
    #[arg(long, default_value = "www/demo")]
    pages: PathBuf,
    /// Another origin whose pages may ask for tokens, such as that of a development server; may be repeated.
    #[arg(long)]
    extra_origin: Vec<Url>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(
            EnvFilter::builder()
                .with_default_directive(tracing::Level::INFO.into())
                .from_env_lossy(),
        )
        .init();
    // An error only says that another part of the process was first with the same provider.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();

    let arguments = Arguments::parse();
    let api_key = env::var("PAIRLINK_API_KEY").context(
        "PAIRLINK_API_KEY is not set: `pairlink api-key create --all-tenants` makes one",
    )?;
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr()?;
    let app = router(Settings {
        pairlink_url: arguments.pairlink_url,
        simulator_url: arguments.simulator_url,
        connection: arguments.connection,
        api_key: Sensitive::new(api_key),
        pages: arguments.pages,
        origins: origins(address, &arguments.extra_origin),
    })?;

    writeln!(io::stdout(), "listening on http://{address}")?;
    axum::serve(listener, app)
        .with_graceful_shutdown(asked_to_end())
        .await
        .context("the server ended")
}

/// The origins that the pages are opened from.
fn origins(address: SocketAddr, extra: &[Url]) -> Vec<String> {
    [
        format!("http://{address}"),
        format!("http://localhost:{}", address.port()),
    ]
    .into_iter()
    .chain(extra.iter().map(|url| url.origin().ascii_serialization()))
    .collect()
}

/// Resolves at the first SIGINT or SIGTERM.
async fn asked_to_end() {
    let interrupted = async { signal::ctrl_c().await.is_ok() };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminations) => terminations.recv().await.is_some(),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<bool>();
    tokio::select! {
        _ = interrupted => {}
        _ = terminated => {}
    }
}
