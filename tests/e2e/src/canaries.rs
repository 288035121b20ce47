//! Looks for secrets where none may be.

use std::fmt;

use crate::disguises::holds;

/// Secrets of one system, by name.
#[derive(Clone)]
pub struct Canaries(Vec<(&'static str, String)>);

/// A secret in a place where it must not be; says which, and not what it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Leak {
    secret: &'static str,
    place: String,
}

impl fmt::Debug for Leak {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {}", self.secret, self.place)
    }
}

/// How tokens begin that Pairlink gives out, and how long they are at least after that.
const ISSUED: [(&str, &str, usize); 2] =
    [("an embed token", "ple_", 16), ("an API key", "plk_", 16)];

/// How the simulated provider's links go on after the part that is no secret.
const LINK: (&str, &str, usize) = ("a temporary link", "/temp-qr/", 64);

impl Canaries {
    /// These values, and whatever looks like a token of Pairlink.
    pub fn new(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// The secrets in a place that may hold the live link, such as a page.
    pub fn find_in_page(&self, place: &str, text: &str) -> Vec<Leak> {
        self.0
            .iter()
            .filter(|(_secret, value)| holds(text, value))
            .map(|&(secret, _)| secret)
            .chain(
                ISSUED
                    .iter()
                    .filter(|(_, prefix, length)| has_token(text, prefix, *length))
                    .map(|&(secret, _, _)| secret),
            )
            .map(|secret| Leak {
                secret,
                place: place.to_owned(),
            })
            .collect()
    }

    /// The secrets in a place that may hold nothing at all, such as a log.
    pub fn find_in_log(&self, place: &str, text: &str) -> Vec<Leak> {
        let mut leaks = self.find_in_page(place, text);
        let (secret, prefix, length) = LINK;
        if has_token(text, prefix, length) {
            leaks.push(Leak {
                secret,
                place: place.to_owned(),
            });
        }
        leaks
    }
}

/// Whether the text holds the prefix with so many token characters behind it.
fn has_token(text: &str, prefix: &str, length: usize) -> bool {
    text.split(prefix).skip(1).any(|rest| {
        rest.chars()
            .take_while(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
            .count()
            >= length
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canaries() -> Canaries {
        Canaries::new([("the access token", "canary-0123".to_owned())])
    }

    #[test]
    fn finds_what_was_planted() {
        let token = format!("Bearer ple_{}", "a".repeat(32));
        let link = format!("GET /temp-qr/{}", "a".repeat(64));
        for (text, expected) in [
            ("?access_token=canary-0123&", "the access token in a log"),
            (token.as_str(), "an embed token in a log"),
            (link.as_str(), "a temporary link in a log"),
        ] {
            let leaks = canaries().find_in_log("a log", text);
            assert_eq!(format!("{leaks:?}"), format!("[{expected}]"));
        }
    }

    #[test]
    fn finds_it_in_disguise() {
        for text in ["Y2FuYXJ5LTAxMjM", "63616e6172792d30313233", "3210-yranac"] {
            let leaks = canaries().find_in_page("a page", text);
            assert_eq!(format!("{leaks:?}"), "[the access token in a page]");
        }
    }

    #[test]
    fn takes_names_of_secrets_for_no_secrets() {
        let text = "a token starts with ple_ or plk_… and opens GET /temp-qr/{token}";
        assert!(canaries().find_in_log("a log", text).is_empty());
    }

    #[test]
    fn a_page_may_show_the_link() {
        let text = format!("http://127.0.0.1:1/temp-qr/{}", "a".repeat(64));
        assert!(canaries().find_in_page("a page", &text).is_empty());
    }
}
