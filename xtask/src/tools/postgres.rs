//! PostgreSQL of a run's own: Debian's programs, a cluster in a passing directory, reached through a socket in it. Nobody
//! else can reach it, and nothing of it stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::{apt, on_path};
use crate::{process, say};

const PROGRAMS: &str = "/usr/lib/postgresql";
const PACKAGE: &str = "postgresql";
/// Who owns the cluster, within it.
const OWNER: &str = "pairlink";
/// As whom the programs run for root, for whom they do not.
const USER: &str = "postgres";

const SETTINGS: [&str; 4] = [
    "listen_addresses=",
    "max_connections=500",
    "shared_buffers=64MB",
    "log_min_messages=warning",
];
/// What a data file costs is not what tests are about, and a power cut ends the cluster anyway.
const HASTY: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Whether what is committed is on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commits {
    /// As in an installation: what is measured is what operators get.
    Durable,
    /// For tests.
    Hasty,
}

/// A running server; it ends with this.
pub(crate) struct Cluster {
    server: Child,
    directory: TempDir,
}

impl Cluster {
    /// Makes a cluster and starts its server.
    pub(crate) fn start(commits: Commits) -> Result<Self> {
        let programs = provide()?;
        let directory = tempfile::Builder::new().prefix("pairlink-pg-").tempdir()?;
        let place = directory.path();
        if is_root()? {
            // Others go through it to the socket, but not into the data.
            process::output(process::command("chown").arg(USER).arg(place))?;
        }
        let data = place.join("data");
        process::output(
            as_somebody(&programs.join("initdb"))?
                .arg("--pgdata")
                .arg(&data)
                .args(["--username", OWNER, "--auth", "trust", "--no-sync"])
                .args(["--encoding", "UTF8", "--locale", "C.UTF-8"]),
        )?;
        let log = place.join("log");
        let mut command = as_somebody(&programs.join("postgres"))?;
        command.arg("-D").arg(&data);
        let hasty: &[&str] = match commits {
            Commits::Durable => &[],
            Commits::Hasty => &HASTY,
        };
        for setting in SETTINGS.iter().chain(hasty) {
            command.args(["-c", setting]);
        }
        command
            .arg("-c")
            .arg(format!("unix_socket_directories={}", place.display()))
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?);
        let mut cluster = Self {
            server: process::spawn(&mut command)?,
            directory,
        };
        cluster.wait_until_ready(&programs, &log)?;
        Ok(cluster)
    }

    /// Where it is, for those who speak to it.
    pub(crate) fn address(&self) -> String {
        let place = self.directory.path().display();
        format!("postgres://{OWNER}@localhost/postgres?host={place}")
    }

    fn wait_until_ready(&mut self, programs: &Path, log: &Path) -> Result<()> {
        loop {
            let mut asked = process::command(programs.join("pg_isready"));
            asked.arg("--host").arg(self.directory.path());
            if process::output(&mut asked).is_ok() {
                return Ok(());
            }
            if self.server.try_wait()?.is_some() {
                bail!(
                    "PostgreSQL does not start: {}",
                    fs::read_to_string(log).unwrap_or_default().trim()
                );
            }
            process::rest()?;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        process::end(&mut [&mut self.server]);
    }
}

/// The directory of the programs; the newest, if there are several. Installs the package if there are none.
fn provide() -> Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    apt::install(&[PACKAGE])?;
    installed().context("PostgreSQL is missing after its installation")
}

fn installed() -> Option<PathBuf> {
    if let Some(program) = on_path("initdb")
        && let Ok(program) = fs::canonicalize(program)
        && let Some(place) = program.parent()
        && place.join("postgres").is_file()
    {
        return Some(place.to_owned());
    }
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(PROGRAMS)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .is_file()
                .then_some((version, programs))
        })
        .collect();
    found.sort();
    found.pop().map(|(_version, programs)| programs)
}

fn is_root() -> Result<bool> {
    Ok(process::output(process::command("id").arg("-u"))?.trim() == "0")
}

/// A program of PostgreSQL, which refuses to run as root.
fn as_somebody(program: &Path) -> Result<Command> {
    if !is_root()? {
        return Ok(process::command(program));
    }
    let id = |what| process::output(process::command("id").args([what, USER]));
    let (user, group) = (id("-u")?, id("-g")?);
    let mut command = process::command("setpriv");
    command
        .arg(format!("--reuid={}", user.trim()))
        .arg(format!("--regid={}", group.trim()))
        .arg("--clear-groups")
        .arg(program);
    Ok(command)
}

/// Whether it can be had here; says why not.
pub(crate) fn or_say() -> Result<Option<Cluster>> {
    match Cluster::start(Commits::Hasty) {
        Ok(cluster) => Ok(Some(cluster)),
        Err(error) if error.is::<process::Interrupted>() || std::env::var_os("CI").is_some() => {
            Err(error)
        }
        Err(error) => {
            say(format!("the tests on PostgreSQL are left out: {error:#}"));
            Ok(None)
        }
    }
}
