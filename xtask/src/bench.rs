//! `cargo xtask bench`: how much a page loads, how soon the QR code is there, how much the proxy carries. The measuring
//! itself is done by `benches/measure`; this builds what is measured and starts it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::demo::{Ports, Stage, build_programs};
use crate::tools::{Toolbox, browser, on_path};
use crate::widget::{Build, build_widget, compress_beside};
use crate::workspace::Workspace;
use crate::{process, say, size};

/// Where the servers of a measurement look for three free ports.
const FIRST_PORT: u16 = 8700;

/// Arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Measure only these, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Measurement>,
    /// Navigate as on a phone in the country: 1.6 Mbit/s, 150 ms, a processor four times slower.
    #[arg(long)]
    slow: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// Bytes that a page loads for the element.
    Size,
    /// From navigation start to the painted QR code, beside a React peer.
    Paint,
    /// Requests per second of the proxy over loopback.
    Load,
}

/// Builds in release, measures, prints.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let wanted = |measurement| options.only.is_empty() || options.only.contains(&measurement);
    let mut code = ExitCode::SUCCESS;
    if wanted(Measurement::Size) && !size::is_within_budget(workspace, Build::Small)? {
        code = ExitCode::FAILURE;
    }
    if wanted(Measurement::Paint) {
        // Before anything slow is built.
        let peer = build_react_peer(workspace)?;
        let browser = browser::provide()?;
        measure(workspace, "paint", |command| {
            command
                .arg("--react-peer")
                .arg(&peer)
                .arg("--widget")
                .arg(workspace.target.join("widget"))
                .env("CHROMIUM", &browser.chromium)
                .env("CHROMEDRIVER", &browser.driver);
            if options.slow {
                command.arg("--slow");
            }
        })?;
    }
    if wanted(Measurement::Load) {
        measure(workspace, "load", |_command| {})?;
    }
    Ok(code)
}

/// Starts simulator and proxy, optimised, with a store of their own, and lets the measuring program at them.
fn measure(
    workspace: &Workspace,
    what: &str,
    settings: impl FnOnce(&mut std::process::Command),
) -> Result<()> {
    let mut stage = Stage::claim(workspace, "bench", free_ports()?)?;
    let widget = build_widget(workspace, &Toolbox::open()?, Build::Small)?;
    let programs = build_programs(workspace, true)?;
    say("building the measuring program");
    process::run(
        workspace
            .cargo()
            .args(["build", "--release", "--package", "pairlink-measure"]),
    )?;
    stage.furnish(programs, widget);
    stage.start_simulator()?;
    let key = stage.create_api_key()?;
    stage.start_proxy()?;
    say(format!("measuring: {what}"));
    let mut command = stage.program("pairlink-measure");
    command
        .arg(what)
        .arg("--pairlink-url")
        .arg(stage.ports.proxy.url())
        .arg("--simulator-url")
        .arg(stage.ports.simulator.url())
        .env("PAIRLINK_API_KEY", key);
    settings(&mut command);
    process::run(&mut command)
}

fn free_ports() -> Result<Ports> {
    (FIRST_PORT..FIRST_PORT + 300)
        .step_by(3)
        .map(Ports::starting_at)
        .find(|ports| ports.check_free().is_ok())
        .context("no three neighbouring ports are free")
}

/// Bundles the peer, beside the sources so that npm's directories stay out of the checkout.
fn build_react_peer(workspace: &Workspace) -> Result<PathBuf> {
    if on_path("npm").is_none() {
        bail!("the React peer needs Node.js with npm (https://nodejs.org), or `--only size,load`");
    }
    let sources = workspace.root.join("benches/react-peer");
    let place = workspace.target.join("react-peer");
    copy(&sources, &place)?;
    say("building the React peer with npm (seconds)");
    let npm = |arguments: &[&str]| {
        process::output(process::command("npm").args(arguments).current_dir(&place))
    };
    npm(&["ci", "--no-audit", "--no-fund", "--loglevel", "error"])?;
    npm(&["run", "build", "--silent"])?;
    let built = place.join("dist");
    for file in ["main.js", "main.css"] {
        compress_beside(&built.join(file))?;
    }
    Ok(built)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
