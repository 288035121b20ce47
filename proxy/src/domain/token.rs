//! Tokens that Pairlink gives out: opaque, 256 bits from the system's generator.
//!
//! API keys and embed tokens are a prefix, 43 letters and digits, and a checksum of 6: secret scanners find leaked
//! ones by the prefix, and mistyped ones are turned away without asking the store. The tokens of share links and
//! of providers' events are 64 lowercase hexadecimal digits, because they stand in addresses.

use rand::CryptoRng;
use rand::RngExt as _;
use rand::distr::{Alphanumeric, SampleString as _};

use crate::secret::Secret;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// What a host's backend holds.
    ApiKey,
    /// What a page holds.
    Embed,
    /// What stands in the address of a share link.
    ShareLink,
    /// What a browser holds that has opened a share link.
    Viewer,
    /// What stands in the address to which a provider posts events.
    ProviderEvents,
}

const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const HEX_LENGTH: usize = 64;

impl TokenClass {
    /// Keeps the hashes of one class apart from those of another.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Embed => "embed",
            Self::ShareLink => "share_link",
            Self::Viewer => "viewer",
            Self::ProviderEvents => "provider_events",
        }
    }

    const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::ApiKey => Some("plk_"),
            Self::Embed => Some("ple_"),
            Self::ShareLink | Self::Viewer | Self::ProviderEvents => None,
        }
    }

    /// Makes a new token.
    pub fn random(self, rng: &mut impl CryptoRng) -> Secret {
        let Some(prefix) = self.prefix() else {
            let bytes: [u8; HEX_LENGTH / 2] = rng.random();
            return Secret::new(hex::encode(bytes));
        };
        let mut text = String::from(prefix);
        Alphanumeric.append_string(rng, &mut text, RANDOM_LENGTH);
        text.push_str(&checksum(&text));
        Secret::new(text)
    }

    /// Whether a text has the shape of such a token; says nothing about whether it opens anything.
    pub fn matches(self, text: &str) -> bool {
        let Some(prefix) = self.prefix() else {
            return text.len() == HEX_LENGTH
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        };
        text.len() == prefix.len() + RANDOM_LENGTH + CHECKSUM_LENGTH
            && text.starts_with(prefix)
            && text
                .bytes()
                .skip(prefix.len())
                .all(|byte| byte.is_ascii_alphanumeric())
            && text
                .split_at_checked(prefix.len() + RANDOM_LENGTH)
                .is_some_and(|(body, sum)| checksum(body) == sum)
    }
}

/// The CRC-32 of a text in six base-62 digits.
fn checksum(text: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut sum = Vec::with_capacity(CHECKSUM_LENGTH);
    for _ in 0..CHECKSUM_LENGTH {
        sum.extend(
            DIGITS
                .get(rest as usize % DIGITS.len())
                .map(|digit| char::from(*digit)),
        );
        rest /= 62;
    }
    sum.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [TokenClass; 5] = [
        TokenClass::ApiKey,
        TokenClass::Embed,
        TokenClass::ShareLink,
        TokenClass::Viewer,
        TokenClass::ProviderEvents,
    ];

    #[test]
    fn a_new_token_matches_its_class_and_no_other_with_a_prefix() {
        for class in CLASSES {
            let token = class.random(&mut rand::rng());
            assert!(class.matches(token.expose()));
            for other in [TokenClass::ApiKey, TokenClass::Embed] {
                assert_eq!(other.matches(token.expose()), other == class);
            }
        }
    }

    #[test]
    fn a_mistyped_token_is_turned_away() {
        let token = TokenClass::Embed.random(&mut rand::rng());
        let text = token.expose();
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert!(
                !TokenClass::Embed.matches(std::str::from_utf8(&bytes).unwrap()),
                "position {at}"
            );
        }
        assert!(!TokenClass::Embed.matches(&text[..text.len() - 1]));
        assert!(!TokenClass::Embed.matches(&format!("{text}x")));
        assert!(!TokenClass::Embed.matches(&"é".repeat(30)));
    }

    #[test]
    fn a_share_link_takes_lowercase_hexadecimal_digits_only() {
        assert!(TokenClass::ShareLink.matches(&"0a".repeat(32)));
        for text in [
            "0A".repeat(32),
            "0a".repeat(31),
            "0g".repeat(32),
            format!("{}/", "0a".repeat(32)),
        ] {
            assert!(!TokenClass::ShareLink.matches(&text), "{text}");
        }
    }
}
