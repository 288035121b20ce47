//! Opens what every command works with.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use pairlink_proxy::clock::{Clock as _, SystemClock};
use pairlink_proxy::config::Config;
use pairlink_proxy::provider::{Registry, Upstream, UpstreamLimits};
use pairlink_proxy::service::{Pace, Parts, Service};
use pairlink_proxy::store::KeyStore as _;
use pairlink_proxy::store::sqlite::SqliteStore;
use pairlink_proxy::vault::{KeyFile, KeyFileError, KeySource, MasterKey, Vault, VaultError};
use pairlink_proxy::webhook::{Courier, CourierLimits};
use url::Url;

/// Opens the store and the vault. `public_url` is where browsers reach the proxy.
pub(crate) async fn service(config: &Config, public_url: Url) -> Result<Service> {
    let store = SqliteStore::open(&config.database_url)
        .await
        .context("cannot open the database")?;
    // Never for a store that was sealed by another, which is lost.
    if store.data_keys().await?.is_empty() {
        make_master_key(config)?;
    }
    rules(config, public_url, store).await
}

/// The same for a command about a store that must be there already, for which nothing is made.
pub(crate) async fn existing(config: &Config) -> Result<Service> {
    let file = config.database_file();
    if !file.exists() {
        bail!("there is no {}", file.display());
    }
    let store = SqliteStore::open(&config.database_url)
        .await
        .context("cannot open the database")?;
    rules(config, Url::parse("http://localhost")?, store).await
}

/// The rules upon a store.
pub(crate) async fn rules(config: &Config, public_url: Url, store: SqliteStore) -> Result<Service> {
    let clock = SystemClock::start();
    let vault = vault(config, &store, &clock).await?;
    let upstream = Upstream::new(config.addresses(), UpstreamLimits::default())?;
    Ok(Service::new(Parts {
        store: Arc::new(store),
        vault,
        registry: Registry::builtin(&upstream),
        addresses: config.addresses(),
        courier: Courier::new(config.addresses(), CourierLimits::default())?,
        clock: Arc::new(clock),
        public_url,
        pace: Pace::default(),
    }))
}

/// Unlocks the data keys. Twice at most: somebody may be replacing the master key between the two looks.
async fn vault(config: &Config, store: &SqliteStore, clock: &SystemClock) -> Result<Vault> {
    let file = KeyFile::new(config.master_key_file());
    let wrong = || format!("{} is not the key of this database", file.path().display());
    let mut keys = store.data_keys().await?;
    if keys.is_empty() {
        let (master, _former) = file.read()?;
        let new = Vault::new_keys(&master, &mut rand::rng())?;
        keys = store.data_keys_or(&new, clock.now()).await?;
    }
    match Vault::open_with(KeySource::File(file.clone()), &keys) {
        Err(KeyFileError::Vault(VaultError::WrongMasterKey(_))) => {
            let keys = store.data_keys().await?;
            Vault::open_with(KeySource::File(file.clone()), &keys).with_context(wrong)
        }
        Err(error @ KeyFileError::Vault(_)) => Err(error).with_context(wrong),
        opened => Ok(opened?),
    }
}

/// Makes a master key where there is none.
fn make_master_key(config: &Config) -> Result<()> {
    let file = KeyFile::new(config.master_key_file());
    if file.read_or_make(&MasterKey::random(&mut rand::rng()))? {
        tracing::info!(file = %file.path().display(), "made a master key; keep a copy of it apart from the database");
    }
    Ok(())
}
