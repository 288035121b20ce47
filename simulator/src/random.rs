//! Random text for secrets that only have to be hard to guess within a test.

use rand::seq::IndexedRandom as _;

/// Lowercase letters and digits.
pub(crate) const LOWERCASE: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Letters of both cases and digits.
pub(crate) const ALPHANUMERIC: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What pairing codes are made of: nothing that is easily misread.
pub(crate) const LEGIBLE: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// So many characters of an alphabet.
pub(crate) fn text(alphabet: &[u8], length: usize) -> String {
    let mut random = rand::rng();
    let mut character = || alphabet.choose(&mut random).copied().map(char::from);
    (0..length).filter_map(|_| character()).collect()
}
