//! `cargo xtask fuzz`: what reads input from outside, tried with changed input for as long as one likes.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::workspace::Workspace;
use crate::{process, say};

/// Arguments of `cargo xtask fuzz`.
#[derive(Args)]
pub(crate) struct Options {
    /// How long each target is tried.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Try only targets whose name holds this, such as `wawp` or `phones`.
    #[arg(long)]
    target: Option<String>,
    /// The dice, as an earlier run told them.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the targets; input that does harm is kept in `target/fuzz`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    say(format!("trying each target for {} s", options.seconds));
    let mut cargo = workspace.cargo();
    cargo
        .args(["test", "--package", "pairlink-proxy", "--test", "contract"])
        .args(["--", "--nocapture"])
        .arg(match &options.target {
            Some(target) => format!("fuzz::bodies::{target}"),
            None => "fuzz::".to_owned(),
        })
        .env("PAIRLINK_FUZZ_SECONDS", options.seconds.to_string());
    if let Some(target) = &options.target {
        // libtest takes several filters, and runs what holds one of them.
        cargo.arg(format!("fuzz::texts::{target}"));
    }
    if let Some(seed) = options.seed {
        cargo.env("PAIRLINK_FUZZ_SEED", seed.to_string());
    }
    let status = process::wait(&mut process::spawn(&mut cargo)?)?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
