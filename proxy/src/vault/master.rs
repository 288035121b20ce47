//! The key above all others.

use chacha20poly1305::XChaCha20Poly1305;
use hkdf::Hkdf;
use rand::{CryptoRng, RngExt as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultError;
use super::sealing::{KEY_LENGTH, cipher};
use crate::secret::Secret;

/// How many hexadecimal digits of a fingerprint name a master key.
const NAME_DIGITS: usize = 12;

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

    /// Its name, `mk_…`: tells keys apart and says nothing about them.
    pub fn id(&self) -> Result<String, VaultError> {
        let fingerprint = self.derive(b"pairlink master key name v1")?;
        let digits: String = hex::encode(fingerprint.as_slice())
            .chars()
            .take(NAME_DIGITS)
            .collect();
        Ok(format!("mk_{digits}"))
    }

    /// The key that wraps data keys; derived, so that the master key itself encrypts nothing.
    pub(super) fn wrapping_cipher(&self) -> Result<XChaCha20Poly1305, VaultError> {
        Ok(cipher(&*self.derive(b"pairlink data key wrapping v1")?))
    }

    fn derive(&self, what_for: &[u8]) -> Result<Zeroizing<[u8; KEY_LENGTH]>, VaultError> {
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(what_for, key.as_mut_slice())
            .map_err(|_cause| VaultError::MasterKey)?;
        Ok(key)
    }
}
