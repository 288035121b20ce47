//! The server's time in a page whose own clock cannot be trusted.
//!
//! Readings are arguments: `monotonic` is `performance.now()`, `wall` is `Date.now()`, both in milliseconds. Only the
//! last two functions ask the browser.

use std::cell::Cell;

use pairlink_protocol::Timestamp;

/// The two clocks part by so much only when one of them stood still, or somebody set the other.
const CLOCKS_PART_MS: f64 = 2_000.0;
/// A page in front looks at the clock every second while it shows a code; timers of one behind are late by a minute at
/// most. What was left alone for longer was frozen, or shows nothing that could be dead.
const ALONE_MS: f64 = 75_000.0;

/// The server's time, from what its answers said and the monotonic clock counted since.
///
/// An answer was true at some moment between sending the request and receiving it, so each gives an upper and a lower
/// bound. The clock keeps to the upper one: at worst it is early, and a code is hidden a moment too soon rather than
/// shown a moment too long.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    /// Server time minus monotonic time.
    ahead_ms: Cell<Option<f64>>,
}

impl ServerClock {
    /// Takes in an answer whose request was sent at `sent`.
    pub(crate) fn answered(&self, server_time: Timestamp, sent: f64, monotonic: f64) {
        let server = millis(server_time);
        self.narrow(server - sent, server - monotonic);
    }

    /// Takes in an event of a stream: when it was sent is not known.
    pub(crate) fn heard(&self, server_time: Timestamp, monotonic: f64) {
        let bound = millis(server_time) - monotonic;
        match self.ahead_ms.get() {
            Some(ahead) if ahead >= bound => {}
            Some(_) | None => self.ahead_ms.set(Some(bound)),
        }
    }

    fn narrow(&self, upper: f64, lower: f64) {
        let ahead = match self.ahead_ms.get() {
            // Below the lower bound is impossible unless the monotonic clock stood still: begin anew.
            Some(known) if known >= lower => known.min(upper),
            Some(_) | None => upper,
        };
        self.ahead_ms.set(Some(ahead));
    }

    /// The server's time, or before the first answer the visitor's as a stand-in that nothing is decided by.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this millennium are far below 2^53"
    )]
    pub(crate) fn now(&self, monotonic: f64, wall: f64) -> Timestamp {
        let now = match self.ahead_ms.get() {
            Some(ahead) => monotonic + ahead,
            None => wall,
        };
        Timestamp::from_unix_millis(now as i64)
    }

    /// Whether an answer was taken in.
    pub(crate) fn is_set(&self) -> bool {
        self.ahead_ms.get().is_some()
    }
}

/// Notices that the page stood still: asleep, frozen, or in the back-forward cache.
#[derive(Debug)]
pub(crate) struct SleepWatch {
    monotonic: f64,
    wall: f64,
}

impl SleepWatch {
    /// Begins to watch.
    pub(crate) const fn new(monotonic: f64, wall: f64) -> Self {
        Self { monotonic, wall }
    }

    /// Whether the page stood still since the last look, or was left alone for so long that it may have.
    pub(crate) fn slept(&mut self, monotonic: f64, wall: f64) -> bool {
        let (ran, passed) = (monotonic - self.monotonic, wall - self.wall);
        *self = Self::new(monotonic, wall);
        (passed - ran).abs() > CLOCKS_PART_MS || ran > ALONE_MS
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "what the wire can carry is far below 2^53"
)]
fn millis(time: Timestamp) -> f64 {
    time.unix_millis() as f64
}

/// `performance.now()`: milliseconds that no clock setting changes.
pub(crate) fn monotonic_now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// The same instant as JavaScript has it.
pub(crate) fn date(time: Timestamp) -> js_sys::Date {
    js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis(time)))
}

/// `Date.now()`: what the visitor's clock says.
pub(crate) fn wall_now() -> f64 {
    js_sys::Date::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: i64 = 1_781_895_300_000;

    fn at(offset: i64) -> Timestamp {
        Timestamp::from_unix_millis(SERVER + offset)
    }

    #[test]
    fn goes_by_the_server_however_wrong_the_visitors_clock_is() {
        for wrong_by_hours in [-30_000.0, -5.0, 0.0, 5.0, 30_000.0] {
            let wall = 1_781_895_300_000.0 + wrong_by_hours * 3_600_000.0;
            let clock = ServerClock::default();
            clock.answered(at(0), 1000.0, 1000.0);
            assert_eq!(clock.now(1000.0, wall), at(0));
            assert_eq!(clock.now(61_000.0, wall + 60_000.0), at(60_000));
        }
    }

    #[test]
    fn is_early_rather_than_late() {
        let clock = ServerClock::default();
        // Sent at 0, answered at 4000: the server's clock said `at(0)` somewhere between.
        clock.answered(at(0), 0.0, 4000.0);
        assert_eq!(clock.now(4000.0, 0.0), at(4000));
        // A quicker answer says more.
        clock.answered(at(3100), 5000.0, 5100.0);
        assert_eq!(clock.now(5100.0, 0.0), at(3200));
        // A slower one after it says nothing new.
        clock.answered(at(4000), 5200.0, 9000.0);
        assert_eq!(clock.now(9000.0, 0.0), at(7100));
    }

    #[test]
    fn follows_the_server_after_the_monotonic_clock_stood_still() {
        let clock = ServerClock::default();
        clock.answered(at(0), 0.0, 0.0);
        clock.heard(at(3_600_000), 1000.0);
        assert_eq!(clock.now(1000.0, 0.0), at(3_600_000));
        clock.answered(at(7_200_000), 1900.0, 2000.0);
        assert_eq!(clock.now(2000.0, 0.0), at(7_200_100));
    }

    #[test]
    fn an_event_never_sets_the_clock_back() {
        let clock = ServerClock::default();
        clock.answered(at(0), 0.0, 50.0);
        clock.heard(at(0), 400.0);
        assert_eq!(clock.now(400.0, 0.0), at(400));
    }

    #[test]
    fn notices_sleep_and_not_throttling() {
        let mut watch = SleepWatch::new(0.0, 500.0);
        assert!(!watch.slept(60_000.0, 60_500.0), "a throttled tab");
        assert!(
            watch.slept(61_000.0, 3_661_500.0),
            "the monotonic clock stood still"
        );
        assert!(!watch.slept(62_000.0, 3_662_500.0));
        assert!(watch.slept(63_000.0, 0.0), "somebody set the clock back");
        assert!(
            watch.slept(200_000.0, 137_000.0),
            "a frozen page whose clocks went on"
        );
    }
}
