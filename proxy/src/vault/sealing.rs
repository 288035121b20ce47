//! Authenticated encryption: what is sealed opens by the same key in the same context, and not otherwise.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::{CryptoRng, RngExt as _};
use zeroize::Zeroizing;

use super::{KeyPurpose, Place, VaultError};

pub(super) const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

pub(super) fn cipher(key: &[u8; KEY_LENGTH]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

/// What a wrapped data key is bound to.
pub(super) fn key_context(id: &str, purpose: KeyPurpose) -> String {
    context(&["data_key", id, purpose.as_str()])
}

/// What a sealed value is bound to.
pub(super) fn place_context(place: Place<'_>, key: &str) -> String {
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

pub(super) fn encrypt(
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

pub(super) fn decrypt(
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
