//! `pairlink observe`.

use anyhow::Result;
use clap::Subcommand;
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::Actor;
use serde_json::json;

use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Says whether the store observes, because it came out of a backup
    Status {
        /// Print an object
        #[arg(long)]
        json: bool,
    },
    /// Lets a restored store act: providers are asked what is alive, and what is Pairlink's of that is revoked
    End,
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let service = open::existing(config).await?;
    match verb {
        Verb::Status { json } => {
            let since = service.observing_since().await?;
            if json {
                print::line(&json!({ "observing_since": since }).to_string())?;
            } else {
                match since {
                    Some(since) => print::line(&format!("observing since {since}"))?,
                    None => print::line("acting")?,
                }
            }
        }
        Verb::End => {
            if !service.end_observing(&Actor::operator()).await? {
                print::note("it acts already")?;
            }
        }
    }
    service.close();
    service.finish(std::time::Duration::ZERO).await;
    Ok(())
}
