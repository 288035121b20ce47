//! Looks for secrets where none may be. Every log of every crate is kept, at the finest level.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use tracing::level_filters::LevelFilter;

use super::world::World;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Keeper;

impl io::Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl log::Log for Keeper {
    fn enabled(&self, _of: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}\n", record.target(), record.args());
        drop(io::Write::write_all(&mut Self, line.as_bytes()));
    }

    fn flush(&self) {}
}

/// Keeps what is logged from now on, by `tracing` and by `log`.
pub(crate) fn capture_logs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Keeper)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log::set_logger(&Keeper).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

pub(crate) fn log_length() -> usize {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// What was logged since, by all tests.
pub(crate) fn log_since(begin: usize) -> Vec<u8> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)[begin..].to_vec()
}

/// The forms in which a secret could stand somewhere.
fn disguises(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let mut forms = vec![
        secret.to_owned(),
        hex::encode(bytes),
        hex::encode_upper(bytes),
        percent(hex::encode_upper(bytes)),
        percent(hex::encode(bytes)),
        // As the debug form of bytes.
        bytes
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    ];
    // Within a longer text base64 has three phases; the characters at both ends depend on the neighbours.
    for phase in 0..3 {
        let shifted = [&[b'-'; 2][..phase], bytes].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let whole = engine.encode(&shifted);
            let end = shifted.len() / 3 * 4;
            forms.push(whole[if phase == 0 { 0 } else { 4 }..end].to_owned());
        }
    }
    forms
}

/// As in an address where every character is escaped.
fn percent(digits: String) -> String {
    digits
        .chars()
        .enumerate()
        .flat_map(|(at, digit)| (at % 2 == 0).then_some('%').into_iter().chain([digit]))
        .collect()
}

/// The names of the secrets that stand somewhere, in whatever form.
pub(crate) fn found<'a>(secrets: &[(&'a str, &str)], within: &[u8]) -> Vec<&'a str> {
    let within = String::from_utf8_lossy(within);
    secrets
        .iter()
        .filter(|(_, secret)| {
            assert!(secret.len() >= 12, "too short to be found by");
            disguises(secret).iter().any(|form| within.contains(form))
        })
        .map(|(name, _)| *name)
        .collect()
}

impl World {
    /// The secrets that every world has.
    pub(crate) fn secrets(&self) -> Vec<(&str, &str)> {
        vec![
            ("access token", &self.access_token),
            ("API key", &self.key),
            ("master key", &self.master_key),
        ]
    }

    /// Neither these secrets nor the world's own, nor a link that it gave out, stand in the log.
    #[track_caller]
    pub(crate) fn assert_log_is_clean(&self, more: &[(&'static str, &str)]) {
        let links = self.links.lock().unwrap().clone();
        let links = links.iter().map(|link| ("link", link.as_str())).collect();
        let secrets = [self.secrets(), links, more.to_vec()].concat();
        let log = log_since(self.log_begins);
        assert!(!log.is_empty(), "nothing was kept");
        assert_eq!(found(&secrets, &log), [""; 0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_secret_is_found_in_every_form_and_nothing_else_is() {
        let secret = "s3cret-Of_the~house?";
        let bytes = secret.as_bytes();
        let mut plants = vec![
            format!("token={secret}"),
            format!("{bytes:?}"),
            hex::encode(bytes),
            hex::encode_upper(bytes),
            "%73%33%63%72%65%74%2D%4F%66%5F%74%68%65%7E%68%6F%75%73%65%3F".to_owned(),
        ];
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}{secret}after");
            plants.push(STANDARD_NO_PAD.encode(&text));
            plants.push(URL_SAFE_NO_PAD.encode(&text));
        }
        for plant in plants {
            let log = format!("INFO something {plant} more");
            assert_eq!(found(&[("it", secret)], log.as_bytes()), ["it"], "{plant}");
        }
        assert_eq!(found(&[("it", secret)], b"s3cret-Of_the"), [""; 0]);
    }

    #[test]
    fn what_any_crate_logs_is_kept() {
        capture_logs();
        let (begin, first, second) = (
            log_length(),
            super::super::world::random(20),
            super::super::world::random(20),
        );
        tracing::trace!(planted = first.as_str());
        log::trace!("planted {second}");
        let planted = [("by tracing", first.as_str()), ("by log", second.as_str())];
        assert_eq!(found(&planted, &log_since(begin)), ["by tracing", "by log"]);
    }
}
