//! The data keys of a store, unlocked.

use std::collections::BTreeMap;
use std::sync::Arc;

use chacha20poly1305::XChaCha20Poly1305;
use zeroize::Zeroizing;

use super::sealing::{KEY_LENGTH, cipher, decrypt, key_context};
use super::{KeyPurpose, MasterKey, VaultError, WrappedKey};

type KeyBytes = Arc<Zeroizing<Vec<u8>>>;

/// The data keys of a store, unlocked.
pub(super) struct Keyring {
    /// The name of the key that seals from now on.
    pub(super) seal_with: String,
    ciphers: BTreeMap<String, Arc<XChaCha20Poly1305>>,
    /// Hashes tokens; with its name.
    lookup: (String, KeyBytes),
    /// The name of the key that chains the audit from now on.
    pub(super) audit_with: String,
    audits: BTreeMap<String, KeyBytes>,
    /// Signs where that chain ends; with its name.
    pub(super) head: (String, KeyBytes),
}

impl Keyring {
    /// Unlocks the keys, the newest last. What `known` has unlocked already is taken from there, so that a store whose
    /// master key was replaced meanwhile goes on to be read.
    pub(super) fn unlock(
        masters: &[MasterKey],
        keys: &[WrappedKey],
        known: Option<&Self>,
    ) -> Result<Self, VaultError> {
        let (mut seal_with, mut ciphers, mut lookup) = (None, BTreeMap::new(), None);
        let (mut audit_with, mut audits, mut head) = (None, BTreeMap::new(), None);
        let bytes_of = |key: &WrappedKey, known: Option<&(String, KeyBytes)>| match known {
            Some((id, bytes)) if *id == key.id => Ok(Arc::clone(bytes)),
            Some(_) | None => unwrap(masters, key).map(Arc::new),
        };
        for key in keys {
            match key.purpose {
                KeyPurpose::Seal => {
                    let unlocked = match known.and_then(|known| known.ciphers.get(&key.id)) {
                        Some(cipher) => Arc::clone(cipher),
                        None => Arc::new(sealing_cipher(masters, key)?),
                    };
                    ciphers.insert(key.id.clone(), unlocked);
                    if key.retired_at.is_none() {
                        seal_with = Some(key.id.clone());
                    }
                }
                KeyPurpose::Lookup => {
                    let unlocked = bytes_of(key, known.map(|known| &known.lookup))?;
                    lookup = Some((key.id.clone(), unlocked));
                }
                KeyPurpose::Audit => {
                    let unlocked = match known.and_then(|known| known.audits.get(&key.id)) {
                        Some(bytes) => Arc::clone(bytes),
                        None => Arc::new(unwrap(masters, key)?),
                    };
                    audits.insert(key.id.clone(), unlocked);
                    if key.retired_at.is_none() {
                        audit_with = Some(key.id.clone());
                    }
                }
                KeyPurpose::AuditHead => {
                    let unlocked = bytes_of(key, known.map(|known| &known.head))?;
                    head = Some((key.id.clone(), unlocked));
                }
            }
        }
        Ok(Self {
            seal_with: seal_with.ok_or(VaultError::MissingKey)?,
            ciphers,
            lookup: lookup.ok_or(VaultError::MissingKey)?,
            audit_with: audit_with.ok_or(VaultError::MissingKey)?,
            audits,
            head: head.ok_or(VaultError::MissingKey)?,
        })
    }

    pub(super) fn cipher(&self, id: &str) -> Option<&XChaCha20Poly1305> {
        self.ciphers.get(id).map(AsRef::as_ref)
    }

    pub(super) fn lookup(&self) -> &[u8] {
        &self.lookup.1
    }

    pub(super) fn audit(&self, id: &str) -> Option<&[u8]> {
        self.audits.get(id).map(|bytes| bytes.as_slice())
    }

    /// Whether these are its keys, in the same roles.
    pub(super) fn is_of(&self, keys: &[WrappedKey]) -> bool {
        let has_of = |purpose, has: &dyn Fn(&str) -> bool, count: usize, newest: &str| {
            let of = || keys.iter().filter(move |key| key.purpose == purpose);
            of().count() == count
                && of().all(|key| has(&key.id))
                && of()
                    .rfind(|key| key.retired_at.is_none())
                    .is_some_and(|key| key.id == newest)
        };
        has_of(
            KeyPurpose::Seal,
            &|id| self.ciphers.contains_key(id),
            self.ciphers.len(),
            &self.seal_with,
        ) && has_of(
            KeyPurpose::Audit,
            &|id| self.audits.contains_key(id),
            self.audits.len(),
            &self.audit_with,
        )
    }
}

fn sealing_cipher(
    masters: &[MasterKey],
    key: &WrappedKey,
) -> Result<XChaCha20Poly1305, VaultError> {
    let bytes = unwrap(masters, key)?;
    let bytes: &[u8; KEY_LENGTH] = bytes
        .as_slice()
        .try_into()
        .map_err(|_cause| VaultError::WrongMasterKey(key.id.clone()))?;
    Ok(cipher(bytes))
}

/// Unwraps a data key by whichever master key opens it.
pub(super) fn unwrap(
    masters: &[MasterKey],
    key: &WrappedKey,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let context = key_context(&key.id, key.purpose);
    for master in masters {
        if let Ok(bytes) = decrypt(&master.wrapping_cipher()?, &context, &key.wrapped) {
            return Ok(bytes);
        }
    }
    Err(VaultError::WrongMasterKey(key.id.clone()))
}
