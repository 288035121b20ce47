//! `pairlink connection`.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::{
    AccountPolicy, Actor, ConnectionId, Label, PhoneNumber, Tenant, TenantScope,
};
use pairlink_proxy::service::{NewConnection, Service};
use serde_json::json;
use url::Url;

use super::credentials::read_credentials;
use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Adds a connection and prints its name
    Add(Add),
    /// Lists the connections
    List {
        /// Of this tenant only
        #[arg(long)]
        tenant: Option<String>,
        /// Print an object a line
        #[arg(long)]
        json: bool,
    },
    /// Removes a connection and everything that it gave out
    Remove {
        /// Its name, `con_…`
        id: String,
    },
}

#[derive(Args)]
pub(crate) struct Add {
    /// The provider's name, such as wawp
    #[arg(long)]
    provider: String,
    /// Whose connection it is
    #[arg(long)]
    tenant: Option<String>,
    /// What pages call it
    #[arg(long)]
    label: Option<String>,
    /// Replaces the provider's public address
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The only phone that may be linked, in the international form; any if absent
    #[arg(long, value_name = "NUMBER")]
    expected_phone: Option<String>,
    /// A file with the provider's secrets, a JSON object of strings; `-` reads the standard input.
    ///
    /// There is no option for the secrets themselves: every user of this machine could read it.
    #[arg(long, value_name = "FILE")]
    credentials_file: PathBuf,
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let service = open::service(config, Url::parse("http://localhost")?).await?;
    let done = match verb {
        Verb::Add(add) => run_add(&service, add).await,
        Verb::List { tenant, json } => list(&service, tenant.as_deref(), json).await,
        Verb::Remove { id } => remove(&service, &id).await,
    };
    // What could not be revoked at the provider by then is revoked by the running proxy, or at its next start.
    service.close();
    service.finish(std::time::Duration::from_secs(20)).await;
    done
}

async fn run_add(service: &Service, add: Add) -> Result<()> {
    let new = NewConnection {
        provider: add.provider,
        tenant: add
            .tenant
            .as_deref()
            .map_or_else(|| Ok(Tenant::single()), tenant_named)?,
        label: add
            .label
            .as_deref()
            .map(Label::parse)
            .transpose()
            .map_err(|_cause| anyhow!("a label is 1 to 80 visible characters"))?,
        base_url: add.base_url,
        credentials: read_credentials(&add.credentials_file)?,
        policy: AccountPolicy::Never,
        expected_phone: add
            .expected_phone
            .as_deref()
            .map(PhoneNumber::parse)
            .transpose()
            .map_err(|_cause| anyhow!("--expected-phone: not an international phone number"))?,
    };
    let connection = service.add_connection(new, &Actor::operator()).await?;
    print::line(connection.id.as_str())?;
    Ok(())
}

async fn list(service: &Service, tenant: Option<&str>, json: bool) -> Result<()> {
    let scope = match tenant {
        Some(name) => TenantScope::One(tenant_named(name)?),
        None => TenantScope::All,
    };
    let mut after: Option<ConnectionId> = None;
    loop {
        let connections = service.connections(&scope, after.as_ref(), 100).await?;
        let Some(last) = connections.last() else {
            return Ok(());
        };
        after = Some(last.id.clone());
        for connection in &connections {
            if json {
                let row = json!({
                    "id": connection.id.as_str(), "provider": connection.provider,
                    "tenant": connection.tenant.as_str(), "label": connection.label.as_str(),
                    "state": connection.session, "created_at": connection.created_at,
                });
                print::line(&row.to_string())?;
            } else {
                print::line(&format!(
                    "{}  {:<10}  {:<16}  {}  ({})",
                    connection.id,
                    connection.provider,
                    connection.session.as_str(),
                    connection.label.as_str(),
                    connection.tenant
                ))?;
            }
        }
    }
}

async fn remove(service: &Service, id: &str) -> Result<()> {
    let id = ConnectionId::from_text(id);
    service.remove_connection(&id, &Actor::operator()).await?;
    Ok(())
}

pub(super) fn tenant_named(name: &str) -> Result<Tenant> {
    Tenant::parse(name).map_err(|_cause| {
        anyhow!("a tenant is named by 1 to 64 letters, digits, dots, dashes and underscores")
    })
}
