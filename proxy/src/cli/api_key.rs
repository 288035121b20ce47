//! `pairlink api-key`.

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::{Actor, ApiKeyId, Tenant, TenantScope};
use serde_json::json;
use url::Url;

use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Makes a key and prints it, this once
    Create(Scope),
    /// Lists the keys, without the keys
    List {
        /// Print an object a line
        #[arg(long)]
        json: bool,
    },
    /// Revokes a key and every embed token that it made
    Revoke {
        /// Its name, `key_…`
        id: String,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Scope {
    /// Reaches this tenant's connections
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Reaches every tenant's connections
    #[arg(long)]
    all_tenants: bool,
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let service = open::service(config, Url::parse("http://localhost")?).await?;
    match verb {
        Verb::Create(scope) => {
            let scope = match scope.tenant {
                Some(name) => TenantScope::One(Tenant::parse(&name).map_err(|_cause| {
                    anyhow!(
                        "a tenant is named by 1 to 64 letters, digits, dots, dashes and underscores"
                    )
                })?),
                None => TenantScope::All,
            };
            let new = service.create_api_key(scope, &Actor::operator()).await?;
            print::line(new.token.expose())?;
        }
        Verb::List { json } => {
            for key in service.api_keys().await? {
                let tenant = match &key.scope {
                    TenantScope::All => None,
                    TenantScope::One(tenant) => Some(tenant.as_str()),
                };
                if json {
                    let row = json!({
                        "id": key.id.as_str(), "tenant": tenant, "last_four": key.last_four,
                        "created_at": key.created_at, "revoked_at": key.revoked_at,
                    });
                    print::line(&row.to_string())?;
                } else {
                    let tenant = tenant.unwrap_or("(all tenants)");
                    let state = if key.revoked_at.is_some() {
                        "revoked"
                    } else {
                        "active"
                    };
                    print::line(&format!(
                        "{}  …{}  {state:<7}  {}  {tenant}",
                        key.id, key.last_four, key.created_at
                    ))?;
                }
            }
        }
        Verb::Revoke { id } => {
            let id = ApiKeyId::from_text(id);
            service
                .revoke_api_key(&id, &Actor::operator())
                .await
                .map_err(|error| anyhow!("{id}: {error}"))?;
        }
    }
    service.close();
    service.finish(std::time::Duration::ZERO).await;
    Ok(())
}
