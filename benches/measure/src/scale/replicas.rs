//! Proxies on one database, started, ended and killed.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, anyhow, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::{Database, Options, in_time};
use crate::load::system::client;

/// The settings that hold one machine back which plays ten thousand.
const LIMITS: [&str; 10] = [
    "PAIRLINK_LIMIT_CONNECTIONS",
    "PAIRLINK_LIMIT_CONNECTIONS_PER_ADDRESS",
    "PAIRLINK_LIMIT_REQUESTS_PER_ADDRESS",
    "PAIRLINK_LIMIT_REQUESTS_PER_EMBED_TOKEN",
    "PAIRLINK_LIMIT_REQUESTS_PER_API_KEY",
    "PAIRLINK_LIMIT_REQUESTS_PER_TENANT",
    "PAIRLINK_LIMIT_STREAMS",
    "PAIRLINK_LIMIT_STREAMS_PER_CONNECTION",
    "PAIRLINK_LIMIT_STREAMS_PER_TENANT",
    "PAIRLINK_LIMIT_STREAMS_PER_ADDRESS",
];
/// A number that nobody reaches.
const WIDE: u32 = 1_000_000;

/// A database and a key.
pub(super) struct Installation {
    pub(super) database: Database,
    pub(super) address: String,
    pub(super) simulator_url: String,
    /// An API key for all tenants.
    pub(super) api_key: String,
    program: PathBuf,
    state: tempfile::TempDir,
}

/// A running proxy.
pub(super) struct Replica {
    pub(super) url: String,
    child: Child,
}

impl Installation {
    /// Makes the store, and an API key in it.
    pub(super) fn prepare(options: &Options, database: Database) -> Result<Self> {
        let state = tempfile::tempdir()?;
        let address = match database {
            Database::Sqlite => format!("sqlite://{}", state.path().join("pairlink.db").display()),
            Database::Postgres => options.postgres_url.clone().context("no PostgreSQL")?,
        };
        let mut installation = Self {
            database,
            address,
            simulator_url: options.simulator_url.clone(),
            api_key: String::new(),
            program: options.program.clone(),
            state,
        };
        if database == Database::Postgres {
            let key = installation.state.path().join("master.key");
            installation.say(&["key", "create", &key.to_string_lossy()])?;
        }
        installation.api_key = installation.say(&["api-key", "create", "--all-tenants"])?;
        Ok(installation)
    }

    pub(super) const fn has_many_replicas(&self) -> bool {
        match self.database {
            Database::Sqlite => false,
            Database::Postgres => true,
        }
    }

    /// Runs a command to its end, and returns what it says.
    fn say(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command().as_std_mut().args(arguments).output()?;
        if !output.status.success() {
            bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .env("PAIRLINK_DATABASE_URL", &self.address)
            .env(
                "PAIRLINK_MASTER_KEY_FILE",
                self.state.path().join("master.key"),
            )
            .env("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true")
            .env("PAIRLINK_LOG", "warn");
        for limit in LIMITS {
            command.env(limit, WIDE.to_string());
        }
        command
    }

    /// Starts one more replica.
    pub(super) async fn start(&self) -> Result<Replica> {
        let mut child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let said = in_time("the proxy's start", lines.next_line()).await??;
        let url = said
            .as_deref()
            .and_then(|line| line.strip_prefix("listening on "))
            .ok_or_else(|| anyhow!("the proxy does not start"))?
            .to_owned();
        Ok(Replica { url, child })
    }

    /// Leaves nothing behind.
    pub(super) fn remove(self) -> Result<()> {
        self.state.close()?;
        Ok(())
    }
}

impl Replica {
    /// `host:port`.
    pub(super) fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// How many bytes of memory it has.
    pub(super) fn memory(&self) -> Result<u64> {
        let id = self.child.id().context("it has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS")?;
        Ok(kibibytes.parse::<u64>()? * 1024)
    }

    /// Waits until it says that it is ready.
    pub(super) async fn until_ready(&self) -> Result<()> {
        let client = client()?;
        let ready = async {
            loop {
                let asked = client.get(format!("{}/readyz", self.url)).send().await;
                if asked.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        in_time("readiness", ready).await
    }

    /// Asks it to end, and waits until it has.
    pub(super) async fn end(mut self) -> Result<()> {
        let id = self.child.id().context("it has ended")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        in_time("the proxy's end", self.child.wait()).await??;
        Ok(())
    }

    /// Ends it as the power does.
    pub(super) async fn kill(mut self) -> Result<()> {
        in_time("the proxy's end", self.child.kill()).await??;
        Ok(())
    }
}
