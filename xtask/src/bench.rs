//! `cargo xtask bench`: how much a page loads, how soon the QR code is there, how much the proxy carries. The measuring
//! itself is done by `benches/measure`; this builds what is measured and starts it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::demo::{Stage, build_programs, free_ports};
use crate::tools::postgres::{Cluster, Commits};
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
    /// Measure ten thousand open pages, several replicas and a full store instead (minutes).
    #[arg(long)]
    scale: bool,
    /// Navigations per page and condition.
    #[arg(long)]
    runs: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// Bytes that a page loads for the element.
    Size,
    /// From navigation start to the painted QR code, beside a React and a Preact peer, here and on a slow network; from
    /// a press to the covered code; memory after mounting and destroying.
    Paint,
    /// Requests per second of the proxy over loopback.
    Load,
}

/// Builds in release, measures, prints.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    if options.scale {
        scale(workspace)?;
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = |measurement| options.only.is_empty() || options.only.contains(&measurement);
    let mut code = ExitCode::SUCCESS;
    if wanted(Measurement::Size) && !size::is_within_budget(workspace, Build::Small)? {
        code = ExitCode::FAILURE;
    }
    if wanted(Measurement::Paint) {
        // Before anything slow is built.
        let react = build_peer(workspace, "React", "react-peer")?;
        let preact = build_peer(workspace, "Preact", "preact-peer")?;
        let browser = browser::provide()?;
        measure(workspace, "paint", |command| {
            command
                .arg("--react-peer")
                .arg(&react)
                .arg("--preact-peer")
                .arg(&preact)
                .arg("--widget")
                .arg(workspace.target.join("widget"))
                .env("CHROMIUM", &browser.chromium)
                .env("CHROMEDRIVER", &browser.driver);
            if let Some(runs) = options.runs {
                command.arg("--runs").arg(runs.to_string());
            }
        })?;
    }
    if wanted(Measurement::Load) {
        measure(workspace, "load", |_command| {})?;
    }
    Ok(code)
}

/// Starts the simulator and a PostgreSQL that keeps its word; the measuring program starts proxies itself, and kills them.
fn scale(workspace: &Workspace) -> Result<()> {
    let mut stage = Stage::claim(workspace, "bench", free_ports(FIRST_PORT)?)?;
    let programs = build_programs(workspace, true)?;
    build_measuring_program(workspace)?;
    let proxy = programs.join(format!("pairlink{}", std::env::consts::EXE_SUFFIX));
    stage.furnish(programs, PathBuf::new());
    stage.start_simulator()?;
    let cluster = Cluster::start(Commits::Durable)?;
    say("measuring: scale");
    let mut command = stage.program("pairlink-measure");
    command
        .arg("scale")
        .arg("--program")
        .arg(proxy)
        .arg("--simulator-url")
        .arg(stage.ports.simulator.url())
        .arg("--postgres-url")
        .arg(cluster.address());
    process::run(&mut command)
}

fn build_measuring_program(workspace: &Workspace) -> Result<()> {
    say("building the measuring program");
    process::run(
        workspace
            .cargo()
            .args(["build", "--release", "--package", "pairlink-measure"]),
    )
}

/// Starts simulator and proxy, optimised, with a store of their own, and lets the measuring program at them.
fn measure(
    workspace: &Workspace,
    what: &str,
    settings: impl FnOnce(&mut std::process::Command),
) -> Result<()> {
    let mut stage = Stage::claim(workspace, "bench", free_ports(FIRST_PORT)?)?;
    let widget = build_widget(workspace, &Toolbox::open()?, Build::Small)?;
    let programs = build_programs(workspace, true)?;
    build_measuring_program(workspace)?;
    stage.furnish(programs, widget);
    stage.start_simulator()?;
    let key = stage.create_api_key()?;
    stage.start_proxy_without_limits()?;
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

/// Bundles a peer, beside the sources so that npm's directories stay out of the checkout. Both peers are the same
/// program: the lighter one replaces what it imports.
fn build_peer(workspace: &Workspace, name: &str, directory: &str) -> Result<PathBuf> {
    if on_path("npm").is_none() {
        bail!("the peers need Node.js with npm (https://nodejs.org), or `--only size,load`");
    }
    let benches = workspace.root.join("benches");
    let place = workspace.target.join(directory);
    copy(&benches.join(directory), &place)?;
    copy(&benches.join("react-peer/src"), &place.join("src"))?;
    say(format!("building the {name} peer with npm (seconds)"));
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
