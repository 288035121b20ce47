//! Requests per second with one, two and four replicas, beside a bare server with one read.

use anyhow::Result;

use super::pages::Pages;
use super::replicas::Installation;
use super::{Database, Options};
use crate::load::client::{Client, Request};
use crate::load::{Throughput, line, measure, start_floor};

/// Callers at once, each with a connection of its own.
const CALLERS: usize = 16;

/// Measures and prints.
pub(super) async fn run(options: &Options, installation: &Installation) -> Result<()> {
    let counts: &[usize] = if installation.has_many_replicas() {
        &[1, 2, 4]
    } else {
        &[1]
    };
    let floor_database = match installation.database {
        Database::Sqlite => None,
        Database::Postgres => Some(installation.address.as_str()),
    };
    println!(
        "  {:<28}{:>10}{:>10}{:>10}{:>10}",
        "", "req/s", "p50 ms", "p99 ms", "of bare"
    );
    for replicas in counts {
        let mut running = Vec::new();
        for _replica in 0..*replicas {
            running.push(installation.start().await?);
        }
        let few = Options {
            connections: CALLERS,
            streams: CALLERS,
            ..options.clone()
        };
        let Some(first) = running.first() else {
            continue;
        };
        let pages = Pages::prepare(&few, installation, first).await?;
        let (_floor, floor) = start_floor(floor_database).await?;
        let floor = vec![Request::get(&floor, "/", &[]); CALLERS];
        let (bare, _sent) = measure(floor, options.seconds).await?;
        let issues = pages.requests(&running, CALLERS, true)?;
        for request in &issues {
            Client::connect(request).await?.send(request).await?;
        }
        let reads = pages.requests(&running, CALLERS, false)?;
        let (read, _sent) = measure(reads, options.seconds).await?;
        let (issue, _sent) = measure(issues, options.seconds).await?;
        say(&format!("bare axum + one read ({replicas})"), &bare, &bare);
        say(&format!("GET /v1/pass, {replicas} replicas"), &read, &bare);
        say(
            &format!("POST /v1/pass, {replicas} replicas"),
            &issue,
            &bare,
        );
        for replica in running {
            replica.end().await?;
        }
    }
    Ok(())
}

fn say(name: &str, result: &Throughput, bare: &Throughput) {
    let ratio = result.per_second / bare.per_second;
    println!("{}{ratio:>10.2}", line(name, result));
}
