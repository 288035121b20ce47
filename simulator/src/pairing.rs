//! What a session that waits for a phone shows: QR codes that take turns, and a pairing code. No I/O, and the instant is
//! always given.

use std::time::Duration;

use time::OffsetDateTime;

use crate::clock::later;
use crate::ledger::Alive;
use crate::qr;
use crate::random;
use crate::short_lived::ShortLived;

/// How many characters a pairing code has.
const CODE_LENGTH: usize = 8;

/// How long things work at a provider.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// The first QR code of a round.
    pub(crate) first_qr: Duration,
    /// Each later one.
    pub(crate) next_qr: Duration,
    /// How many a round has. Whoever asks after the last one begins a new round.
    pub(crate) qr_codes: u32,
    pub(crate) code: Duration,
}

/// What one session shows.
#[derive(Debug)]
pub(crate) struct Pairing {
    lifetimes: Lifetimes,
    round: Option<Round>,
    code: Option<Code>,
}

#[derive(Debug)]
struct Round {
    began: OffsetDateTime,
    /// The place in the round of the code that was last shown.
    place: u32,
    shown: ShortLived,
}

#[derive(Debug)]
struct Code {
    issued: ShortLived,
    phone_number: String,
}

impl Pairing {
    pub(crate) fn new(lifetimes: Lifetimes) -> Self {
        Self {
            lifetimes,
            round: None,
            code: None,
        }
    }

    /// The QR code that is on the screen at `now`; asking for it begins a round.
    pub(crate) fn show_qr(&mut self, now: OffsetDateTime) -> &ShortLived {
        let lifetimes = self.lifetimes;
        let kept = self.round.take().and_then(|round| {
            let (place, from, ttl) = lifetimes.place(now - round.began)?;
            if place == round.place {
                return Some(round);
            }
            let shown = ShortLived::new(qr::payload(), later(round.began, from), ttl);
            Some(Round {
                place,
                shown,
                ..round
            })
        });
        let round = kept.unwrap_or_else(|| Round {
            began: now,
            place: 0,
            shown: ShortLived::new(qr::payload(), now, lifetimes.first_qr),
        });
        &self.round.insert(round).shown
    }

    /// The QR code that somebody was shown and that still works.
    pub(crate) fn live_qr(&self, now: OffsetDateTime) -> Option<&ShortLived> {
        let shown = &self.round.as_ref()?.shown;
        shown.lives_at(now).then_some(shown)
    }

    /// Makes a pairing code for a phone number; the earlier one is dead.
    pub(crate) fn issue_code(&mut self, phone_number: &str, now: OffsetDateTime) -> &ShortLived {
        let secret = random::text(random::LEGIBLE, CODE_LENGTH);
        let code = self.code.insert(Code {
            issued: ShortLived::new(secret, now, self.lifetimes.code),
            phone_number: phone_number.to_owned(),
        });
        &code.issued
    }

    /// The phone number that a typed code belongs to, if the code works. How it is grouped does not matter.
    pub(crate) fn owner_of(&self, typed: &str, now: OffsetDateTime) -> Option<&str> {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let code = self.code.as_ref()?;
        let right = code.issued.lives_at(now) && code.issued.secret.eq_ignore_ascii_case(&typed);
        right.then_some(code.phone_number.as_str())
    }

    /// Takes everything off the screen: nothing works any more.
    pub(crate) fn clear(&mut self) {
        self.round = None;
        self.code = None;
    }

    /// What works now, as `qr` and `code`.
    pub(crate) fn alive(
        &self,
        now: OffsetDateTime,
        provider: &'static str,
        account: &str,
    ) -> impl Iterator<Item = Alive> {
        let qr = self
            .live_qr(now)
            .map(|qr| qr.alive(provider, account, "qr"));
        let code = self.code.as_ref().map(|code| &code.issued);
        let code = code.filter(|code| code.lives_at(now));
        qr.into_iter()
            .chain(code.map(|code| code.alive(provider, account, "code")))
    }
}

impl Lifetimes {
    /// Which code of a round is shown when so much of it has passed, from when on, and for how long.
    fn place(self, passed: time::Duration) -> Option<(u32, Duration, Duration)> {
        let passed = passed.unsigned_abs();
        let Some(after_first) = passed.checked_sub(self.first_qr) else {
            return Some((0, Duration::ZERO, self.first_qr));
        };
        let turns = after_first.as_nanos() / self.next_qr.as_nanos().max(1);
        let turns = u32::try_from(turns).ok()?;
        let place = turns
            .checked_add(1)
            .filter(|&place| place < self.qr_codes)?;
        let from = self
            .first_qr
            .saturating_add(self.next_qr.saturating_mul(turns));
        Some((place, from, self.next_qr))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairing() -> Pairing {
        Pairing::new(Lifetimes {
            first_qr: Duration::from_mins(1),
            next_qr: Duration::from_secs(20),
            qr_codes: 6,
            code: Duration::from_secs(150),
        })
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(seconds)
    }

    #[test]
    fn qr_codes_take_turns_by_the_clock_and_not_by_the_asking() {
        let mut pairing = pairing();
        let mut seen = Vec::new();
        for (now, from, until) in [
            (0, 0, 60),
            (59, 0, 60),
            (60, 60, 80),
            (119, 100, 120),
            (159, 140, 160),
            // The round is over; whoever asks begins the next one.
            (170, 170, 230),
        ] {
            let shown = pairing.show_qr(at(now)).clone();
            assert_eq!((shown.issued_at, shown.expires_at), (at(from), at(until)));
            assert!(pairing.live_qr(at(until)).is_none());
            seen.push(shown.secret);
        }
        assert_eq!(seen[0], seen[1]);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn a_code_dies_by_time_and_by_the_next_one() {
        let mut pairing = pairing();
        let first = pairing.issue_code("441134960001", at(0)).secret.clone();
        assert_eq!(first.len(), 8);
        assert_eq!(pairing.owner_of(&first, at(149)), Some("441134960001"));
        assert_eq!(pairing.owner_of(&first, at(150)), None);
        let second = pairing.issue_code("441134960002", at(10)).secret.clone();
        let grouped = format!(" {}-{} ", &second[..4], &second[4..]).to_lowercase();
        assert_eq!(pairing.owner_of(&grouped, at(10)), Some("441134960002"));
        assert_eq!(pairing.owner_of(&first, at(10)), None);
        assert_eq!(pairing.owner_of("", at(10)), None);
        pairing.clear();
        assert_eq!(pairing.owner_of(&second, at(10)), None);
    }
}
