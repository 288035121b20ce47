//! Opens what every command works with.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use pairlink_proxy::clock::{Clock as _, SystemClock};
use pairlink_proxy::config::Config;
use pairlink_proxy::provider::{Registry, Upstream, UpstreamLimits};
use pairlink_proxy::service::{Pace, Parts, Service};
use pairlink_proxy::store::{DatabaseAddress, Store};
use pairlink_proxy::vault::{KeyFileError, KeySource, MasterKey, Vault, VaultError};
use pairlink_proxy::webhook::{Courier, CourierLimits};
use url::Url;

/// How often the database's clock is read.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);
/// By how much clocks differ when an operator should know.
const NOTEWORTHY_MILLIS: i64 = 1_000;

/// Opens the store and the vault. `public_url` is where browsers reach the proxy.
pub(crate) async fn service(config: &Config, public_url: Url) -> Result<Service> {
    let store = store(config).await?;
    // Never for a store that was sealed by another, which is lost.
    if store.data_keys().await?.is_empty() {
        make_master_key(config)?;
    }
    rules(config, public_url, store).await
}

/// The same for a command about a store that must be there already, for which nothing is made.
pub(crate) async fn existing(config: &Config) -> Result<Service> {
    if let Some(file) = config.database_url.file()
        && !file.exists()
    {
        bail!("there is no {}", file.display());
    }
    let store = store(config).await?;
    rules(config, Url::parse("http://localhost")?, store).await
}

async fn store(config: &Config) -> Result<Arc<dyn Store>> {
    config
        .database_url
        .open(config.database_connections)
        .await
        .context("cannot open the database")
}

/// The rules upon a store.
pub(crate) async fn rules(
    config: &Config,
    public_url: Url,
    store: Arc<dyn Store>,
) -> Result<Service> {
    let clock = Arc::new(SystemClock::start());
    if follow(store.as_ref(), &clock).await? {
        keep_following(Arc::clone(&store), Arc::clone(&clock));
    }
    let vault = vault(config, store.as_ref(), &clock).await?;
    let upstream = Upstream::new(config.addresses(), UpstreamLimits::default())?;
    Ok(Service::new(Parts {
        store,
        vault,
        registry: Registry::builtin(&upstream),
        addresses: config.addresses(),
        courier: Courier::new(config.addresses(), CourierLimits::default())?,
        clock,
        public_url,
        pace: Pace::default(),
        audit_head_file: config.audit_head_file.clone(),
    }))
}

/// Sets the clock by the database's, if that has one that others set theirs by.
async fn follow(store: &dyn Store, clock: &SystemClock) -> Result<bool> {
    let asked_at = clock.now();
    let Some(told) = store.clock().await? else {
        return Ok(false);
    };
    let set = clock.follow(asked_at, told, clock.now());
    if set.abs() > NOTEWORTHY_MILLIS {
        tracing::warn!(
            milliseconds = set,
            "this machine's clock differs from the database's, which counts"
        );
    }
    Ok(true)
}

fn keep_following(store: Arc<dyn Store>, clock: Arc<SystemClock>) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(FOLLOW_EVERY).await;
            if let Err(error) = follow(store.as_ref(), &clock).await {
                tracing::debug!(
                    error = error.as_ref() as &dyn std::error::Error,
                    "cannot read the database's clock"
                );
            }
        }
    });
}

/// Unlocks the data keys. Twice at most: somebody may be replacing the master key between the two looks.
async fn vault(config: &Config, store: &dyn Store, clock: &SystemClock) -> Result<Vault> {
    let source = config.master_key();
    let wrong = || {
        format!(
            "{} is not the key of this database",
            source.path().display()
        )
    };
    let mut keys = store.data_keys().await?;
    let (master, former) = source.read()?;
    let masters: Vec<MasterKey> = std::iter::once(master).chain(former).collect();
    if let Ok(new) = Vault::missing_keys(&masters, &keys, &mut rand::rng())
        && !new.is_empty()
    {
        keys = store.data_keys_or(&new, clock.now()).await?;
    }
    match Vault::open_with(source.clone(), &keys) {
        Err(KeyFileError::Vault(VaultError::WrongMasterKey(_))) => {
            let keys = store.data_keys().await?;
            Vault::open_with(source.clone(), &keys).with_context(wrong)
        }
        Err(error @ KeyFileError::Vault(_)) => Err(error).with_context(wrong),
        opened => Ok(opened?),
    }
}

/// Makes a master key where there is none. Not for a server: every machine with a proxy on it would make one of its own,
/// and the first to come would lock the others out. Nor in the place of a program that should say it.
fn make_master_key(config: &Config) -> Result<()> {
    match (config.master_key(), &config.database_url) {
        (KeySource::Command(_), _) => Ok(()),
        (KeySource::File(file), DatabaseAddress::Postgres(_)) => match file.read() {
            Err(KeyFileError::Missing(path)) => bail!(
                "there is no master key in {}: make one with `pairlink key create FILE`, give the same to every replica, \
                 and name it in master_key_file",
                path.display()
            ),
            Err(error) => Err(error.into()),
            Ok(_there) => Ok(()),
        },
        (KeySource::File(file), DatabaseAddress::Sqlite(_)) => {
            if file.read_or_make(&MasterKey::random(&mut rand::rng()))? {
                tracing::info!(file = %file.path().display(), "made a master key; keep a copy of it apart from the database");
            }
            Ok(())
        }
    }
}
