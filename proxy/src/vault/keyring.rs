//! The data keys of a store, unlocked.

use std::collections::BTreeMap;
use std::sync::Arc;

use chacha20poly1305::XChaCha20Poly1305;
use zeroize::Zeroizing;

use super::sealing::{KEY_LENGTH, cipher, decrypt, key_context};
use super::{KeyPurpose, MasterKey, VaultError, WrappedKey};

/// The data keys of a store, unlocked.
pub(super) struct Keyring {
    /// The name of the key that seals from now on.
    pub(super) seal_with: String,
    ciphers: BTreeMap<String, Arc<XChaCha20Poly1305>>,
    /// Hashes tokens; with its name.
    lookup: (String, Arc<Zeroizing<Vec<u8>>>),
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
                    let unlocked = match known.map(|known| &known.lookup) {
                        Some((id, bytes)) if *id == key.id => Arc::clone(bytes),
                        Some(_) | None => Arc::new(unwrap(masters, key)?),
                    };
                    lookup = Some((key.id.clone(), unlocked));
                }
            }
        }
        match (seal_with, lookup) {
            (Some(seal_with), Some(lookup)) => Ok(Self {
                seal_with,
                ciphers,
                lookup,
            }),
            (None, _) | (_, None) => Err(VaultError::MissingKey),
        }
    }

    pub(super) fn cipher(&self, id: &str) -> Option<&XChaCha20Poly1305> {
        self.ciphers.get(id).map(AsRef::as_ref)
    }

    pub(super) fn lookup(&self) -> &[u8] {
        &self.lookup.1
    }

    /// Whether these are its keys, in the same roles.
    pub(super) fn is_of(&self, keys: &[WrappedKey]) -> bool {
        let sealing = || keys.iter().filter(|key| key.purpose == KeyPurpose::Seal);
        let newest = sealing().rfind(|key| key.retired_at.is_none());
        sealing().count() == self.ciphers.len()
            && sealing().all(|key| self.ciphers.contains_key(&key.id))
            && newest.is_some_and(|key| key.id == self.seal_with)
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
