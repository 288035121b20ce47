//! One proxy on a SQLite file: what a second one would keep in memory, the first would not know.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use pairlink_proxy::config::Config;

/// A file beside the database that is locked as long as this lives, however the process ends. Commands do not ask for
/// it: they work beside a running proxy.
pub(crate) struct Sole(#[expect(dead_code, reason = "held, and closed with the process")] File);

impl Sole {
    /// Locks it, or says who has it. Of a server there may be many proxies.
    pub(crate) fn claim(config: &Config) -> Result<Option<Self>> {
        let Some(database) = config.database_url.file() else {
            return Ok(None);
        };
        let mut name = database.clone().into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => bail!(
                "another proxy runs on {}: several need PostgreSQL",
                database.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}
