//! The forms in which a secret could stand somewhere; for everybody who looks for one.
//!
//! Needs nothing but the standard library, so that the tests of other crates take this file as it is.
#![expect(
    clippy::indexing_slicing,
    reason = "a search that is out of bounds has failed"
)]

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// How a secret is written, and in what it comes out. One way has several forms where the neighbours change it.
pub(crate) type Disguise = (&'static str, fn(&str) -> Vec<String>);

/// Every way that is looked for.
pub(crate) const DISGUISES: &[Disguise] = &[
    ("as it is", |secret| vec![secret.to_owned()]),
    ("backwards", |secret| vec![secret.chars().rev().collect()]),
    ("in capitals", |secret| vec![secret.to_ascii_uppercase()]),
    ("in small letters", |secret| {
        vec![secret.to_ascii_lowercase()]
    }),
    ("hexadecimal", |secret| {
        vec![each(secret, |byte| format!("{byte:02x}"))]
    }),
    ("hexadecimal, in capitals", |secret| {
        vec![each(secret, |byte| format!("{byte:02X}"))]
    }),
    ("every character percent-encoded", |secret| {
        vec![each(secret, |byte| format!("%{byte:02X}"))]
    }),
    (
        "every character percent-encoded, in small letters",
        |secret| vec![each(secret, |byte| format!("%{byte:02x}"))],
    ),
    ("percent-encoded where an address needs it", |secret| {
        vec![each(secret, |byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })]
    }),
    ("base64", |secret| phases(secret, 3, 6, BASE64)),
    ("base64 for addresses", |secret| {
        phases(secret, 3, 6, BASE64_URL)
    }),
    ("base32", |secret| phases(secret, 5, 5, BASE32)),
    ("bytes in decimal", |secret| {
        vec![list(secret, ", "), list(secret, ",")]
    }),
    ("escapes of JSON", |secret| {
        vec![
            each(secret, |byte| format!("\\u{byte:04x}")),
            each(secret, |byte| format!("\\u{byte:04X}")),
        ]
    }),
    ("escapes of C", |secret| {
        vec![each(secret, |byte| format!("\\x{byte:02x}"))]
    }),
    ("escapes in octal", |secret| {
        vec![each(secret, |byte| format!("\\{byte:03o}"))]
    }),
    ("entities of HTML", |secret| {
        vec![
            each(secret, |byte| format!("&#{byte};")),
            each(secret, |byte| format!("&#x{byte:x};")),
        ]
    }),
    ("UTF-16", |secret| {
        vec![
            each(secret, |byte| format!("{}\0", char::from(byte))),
            each(secret, |byte| format!("\0{}", char::from(byte))),
        ]
    }),
];

/// How many bytes at the beginning of a form are looked up; no form is shorter.
const HEAD: usize = 8;

/// Looks for many secrets at once, in every form.
pub(crate) struct Search {
    /// Forms by their heads, each with the number of its secret.
    forms: HashMap<[u8; HEAD], Vec<(usize, Vec<u8>)>>,
    /// Which pairs of bytes begin a form: most places are passed over by that alone.
    begins: Vec<bool>,
}

impl Search {
    /// For these secrets, which are of ASCII.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut search = Self {
            forms: HashMap::new(),
            begins: vec![false; 1 << 16],
        };
        for (number, secret) in secrets.into_iter().enumerate() {
            assert!(secret.len() >= HEAD, "too short to be told from chance");
            assert!(secret.is_ascii(), "the secrets of providers are");
            for (_way, write) in DISGUISES {
                for form in write(secret) {
                    search.add(number, form.into_bytes());
                }
            }
        }
        search
    }

    fn add(&mut self, number: usize, form: Vec<u8>) {
        let head = form.first_chunk().expect("it is long enough");
        self.begins[pair(head[0], head[1])] = true;
        self.forms.entry(*head).or_default().push((number, form));
    }

    /// The numbers of the secrets that stand there.
    pub(crate) fn found(&self, within: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (at, head) in within.windows(HEAD).enumerate() {
            if !self.begins[pair(head[0], head[1])] {
                continue;
            }
            let Some(forms) = head.first_chunk().and_then(|head| self.forms.get(head)) else {
                continue;
            };
            let here = forms
                .iter()
                .filter(|(_number, form)| within[at..].starts_with(form));
            found.extend(here.map(|(number, _form)| *number));
        }
        found
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Whether any form of the secret stands there.
pub(crate) fn holds(text: &str, secret: &str) -> bool {
    !Search::new([secret]).found(text.as_bytes()).is_empty()
}

fn each(secret: &str, write: impl Fn(u8) -> String) -> String {
    secret.bytes().fold(String::new(), |mut text, byte| {
        text.push_str(&write(byte));
        text
    })
}

fn list(secret: &str, between: &str) -> String {
    let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
    numbers.join(between)
}

/// Within a longer text the digits depend on how many bytes stand before, and those at both ends on the neighbours,
/// which are left out.
fn phases(secret: &str, phases: usize, bits: usize, alphabet: &[u8]) -> Vec<String> {
    (0..phases)
        .map(|before| {
            let shifted = [vec![0; before], secret.as_bytes().to_vec()].concat();
            let whole = digits(&shifted, bits, alphabet);
            let (begin, end) = ((before * 8).div_ceil(bits), shifted.len() * 8 / bits);
            whole.chars().take(end).skip(begin).collect()
        })
        .collect()
}

/// Bytes in digits of so many bits, without padding.
fn digits(bytes: &[u8], bits: usize, alphabet: &[u8]) -> String {
    let mut stream = String::new();
    for byte in bytes {
        write!(stream, "{byte:08b}").expect("a text takes everything");
    }
    while !stream.len().is_multiple_of(bits) {
        stream.push('0');
    }
    let positions = (0..stream.len()).step_by(bits);
    positions
        .map(|at| {
            let digit = usize::from_str_radix(&stream[at..at + bits], 2).expect("it is binary");
            char::from(alphabet[digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "s3cret-Of_the~house?";

    #[test]
    fn every_way_finds_its_own_plant_between_any_neighbours() {
        assert!(DISGUISES.len() >= 12);
        for (way, write) in DISGUISES {
            for form in write(SECRET) {
                assert!(holds(&format!("before {form} after"), SECRET), "{way}");
            }
        }
        // Written by other hands.
        for (way, text) in [
            ("hexadecimal", "7333637265742d4f665f7468657e686f7573653f"),
            (
                "percent",
                "%73%33%63%72%65%74%2D%4F%66%5F%74%68%65%7E%68%6F%75%73%65%3F",
            ),
            ("where needed", "?token=s3cret-Of_the~house%3F&"),
            ("base64, first phase", "czNjcmV0LU9mX3RoZX5ob3VzZT8="),
            ("base64, second phase", "YXMzY3JldC1PZl90aGV+aG91c2U/"),
            (
                "base64 for addresses, second phase",
                "YXMzY3JldC1PZl90aGV-aG91c2U_",
            ),
            ("base64, third phase", "YWJzM2NyZXQtT2ZfdGhlfmhvdXNlPw=="),
            ("base32, first phase", "OMZWG4TFOQWU6ZS7ORUGK7TIN52XGZJ7"),
            (
                "base32, second phase",
                "MFZTGY3SMV2C2T3GL52GQZL6NBXXK43FH4======",
            ),
            (
                "bytes",
                "[115, 51, 99, 114, 101, 116, 45, 79, 102, 95, 116, 104, 101, 126, 104, 111, 117, 115, 101, 63]",
            ),
            ("backwards", "?esuoh~eht_fO-terc3s"),
        ] {
            assert!(holds(text, SECRET), "{way}");
        }
    }

    #[test]
    fn a_part_of_it_is_not_it() {
        for text in ["s3cret-Of_the", "czNjcmV0LU9m", "7333637265742d", ""] {
            assert!(!holds(text, SECRET), "{text}");
        }
    }
}
