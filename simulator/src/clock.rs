//! Simulated time: the only place that reads the machine's clock.
//!
//! Whoever needs an instant asks a [`Clock`]; whoever steers a test moves it. What has expired is found out when it is
//! next looked at; only a call that takes its time waits for an instant to come.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use tokio::sync::watch;

/// Simulated time. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(watch::Sender<Reading>);

#[derive(Clone, Copy, Debug)]
enum Reading {
    Running { ahead: Duration },
    Manual { now: OffsetDateTime },
}

impl Clock {
    /// Runs with the machine's clock, ahead of it by all that it was advanced.
    pub fn running() -> Self {
        Self::reading(Reading::Running {
            ahead: Duration::ZERO,
        })
    }

    /// Stands at `now`, and moves only when it is advanced.
    pub fn manual(now: OffsetDateTime) -> Self {
        Self::reading(Reading::Manual { now })
    }

    fn reading(reading: Reading) -> Self {
        Self(watch::Sender::new(reading))
    }

    /// The simulated instant, UTC.
    pub fn now(&self) -> OffsetDateTime {
        self.0.borrow().now()
    }

    /// Moves forward; at most to the end of the year 9999.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|reading| match reading {
            Reading::Running { ahead } => *ahead = ahead.saturating_add(by),
            Reading::Manual { now } => *now = later(*now, by),
        });
    }

    /// Returns when it is `instant`: because time ran there, or because somebody moved it.
    pub(crate) async fn reached(&self, instant: OffsetDateTime) {
        let mut moved = self.0.subscribe();
        loop {
            let reading = *moved.borrow_and_update();
            let left = instant - reading.now();
            if !left.is_positive() {
                return;
            }
            let runs_out = async {
                match reading {
                    Reading::Running { .. } => tokio::time::sleep(left.unsigned_abs()).await,
                    Reading::Manual { .. } => std::future::pending().await,
                }
            };
            tokio::select! {
                () = runs_out => {}
                // It fails only when the sender is gone, and `self` is a sender.
                _moved = moved.changed() => {}
            }
        }
    }
}

impl Reading {
    fn now(self) -> OffsetDateTime {
        match self {
            Self::Running { ahead } => later(system_now(), ahead),
            Self::Manual { now } => now,
        }
    }
}

/// The instant `by` after `instant`, or the last one that there is.
pub(crate) fn later(instant: OffsetDateTime, by: Duration) -> OffsetDateTime {
    let by = time::Duration::try_from(by).unwrap_or(time::Duration::MAX);
    instant.saturating_add(by)
}

/// ISO 8601 in UTC with milliseconds and a `Z`: `2026-06-19T19:25:00.000Z`.
pub(crate) fn iso_8601(instant: OffsetDateTime) -> String {
    let instant = instant.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = instant.to_calendar_date();
    let (hour, minute, second, millis) = instant.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The form of HTTP's `Date`: `Fri, 19 Jun 2026 19:25:00 GMT`.
pub(crate) fn http_date(instant: OffsetDateTime) -> String {
    let instant = instant.to_offset(time::UtcOffset::UTC);
    // Both names begin with the three letters that HTTP asks for.
    let (weekday, month) = (instant.weekday().to_string(), instant.month().to_string());
    let (year, day) = (instant.year(), instant.day());
    let (hour, minute, second) = instant.to_hms();
    format!("{weekday:.3}, {day:02} {month:.3} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that the rule points to"
)]
fn system_now() -> OffsetDateTime {
    OffsetDateTime::from(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(OffsetDateTime::UNIX_EPOCH);
        let same = clock.clone();
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(iso_8601(same.now()), "1970-01-01T00:00:01.500Z");
    }

    #[test]
    fn a_running_clock_is_ahead_by_what_it_was_advanced() {
        let clock = Clock::running();
        let before = system_now();
        clock.advance(Duration::from_hours(1));
        assert!(clock.now() >= before + Duration::from_hours(1));
        assert!(clock.now() <= system_now() + Duration::from_hours(1));
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_an_instant_is_woken_by_an_advance() {
        for clock in [Clock::running(), Clock::manual(OffsetDateTime::UNIX_EPOCH)] {
            let instant = clock.now() + Duration::from_hours(1);
            let mut waiting = std::pin::pin!(clock.reached(instant));
            clock.advance(Duration::from_mins(59));
            let early = tokio::time::timeout(Duration::from_secs(1), &mut waiting).await;
            assert!(early.is_err());
            clock.advance(Duration::from_mins(1));
            waiting.await;
        }
    }

    #[test]
    fn no_advance_is_too_far() {
        for clock in [Clock::running(), Clock::manual(OffsetDateTime::UNIX_EPOCH)] {
            clock.advance(Duration::MAX);
            clock.advance(Duration::MAX);
            assert_eq!(iso_8601(clock.now()), "9999-12-31T23:59:59.999Z");
        }
    }
}
