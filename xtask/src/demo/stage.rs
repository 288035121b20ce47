//! What a demo and a measurement have in common: simulator and proxy with a store of their own, made anew each time.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::children::{self, Children};
use super::ports::Ports;
use crate::workspace::Workspace;
use crate::{chaos, process, say};

/// What of the proxy's limits a program meets that measures or tries it from one place.
const LIMITS: [&str; 6] = [
    "PAIRLINK_LIMIT_REQUESTS_PER_EMBED_TOKEN",
    "PAIRLINK_LIMIT_REQUESTS_PER_API_KEY",
    "PAIRLINK_LIMIT_REQUESTS_PER_TENANT",
    "PAIRLINK_LIMIT_STREAMS",
    "PAIRLINK_LIMIT_STREAMS_PER_EMBED_TOKEN",
    "PAIRLINK_LIMIT_STREAMS_PER_CONNECTION",
];

/// A place for servers, and those that run. Dropping it ends them.
pub(crate) struct Stage {
    // First, so that they have ended before the lock is let go.
    pub(crate) children: Children,
    pub(crate) ports: Ports,
    /// Store, key and logs.
    pub(crate) state: PathBuf,
    programs: PathBuf,
    widget: PathBuf,
    _lock: File,
}

impl Stage {
    /// Makes the state directory empty. Its lock keeps a second run from doing that to this one.
    pub(crate) fn claim(workspace: &Workspace, name: &str, ports: Ports) -> Result<Self> {
        let state = workspace.target.join(name);
        fs::create_dir_all(&state).with_context(|| format!("creating {}", state.display()))?;
        let lock = File::create(state.with_extension("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another {name} runs from this checkout: end that one first")
            }
            Err(TryLockError::Error(error)) => return Err(error).context("locking"),
        }
        fs::remove_dir_all(&state).with_context(|| format!("emptying {}", state.display()))?;
        fs::create_dir(&state)?;
        Ok(Self {
            children: Children::new(state.clone()),
            ports,
            state,
            programs: PathBuf::new(),
            widget: PathBuf::new(),
            _lock: lock,
        })
    }

    /// Says where the built programs and the built widget are.
    pub(crate) fn furnish(&mut self, programs: PathBuf, widget: PathBuf) {
        self.programs = programs;
        self.widget = widget;
    }

    /// Starts the simulated provider.
    pub(crate) fn start_simulator(&mut self) -> Result<()> {
        let mut simulator = self.program("pairlink-simulator");
        simulator
            .arg("--listen")
            .arg(self.ports.simulator.authority());
        self.children.start(&self.ports.simulator, simulator)
    }

    /// Makes an API key for all tenants; the store comes into being with it.
    pub(crate) fn create_api_key(&self) -> Result<String> {
        let key = process::output(self.pairlink().args(["api-key", "create", "--all-tenants"]))?;
        Ok(key.trim().to_owned())
    }

    /// Starts the proxy for a program that asks more often than anybody would.
    pub(crate) fn start_proxy_without_limits(&mut self) -> Result<()> {
        let mut proxy = self.pairlink();
        for limit in LIMITS {
            proxy.env(limit, u32::MAX.to_string());
        }
        proxy.arg("serve");
        self.children.start(&self.ports.proxy, proxy)
    }

    /// Starts the proxy.
    pub(crate) fn start_proxy(&mut self) -> Result<()> {
        let mut proxy = self.pairlink();
        proxy.arg("serve");
        self.children.start(&self.ports.proxy, proxy)
    }

    /// A program of ours, with no setting left over from the caller's environment.
    pub(crate) fn program(&self, name: &str) -> Command {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let mut command = children::bound_to_us(&self.programs.join(name));
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("PAIRLINK_") {
                command.env_remove(&variable);
            }
        }
        command.current_dir(&self.state);
        command
    }

    /// The proxy's program with all its settings; the caller adds what it shall do.
    pub(crate) fn pairlink(&self) -> Command {
        let mut database = OsString::from("sqlite://");
        database.push(self.state.join("pairlink.db"));
        let mut command = self.program("pairlink");
        command
            .env("PAIRLINK_DATABASE_URL", database)
            .env("PAIRLINK_MASTER_KEY_FILE", self.state.join("master.key"))
            .env("PAIRLINK_LISTEN", self.ports.proxy.authority())
            .env("PAIRLINK_PUBLIC_URL", self.ports.proxy.url())
            .env("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true")
            .env("PAIRLINK_WIDGET_DIR", &self.widget);
        command
    }
}

/// Compiles the three servers and returns the directory they are in.
pub(crate) fn build_programs(workspace: &Workspace, release: bool) -> Result<PathBuf> {
    say("building the proxy, the simulator and the demo host");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--bins"]);
    for package in ["pairlink-proxy", "pairlink-simulator", "pairlink-demo"] {
        cargo.args(["--package", package]);
    }
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    let programs = workspace
        .target
        .join(if release { "release" } else { "debug" });
    if release {
        chaos::refuse_if_steerable(&programs.join("pairlink"))?;
    }
    Ok(programs)
}
