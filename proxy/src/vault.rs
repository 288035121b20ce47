//! Seals what rests in the store, and hashes the tokens that Pairlink gives out.
//!
//! Envelope encryption: the master key wraps random data keys, the data keys seal values. A sealed value is bound to
//! the row and column in which it stands (associated data), so that a value moved to another row does not open.
//! Tokens are stored as keyed hashes: they are 256 random bits, so a fast hash is enough, and because it is keyed,
//! somebody who can only write to the store cannot plant a token.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use rand::distr::{Alphanumeric, SampleString as _};
use rand::{CryptoRng, RngExt as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::TokenClass;
use crate::secret::Secret;

const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// The key above all others; from a file, never in the store.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_LENGTH]>);

impl MasterKey {
    /// Makes a new one.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self(Zeroizing::new(rng.random()))
    }

    /// Reads it as a file holds it: 64 hexadecimal digits, white space around them ignored.
    pub fn from_hex(text: &str) -> Result<Self, VaultError> {
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        hex::decode_to_slice(text.trim(), key.as_mut_slice())
            .map_err(|_cause| VaultError::MasterKey)?;
        Ok(Self(key))
    }

    /// As a file holds it.
    pub fn to_hex(&self) -> Secret {
        Secret::new(hex::encode(self.0.as_slice()))
    }

    /// The key that wraps data keys; derived, so that the master key itself encrypts nothing.
    fn wrapping_cipher(&self) -> Result<XChaCha20Poly1305, VaultError> {
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(b"pairlink data key wrapping v1", key.as_mut_slice())
            .map_err(|_cause| VaultError::MasterKey)?;
        Ok(cipher(&key))
    }
}

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// Seals values.
    Seal,
    /// Hashes tokens.
    Lookup,
}

impl KeyPurpose {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Lookup => "lookup",
        }
    }

    /// The purpose of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Seal, Self::Lookup]
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
    /// A value was changed, or moved here from another row.
    #[error("a sealed value does not open")]
    Sealed,
}

/// The data keys, unlocked.
pub struct Vault {
    seal_with: String,
    ciphers: BTreeMap<String, XChaCha20Poly1305>,
    lookup: Zeroizing<Vec<u8>>,
}

impl Vault {
    /// Makes the data keys of a new store, wrapped.
    pub fn new_keys(
        master: &MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<WrappedKey>, VaultError> {
        let wrapping = master.wrapping_cipher()?;
        [KeyPurpose::Seal, KeyPurpose::Lookup]
            .into_iter()
            .map(|purpose| {
                let id = format!("dek_{}", Alphanumeric.sample_string(rng, 12));
                let key: Zeroizing<[u8; KEY_LENGTH]> = Zeroizing::new(rng.random());
                let wrapped = encrypt(&wrapping, &key_context(&id, purpose), key.as_slice(), rng)?;
                Ok(WrappedKey {
                    id,
                    purpose,
                    wrapped,
                })
            })
            .collect()
    }

    /// Unlocks the data keys of a store, the newest last.
    pub fn unlock(master: &MasterKey, keys: &[WrappedKey]) -> Result<Self, VaultError> {
        let wrapping = master.wrapping_cipher()?;
        let (mut seal_with, mut ciphers, mut lookup) = (None, BTreeMap::new(), None);
        for key in keys {
            let bytes = decrypt(&wrapping, &key_context(&key.id, key.purpose), &key.wrapped)
                .map_err(|_cause| VaultError::WrongMasterKey(key.id.clone()))?;
            match key.purpose {
                KeyPurpose::Seal => {
                    let bytes: &[u8; KEY_LENGTH] = bytes
                        .as_slice()
                        .try_into()
                        .map_err(|_cause| VaultError::WrongMasterKey(key.id.clone()))?;
                    ciphers.insert(key.id.clone(), cipher(bytes));
                    seal_with = Some(key.id.clone());
                }
                KeyPurpose::Lookup => lookup = Some(bytes),
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

    /// Seals a value for one place.
    pub fn seal(
        &self,
        place: Place<'_>,
        secret: &Secret,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, VaultError> {
        let cipher = self
            .ciphers
            .get(&self.seal_with)
            .ok_or(VaultError::MissingKey)?;
        let body = encrypt(
            cipher,
            &place_context(place, &self.seal_with),
            secret.expose().as_bytes(),
            rng,
        )?;
        Ok(Sealed(format!("v1.{}.{body}", self.seal_with)))
    }

    /// Opens a value that was sealed for that place.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<Secret, VaultError> {
        let (id, body) = sealed
            .0
            .strip_prefix("v1.")
            .and_then(|rest| rest.split_once('.'))
            .ok_or(VaultError::Sealed)?;
        let cipher = self.ciphers.get(id).ok_or(VaultError::Sealed)?;
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
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.lookup)
            .map_err(|_cause| VaultError::MissingKey)?;
        mac.update(class.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        Ok(TokenHash(
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()),
        ))
    }
}

fn cipher(key: &[u8; KEY_LENGTH]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

fn key_context(id: &str, purpose: KeyPurpose) -> String {
    context(&["data_key", id, purpose.as_str()])
}

fn place_context(place: Place<'_>, key: &str) -> String {
    context(&[place.tenant, place.table, place.row, place.column, key])
}

/// Joins parts so that no two lists of parts give the same text.
fn context(parts: &[&str]) -> String {
    parts
        .iter()
        .fold(String::from("pairlink v1"), |text, part| {
            format!("{text}|{}:{part}", part.len())
        })
}

fn encrypt(
    cipher: &XChaCha20Poly1305,
    context: &str,
    plain: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<String, VaultError> {
    let nonce: [u8; NONCE_LENGTH] = rng.random();
    let sealed = cipher
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: context.as_bytes(),
            },
        )
        .map_err(|_cause| VaultError::Sealed)?;
    Ok(format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(nonce),
        URL_SAFE_NO_PAD.encode(sealed)
    ))
}

fn decrypt(
    cipher: &XChaCha20Poly1305,
    context: &str,
    body: &str,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, sealed) = body.split_once('.').ok_or(VaultError::Sealed)?;
    let nonce = URL_SAFE_NO_PAD
        .decode(nonce)
        .map_err(|_cause| VaultError::Sealed)?;
    let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_cause| VaultError::Sealed)?;
    let sealed = URL_SAFE_NO_PAD
        .decode(sealed)
        .map_err(|_cause| VaultError::Sealed)?;
    cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &sealed,
                aad: context.as_bytes(),
            },
        )
        .map(Zeroizing::new)
        .map_err(|_cause| VaultError::Sealed)
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
