//! What can go wrong with a call, and the plan of what shall.
//!
//! This module knows kinds and order; it neither waits nor answers.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Value;

/// Something that shall go wrong with the next calls of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// On which side of the call's effect.
    pub when: When,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How often.
    pub times: Times,
}

/// The side of a call's effect on which a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// Before the credentials are even looked at. Whatever replaces the answer also replaces the effect.
    Before,
    /// The effect stands, whatever becomes of the answer.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// This status with a body of no meaning, and perhaps a `Retry-After` in whole seconds.
    Status {
        /// The status of the answer.
        status: StatusCode,
        /// The value of `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The provider's own refusal of that name, in its own words, whether or not there is a reason for it.
    Refusal(String),
    /// The call goes on after so much real time.
    Delay(Duration),
    /// No answer, ever: until the client leaves or the simulator stops.
    Hang,
    /// The call waits for `release`, then goes on. Tests use it to stand between two steps without sleeping.
    Hold,
    /// A redirect, which a careful client does not follow: the credentials would travel along.
    Redirect {
        /// The status of the answer, 300 to 399.
        status: StatusCode,
        /// The value of `Location`.
        location: HeaderValue,
    },
    /// 200 with other JSON than the right one: fields missing, of the wrong type, or absurd.
    Json(Value),
    /// 200 with a body that is announced as JSON and is none.
    Malformed,
    /// 200 with 64 MiB of JSON.
    Huge,
    /// 200 with a web page, as a captive portal or a broken gateway gives.
    Html,
    /// 200 with no body.
    Empty,
    /// The connection is closed without a byte of answer.
    Disconnect,
    /// The connection is closed in the middle of the answer's body.
    Truncate,
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So many calls.
    Count(u32),
    /// Every call, until the faults are cleared.
    UntilCleared,
}

impl Fault {
    /// Strikes the next call, before its effect.
    pub fn before(kind: FaultKind) -> Self {
        Self {
            when: When::Before,
            kind,
            times: Times::Count(1),
        }
    }

    /// Strikes the next call, after its effect.
    pub fn after(kind: FaultKind) -> Self {
        Self {
            when: When::After,
            ..Self::before(kind)
        }
    }

    /// Strikes so many calls.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            times: Times::Count(count),
            ..self
        }
    }

    /// Strikes every call until the faults are cleared.
    #[must_use]
    pub fn until_cleared(self) -> Self {
        Self {
            times: Times::UntilCleared,
            ..self
        }
    }
}

impl FaultKind {
    /// This status, without `Retry-After`.
    pub fn status(status: StatusCode) -> Self {
        Self::Status {
            status,
            retry_after: None,
        }
    }

    /// The provider's own refusal of that name.
    pub fn refusal(name: &str) -> Self {
        Self::Refusal(name.to_owned())
    }

    /// The kind's name on the control plane and in logs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Refusal(_) => "refusal",
            Self::Delay(_) => "delay",
            Self::Hang => "hang",
            Self::Hold => "hold",
            Self::Redirect { .. } => "redirect",
            Self::Json(_) => "json",
            Self::Malformed => "malformed",
            Self::Huge => "huge",
            Self::Html => "html",
            Self::Empty => "empty",
            Self::Disconnect => "disconnect",
            Self::Truncate => "truncate",
        }
    }
}

/// Faults to come, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Plan(VecDeque<(&'static str, Fault)>);

impl Plan {
    pub(crate) fn add(&mut self, call: &'static str, fault: Fault) {
        if fault.times != Times::Count(0) {
            self.0.push_back((call, fault));
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What strikes this call on this side of its effect: the earliest fault that is not used up.
    pub(crate) fn take(&mut self, call: &str, when: When) -> Option<FaultKind> {
        let strikes = |(name, fault): &(&str, Fault)| *name == call && fault.when == when;
        let position = self.0.iter().position(strikes)?;
        let (_name, fault) = self.0.get_mut(position)?;
        let kind = fault.kind.clone();
        match &mut fault.times {
            Times::UntilCleared => {}
            Times::Count(count) => {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.0.remove(position);
                }
            }
        }
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_strike_in_order_as_often_as_asked_and_only_their_call_and_side() {
        let mut plan = Plan::default();
        plan.add("a", Fault::before(FaultKind::Html).times(2));
        plan.add("a", Fault::before(FaultKind::Empty));
        plan.add("a", Fault::after(FaultKind::Hang));
        plan.add("b", Fault::before(FaultKind::Huge).until_cleared());
        plan.add("b", Fault::after(FaultKind::Hang).times(0));

        let before: Vec<_> = (0..4).map(|_| plan.take("a", When::Before)).collect();
        assert_eq!(
            before,
            [
                Some(FaultKind::Html),
                Some(FaultKind::Html),
                Some(FaultKind::Empty),
                None
            ]
        );
        assert_eq!(plan.take("a", When::After), Some(FaultKind::Hang));
        assert_eq!(plan.take("a", When::After), None);
        assert_eq!(plan.take("b", When::After), None);
        for _ in 0..3 {
            assert_eq!(plan.take("b", When::Before), Some(FaultKind::Huge));
        }
        plan.clear();
        assert_eq!(plan.take("b", When::Before), None);
    }
}
