//! `pairlink credentials`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use clap::Subcommand;
use pairlink_protocol::{CredentialPolicy, Sensitive};
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::{
    AccountPolicy, Actor, ConnectionId, CredentialKind, InvalidDays, TenantScope, Timestamp,
};
use pairlink_proxy::secret::Secret;
use pairlink_proxy::service::{
    ConnectionChange, Health, ImportError, ImportedCredentials, Service,
};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::connection::tenant_named;
use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Lists what connections are called with and how it is doing; never a value
    List {
        /// Of this tenant only
        #[arg(long)]
        tenant: Option<String>,
        /// Print an object a line
        #[arg(long)]
        json: bool,
    },
    /// Replaces the secrets of a connection
    Rotate {
        /// Its name, `con_…`
        id: String,
        /// A file with the provider's secrets, a JSON object of strings; `-` reads the standard input
        #[arg(long, value_name = "FILE")]
        credentials_file: PathBuf,
    },
    /// Takes in secrets that were made elsewhere: all, or none if one cannot be taken
    Import {
        /// An object a line: `{"connection": "con_…", "credentials": {…}, "issued_at": "…", "policy": {…}}`, the
        /// policy as in the API, or absent to keep it; `-` reads the standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let service = open::service(config, Url::parse("http://localhost")?).await?;
    let done = match verb {
        Verb::List { tenant, json } => list(&service, tenant.as_deref(), json).await,
        Verb::Rotate {
            id,
            credentials_file,
        } => rotate(&service, &id, &credentials_file).await,
        Verb::Import { file } => import(&service, &file).await,
    };
    service.close();
    service.finish(std::time::Duration::from_secs(20)).await;
    done
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
        for connection in connections {
            print_health(service.health(connection).await?, json)?;
        }
    }
}

fn print_health(health: Health, json: bool) -> Result<()> {
    let connection = health.connection;
    let attention = health.attention.map(|attention| attention.reason);
    for credential in health.credentials {
        let reminders = credential.reminders.iter().map(|one| one.as_str());
        let reminders: Vec<_> = reminders.collect();
        if json {
            let row = json!({
                "connection": connection.id.as_str(), "provider": connection.provider,
                "tenant": connection.tenant.as_str(), "kind": credential.kind, "state": credential.state,
                "lifetime": credential.lifetime, "renewed_by": credential.renewed_by,
                "issued_at": credential.issued_at, "expires_at": credential.expires_at,
                "next_renewal_at": credential.next_renewal_at, "reminders": reminders,
                "last_error": credential.last_error, "attention": attention,
            });
            print::line(&row.to_string())?;
            continue;
        }
        let until = match (credential.kind, credential.expires_at) {
            (_, Some(end)) => format!("until {end}"),
            (CredentialKind::Account, None) => "without end".to_owned(),
            (
                CredentialKind::MachineToken
                | CredentialKind::RefreshToken
                | CredentialKind::ApiToken
                | CredentialKind::Other,
                None,
            ) => "-".to_owned(),
        };
        print::line(&format!(
            "{}  {:<10}  {:<13}  {:<8}  {until:<30}  {}  ({})",
            connection.id,
            connection.provider,
            credential.kind.as_str(),
            credential.state.as_str(),
            reminders.join(" "),
            connection.tenant
        ))?;
    }
    Ok(())
}

async fn rotate(service: &Service, id: &str, file: &Path) -> Result<()> {
    let id = ConnectionId::from_text(id);
    let connection = service
        .connection_named(&id)
        .await
        .with_context(|| format!("cannot rotate {id}"))?;
    let change = ConnectionChange {
        expected_phone: None,
        label: None,
        credentials: Some(read_credentials(file)?),
        policy: None,
    };
    service
        .update_connection(&connection, change, &Actor::operator())
        .await?;
    Ok(())
}

/// A line of a file for import.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    connection: String,
    #[serde(deserialize_with = "pairlink_protocol::read_credentials")]
    credentials: BTreeMap<String, Sensitive>,
    issued_at: Timestamp,
    policy: Option<CredentialPolicy>,
}

async fn import(service: &Service, file: &Path) -> Result<()> {
    let text = read(file)?;
    let mut numbers = Vec::new();
    let mut imported = Vec::new();
    for (at, line) in text.expose().lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        numbers.push(at + 1);
        imported.push(read_line(line).with_context(|| format!("line {}", at + 1))?);
    }
    let count = imported.len();
    service
        .import_credentials(imported, &Actor::operator())
        .await
        .map_err(|failed| match failed {
            ImportError::Entry { at, error } => {
                let number = numbers.get(at).copied().unwrap_or_default();
                anyhow!(error).context(format!("line {number}"))
            }
            ImportError::Whole(error) => anyhow!(error).context("nothing was imported"),
        })?;
    print::line(&format!("imported {count}"))?;
    Ok(())
}

fn read_line(line: &str) -> Result<ImportedCredentials> {
    let mut parser = serde_json::Deserializer::from_str(line);
    // What the parser says may repeat a secret, so only the place of the fault is told.
    let line: Line = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        let (path, said) = (error.path().to_string(), error.inner().to_string());
        match key_in(&said).unwrap_or(&path) {
            "." => anyhow!("it is not such an object"),
            key => anyhow!("{key} is missing, unknown or malformed"),
        }
    })?;
    let policy = line.policy.map(AccountPolicy::from_wire).transpose();
    Ok(ImportedCredentials {
        connection: ConnectionId::from_text(line.connection),
        credentials: secrets(line.credentials),
        issued_at: line.issued_at,
        policy: policy.map_err(|InvalidDays(name)| {
            anyhow!("policy.{name} is out of range or out of order")
        })?,
    })
}

/// The key in "unknown field `x`" and "missing field `x`"; of other messages nothing is taken.
fn key_in(said: &str) -> Option<&str> {
    let (before, rest) = said.split_once(" field `")?;
    let key = rest.split('`').next()?;
    let is_name = key
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (matches!(before, "unknown" | "missing" | "duplicate") && is_name).then_some(key)
}

/// Reads the secrets of one connection.
pub(super) fn read_credentials(file: &Path) -> Result<BTreeMap<String, Secret>> {
    let text = read(file)?;
    let mut reader = serde_json::Deserializer::from_str(text.expose());
    let given = pairlink_protocol::read_credentials(&mut reader);
    let given = given.and_then(|given| reader.end().map(|()| given));
    // What the parser says may repeat a secret.
    let given =
        given.map_err(|_cause| anyhow!("the credentials are not a JSON object of strings"))?;
    Ok(secrets(given))
}

fn secrets(given: BTreeMap<String, Sensitive>) -> BTreeMap<String, Secret> {
    given
        .into_iter()
        .map(|(name, secret)| (name, Secret::new(secret.into_exposed())))
        .collect()
}

fn read(file: &Path) -> Result<Secret> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(64 * 1024 * 1024)
            .read_to_string(&mut text)
            .context("cannot read the standard input")?;
    } else {
        text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(Secret::new(text))
}
