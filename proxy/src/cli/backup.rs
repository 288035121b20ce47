//! `pairlink backup` and `pairlink restore`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::Actor;
use pairlink_proxy::service::Service;
use pairlink_proxy::store::sqlite::SqliteStore;
use pairlink_proxy::store::{Restored, Store};
use serde_json::json;
use url::Url;

use super::{open, print};

#[derive(Args)]
pub(crate) struct Backup {
    /// Where to write it; nothing is overwritten
    file: PathBuf,
    /// Print an object
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Restore {
    /// What `pairlink backup` wrote
    file: PathBuf,
    /// Let no API key of the backup open anything: some may have been revoked since
    #[arg(long)]
    revoke_api_keys: bool,
    /// Print an object
    #[arg(long)]
    json: bool,
}

/// Copies the store, as of one moment, while the proxy runs.
pub(crate) async fn back_up(config: &Config, options: Backup) -> Result<()> {
    let file = options.file;
    if file.exists() {
        bail!("{} is there already", file.display());
    }
    own_file(config, "pg_dump")?;
    let service = open::existing(config).await?;
    let draft = beside(&file, ".partial");
    clear(&draft)?;
    private_file(&draft).with_context(|| format!("cannot write {}", draft.display()))?;
    let copied = service.copy_into(&draft, &Actor::operator()).await;
    service.close();
    service.finish(Duration::ZERO).await;
    let placed = copied
        .context("cannot copy the store")
        .and_then(|()| put_in_place(&draft, &file));
    if placed.is_err() {
        clear(&draft)?;
    }
    placed?;
    let bytes = fs::metadata(&file)?.len();
    let key = config.master_key().read()?.0.id()?;
    if options.json {
        let row = json!({ "file": file, "bytes": bytes, "master_key": key });
        print::line(&row.to_string())?;
    } else {
        print::line(&format!("{}  {bytes} bytes", file.display()))?;
        print::note(&format!(
            "the master key is not in it: keep {key} apart, without it the backup is of no use"
        ))?;
    }
    Ok(())
}

/// Puts a copy in the place of a store that is not there.
pub(crate) async fn restore(config: &Config, options: Restore) -> Result<()> {
    let database = own_file(config, "pg_restore and `pairlink observe begin`")?;
    for taken in [database.clone(), beside(&database, "-wal")] {
        if taken.exists() {
            bail!("{} is there already: move it away first", taken.display());
        }
    }
    let draft = beside(&database, ".restoring");
    clear(&draft)?;
    let restored = prepare(config, &options, &draft).await;
    let restored = restored.and_then(|restored| {
        put_in_place(&draft, &database)?;
        Ok(restored)
    });
    if restored.is_err() {
        clear(&draft)?;
    }
    say(&database, restored?, options.json)
}

/// The file of the database. A server has tools of its own.
fn own_file(config: &Config, tools: &str) -> Result<PathBuf> {
    config
        .database_url
        .file()
        .with_context(|| format!("this is about a SQLite file; for PostgreSQL use {tools}"))
}

/// Makes of the copy a store that observes, and makes sure that it can be used.
async fn prepare(config: &Config, options: &Restore, draft: &Path) -> Result<Restored> {
    let name = options.file.display();
    let mut written = private_file(draft)?;
    let copied = File::open(&options.file).and_then(|mut from| io::copy(&mut from, &mut written));
    copied.with_context(|| format!("cannot read {name}"))?;
    drop(written);
    let store = SqliteStore::open(&format!("sqlite://{}", draft.display()))
        .await
        .with_context(|| format!("{name} is not a backup that this version can read"))?;
    let restored = observe(config, options, Arc::new(store.clone())).await;
    store.close().await;
    let restored = restored?;
    // Everything is in the one file now.
    if beside(draft, "-wal").exists() {
        bail!("{} is in use", draft.display());
    }
    Ok(restored)
}

async fn observe(config: &Config, options: &Restore, store: Arc<dyn Store>) -> Result<Restored> {
    let name = options.file.display();
    if store.data_keys().await?.is_empty() {
        bail!("{name} is not a backup of Pairlink");
    }
    let service: Service = open::rules(config, Url::parse("http://localhost")?, store).await?;
    if !service.is_sound().await? {
        bail!("{name} is damaged");
    }
    Ok(service
        .begin_observing(options.revoke_api_keys, &Actor::operator())
        .await?)
}

/// Says what a restored store holds.
pub(super) fn say(database: &Path, restored: Restored, as_json: bool) -> Result<()> {
    let Restored {
        known_until,
        api_keys,
        connections,
        deliveries,
    } = restored;
    if as_json {
        let row = json!({
            "database": database, "known_until": known_until, "api_keys": api_keys,
            "connections": connections, "deliveries": deliveries,
        });
        print::line(&row.to_string())?;
        return Ok(());
    }
    print::line(&format!("{}  as of {known_until}", database.display()))?;
    print::note("it observes: states are read, nothing is issued, until `pairlink observe end`")?;
    if api_keys > 0 {
        print::note(&format!(
            "{api_keys} API keys open it, also ones that were revoked since: see `pairlink api-key list`"
        ))?;
    }
    if deliveries > 0 {
        print::note(&format!(
            "{deliveries} messages to webhooks are not sent again by themselves"
        ))?;
    }
    Ok(())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes an empty file for its owner alone, which is not there yet.
fn private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Removes what an interrupted command may have left.
fn clear(draft: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let file = beside(draft, ending);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", file.display()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Gives the finished file its name, unless somebody has taken that meanwhile, and waits for the disk.
fn put_in_place(draft: &Path, file: &Path) -> Result<()> {
    File::open(draft)?.sync_all()?;
    fs::hard_link(draft, file).with_context(|| format!("cannot write {}", file.display()))?;
    fs::remove_file(draft)?;
    let directory = match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) | None => Path::new("."),
    };
    File::open(directory)?.sync_all()?;
    Ok(())
}
