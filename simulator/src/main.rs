//! `pairlink-simulator`: the simulator as a process.

use std::io::{self, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use pairlink_simulator::{Options, Simulator};
use tracing_subscriber::EnvFilter;

/// Plays the WhatsApp providers on your own machine.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8402")]
    listen: SocketAddr,
    /// Where browsers find the simulator, if not where it listens
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// What to log to stderr, as in `info` or `pairlink_simulator=debug`
    #[arg(
        long,
        env = "PAIRLINK_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    log: EnvFilter,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done where not even this can be said.
            drop(writeln!(io::stderr(), "error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(arguments.log)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    // Before the line that says that it runs, so that a signal right after that line is not lost.
    let told_to_stop = told_to_stop()?;
    let simulator = Simulator::start_with(Options {
        listen: arguments.listen,
        public_url: arguments.public_url,
        ..Options::default()
    })
    .await?;
    writeln!(io::stdout(), "listening on {}", simulator.base_url())?;
    told_to_stop.await;
    simulator.stop().await;
    Ok(())
}

/// Listens for SIGINT and SIGTERM from now on; what it returns ends with the first of them.
#[cfg(unix)]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut terminated = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Listens for Ctrl-C; what it returns ends with it.
#[cfg(windows)]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c().context("cannot listen for Ctrl-C")?;
    Ok(async move {
        interrupted.recv().await;
    })
}
