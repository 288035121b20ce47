//! The proxy under load over loopback, beside the simulated provider alone and a bare server.

pub(crate) mod client;
pub(crate) mod system;

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::now;
use crate::samples::{Samples, milliseconds};
use client::{Client, Request};
use system::System;

/// Arguments of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// The proxy, which may reach the simulator.
    #[arg(long)]
    pairlink_url: String,
    /// The simulated provider.
    #[arg(long)]
    simulator_url: String,
    /// An API key for all tenants.
    #[arg(long, env = "PAIRLINK_API_KEY", hide_env_values = true)]
    api_key: String,
    /// Callers at once, each with a Pairlink connection of its own.
    #[arg(long, default_value_t = 16)]
    callers: usize,
    /// How long each measurement lasts, after a quarter of it to warm up.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Measurements of each kind, interleaved; the one in the middle counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// What one measurement says.
#[derive(Clone)]
pub(crate) struct Throughput {
    pub(crate) per_second: f64,
    median: Duration,
    p99: Duration,
}

/// The things that are measured, in their order in the table.
#[derive(Clone, Copy)]
enum Kind {
    Floor,
    Read,
    ProviderMint,
    Issue,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Floor, Self::Read, Self::ProviderMint, Self::Issue];

    const fn name(self) -> &'static str {
        match self {
            Self::Floor => "axum + one SQLite read",
            Self::Read => "GET /v1/pass",
            Self::ProviderMint => "the simulator's mint alone",
            Self::Issue => "POST /v1/pass",
        }
    }
}

/// Measures and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let system = System::prepare(options).await?;
    let (_floor, floor_address) = start_floor(None).await?;
    let mut rounds: [Vec<Throughput>; 4] = Default::default();
    let mut provider_calls = 0.0;
    for _ in 0..options.rounds {
        for (kind, results) in Kind::ALL.into_iter().zip(&mut rounds) {
            let requests = match kind {
                Kind::Floor => vec![Request::get(&floor_address, "/", &[]); options.callers],
                Kind::Read => system.reads(),
                Kind::ProviderMint => system.mints_at_the_provider(),
                Kind::Issue => system.issues(),
            };
            let before = system.provider_calls().await?;
            let (result, sent) = measure(requests, options.seconds).await?;
            results.push(result);
            if matches!(kind, Kind::Issue) {
                provider_calls = (system.provider_calls().await? - before) / sent;
            }
        }
    }
    let [floor, read, mint, issue] = rounds.map(middle);
    println!(
        "  {:<28}{:>10}{:>10}{:>10}",
        "", "req/s", "p50 ms", "p99 ms"
    );
    for (kind, result) in Kind::ALL.into_iter().zip([&floor, &read, &mint, &issue]) {
        println!("{}", line(kind.name(), result));
    }
    // Both share the processors, so it is processor time per request that is subtracted, not only waiting.
    let own = Throughput {
        per_second: 1.0
            / (1.0 / issue.per_second - provider_calls / mint.per_second).max(f64::MIN_POSITIVE),
        median: issue.median.saturating_sub(mint.median),
        p99: issue.p99.saturating_sub(mint.p99),
    };
    println!("{}", line("POST less the simulator", &own));
    println!(
        "\n  {} callers, middle of {} rounds of {} s; {provider_calls:.2} provider calls per POST; GET at {:.2} of the bare server",
        options.callers,
        options.rounds,
        options.seconds,
        read.per_second / floor.per_second,
    );
    Ok(())
}

pub(crate) fn line(name: &str, result: &Throughput) -> String {
    let Throughput {
        per_second,
        median,
        p99,
    } = result;
    format!(
        "  {name:<28}{per_second:>10.0}{:>10}{:>10}",
        milliseconds(*median),
        milliseconds(*p99)
    )
}

/// Every caller repeats its request for so long. Also says how many requests were sent, warming up included.
pub(crate) async fn measure(requests: Vec<Request>, seconds: u64) -> Result<(Throughput, f64)> {
    let start = now() + Duration::from_secs(seconds) / 4;
    let end = start + Duration::from_secs(seconds);
    let mut callers = JoinSet::new();
    for request in requests {
        callers.spawn(async move {
            let mut client = Client::connect(&request).await?;
            let mut samples = Samples::default();
            let mut sent = 0_u32;
            loop {
                let sent_at = now();
                if sent_at >= end {
                    return anyhow::Ok((samples, sent));
                }
                client.send(&request).await?;
                sent += 1;
                if sent_at >= start {
                    samples.add(sent_at.elapsed());
                }
            }
        });
    }
    let mut all = Samples::default();
    let mut total = 0.0;
    while let Some(caller) = callers.join_next().await {
        let (samples, sent) = caller??;
        all.append(samples);
        total += f64::from(sent);
    }
    let throughput = Throughput {
        per_second: f64::from(u32::try_from(all.len())?) / start.elapsed().as_secs_f64(),
        median: all.percentile(50),
        p99: all.percentile(99),
    };
    Ok((throughput, total))
}

/// The round with the middle throughput.
fn middle(mut rounds: Vec<Throughput>) -> Throughput {
    rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    let middle = rounds.len() / 2;
    rounds.into_iter().nth(middle).unwrap_or(Throughput {
        per_second: 0.0,
        median: Duration::ZERO,
        p99: Duration::ZERO,
    })
}

/// This program again, as the bare server: a process of its own, as the proxy is one.
pub(crate) async fn start_floor(postgres: Option<&str>) -> Result<(Child, String)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("floor");
    if let Some(address) = postgres {
        command.arg("--postgres-url").arg(address);
    }
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let stdout = child.stdout.take().context("no output")?;
    let said = BufReader::new(stdout).lines().next_line().await?;
    let address = said
        .as_deref()
        .and_then(|line| line.strip_prefix("listening on "))
        .ok_or_else(|| anyhow!("the bare server does not start"))?;
    Ok((child, address.to_owned()))
}
