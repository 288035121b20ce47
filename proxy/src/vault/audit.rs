//! What the audit's chain is made and verified by, and what signs where it ends.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{KEY_LENGTH, Vault, VaultError};
use crate::domain::ChainMac;

/// Who signs heads of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadSigner {
    /// The key's name.
    pub key: String,
    /// What its signatures are checked by: an Ed25519 public key.
    pub public: [u8; 32],
}

impl Vault {
    /// The name of the data key that rows of the audit are sealed by from now on.
    pub fn audits_with(&self) -> String {
        self.keyring().audit_with.clone()
    }

    /// The mac of a row that comes after another; none if there is no key of that name.
    pub fn audit_mac(&self, key: &str, canonical: &[u8], previous: ChainMac) -> Option<ChainMac> {
        let keyring = self.keyring();
        let mut mac = Hmac::<Sha256>::new_from_slice(keyring.audit(key)?).ok()?;
        mac.update(canonical);
        mac.update(&previous.0);
        Some(ChainMac(mac.finalize().into_bytes().into()))
    }

    /// Signs the canonical form of a head.
    pub fn sign_head(&self, canonical: &[u8]) -> Result<[u8; 64], VaultError> {
        Ok(self.head_key()?.sign(canonical).to_bytes())
    }

    /// Whether this store's key signed that.
    pub fn signed_head(&self, canonical: &[u8], signature: &[u8; 64]) -> Result<bool, VaultError> {
        let key: VerifyingKey = self.head_key()?.verifying_key();
        let signature = Signature::from_bytes(signature);
        Ok(key.verify_strict(canonical, &signature).is_ok())
    }

    /// Who signs heads.
    pub fn head_signer(&self) -> Result<HeadSigner, VaultError> {
        Ok(HeadSigner {
            key: self.keyring().head.0.clone(),
            public: self.head_key()?.verifying_key().to_bytes(),
        })
    }

    fn head_key(&self) -> Result<SigningKey, VaultError> {
        let keyring = self.keyring();
        let seed: &[u8; KEY_LENGTH] = keyring
            .head
            .1
            .as_slice()
            .try_into()
            .map_err(|_cause| VaultError::MissingKey)?;
        Ok(SigningKey::from_bytes(seed))
    }
}
