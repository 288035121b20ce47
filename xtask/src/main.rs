//! The project's own tasks. Owns the command line and the exit code; each task has its module.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks to the terminal"
)]

mod bench;
mod chaos;
mod demo;
mod deny;
mod dist;
mod examples;
mod fuzz;
mod process;
mod sbom;
mod size;
mod test;
mod tools;
mod widget;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use process::Interrupted;
use workspace::Workspace;

/// Builds, shows, tests and measures Pairlink.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and run the whole system, with a simulated provider, on this machine.
    Demo(demo::Options),
    /// Run every test suite and sum them up in the last line.
    Test(test::Options),
    /// Build the widget into target/widget.
    Widget(widget::Options),
    /// Build what is released into target/dist: the smallest widget, and the npm package.
    Dist,
    /// Show what a page loads for the element, in bytes, and hold it against the budget.
    Size(size::Options),
    /// Measure bytes, time to the painted QR code, and the proxy's throughput.
    Bench(bench::Options),
    /// Try what reads input from outside with changed input.
    Fuzz(fuzz::Options),
    /// Kill the proxy and lie to it at random, and hold its books against the provider's.
    Chaos(chaos::Options),
    /// Make pictures of every state of the element, into docs/states.
    Screenshots,
    /// Check dependencies: licences, sources, bans, advisories (needs cargo-deny).
    Deny,
    /// List what the proxy and the element are made of, as `CycloneDX` does.
    Sbom,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.task) {
        Ok(code) => code,
        Err(error) if error.is::<Interrupted>() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    process::catch_interrupts()?;
    let workspace = Workspace::locate()?;
    match task {
        Task::Demo(options) => demo::run(&workspace, &options),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Widget(options) => widget::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Dist => dist::run(&workspace),
        Task::Size(options) => size::run(&workspace, &options),
        Task::Bench(options) => bench::run(&workspace, &options),
        Task::Fuzz(options) => fuzz::run(&workspace, &options),
        Task::Chaos(options) => chaos::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Screenshots => test::screenshots(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Sbom => sbom::run(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Deny => deny::run(&workspace).map(|()| ExitCode::SUCCESS),
    }
}

/// Tells the reader what happens now. On stderr: stdout is for results.
fn say(words: impl std::fmt::Display) {
    eprintln!("▸ {words}");
}
