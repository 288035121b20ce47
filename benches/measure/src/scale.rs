//! Many open pages, several replicas, a store with much in it: what one machine carries, and what a revocation needs to
//! get to everybody.

mod crowd;
mod pages;
mod replicas;
mod streams;
mod throughput;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::Args;

use crate::now;
use crate::samples::milliseconds;
use pages::Pages;
use replicas::{Installation, Replica};
use streams::Streams;

/// Arguments of the measurement.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// The proxy's program.
    #[arg(long)]
    program: PathBuf,
    /// The simulated provider.
    #[arg(long)]
    simulator_url: String,
    /// An empty PostgreSQL; only SQLite is measured without it.
    #[arg(long)]
    postgres_url: Option<String>,
    /// Pages that are open at once.
    #[arg(long, default_value_t = 10_000)]
    streams: usize,
    /// Connections that they are open for.
    #[arg(long, default_value_t = 500)]
    connections: usize,
    /// Revocations whose way to every open page is measured.
    #[arg(long, default_value_t = 200)]
    revocations: usize,
    /// Passes in the store when a proxy is started again.
    #[arg(long, default_value_t = 100_000)]
    passes: usize,
    /// How long each measurement of throughput lasts.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
}

/// Which database a part is measured upon.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Measures and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut databases = vec![Database::Sqlite];
    if options.postgres_url.is_some() {
        databases.push(Database::Postgres);
    }
    for database in databases {
        println!("\n  {}", database.name());
        let installation = Installation::prepare(options, database)?;
        open_pages(options, &installation).await?;
        restart(options, &installation).await?;
        throughput::run(options, &installation).await?;
        installation.remove()?;
    }
    Ok(())
}

/// Opens all pages on one replica, and revokes through another where there is one.
async fn open_pages(options: &Options, installation: &Installation) -> Result<()> {
    let listening = installation.start().await?;
    let other = if installation.has_many_replicas() {
        Some(installation.start().await?)
    } else {
        None
    };
    let revoking = other.as_ref().unwrap_or(&listening);
    let pages = Pages::prepare(options, installation, revoking).await?;
    let before = listening.memory()?;
    let begun = now();
    let mut streams = Streams::open(&listening, &pages, options.streams).await?;
    let took = begun.elapsed();
    let each = listening.memory()?.saturating_sub(before) / u64::try_from(options.streams)?.max(1);
    println!(
        "  {:<44}{:>8} in {:.1} s, {:.1} KiB each",
        "open pages on one replica",
        options.streams,
        took.as_secs_f64(),
        f64::from(u32::try_from(each)?) / 1024.0,
    );
    let reached = streams
        .revoke_one_by_one(revoking, &pages, options.revocations)
        .await?;
    println!(
        "  {:<44}{:>8} p50, {} p99, {} most, ms, {} pages told",
        "DELETE sent → told to every page of it",
        milliseconds(reached.percentile(50)),
        milliseconds(reached.percentile(99)),
        milliseconds(reached.percentile(100)),
        reached.len(),
    );
    let begun = now();
    listening.end().await?;
    let ended = begun.elapsed();
    println!(
        "  {:<44}{:>8} ms, {} of {} streams ended by it",
        "SIGTERM → ended, with all pages open",
        milliseconds(ended),
        streams.ended().await,
        options.streams,
    );
    if let Some(other) = other {
        other.end().await?;
    }
    Ok(())
}

/// Kills a proxy whose store is full, and starts it again.
async fn restart(options: &Options, installation: &Installation) -> Result<()> {
    crowd::fill(installation, options.passes).await?;
    let replica = installation.start().await?;
    replica.kill().await?;
    let mut times = Vec::new();
    for _round in 0..5 {
        let begun = now();
        let replica = installation.start().await?;
        replica.until_ready().await?;
        times.push(begun.elapsed());
        replica.kill().await?;
    }
    times.sort_unstable();
    let middle = times.get(times.len() / 2).ok_or_else(|| anyhow!("never"))?;
    println!(
        "  {:<44}{:>8} ms, middle of 5, {} passes",
        "started again after kill -9 → ready",
        milliseconds(*middle),
        options.passes,
    );
    Ok(())
}

/// How long something is waited for that has to come.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for something that has to come.
async fn in_time<T>(what: &str, waiting: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .map_err(|_elapsed| anyhow!("{what} did not come"))
}

/// Replicas that share the work.
fn spread(replicas: &[Replica], number: usize) -> Result<&Replica> {
    replicas
        .get(number % replicas.len().max(1))
        .ok_or_else(|| anyhow!("there is no replica"))
}
