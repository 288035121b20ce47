//! Looks for secrets where none may be. Every log of every crate is kept, at the finest level.

use std::io;
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use pairlink_proxy::metrics::Recorder;
use tracing::level_filters::LevelFilter;

use super::world::World;
use disguises::Search;

/// The list that the tests in browsers have.
#[path = "../../../../tests/e2e/src/disguises.rs"]
mod disguises;

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

/// What this process counts.
pub(crate) fn recorder() -> Recorder {
    static RECORDER: OnceLock<Recorder> = OnceLock::new();
    RECORDER
        .get_or_init(|| Recorder::install().unwrap())
        .clone()
}

pub(crate) fn log_length() -> usize {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// What was logged since, by all tests.
pub(crate) fn log_since(begin: usize) -> Vec<u8> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)[begin..].to_vec()
}

/// The names of the secrets that stand somewhere, in whatever form.
pub(crate) fn found<'a>(secrets: &[(&'a str, &str)], within: &[u8]) -> Vec<&'a str> {
    let search = Search::new(secrets.iter().map(|(_name, secret)| *secret));
    let found = search.found(within).into_iter();
    found.map(|number| secrets[number].0).collect()
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
    fn a_planted_secret_is_found_in_bytes_that_are_no_text() {
        let secret = "s3cret-Of_the~house?";
        let page = [&[0xff, 0x00, 0xc3][..], secret.as_bytes(), &[0x80, 0xfe]].concat();
        assert_eq!(found(&[("it", secret)], &page), ["it"]);
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
