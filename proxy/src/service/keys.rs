//! Keys: learnt when somebody has replaced them, and replaced.
//!
//! A new data key stands in the store before anything is sealed by it, so that whoever meets it can look it up. The
//! former one is retired: running processes hear of that within a tick and seal by the new one. Then every value is
//! sealed anew, in small transactions that hold nobody up. The former key is removed when nothing is sealed by it, and
//! not before a while has passed: a process that had not heard of it yet may have sealed one more value.

use std::path::PathBuf;
use std::time::Duration;

use super::{Service, ServiceError};
use crate::domain::Actor;
use crate::metrics;
use crate::secret::Secret;
use crate::store::{Change, Resealed, SealedRow};
use crate::vault::{
    KeyCommand, KeyFile, KeyFileError, KeyPurpose, KeySource, MasterKey, Place, SEALED_COLUMNS,
    Sealed, SealedColumn, Vault, VaultError, WrappedKey,
};

/// How many values are sealed anew in one transaction.
const BATCH: u32 = 64;
/// How long a retired key is kept at least: far longer than it takes to hear that it is.
pub const RETIRED_KEY_KEPT: Duration = Duration::from_mins(10);

/// How far sealing anew has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealing {
    /// Values that were sealed anew.
    pub resealed: u64,
    /// Values that do not open, and were left as they are.
    pub unopened: u64,
    /// Data keys that were removed.
    pub removed: u64,
    /// Retired data keys that are there still.
    pub kept: u64,
}

/// A master key that was put in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedMaster {
    /// The name of the key from now on.
    pub id: String,
    /// The name of the one before.
    pub former: String,
    /// Where that one is kept, if it is.
    pub kept_in: Option<PathBuf>,
}

impl From<KeyFileError> for ServiceError {
    fn from(error: KeyFileError) -> Self {
        match error {
            KeyFileError::Vault(error) => Self::Vault(error),
            KeyFileError::Missing(_)
            | KeyFileError::Exposed(_)
            | KeyFileError::Malformed(_)
            | KeyFileError::File { .. }
            | KeyFileError::Command { .. }
            | KeyFileError::Busy(_) => Self::KeyFile(std::sync::Arc::new(error)),
        }
    }
}

impl Service {
    /// Opens a sealed value. If its data key is not known here, the keys are read first: somebody has replaced them.
    pub(super) async fn unseal(
        &self,
        place: Place<'_>,
        sealed: &Sealed,
    ) -> Result<Secret, ServiceError> {
        match self.vault().open(place, sealed) {
            Err(VaultError::UnknownKey(_)) => {
                self.learn_keys().await?;
                Ok(self.vault().open(place, sealed)?)
            }
            opened => Ok(opened?),
        }
    }

    /// Takes note of keys that were replaced.
    pub(super) async fn learn_keys(&self) -> Result<(), ServiceError> {
        let keys = self.store().data_keys().await?;
        match self.vault().learn(&keys) {
            // The keys may have been wrapped anew between the two looks.
            Err(KeyFileError::Vault(VaultError::WrongMasterKey(_))) => {
                let keys = self.store().data_keys().await?;
                Ok(self.vault().learn(&keys)?)
            }
            learnt => Ok(learnt?),
        }
    }

    /// Whether values are sealed by a retired data key still: somebody was interrupted.
    pub async fn is_resealing_open(&self) -> Result<bool, ServiceError> {
        self.learn_keys().await?;
        if self.retired_keys().await?.is_empty() {
            return Ok(false);
        }
        let key = self.vault().seals_with();
        for column in SEALED_COLUMNS {
            let found = self.store().sealed_by_others(column, &key, None, 1).await?;
            if !found.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The names of the data keys that nothing is sealed by any more, and that are there still.
    async fn retired_keys(&self) -> Result<Vec<String>, ServiceError> {
        let keys = self.store().data_keys().await?.into_iter();
        let retired = keys.filter(|key| match key.purpose {
            KeyPurpose::Seal => key.retired_at.is_some(),
            KeyPurpose::Lookup | KeyPurpose::Audit | KeyPurpose::AuditHead => false,
        });
        Ok(retired.map(|key| key.id).collect())
    }

    /// Puts a new master key in the place of the one in the file, or comes to the end of what somebody began. At every
    /// moment the files beside each other open the store.
    pub async fn replace_master_key(
        &self,
        file: &KeyFile,
        keep_former: bool,
        actor: &Actor,
    ) -> Result<ReplacedMaster, ServiceError> {
        let replacing = file.replace(&MasterKey::random(&mut rand::rng()))?;
        failpoint!("keys.file_replaced");
        self.rewrap(&replacing.master, &replacing.former, actor)
            .await?;
        failpoint!("keys.rewrapped");
        Ok(ReplacedMaster {
            id: replacing.master.id()?,
            former: replacing.former.id()?,
            kept_in: replacing.finish(keep_former)?,
        })
    }

    /// Wraps the data keys by the new master key that a key management service says, which it says beside the former one
    /// until this is done. Twice is once.
    pub async fn adopt_master_key(
        &self,
        command: &KeyCommand,
        actor: &Actor,
    ) -> Result<Option<ReplacedMaster>, ServiceError> {
        let source = KeySource::Command(command.clone());
        let (master, Some(former)) = source.read()? else {
            return Ok(None);
        };
        self.rewrap(&master, &former, actor).await?;
        Ok(Some(ReplacedMaster {
            id: master.id()?,
            former: former.id()?,
            kept_in: None,
        }))
    }

    async fn rewrap(
        &self,
        master: &MasterKey,
        former: &MasterKey,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let masters = [master.clone(), former.clone()];
        // Once more if somebody replaced the data key meanwhile.
        loop {
            let before = self.store().data_keys().await?;
            let after = before
                .iter()
                .map(|key| Vault::rewrap(&masters, master, key, &mut rand::rng()))
                .collect::<Result<Vec<WrappedKey>, VaultError>>()?;
            let at = self.now();
            let change = Change { actor, at };
            if self
                .store()
                .rewrap_data_keys(&before, &after, change)
                .await?
            {
                return Ok(());
            }
        }
    }

    /// Puts new data keys in the place of the one that seals, whose name this returns, and of the one that chains the
    /// audit. That one is kept for good, because what it chained is verified by it.
    pub async fn replace_data_key(&self, actor: &Actor) -> Result<String, ServiceError> {
        let master = self.vault().master()?;
        let new = Vault::new_key(&master, KeyPurpose::Seal, &mut rand::rng())?;
        let audit = Vault::new_key(&master, KeyPurpose::Audit, &mut rand::rng())?;
        let at = self.now();
        // The audit's first: whoever is interrupted between the two goes on with both.
        for key in [&audit, &new] {
            self.store()
                .replace_data_key(key, Change { actor, at })
                .await?;
        }
        failpoint!("keys.data_key_added");
        self.learn_keys().await?;
        Ok(new.id)
    }

    /// Seals anew whatever is sealed by a retired key, and removes the keys that nothing needs any more. Can be
    /// interrupted and repeated at will. `progress` is told after each transaction.
    pub async fn reseal(
        &self,
        actor: &Actor,
        mut progress: impl FnMut(Resealing) + Send,
    ) -> Result<Resealing, ServiceError> {
        self.learn_keys().await?;
        let mut done = Resealing::default();
        let retired = self.retired_keys().await?;
        if retired.is_empty() {
            return Ok(done);
        }
        for column in SEALED_COLUMNS {
            self.reseal_column(column, &mut done, &mut progress).await?;
        }
        let at = self.now();
        let kept = i64::try_from(RETIRED_KEY_KEPT.as_millis()).unwrap_or(i64::MAX);
        for key in retired {
            let change = Change { actor, at };
            let removed = self
                .store()
                .remove_data_key(&key, at.plus_millis(-kept), change)
                .await?;
            if removed {
                done.removed += 1;
            } else {
                done.kept += 1;
            }
        }
        Ok(done)
    }

    async fn reseal_column(
        &self,
        column: &'static SealedColumn,
        done: &mut Resealing,
        progress: &mut (impl FnMut(Resealing) + Send),
    ) -> Result<(), ServiceError> {
        let key = self.vault().seals_with();
        let mut after: Option<String> = None;
        loop {
            let found = self
                .store()
                .sealed_by_others(column, &key, after.as_deref(), BATCH)
                .await?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = Some(last.row.clone());
            let mut values = Vec::new();
            for row in found {
                match self.seal_anew(column, &row) {
                    Ok(sealed) => values.push(Resealed {
                        row: row.row,
                        former: row.sealed,
                        sealed,
                    }),
                    Err(error) => {
                        tracing::error!(
                            table = column.table, column = column.column, row = row.row, error = %error,
                            "cannot seal a value anew"
                        );
                        done.unopened += 1;
                    }
                }
            }
            let resealed = self.store().reseal(column, &values).await?;
            failpoint!("keys.resealed");
            metrics::resealed(resealed);
            done.resealed += resealed;
            progress(*done);
        }
    }

    fn seal_anew(&self, column: &SealedColumn, row: &SealedRow) -> Result<Sealed, VaultError> {
        let place = Place {
            tenant: &row.tenant,
            table: column.table,
            row: &row.row,
            column: column.column,
        };
        let secret = self.vault().open(place, &row.sealed)?;
        self.vault().seal(place, &secret, &mut rand::rng())
    }
}
