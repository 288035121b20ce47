//! `cargo xtask demo`: the whole system on this machine, with simulated providers, until somebody ends it.

mod accounts;
mod children;
mod ports;
mod stage;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::{Args, value_parser};

use crate::process::Interrupted;
use crate::say;
use crate::tools::Toolbox;
use crate::widget::{Build, build_widget};
use crate::workspace::Workspace;
pub(crate) use ports::{Ports, free_ports};
pub(crate) use stage::{Stage, build_programs};

/// Where `trunk serve` shows the widget alone; it may talk to the demo.
const TRUNK_ORIGIN: &str = "http://127.0.0.1:8410";
/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub(crate) struct Options {
    /// The demo pages listen here, the proxy on the next port, the simulated providers on the one after.
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
    let mut stage = Stage::claim(workspace, "demo", ports)?;
    let widget = build_widget(workspace, &Toolbox::open()?, Build::Small)?;
    let programs = build_programs(workspace, options.release)?;
    stage.furnish(programs, widget);
    let outcome = start(workspace, &mut stage).and_then(|()| {
        println!("{}", addresses(workspace, &stage));
        stage.children.wait_for_an_end()
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

fn start(workspace: &Workspace, stage: &mut Stage) -> Result<()> {
    stage.start_simulator()?;
    let key = stage.create_api_key()?;
    let channels = accounts::connect(stage)?;
    stage.start_proxy()?;
    let host = demo_host(stage, &workspace.root.join("www/demo"), &key, &channels);
    stage.children.start(&stage.ports.host, host)
}

fn demo_host(stage: &Stage, pages: &Path, api_key: &str, channels: &Path) -> Command {
    let ports = &stage.ports;
    let mut host = stage.program("pairlink-demo");
    host.arg("--listen")
        .arg(ports.host.authority())
        .arg("--pairlink-url")
        .arg(ports.proxy.url())
        .arg("--channels")
        .arg(channels)
        .args(["--invitation", accounts::INVITATION])
        .arg("--simulator-url")
        .arg(ports.simulator.url())
        .arg("--pages")
        .arg(pages)
        .args(["--extra-origin", TRUNK_ORIGIN])
        .env("PAIRLINK_API_KEY", api_key);
    host
}

fn addresses(workspace: &Workspace, stage: &Stage) -> String {
    let Ports {
        host,
        proxy,
        simulator,
    } = &stage.ports;
    format!(
        "\n  Pairlink is running.\n\n\
         \x20   Dashboard            {host}/\n\
         \x20   Customer's page      {host}/onboarding\n\
         \x20   In a frame           {host}/frame\n\
         \x20   The element, live    {host}/reference\n\
         \x20   Themes, languages    {host}/theme\n\
         \x20   Simulated providers  {simulator}/\n\
         \x20   Proxy                {proxy}/\n\
         \x20   Logs                 {logs}\n\n\
         \x20 Ctrl-C ends it.\n",
        host = host.url(),
        simulator = simulator.url(),
        proxy = proxy.url(),
        logs = workspace.show(&stage.state.join("*.log")),
    )
}
