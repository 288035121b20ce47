//! `cargo xtask chaos`: a real proxy, killed and lied to at random for as long as asked, and then held against what its
//! provider says is alive. Prints what went wrong on purpose, how often, and the seed that makes it go wrong again.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::process;
use crate::workspace::Workspace;

/// What makes a build of the proxy that can be steered into faults. No release build can have these.
pub(crate) const FEATURES: &str = "failpoints,broken";

/// Arguments of `cargo xtask chaos`.
#[derive(Args)]
pub(crate) struct Options {
    /// End after so many faults.
    #[arg(long, default_value_t = 10_000)]
    faults: u64,
    /// End after so many minutes, whatever comes first.
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// Instead, have so many uses of links meet their revocation.
    #[arg(long, value_name = "USES")]
    races: Option<u64>,
    /// Make the same faults in the same order as a run that printed this.
    #[arg(long)]
    seed: Option<u64>,
    /// Where the store is; a new SQLite file if absent. It should be empty.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Refuses a program that holds what only a build for tests may hold.
pub(crate) fn refuse_if_steerable(program: &Path) -> Result<()> {
    let name = program.with_extension(std::env::consts::EXE_EXTENSION);
    let bytes = std::fs::read(&name).with_context(|| format!("reading {}", name.display()))?;
    for mark in [&b"FAILPOINTS_FILE"[..], b"no-intent-row"] {
        if bytes.windows(mark.len()).any(|window| window == mark) {
            bail!("{} is a build for tests", name.display());
        }
    }
    Ok(())
}

/// Runs it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo
        .args([
            "test",
            "--package",
            "pairlink-proxy",
            "--features",
            FEATURES,
        ])
        .args(["--test", "system", "--"])
        .args(["--ignored", "--exact", "chaos::at_length", "--nocapture"])
        .env("CHAOS_FAULTS", options.faults.to_string())
        .env("CHAOS_MINUTES", options.minutes.to_string());
    if let Some(uses) = options.races {
        cargo.env("CHAOS_RACES", uses.to_string());
    }
    if let Some(seed) = options.seed {
        cargo.env("CHAOS_SEED", seed.to_string());
    }
    if let Some(address) = &options.database_url {
        cargo.env("CHAOS_DATABASE_URL", address);
    }
    process::run(&mut cargo)
}
