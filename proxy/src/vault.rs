//! Seals what rests in the store, and hashes the tokens that Pairlink gives out.
//!
//! Envelope encryption: the master key wraps random data keys, the data keys seal values. A sealed value is bound to
//! the row and column in which it stands (associated data), so that a value moved to another row does not open.
//! Tokens are stored as keyed hashes: they are 256 random bits, so a fast hash is enough, and because it is keyed,
//! somebody who can only write to the store cannot plant a token.
//!
//! Both kinds of key can be replaced while the proxy runs. A value says by which data key it is sealed, so that values
//! under the former and the new one stand side by side; a process that meets a key it has not heard of reads the keys
//! again. The key of the hashes stays: the tokens are not there to be hashed anew.

mod audit;
mod inventory;
mod key_command;
mod key_file;
mod key_source;
mod keyring;
mod master;
mod sealing;

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::distr::{Alphanumeric, SampleString as _};
use rand::{CryptoRng, RngExt as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use audit::HeadSigner;
pub use inventory::{SEALED_COLUMNS, SealedColumn, TenantOf};
pub use key_command::{KeyCommand, KeyCommandError};
pub use key_file::{KeyFile, KeyFileError, Replacing};
pub use key_source::KeySource;
pub use master::MasterKey;

use crate::domain::{Timestamp, TokenClass};
use crate::secret::Secret;
use keyring::Keyring;
use sealing::{KEY_LENGTH, decrypt, encrypt, key_context, place_context};

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// Seals values.
    Seal,
    /// Hashes tokens.
    Lookup,
    /// Chains the rows of the audit. Kept for good: what it sealed is verified by it.
    Audit,
    /// Signs where that chain ends.
    AuditHead,
}

impl KeyPurpose {
    /// Every purpose. A store has a key of each.
    pub const ALL: [Self; 4] = [Self::Seal, Self::Lookup, Self::Audit, Self::AuditHead];

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Lookup => "lookup",
            Self::Audit => "audit",
            Self::AuditHead => "audit_head",
        }
    }

    /// The purpose of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == name)
    }
}

/// A data key as the store holds it.
#[derive(Clone, Debug)]
pub struct WrappedKey {
    /// Its name; sealed values say it.
    pub id: String,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// The key, sealed by the master key.
    pub wrapped: String,
    /// The name of that master key; none in stores of earlier versions.
    pub wrapped_by: Option<String>,
    /// Since when nothing more is sealed by it.
    pub retired_at: Option<Timestamp>,
}

/// Where a sealed value stands: part of what is authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose row.
    pub tenant: &'a str,
    /// Which table.
    pub table: &'static str,
    /// Which row.
    pub row: &'a str,
    /// Which column.
    pub column: &'static str,
}

/// A sealed value: `v1.{data key}.{nonce}.{ciphertext}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub String);

impl Sealed {
    /// How every value begins that is sealed by that data key.
    pub fn prefix(key: &str) -> String {
        format!("v1.{key}.")
    }

    /// The name of the data key, and what that opens.
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix("v1.")?.split_once('.')
    }
}

/// The keyed hash of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHash(pub String);

/// Why the vault did not open.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VaultError {
    /// The master key is not 64 hexadecimal digits.
    #[error("the master key is not 64 hexadecimal digits")]
    MasterKey,
    /// The store was made with another master key.
    #[error("the master key does not open data key {0}")]
    WrongMasterKey(String),
    /// The store lacks a data key.
    #[error("the store holds no data key for this purpose")]
    MissingKey,
    /// A value is sealed by a data key that this process has not heard of.
    #[error("data key {0} is not known here")]
    UnknownKey(String),
    /// A value was changed, or moved here from another row.
    #[error("a sealed value does not open")]
    Sealed,
    /// Nobody would find the value again when the data key is replaced.
    #[error("{table}.{column} is not in the inventory of sealed columns")]
    Unlisted {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
    },
}

/// The data keys of a store, unlocked, and the master key that unlocks more of them.
pub struct Vault {
    keyring: RwLock<Arc<Keyring>>,
    master: MasterKey,
    /// Where the master key is read again, should it have been replaced.
    source: Option<KeySource>,
}

impl Vault {
    /// Makes the data keys of a new store, wrapped.
    pub fn new_keys(
        master: &MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<WrappedKey>, VaultError> {
        Self::missing_keys(std::slice::from_ref(master), &[], rng)
    }

    /// Makes the data keys that a store has not got, wrapped by the first of these master keys: all of a new store, some
    /// of one that an earlier version made. Refused if the master keys do not open what it has got.
    pub fn missing_keys(
        masters: &[MasterKey],
        keys: &[WrappedKey],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<WrappedKey>, VaultError> {
        for key in keys {
            drop(keyring::unwrap(masters, key)?);
        }
        let master = masters.first().ok_or(VaultError::MissingKey)?;
        KeyPurpose::ALL
            .into_iter()
            .filter(|purpose| keys.iter().all(|key| key.purpose != *purpose))
            .map(|purpose| Self::new_key(master, purpose, rng))
            .collect()
    }

    /// Makes one data key, wrapped.
    pub fn new_key(
        master: &MasterKey,
        purpose: KeyPurpose,
        rng: &mut impl CryptoRng,
    ) -> Result<WrappedKey, VaultError> {
        let id = format!("dek_{}", Alphanumeric.sample_string(rng, 12));
        let key: Zeroizing<[u8; KEY_LENGTH]> = Zeroizing::new(rng.random());
        wrap(master, id, purpose, None, key.as_slice(), rng)
    }

    /// Wraps a data key by another master key.
    pub fn rewrap(
        former: &[MasterKey],
        master: &MasterKey,
        key: &WrappedKey,
        rng: &mut impl CryptoRng,
    ) -> Result<WrappedKey, VaultError> {
        let bytes = keyring::unwrap(former, key)?;
        wrap(
            master,
            key.id.clone(),
            key.purpose,
            key.retired_at,
            &bytes,
            rng,
        )
    }

    /// Unlocks the data keys of a store, the newest last.
    pub fn unlock(master: &MasterKey, keys: &[WrappedKey]) -> Result<Self, VaultError> {
        let keyring = Keyring::unlock(std::slice::from_ref(master), keys, None)?;
        Ok(Self {
            keyring: RwLock::new(Arc::new(keyring)),
            master: master.clone(),
            source: None,
        })
    }

    /// Unlocks the data keys of a store by what is said there: while the master key is being replaced, two keys.
    pub fn open_with(source: KeySource, keys: &[WrappedKey]) -> Result<Self, KeyFileError> {
        let (master, former) = source.read()?;
        let masters: Vec<MasterKey> = std::iter::once(master.clone()).chain(former).collect();
        let keyring = Keyring::unlock(&masters, keys, None)?;
        Ok(Self {
            keyring: RwLock::new(Arc::new(keyring)),
            master,
            source: Some(source),
        })
    }

    /// Takes note of the data keys that the store has now, the newest last.
    pub fn learn(&self, keys: &[WrappedKey]) -> Result<(), KeyFileError> {
        let known = self.keyring();
        if known.is_of(keys) {
            return Ok(());
        }
        let mut masters = vec![self.master.clone()];
        if let Some(source) = &self.source {
            let (master, former) = source.read()?;
            masters.push(master);
            masters.extend(former);
        }
        let learnt = Arc::new(Keyring::unlock(&masters, keys, Some(&known))?);
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = learnt;
        Ok(())
    }

    /// The master key that new data keys are wrapped by.
    pub fn master(&self) -> Result<MasterKey, KeyFileError> {
        match &self.source {
            Some(source) => source.read().map(|(master, _former)| master),
            None => Ok(self.master.clone()),
        }
    }

    /// The name of the data key that seals.
    pub fn seals_with(&self) -> String {
        self.keyring().seal_with.clone()
    }

    /// Seals a value for one place, which is in the inventory.
    pub fn seal(
        &self,
        place: Place<'_>,
        secret: &Secret,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, VaultError> {
        if !inventory::is_listed(place) {
            return Err(VaultError::Unlisted {
                table: place.table,
                column: place.column,
            });
        }
        if place.table == "passes" && defect!("leak-column") {
            return Ok(Sealed(secret.expose().to_owned()));
        }
        let keyring = self.keyring();
        let key = keyring.seal_with.as_str();
        let body = encrypt(
            keyring.cipher(key).ok_or(VaultError::MissingKey)?,
            &place_context(place, key),
            secret.expose().as_bytes(),
            rng,
        )?;
        Ok(Sealed(Sealed::prefix(key) + &body))
    }

    /// Opens a value that was sealed for that place.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<Secret, VaultError> {
        let (id, body) = sealed.parts().ok_or(VaultError::Sealed)?;
        let keyring = self.keyring();
        let cipher = keyring
            .cipher(id)
            .ok_or_else(|| VaultError::UnknownKey(id.to_owned()))?;
        let bytes = decrypt(cipher, &place_context(place, id), body)?;
        let text = std::str::from_utf8(&bytes).map_err(|_cause| VaultError::Sealed)?;
        Ok(Secret::new(text))
    }

    /// Hashes a token for looking it up.
    pub fn hash(&self, class: TokenClass, token: &str) -> Result<TokenHash, VaultError> {
        self.hash_named(class.name(), token)
    }

    /// Hashes any text that is looked up and need not be read back, such as an idempotency key.
    pub fn hash_named(&self, class: &'static str, text: &str) -> Result<TokenHash, VaultError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.keyring().lookup())
            .map_err(|_cause| VaultError::MissingKey)?;
        mac.update(class.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        Ok(TokenHash(
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()),
        ))
    }

    fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn wrap(
    master: &MasterKey,
    id: String,
    purpose: KeyPurpose,
    retired_at: Option<Timestamp>,
    key: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<WrappedKey, VaultError> {
    let context = key_context(&id, purpose);
    Ok(WrappedKey {
        wrapped: encrypt(&master.wrapping_cipher()?, &context, key, rng)?,
        wrapped_by: Some(master.id()?),
        id,
        purpose,
        retired_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'static> = Place {
        tenant: "acme",
        table: "connections",
        row: "con_1",
        column: "credentials",
    };

    fn vault() -> (MasterKey, Vec<WrappedKey>, Vault) {
        let master = MasterKey::random(&mut rand::rng());
        let keys = Vault::new_keys(&master, &mut rand::rng()).unwrap();
        let vault = Vault::unlock(&master, &keys).unwrap();
        (master, keys, vault)
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let (.., vault) = vault();
        let sealed = vault
            .seal(PLACE, &Secret::new("hush"), &mut rand::rng())
            .unwrap();
        assert!(!sealed.0.contains("hush"));
        assert_eq!(vault.open(PLACE, &sealed).unwrap().expose(), "hush");
        for other in [
            Place {
                tenant: "other",
                ..PLACE
            },
            Place {
                table: "passes",
                ..PLACE
            },
            Place {
                row: "con_2",
                ..PLACE
            },
            Place {
                column: "label",
                ..PLACE
            },
        ] {
            assert!(vault.open(other, &sealed).is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_changed_value_does_not_open() {
        let (.., vault) = vault();
        let sealed = vault
            .seal(PLACE, &Secret::new("hush"), &mut rand::rng())
            .unwrap();
        for at in 0..sealed.0.len() {
            let mut bytes = sealed.0.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = Sealed(String::from_utf8(bytes).unwrap());
            assert!(vault.open(PLACE, &changed).is_err(), "position {at}");
        }
        assert!(vault.open(PLACE, &Sealed(String::new())).is_err());
    }

    #[test]
    fn another_master_key_unlocks_nothing() {
        let (master, keys, _) = vault();
        let other = MasterKey::random(&mut rand::rng());
        assert!(
            matches!(Vault::unlock(&other, &keys), Err(VaultError::WrongMasterKey(id)) if id == keys[0].id)
        );
        let again = MasterKey::from_hex(&format!("  {}\n", master.to_hex().expose())).unwrap();
        assert!(Vault::unlock(&again, &keys).is_ok());
        assert!(matches!(
            Vault::unlock(&master, &[]),
            Err(VaultError::MissingKey)
        ));
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert!(MasterKey::from_hex(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hashes_are_keyed_and_apart_by_class() {
        let ((.., one), (.., two)) = (vault(), vault());
        let hash = one.hash(TokenClass::Embed, "t").unwrap();
        assert_eq!(hash, one.hash(TokenClass::Embed, "t").unwrap());
        assert_ne!(hash, one.hash(TokenClass::ApiKey, "t").unwrap());
        assert_ne!(hash, two.hash(TokenClass::Embed, "t").unwrap());
    }
}
