//! Webhooks: who is told of what, and how often it is tried.

use std::fmt;

use rand::{CryptoRng, RngExt as _};

use super::{ConnectionId, Label, NoticeKind, Tenant, TenantScope, Timestamp, WebhookId};

/// A notice, with what its receivers are told of the connection.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its place in the order of all notices.
    pub sequence: i64,
    /// To which connection it happened.
    pub connection: ConnectionId,
    /// Whose that is.
    pub tenant: Tenant,
    /// The provider's name.
    pub provider: String,
    /// What the host calls the connection.
    pub label: Label,
    /// What happened.
    pub kind: NoticeKind,
    /// A name of the wire that says more, if there is more to say.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Where a host's backend wants to be told.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its name.
    pub id: WebhookId,
    /// Of whose connections.
    pub scope: TenantScope,
    /// Of what; none: of everything.
    pub events: Option<Vec<NoticeKind>>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Since when its receiver is gone.
    pub disabled_at: Option<Timestamp>,
}

impl Webhook {
    /// Whether it wants to be told of this.
    pub fn wants(&self, notice: &Notice) -> bool {
        self.scope.reaches(&notice.tenant)
            && self
                .events
                .as_ref()
                .is_none_or(|events| events.contains(&notice.kind))
    }
}

/// How an attempt to deliver ended. Nothing of what the receiver said is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The receiver took it.
    Delivered,
    /// The receiver says that it is gone for good.
    Gone,
    /// The receiver answered with another status than success; redirects are not followed.
    Status(u16),
    /// It was not reached.
    Unreachable,
    /// It broke the connection off.
    Broken,
    /// It did not answer in time.
    Timeout,
    /// Its address may not be called any more.
    AddressNotAllowed,
}

impl fmt::Display for DeliveryOutcome {
    /// The name in the store and on the wire.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => formatter.write_str("delivered"),
            Self::Gone => formatter.write_str("gone"),
            Self::Status(status) => write!(formatter, "status_{status}"),
            Self::Unreachable => formatter.write_str("unreachable"),
            Self::Broken => formatter.write_str("broken"),
            Self::Timeout => formatter.write_str("timeout"),
            Self::AddressNotAllowed => formatter.write_str("address_not_allowed"),
        }
    }
}

/// The pauses between attempts in seconds: ten attempts within three days.
const PAUSES: [i64; 9] = [
    5,
    60,
    10 * 60,
    3600,
    3 * 3600,
    8 * 3600,
    12 * 3600,
    20 * 3600,
    24 * 3600,
];
/// How far a pause is from those, at most, in per cent: what failed together is not attempted again together.
const JITTER_PERCENT: i64 = 20;

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterAttempt {
    /// Nothing: it is delivered.
    Delivered,
    /// Another attempt at that time.
    Again(Timestamp),
    /// Nothing: there were enough.
    Dead,
    /// Nothing, and nothing more for this receiver.
    Gone,
}

/// What comes after the attempt of that number, the first being 1.
pub fn after_attempt(
    outcome: DeliveryOutcome,
    attempt: u32,
    now: Timestamp,
    rng: &mut impl CryptoRng,
) -> AfterAttempt {
    match outcome {
        DeliveryOutcome::Delivered => AfterAttempt::Delivered,
        DeliveryOutcome::Gone => AfterAttempt::Gone,
        DeliveryOutcome::Status(_)
        | DeliveryOutcome::Unreachable
        | DeliveryOutcome::Broken
        | DeliveryOutcome::Timeout
        | DeliveryOutcome::AddressNotAllowed => {
            let pause = usize::try_from(attempt.saturating_sub(1))
                .ok()
                .and_then(|earlier| PAUSES.get(earlier));
            match pause {
                Some(seconds) => {
                    let percent = rng.random_range(100 - JITTER_PERCENT..=100 + JITTER_PERCENT);
                    AfterAttempt::Again(now.plus_millis(seconds * 10 * percent))
                }
                None => AfterAttempt::Dead,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_are_made_within_about_three_days_and_never_together() {
        let begin = Timestamp::from_unix_millis(0);
        let mut ends = Vec::new();
        for _ in 0..50 {
            let (mut now, mut attempt) = (begin, 1);
            while let AfterAttempt::Again(next) =
                after_attempt(DeliveryOutcome::Timeout, attempt, now, &mut rand::rng())
            {
                let pause = next.millis_since(now);
                let expected = PAUSES[attempt as usize - 1] * 1000;
                assert!((expected * 8 / 10..=expected * 12 / 10).contains(&pause));
                (now, attempt) = (next, attempt + 1);
            }
            assert_eq!(attempt, 10);
            ends.push(now.millis_since(begin));
        }
        let day = 24 * 3600 * 1000;
        assert!(ends.iter().all(|end| (2 * day..4 * day).contains(end)));
        ends.sort_unstable();
        ends.dedup();
        assert!(ends.len() > 40, "{ends:?}");
    }

    #[test]
    fn success_and_farewell_end_it_at_once() {
        let now = Timestamp::from_unix_millis(0);
        let after = |outcome| after_attempt(outcome, 1, now, &mut rand::rng());
        assert_eq!(after(DeliveryOutcome::Delivered), AfterAttempt::Delivered);
        assert_eq!(after(DeliveryOutcome::Gone), AfterAttempt::Gone);
    }
}
