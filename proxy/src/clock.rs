//! The one place where time is read.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use pairlink_protocol::Timestamp;

/// Tells what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// The machine's wall clock as it was at start, carried on by its monotonic clock: a step of the wall clock neither
/// revives a dead pass nor kills a live one.
///
/// Where several machines have to agree it follows another clock.
#[derive(Debug)]
pub struct SystemClock {
    started_at: Timestamp,
    started: Instant,
    /// By how many milliseconds the clock that it follows is ahead of the machine's.
    ahead: AtomicI64,
}

impl SystemClock {
    /// Reads the wall clock, once.
    #[expect(clippy::disallowed_methods, reason = "this is the injected clock")]
    pub fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            started_at: Timestamp::from_unix_millis(millis(since_epoch)),
            started: Instant::now(),
            ahead: AtomicI64::new(0),
        }
    }

    /// Follows another clock, of which somebody told at some instant between the question and the answer. Returns by how
    /// many milliseconds this one was set forward; nothing is changed where that is no more than the answer's age.
    pub fn follow(&self, asked_at: Timestamp, told: Timestamp, answered_at: Timestamp) -> i64 {
        let age = answered_at.millis_since(asked_at).max(0);
        let ahead = told.millis_since(asked_at.plus_millis(age / 2));
        if ahead.abs() <= age / 2 + 1 {
            return 0;
        }
        self.ahead.fetch_add(ahead, Ordering::Relaxed);
        ahead
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.started_at
            .plus_millis(millis(self.started.elapsed()))
            .plus_millis(self.ahead.load(Ordering::Relaxed))
    }
}

fn millis(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_unix_millis(millis)
    }

    #[test]
    fn two_machines_that_follow_one_clock_agree() {
        const TEN_MINUTES: i64 = 600_000;
        for off in [-TEN_MINUTES, 0, TEN_MINUTES] {
            let clock = SystemClock {
                started_at: at(TEN_MINUTES * 10 + off),
                started: SystemClock::start().started,
                ahead: AtomicI64::new(0),
            };
            let asked_at = clock.now();
            clock.follow(asked_at, at(TEN_MINUTES * 10), asked_at.plus_millis(4));
            let apart = clock.now().millis_since(at(TEN_MINUTES * 10));
            assert!((-5..5_000).contains(&apart), "{off}: {apart}");
        }
    }

    #[test]
    fn what_may_be_the_way_of_the_answer_sets_nothing() {
        let clock = SystemClock::start();
        let now = clock.now();
        for told in [0, 20, 40] {
            let set = clock.follow(now, now.plus_millis(told), now.plus_millis(40));
            assert_eq!(set, 0, "{told}");
        }
        assert_eq!(
            clock.follow(now, now.plus_millis(80), now.plus_millis(40)),
            60
        );
        assert_eq!(
            clock.follow(now, now.plus_millis(-80), now.plus_millis(40)),
            -100
        );
    }
}
