//! `pairlink tenant`.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::{Actor, Tenant};
use serde_json::json;

use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Suspends a tenant: revokes what it gave out, closes its open pages, and gives out nothing until it is resumed
    Suspend {
        /// Its name
        tenant: String,
    },
    /// Resumes a tenant. Nothing that was revoked comes back
    Resume {
        /// Its name
        tenant: String,
    },
    /// Lists the suspended tenants
    List {
        /// Print an object a line
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let named = |name: &str| {
        Tenant::parse(name).map_err(|_cause| {
            anyhow!("a tenant is named by 1 to 64 letters, digits, dots, dashes and underscores")
        })
    };
    let service = open::existing(config).await?;
    let actor = Actor::operator();
    match verb {
        Verb::Suspend { tenant } => {
            let since = service.suspend_tenant(&named(&tenant)?, &actor).await?;
            print::line(&format!("{tenant}  suspended since {since}"))?;
        }
        Verb::Resume { tenant } => service.resume_tenant(&named(&tenant)?, &actor).await?,
        Verb::List { json } => {
            for suspended in service.suspended_tenants().await? {
                let (tenant, since) = (suspended.tenant.as_str(), suspended.since);
                if json {
                    print::line(&json!({ "tenant": tenant, "since": since }).to_string())?;
                } else {
                    print::line(&format!("{tenant}  suspended since {since}"))?;
                }
            }
        }
    }
    service.close();
    service.finish(std::time::Duration::ZERO).await;
    Ok(())
}
