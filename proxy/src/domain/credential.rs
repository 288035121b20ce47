//! What is bought with an account, and when it is renewed, tried again, or left alone.

use super::{ConnectionId, ProblemCode, RenewedBy, Timestamp};

/// Nothing is given out that ends sooner: it would be dead on arrival.
pub const SHORTEST_LEFT_MILLIS: i64 = 10_000;
/// The latest that something is renewed ahead, where it lives long enough for that.
const SAFETY_MILLIS: i64 = 60_000;
/// The pause after the first failure; doubled each time.
const FIRST_PAUSE_MILLIS: i64 = 1_000;
const LONGEST_PAUSE_MILLIS: i64 = 5 * 60_000;
/// How long after a refusal the provider is asked again whether it still refuses; doubled each time.
const FIRST_PROBE_MILLIS: i64 = 15 * 60_000;
const LONGEST_PROBE_MILLIS: i64 = 6 * 60 * 60_000;
/// Failing for so long, without a token that is good, is more than a hiccup.
const LONGEST_HICCUP_MILLIS: i64 = 15 * 60_000;

/// Something that is bought with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// For exchange alone.
    Machine,
    /// Renews API tokens.
    Refresh,
    /// Opens the provider's API.
    Api,
}

impl TokenKind {
    /// The name in the store and on the wire; also the column that its value is sealed for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine_token",
            Self::Refresh => "refresh_token",
            Self::Api => "api_token",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Machine, Self::Refresh, Self::Api]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// How a provider's API tokens come about. How long they live, it says with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The account buys them.
    Minted,
    /// The account buys a machine token, which is exchanged for them; a refresh token may come along and renew them.
    Exchanged,
}

impl TokenSource {
    /// What there is of it, and by what the next one comes.
    pub const fn kinds(self) -> &'static [(TokenKind, RenewedBy)] {
        match self {
            Self::Minted => &[(TokenKind::Api, RenewedBy::Mint)],
            Self::Exchanged => &[
                (TokenKind::Machine, RenewedBy::Mint),
                (TokenKind::Refresh, RenewedBy::Refresh),
                (TokenKind::Api, RenewedBy::Refresh),
            ],
        }
    }
}

/// How the renewing of a connection's API token is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalState {
    /// Nothing is wrong.
    Well,
    /// The provider is in trouble, and is tried again less and less.
    Failing {
        /// How often in a row.
        failures: u32,
        /// Since when.
        since: Timestamp,
        /// The last failure.
        error: ProblemCode,
    },
    /// The provider refuses the account. It is left alone but for a probe now and then, until the account is replaced.
    Refused {
        /// How often it was probed.
        probes: u32,
        /// Since when.
        since: Timestamp,
    },
}

impl RenewalState {
    /// The state after a failure that may pass, and when it is tried again: later if the provider asks for that.
    #[must_use]
    pub fn after_failure(
        self,
        error: ProblemCode,
        wait_seconds: Option<u32>,
        spread: u64,
        now: Timestamp,
    ) -> (Self, Timestamp) {
        match self {
            Self::Well => Self::failed(1, now, error, wait_seconds, spread, now),
            Self::Failing {
                failures, since, ..
            } => {
                let failures = failures.saturating_add(1);
                Self::failed(failures, since, error, wait_seconds, spread, now)
            }
            // That it cannot be asked says nothing new about the account.
            Self::Refused { probes, since } => (
                Self::Refused { probes, since },
                now.plus_millis(probe_millis(probes)),
            ),
        }
    }

    fn failed(
        failures: u32,
        since: Timestamp,
        error: ProblemCode,
        wait_seconds: Option<u32>,
        spread: u64,
        now: Timestamp,
    ) -> (Self, Timestamp) {
        let pause = doubled(
            FIRST_PAUSE_MILLIS,
            failures.saturating_sub(1),
            LONGEST_PAUSE_MILLIS,
        );
        // Between the pause and a fifth more, so that what failed together is not tried again together.
        let pause = pause.saturating_add(within(spread, pause / 5));
        let asked = i64::from(wait_seconds.unwrap_or_default()).saturating_mul(1000);
        let state = Self::Failing {
            failures,
            since,
            error,
        };
        (state, now.plus_millis(pause.max(asked)))
    }

    /// The state after the provider refused the account, and when it is probed.
    #[must_use]
    pub fn after_refusal(self, now: Timestamp) -> (Self, Timestamp) {
        let (probes, since) = match self {
            Self::Well | Self::Failing { .. } => (0, now),
            Self::Refused { probes, since } => (probes.saturating_add(1), since),
        };
        let state = Self::Refused { probes, since };
        (state, now.plus_millis(probe_millis(probes)))
    }

    /// Whether it fails for so long that somebody must look at it. `token_end` is that of the newest API token.
    pub fn is_stuck(self, token_end: Option<Timestamp>, now: Timestamp) -> bool {
        match self {
            Self::Well | Self::Refused { .. } => false,
            Self::Failing { since, .. } => match token_end {
                Some(end) if end > now => false,
                Some(end) if end > since => true,
                Some(_) | None => now.millis_since(since) >= LONGEST_HICCUP_MILLIS,
            },
        }
    }

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Failing { .. } => "failing",
            Self::Refused { .. } => "refused",
        }
    }
}

fn probe_millis(probes: u32) -> i64 {
    doubled(FIRST_PROBE_MILLIS, probes, LONGEST_PROBE_MILLIS)
}

fn doubled(first: i64, times: u32, most: i64) -> i64 {
    first
        .saturating_mul(2_i64.saturating_pow(times.min(32)))
        .min(most)
}

/// A number that is the same for the same things and spread evenly over different ones: FNV-1a, mixed.
pub fn spread(connection: &ConnectionId, kind: TokenKind, serial: i64) -> u64 {
    let texts = [connection.as_str().as_bytes(), kind.as_str().as_bytes()];
    let bytes = texts.into_iter().flatten().copied();
    let hash = bytes
        .chain(serial.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// From 0 to `most`, by a number that is spread.
fn within(spread: u64, most: i64) -> i64 {
    let most = u64::try_from(most).unwrap_or_default();
    i64::try_from(spread % most.saturating_add(1)).unwrap_or_default()
}

/// When something is renewed ahead of its end: between 60 and 90 % of its life, so that what ends together is not
/// renewed together, and a minute before the end where it lives long enough.
pub fn renew_at(spread: u64, issued_at: Timestamp, expires_at: Timestamp) -> Timestamp {
    let life = expires_at.millis_since(issued_at).max(0);
    let earliest = life / 10 * 6;
    let chosen = earliest.saturating_add(within(spread, life / 10 * 3));
    let latest = life.saturating_sub(SAFETY_MILLIS).max(earliest);
    issued_at.plus_millis(chosen.min(latest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_600_000);

    proptest! {
        #[test]
        fn is_renewed_between_60_and_90_percent_and_in_time(hash: u64, life in 0_i64..4_000_000_000) {
            let at = renew_at(hash, NOW, NOW.plus_millis(life)).millis_since(NOW);
            prop_assert!(at >= life / 10 * 6 && at <= life / 10 * 9);
            prop_assert!(life < 150_000 || life - at >= SAFETY_MILLIS);
        }

        #[test]
        fn pauses_grow_and_have_an_end(failures in 0_u32..2000, hash: u64, wait in 0_u32..300) {
            let state = RenewalState::Failing { failures, since: NOW, error: ProblemCode::UpstreamTimeout };
            let (_, again) = state.after_failure(ProblemCode::UpstreamError, Some(wait), hash, NOW);
            let pause = again.millis_since(NOW);
            prop_assert!(pause >= i64::from(wait) * 1000);
            prop_assert!((FIRST_PAUSE_MILLIS..=LONGEST_PAUSE_MILLIS * 6 / 5).contains(&pause));
        }
    }

    #[test]
    fn a_thousand_that_end_together_are_renewed_apart() {
        let expires_at = NOW.plus_millis(3_600_000);
        let mut seconds: Vec<i64> = (0..1000)
            .map(|number| {
                let connection = ConnectionId::from_text(format!("con_{number:020}"));
                let hash = spread(&connection, TokenKind::Api, 1);
                renew_at(hash, NOW, expires_at).millis_since(NOW) / 1000
            })
            .collect();
        seconds.sort_unstable();
        let most = seconds.chunk_by(i64::eq).map(<[i64]>::len).max();
        // 1,080 seconds, so one in each on average.
        assert!(most <= Some(8), "{most:?} in one second");
        let of = |kind, serial| spread(&ConnectionId::from_text("con_1"), kind, serial);
        assert_ne!(of(TokenKind::Api, 1), of(TokenKind::Api, 2));
        assert_ne!(of(TokenKind::Api, 1), of(TokenKind::Machine, 1));
    }

    #[test]
    fn a_refused_account_is_probed_less_and_less() {
        let mut state = RenewalState::Well;
        let mut minutes = Vec::new();
        for _ in 0..7 {
            let (next, at) = state.after_refusal(NOW);
            minutes.push(at.millis_since(NOW) / 60_000);
            // That it cannot be reached meanwhile changes nothing.
            let (same, again) = next.after_failure(ProblemCode::UpstreamTimeout, None, 5, NOW);
            assert_eq!((same, again), (next, at));
            state = next;
        }
        assert_eq!(minutes, [15, 30, 60, 120, 240, 360, 360]);
    }

    #[test]
    fn trouble_is_told_of_when_it_costs_a_token() {
        let failing = RenewalState::Well
            .after_failure(ProblemCode::UpstreamTimeout, None, 0, NOW)
            .0;
        let later = |minutes: i64| NOW.plus_millis(minutes * 60_000);
        // The token is good still, ends meanwhile, had ended before, or was never there.
        assert!(!failing.is_stuck(Some(later(60)), later(59)));
        assert!(failing.is_stuck(Some(later(1)), later(1)));
        assert!(!failing.is_stuck(Some(later(-1)), later(14)));
        assert!(failing.is_stuck(Some(later(-1)), later(15)));
        assert!(!failing.is_stuck(None, later(14)));
        assert!(failing.is_stuck(None, later(15)));
        assert!(!RenewalState::Well.is_stuck(None, later(100)));
    }
}
