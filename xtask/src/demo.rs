//! `cargo xtask demo`: the whole system on this machine, with a simulated provider, until somebody ends it.

mod children;
mod ports;

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::{Args, value_parser};

use crate::process::Interrupted;
use crate::tools::Toolbox;
use crate::widget::{Build, build_widget};
use crate::workspace::Workspace;
use crate::{process, say};
use children::Children;
use ports::Ports;

/// Where `trunk serve` shows the widget alone; it may talk to the demo.
const TRUNK_ORIGIN: &str = "http://127.0.0.1:8410";
/// What the simulator knows from its start.
const CREDENTIALS: &str =
    r#"{"instance_id": "DEMO00000001", "access_token": "demo-access-token-not-a-secret"}"#;

/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub(crate) struct Options {
    /// The demo pages listen here, the proxy on the next port, the simulated provider on the one after.
    #[arg(long, default_value_t = 8400, value_parser = value_parser!(u16).range(1..=65533))]
    port: u16,
    /// Build optimised programs: slower to build, quicker to run.
    #[arg(long)]
    release: bool,
}

/// Builds, starts, prints the addresses, and stays until it is interrupted or a part of it ends.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let ports = Ports::starting_at(options.port);
    ports.check_free()?;
    let state = workspace.target.join("demo");
    let _lock = claim(&state)?;
    let widget = build_widget(workspace, &Toolbox::open()?, Build::Small)?;
    let programs = build_programs(workspace, options.release)?;
    let mut children = Children::new(state.clone());
    let demo = Demo {
        workspace,
        programs: &programs,
        widget: &widget,
        state: &state,
        ports: &ports,
    };
    let outcome = demo.start(&mut children).and_then(|()| {
        println!("{}", demo.addresses());
        children.wait_for_an_end()
    });
    match outcome {
        Err(error) if error.is::<Interrupted>() => {
            say("ending the demo");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(error),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// Compiles the three servers and returns the directory they are in.
pub(crate) fn build_programs(workspace: &Workspace, release: bool) -> Result<PathBuf> {
    say("building the proxy, the simulator and the demo host");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--bins"]);
    cargo.args([
        "--package",
        "pairlink-proxy",
        "--package",
        "pairlink-simulator",
        "--package",
        "pairlink-demo",
    ]);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    Ok(workspace
        .target
        .join(if release { "release" } else { "debug" }))
}

/// Makes the state directory empty. The lock keeps a second demo from doing that to this one.
fn claim(state: &Path) -> Result<File> {
    fs::create_dir_all(state)?;
    let lock = File::create(state.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            bail!("another demo runs from this checkout: end that one first")
        }
        Err(TryLockError::Error(error)) => return Err(error).context("locking the demo's state"),
    }
    fs::remove_dir_all(state).context("removing the former demo's state")?;
    fs::create_dir(state)?;
    Ok(lock)
}

/// What the demo is made of.
struct Demo<'a> {
    workspace: &'a Workspace,
    programs: &'a Path,
    widget: &'a Path,
    state: &'a Path,
    ports: &'a Ports,
}

impl Demo<'_> {
    fn start(&self, children: &mut Children) -> Result<()> {
        let ports = self.ports;
        let mut simulator = self.program("pairlink-simulator");
        simulator.arg("--listen").arg(ports.simulator.authority());
        children.start(&ports.simulator, simulator)?;

        // Once the key file is made, by the first of these, the others find it.
        let key = process::output(self.pairlink().args(["api-key", "create", "--all-tenants"]))?;
        let connection = process::output_with_input(
            self.pairlink()
                .args([
                    "connection",
                    "add",
                    "--provider",
                    "wawp",
                    "--label",
                    "Support desk",
                ])
                .arg("--base-url")
                .arg(ports.simulator.url())
                .args(["--credentials-file", "-"]),
            CREDENTIALS.as_bytes(),
        )?;

        let mut proxy = self.pairlink();
        proxy.arg("serve");
        children.start(&ports.proxy, proxy)?;

        let mut host = self.program("pairlink-demo");
        host.arg("--listen")
            .arg(ports.host.authority())
            .arg("--pairlink-url")
            .arg(ports.proxy.url())
            .args(["--connection", connection.trim()])
            .arg("--simulator-url")
            .arg(ports.simulator.url())
            .arg("--pages")
            .arg(self.workspace.root.join("www/demo"))
            .args(["--extra-origin", TRUNK_ORIGIN])
            .env("PAIRLINK_API_KEY", key.trim());
        children.start(&ports.host, host)
    }

    /// A program of ours, with no setting left over from the caller's environment.
    fn program(&self, name: &str) -> Command {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let mut command = children::bound_to_us(&self.programs.join(name));
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("PAIRLINK_") {
                command.env_remove(&variable);
            }
        }
        command.current_dir(self.state);
        command
    }

    fn pairlink(&self) -> Command {
        let mut database = OsString::from("sqlite://");
        database.push(self.state.join("pairlink.db"));
        let mut command = self.program("pairlink");
        command
            .env("PAIRLINK_DATABASE_URL", database)
            .env("PAIRLINK_MASTER_KEY_FILE", self.state.join("master.key"))
            .env("PAIRLINK_LISTEN", self.ports.proxy.authority())
            .env("PAIRLINK_PUBLIC_URL", self.ports.proxy.url())
            .env("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true")
            .env("PAIRLINK_WIDGET_DIR", self.widget);
        command
    }

    fn addresses(&self) -> String {
        let Ports {
            host,
            proxy,
            simulator,
        } = self.ports;
        format!(
            "\n  Pairlink is running.\n\n\
             \x20   Dashboard            {host}/\n\
             \x20   Customer's page      {host}/onboarding\n\
             \x20   Simulated provider   {simulator}/\n\
             \x20   Proxy                {proxy}/\n\
             \x20   Logs                 {logs}\n\n\
             \x20 Ctrl-C ends it.\n",
            host = host.url(),
            simulator = simulator.url(),
            proxy = proxy.url(),
            logs = self.workspace.show(&self.state.join("*.log")),
        )
    }
}
