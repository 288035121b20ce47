//! When somebody who fails again and again is left alone for a while, and when he is tried again.

use std::collections::BTreeSet;

use super::{ConnectionId, Timestamp};

/// The longest that anybody is left alone after failures.
const LONGEST_PAUSE_MILLIS: i64 = 60_000;
/// How long a provider is left alone that asks to wait and does not say how long.
const WAIT_SECONDS: u32 = 30;
/// The longest that a provider's wish to be left alone is heeded.
const LONGEST_WAIT_SECONDS: u32 = 300;
/// When another probe is made if nothing is heard of the last: longer than any call takes.
const PROBE_MILLIS: i64 = 60_000;
/// Of how many different connections a provider must fail, one after another, to be left alone altogether.
const CONNECTIONS: usize = 3;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// It was answered, whatever the answer.
    Answered,
    /// It was not, or with an error of the provider's own.
    Failed,
    /// The provider asks to wait, for so many seconds if it said.
    AskedToWait(Option<u32>),
}

/// Why somebody is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftAloneFor {
    /// It asked to be.
    Asked,
    /// It failed again and again.
    Failures,
}

/// Is not called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    /// Why.
    pub why: LeftAloneFor,
    /// Seconds until it is tried again.
    pub retry_after: u32,
}

/// Whose failures are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerScope {
    /// Those of one connection.
    Connection,
    /// Those of everybody at one provider.
    Provider,
}

impl BreakerScope {
    /// How many failures in a row are enough.
    const fn failures(self) -> u32 {
        match self {
            Self::Connection => 5,
            Self::Provider => 20,
        }
    }

    /// Its name for operators.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Provider => "provider",
        }
    }
}

/// Counts failures in a row; open, it lets nothing by, and after a while one call to see whether things are better.
#[derive(Clone, Debug)]
pub struct Breaker {
    scope: BreakerScope,
    state: BreakerState,
}

#[derive(Clone, Debug)]
enum BreakerState {
    Closed {
        failures: u32,
        of: BTreeSet<ConnectionId>,
    },
    Open {
        why: LeftAloneFor,
        until: Timestamp,
        pause_millis: i64,
        /// Until when a probe that is on its way is waited for.
        probe: Option<Timestamp>,
    },
}

/// How a breaker is, for operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakerPosition {
    /// Everything gets by.
    Closed,
    /// Nothing does.
    Open,
    /// One call was let by, and its end is waited for.
    HalfOpen,
}

impl Breaker {
    /// One that lets everything by.
    pub const fn new(scope: BreakerScope) -> Self {
        Self {
            scope,
            state: BreakerState::Closed {
                failures: 0,
                of: BTreeSet::new(),
            },
        }
    }

    /// Lets a call by, or says how long not.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), LeftAlone> {
        let BreakerState::Open {
            why, until, probe, ..
        } = &mut self.state
        else {
            return Ok(());
        };
        let waits_until = probe.unwrap_or(*until);
        let left = waits_until.millis_since(now);
        if left > 0 {
            // A probe is over soon as a rule, whatever it is given.
            let left = if probe.is_some() { 1 } else { left };
            return Err(LeftAlone {
                why: *why,
                retry_after: seconds(left),
            });
        }
        *probe = Some(now.plus_millis(PROBE_MILLIS));
        Ok(())
    }

    /// Takes back that a call was let by: it was never made.
    pub fn forgo(&mut self) {
        if let BreakerState::Open { probe, .. } = &mut self.state {
            *probe = None;
        }
    }

    /// Takes note of what came of a call. `first_pause_millis` is how long it stays open at first.
    pub fn note(
        &mut self,
        outcome: CallOutcome,
        by: &ConnectionId,
        now: Timestamp,
        first_pause_millis: i64,
    ) {
        let wait = match (outcome, self.scope) {
            (CallOutcome::Answered, _) => {
                *self = Self::new(self.scope);
                return;
            }
            // Others may have calls left.
            (CallOutcome::AskedToWait(_), BreakerScope::Provider) | (CallOutcome::Failed, _) => {
                None
            }
            (CallOutcome::AskedToWait(said), BreakerScope::Connection) => {
                Some(said.unwrap_or(WAIT_SECONDS).min(LONGEST_WAIT_SECONDS))
            }
        };
        if let Some(wait) = wait {
            self.state = BreakerState::Open {
                why: LeftAloneFor::Asked,
                until: now.plus_millis(i64::from(wait) * 1000),
                pause_millis: first_pause_millis,
                probe: None,
            };
            return;
        }
        let pause_millis = match &mut self.state {
            BreakerState::Closed { failures, of } => {
                *failures = failures.saturating_add(1);
                if of.len() < CONNECTIONS {
                    of.insert(by.clone());
                }
                let enough = match self.scope {
                    BreakerScope::Connection => true,
                    BreakerScope::Provider => of.len() >= CONNECTIONS,
                };
                if *failures < self.scope.failures() || !enough {
                    return;
                }
                first_pause_millis
            }
            // It was on its way before, and says nothing new.
            BreakerState::Open { probe: None, .. } => return,
            BreakerState::Open { pause_millis, .. } => pause_millis.saturating_mul(2),
        }
        .min(LONGEST_PAUSE_MILLIS);
        self.state = BreakerState::Open {
            why: LeftAloneFor::Failures,
            until: now.plus_millis(pause_millis),
            pause_millis,
            probe: None,
        };
    }

    /// How it is.
    pub const fn position(&self) -> BreakerPosition {
        match &self.state {
            BreakerState::Closed { .. } => BreakerPosition::Closed,
            BreakerState::Open { probe: None, .. } => BreakerPosition::Open,
            BreakerState::Open { probe: Some(_), .. } => BreakerPosition::HalfOpen,
        }
    }

    /// Whether it is as a new one is.
    pub const fn is_untouched(&self) -> bool {
        matches!(self.state, BreakerState::Closed { failures: 0, .. })
    }
}

fn seconds(millis: i64) -> u32 {
    u32::try_from(millis.saturating_add(999) / 1000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: i64 = 5000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_unix_millis(1_000_000 + millis)
    }

    fn by(number: u32) -> ConnectionId {
        ConnectionId::from_text(format!("con_{number}"))
    }

    fn fail(breaker: &mut Breaker, times: u32, millis: i64) {
        for _ in 0..times {
            breaker.note(CallOutcome::Failed, &by(1), at(millis), PAUSE);
        }
    }

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_between_does_not() {
        let mut breaker = Breaker::new(BreakerScope::Connection);
        fail(&mut breaker, 4, 0);
        breaker.note(CallOutcome::Answered, &by(1), at(0), PAUSE);
        assert!(breaker.is_untouched());
        fail(&mut breaker, 4, 0);
        assert_eq!(breaker.admit(at(0)), Ok(()));
        fail(&mut breaker, 1, 0);
        let left = LeftAlone {
            why: LeftAloneFor::Failures,
            retry_after: 5,
        };
        assert_eq!(breaker.admit(at(0)), Err(left));
        assert_eq!(breaker.position(), BreakerPosition::Open);
    }

    #[test]
    fn one_probe_gets_by_and_decides() {
        let mut breaker = Breaker::new(BreakerScope::Connection);
        fail(&mut breaker, 5, 0);
        assert_eq!(breaker.admit(at(5000)), Ok(()));
        assert_eq!(breaker.position(), BreakerPosition::HalfOpen);
        assert_eq!(breaker.admit(at(5001)).unwrap_err().retry_after, 1);
        fail(&mut breaker, 1, 6000);
        assert_eq!(breaker.admit(at(6000)).unwrap_err().retry_after, 10);
        assert_eq!(breaker.admit(at(16_000)), Ok(()));
        breaker.note(CallOutcome::Answered, &by(1), at(16_100), PAUSE);
        assert!(breaker.is_untouched());
        // One whose probe was never heard of again is probed again.
        fail(&mut breaker, 5, 20_000);
        assert_eq!(breaker.admit(at(25_000)), Ok(()));
        assert!(breaker.admit(at(84_999)).is_err());
        assert_eq!(breaker.admit(at(85_000)), Ok(()));
        breaker.forgo();
        assert_eq!(breaker.admit(at(85_000)), Ok(()));
    }

    #[test]
    fn the_pause_has_an_end() {
        let mut breaker = Breaker::new(BreakerScope::Connection);
        fail(&mut breaker, 5, 0);
        let mut now = 0;
        for _ in 0..10 {
            now += i64::from(breaker.admit(at(now)).unwrap_err().retry_after) * 1000;
            assert_eq!(breaker.admit(at(now)), Ok(()));
            fail(&mut breaker, 1, now);
        }
        assert_eq!(breaker.admit(at(now)).unwrap_err().retry_after, 60);
    }

    #[test]
    fn who_asks_to_be_left_alone_is_at_once_and_not_for_ever() {
        for (said, heeded) in [(Some(7), 7), (None, 30), (Some(100_000), 300)] {
            let mut breaker = Breaker::new(BreakerScope::Connection);
            breaker.note(CallOutcome::AskedToWait(said), &by(1), at(0), PAUSE);
            let left = LeftAlone {
                why: LeftAloneFor::Asked,
                retry_after: heeded,
            };
            assert_eq!(breaker.admit(at(0)), Err(left));
            assert_eq!(breaker.admit(at(i64::from(heeded) * 1000)), Ok(()));
        }
    }

    #[test]
    fn one_connection_does_not_close_a_provider_to_the_others() {
        let mut breaker = Breaker::new(BreakerScope::Provider);
        fail(&mut breaker, 100, 0);
        let wait = CallOutcome::AskedToWait(Some(9));
        breaker.note(wait, &by(1), at(0), PAUSE);
        breaker.note(wait, &by(2), at(0), PAUSE);
        assert_eq!(breaker.position(), BreakerPosition::Closed);
        breaker.note(wait, &by(3), at(0), PAUSE);
        assert_eq!(breaker.admit(at(0)).unwrap_err().retry_after, 5);
    }
}
