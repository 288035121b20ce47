//! Commands and their arguments.

mod api_key;
mod audit;
mod backup;
mod connection;
mod credentials;
mod key;
mod memory;
mod observe;
mod open;
mod print;
mod process;
mod serve;
mod sole;
mod tenant;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use pairlink_proxy::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

pub(crate) use print::complain;

/// Connects WhatsApp accounts without any secret in a page.
///
/// Settings come from `--config` and from the environment (PAIRLINK_…), the environment winning.
#[derive(Parser)]
#[command(name = "pairlink", version, max_term_width = 100)]
pub(crate) struct Command {
    /// A TOML file with settings
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Runs the proxy
    Serve {
        /// Where to listen; wins over the settings
        #[arg(long, value_name = "HOST:PORT")]
        listen: Option<SocketAddr>,
    },
    /// Makes, lists and revokes the keys of hosts' backends
    #[command(subcommand)]
    ApiKey(api_key::Verb),
    /// Adds, lists and removes connections
    #[command(subcommand)]
    Connection(connection::Verb),
    /// Lists, replaces and imports what connections are called with
    #[command(subcommand)]
    Credentials(credentials::Verb),
    /// Suspends tenants, and resumes them
    #[command(subcommand)]
    Tenant(tenant::Verb),
    /// Verifies the audit
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Replaces the keys that the store is sealed by
    #[command(subcommand)]
    Key(key::Verb),
    /// Copies the store into a file, while the proxy runs. The master key is not in it
    Backup(backup::Backup),
    /// Puts a backup in the place of a store that is not there. It then only observes, until `observe end`
    Restore(backup::Restore),
    /// Says whether a restored store observes, and lets it act
    #[command(subcommand)]
    Observe(observe::Verb),
    /// Prints the API document
    Openapi,
}

pub(crate) fn run(command: Command) -> Result<()> {
    // Before any key is read.
    memory::keep_private()?;
    // Where something is not UTF-8 it is not a setting of ours.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config =
        Config::load(command.config.as_deref(), variables).context("the settings are refused")?;
    start_logging(&config)?;
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_installed| anyhow::anyhow!("TLS was set up twice"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command.verb {
            Verb::Serve { listen } => serve::run(config, listen).await,
            Verb::ApiKey(verb) => api_key::run(&config, verb).await,
            Verb::Connection(verb) => connection::run(&config, verb).await,
            Verb::Credentials(verb) => credentials::run(&config, verb).await,
            Verb::Tenant(verb) => tenant::run(&config, verb).await,
            Verb::Audit(verb) => audit::run(&config, verb).await,
            Verb::Key(verb) => key::run(&config, verb).await,
            Verb::Backup(options) => backup::back_up(&config, options).await,
            Verb::Restore(options) => backup::restore(&config, options).await,
            Verb::Observe(verb) => observe::run(&config, verb).await,
            Verb::Openapi => {
                print::line(&serde_json::to_string_pretty(
                    &pairlink_proxy::http::document(),
                )?)?;
                Ok(())
            }
        }
    })
}

/// Logs go to the standard error: what commands answer is alone on the standard output.
fn start_logging(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("setting log is refused")?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => logs
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    started.map_err(|_started| anyhow::anyhow!("logging was set up twice"))
}
