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
    /// Makes of a database that was restored by its own tools one that only observes. No proxy may run on it meanwhile.
    ///
    /// What `pairlink restore` put in place observes already.
    Begin {
        /// Let no API key of the backup open anything: some may have been revoked since
        #[arg(long)]
        revoke_api_keys: bool,
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
        Verb::Begin {
            revoke_api_keys,
            json,
        } => {
            let restored = service
                .begin_observing(revoke_api_keys, &Actor::operator())
                .await?;
            let file = config.database_url.file();
            let database = file.unwrap_or_else(|| "the database".into());
            super::backup::say(&database, restored, json)?;
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
