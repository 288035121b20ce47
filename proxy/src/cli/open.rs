//! Opens what every command works with.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use pairlink_proxy::clock::{Clock as _, SystemClock};
use pairlink_proxy::config::Config;
use pairlink_proxy::provider::{Registry, Upstream, UpstreamLimits};
use pairlink_proxy::service::{Pace, Parts, Service};
use pairlink_proxy::store::KeyStore as _;
use pairlink_proxy::store::sqlite::SqliteStore;
use pairlink_proxy::vault::{MasterKey, Vault};
use pairlink_proxy::webhook::{Courier, CourierLimits};
use url::Url;

/// Opens the store and the vault. `public_url` is where browsers reach the proxy.
pub(crate) async fn service(config: &Config, public_url: Url) -> Result<Service> {
    let clock = SystemClock::start();
    let master = master_key(&config.master_key_file())?;
    let store = SqliteStore::open(&config.database_url)
        .await
        .context("cannot open the database")?;
    let new = Vault::new_keys(&master, &mut rand::rng())?;
    let keys = store.data_keys_or(&new, clock.now()).await?;
    let vault = Vault::unlock(&master, &keys).with_context(|| {
        format!(
            "{} is not the key of this database",
            config.master_key_file().display()
        )
    })?;
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

/// Reads the master key; makes it where there is none.
fn master_key(file: &Path) -> Result<MasterKey> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            require_private(file)?;
            MasterKey::from_hex(&text).with_context(|| format!("cannot use {}", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => new_master_key(file),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

fn new_master_key(file: &Path) -> Result<MasterKey> {
    let key = MasterKey::random(&mut rand::rng());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| {
        opened.write_all(key.to_hex().expose().as_bytes())?;
        opened.write_all(b"\n")?;
        opened.sync_all()
    });
    match written {
        Ok(()) => {
            tracing::info!(file = %file.display(), "made a master key; keep a copy of it apart from the database");
            Ok(key)
        }
        // Another process was quicker.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => master_key(file),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}

/// Refuses a key that others on this machine can read.
fn require_private(file: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("{} can be read by others: chmod 600 it", file.display());
        }
    }
    Ok(())
}
