//! Measures Pairlink. `cargo xtask bench` builds what is measured, starts it, and calls this.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks to the terminal"
)]

mod floor;
mod load;
mod paint;
mod samples;
mod scale;

use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};

/// Measures Pairlink.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// From the start of a navigation to the painted QR code, in headless Chromium with a fresh profile each time.
    Paint(paint::Options),
    /// Requests per second and how long they take, over loopback.
    Load(load::Options),
    /// Ten thousand open pages, several replicas, a full store.
    Scale(scale::Options),
    /// A bare server with one read per request: what the proxy is compared with.
    Floor(floor::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_taken| anyhow!("TLS was set up twice"))?;
    match Arguments::parse().measurement {
        Measurement::Paint(options) => paint::run(&options).await,
        Measurement::Load(options) => load::run(&options).await,
        Measurement::Scale(options) => scale::run(&options).await,
        Measurement::Floor(options) => floor::run(&options).await,
    }
}

/// The instant, for durations.
#[expect(clippy::disallowed_methods, reason = "measuring needs the real clock")]
fn now() -> Instant {
    Instant::now()
}
