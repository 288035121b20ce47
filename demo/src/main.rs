//! The command `pairlink-demo`: arguments, address, signals.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use pairlink_demo::{Channel, Settings, router};
use pairlink_protocol::Sensitive;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use url::Url;

/// A host of Pairlink in small: a console, a customer's page, and the endpoints that they need.
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
    /// A JSON file that says whose connection is whose: a list of `{workspace, name, connection, actions}`.
    #[arg(long, value_name = "FILE")]
    channels: PathBuf,
    /// The channel that the customer's page is for.
    #[arg(long, value_name = "NAME")]
    invitation: String,
    /// The address of the simulator, which plays the phones.
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
        channels: read_channels(&arguments.channels)?,
        invitation: arguments.invitation,
        api_key: Sensitive::new(api_key),
        pages: arguments.pages,
        origins: origins(address, &arguments.extra_origin),
    })?;

    // Before the line that says that it runs, so that no signal after that line is lost.
    let asked_to_end = asked_to_end().context("cannot listen for signals")?;
    writeln!(io::stdout(), "listening on http://{address}")?;
    axum::serve(listener, app)
        .with_graceful_shutdown(asked_to_end)
        .await
        .context("the server ended")
}

fn read_channels(file: &Path) -> anyhow::Result<Vec<Channel>> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    serde_json::from_str(&text).with_context(|| format!("{shown} is not a list of channels"))
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

/// Listens for SIGINT and SIGTERM from now on; what it returns resolves at the first of them.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interruptions = signal(SignalKind::interrupt())?;
    let mut terminations = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interruptions.recv() => {}
            _ = terminations.recv() => {}
        }
    })
}

/// Listens for Ctrl-C from now on; what it returns resolves at the first.
#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut interruptions = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interruptions.recv().await;
    })
}
