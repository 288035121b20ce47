//! How long what a person gave is good, and when that person is reminded.

use pairlink_protocol::{CredentialPolicy, PolicyLifetime};

use super::{NoticeKind, Timestamp};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const LONGEST_DAYS: u32 = 3650;
const USUAL_DAYS: u32 = 90;

/// The rules for the secrets of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPolicy {
    /// They are good until somebody replaces them.
    Never,
    /// They die of age.
    Fixed(FixedLifetime),
}

/// Ages in days, each at least one, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedLifetime {
    rotate: u32,
    remind: u32,
    renew: u32,
    expires: u32,
}

/// Ages in days as somebody wants them; what is absent follows from the others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Days {
    /// When they are dead.
    pub expires: Option<u32>,
    /// When they must be replaced.
    pub renew: Option<u32>,
    /// When somebody is reminded.
    pub remind: Option<u32>,
    /// When they are older than is good for them.
    pub rotate: Option<u32>,
}

/// The age that is out of range or out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is out of range or out of order")]
pub struct InvalidDays(pub &'static str);

/// What a person is told as credentials grow old, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// They are older than is good for them.
    RotationDue,
    /// They will be dead before long.
    Expiring,
    /// They must be replaced now.
    RenewalDue,
    /// They are dead.
    Expired,
}

impl Reminder {
    /// All, the earliest first.
    pub const ALL: [Self; 4] = [
        Self::RotationDue,
        Self::Expiring,
        Self::RenewalDue,
        Self::Expired,
    ];

    /// The notice that tells of it.
    pub const fn notice(self) -> NoticeKind {
        match self {
            Self::RotationDue => NoticeKind::CredentialRotationDue,
            Self::Expiring => NoticeKind::CredentialExpiring,
            Self::RenewalDue => NoticeKind::CredentialRenewalDue,
            Self::Expired => NoticeKind::CredentialExpired,
        }
    }

    /// The name in the store and on the wire.
    pub const fn as_str(self) -> &'static str {
        self.notice().as_str()
    }

    /// The reminder of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl FixedLifetime {
    /// Checks ages, and fills in those that are absent: 60, 75, 80 and 90 days, or the same shares of another end.
    pub fn new(days: Days) -> Result<Self, InvalidDays> {
        let expires = days.expires.unwrap_or(USUAL_DAYS);
        let share = |of_ninety: u32| (expires.saturating_mul(of_ninety) / USUAL_DAYS).max(1);
        let lifetime = Self {
            rotate: days.rotate.unwrap_or_else(|| share(60)),
            remind: days.remind.unwrap_or_else(|| share(75)),
            renew: days.renew.unwrap_or_else(|| share(80)),
            expires,
        };
        let in_order = [
            ("expires_after_days", 1, expires, LONGEST_DAYS),
            ("renew_after_days", 1, lifetime.renew, expires),
            ("remind_after_days", 1, lifetime.remind, lifetime.renew),
            ("rotate_after_days", 1, lifetime.rotate, lifetime.remind),
        ];
        match in_order
            .into_iter()
            .find(|(_name, least, days, most)| !(least..=most).contains(&days))
        {
            Some((name, ..)) => Err(InvalidDays(name)),
            None => Ok(lifetime),
        }
    }

    /// The age, in days, of that reminder.
    pub const fn days(self, reminder: Reminder) -> u32 {
        match reminder {
            Reminder::RotationDue => self.rotate,
            Reminder::Expiring => self.remind,
            Reminder::RenewalDue => self.renew,
            Reminder::Expired => self.expires,
        }
    }
}

impl AccountPolicy {
    /// Reads a policy as it stands on the wire and in files for import. The days are for one that ends.
    pub fn from_wire(asked: CredentialPolicy) -> Result<Self, InvalidDays> {
        match asked.lifetime {
            PolicyLifetime::Fixed => FixedLifetime::new(Days {
                expires: asked.expires_after_days,
                renew: asked.renew_after_days,
                remind: asked.remind_after_days,
                rotate: asked.rotate_after_days,
            })
            .map(Self::Fixed),
            PolicyLifetime::Never => {
                let days = [
                    ("expires_after_days", asked.expires_after_days),
                    ("renew_after_days", asked.renew_after_days),
                    ("remind_after_days", asked.remind_after_days),
                    ("rotate_after_days", asked.rotate_after_days),
                ];
                match days.into_iter().find(|(_name, days)| days.is_some()) {
                    Some((name, _days)) => Err(InvalidDays(name)),
                    None => Ok(Self::Never),
                }
            }
        }
    }

    /// When credentials that were made then come to that age.
    pub fn at(self, reminder: Reminder, issued_at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::Fixed(lifetime) => {
                let days = i64::from(lifetime.days(reminder));
                Some(issued_at.plus_millis(days.saturating_mul(DAY_MILLIS)))
            }
        }
    }

    /// When credentials that were made then are dead.
    pub fn expires_at(self, issued_at: Timestamp) -> Option<Timestamp> {
        self.at(Reminder::Expired, issued_at)
    }

    /// Whether credentials that were made then are dead.
    pub fn is_dead(self, issued_at: Timestamp, now: Timestamp) -> bool {
        self.expires_at(issued_at).is_some_and(|end| end <= now)
    }

    /// The reminders whose time has come, the earliest first.
    pub fn due(self, issued_at: Timestamp, now: Timestamp) -> Vec<Reminder> {
        let is_due =
            |reminder: &Reminder| self.at(*reminder, issued_at).is_some_and(|at| at <= now);
        Reminder::ALL.into_iter().filter(is_due).collect()
    }

    /// When the first reminder after those that were given comes.
    pub fn next(self, issued_at: Timestamp, told: Option<Reminder>) -> Option<Timestamp> {
        let next = Reminder::ALL.into_iter().find(|one| Some(*one) > told)?;
        self.at(next, issued_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Timestamp = Timestamp::from_unix_millis(1_781_895_600_000);

    fn on_day(day: i64) -> Timestamp {
        MADE.plus_millis(day * DAY_MILLIS)
    }

    fn usual() -> AccountPolicy {
        AccountPolicy::Fixed(FixedLifetime::new(Days::default()).unwrap())
    }

    #[test]
    fn reminds_at_60_75_80_and_dies_at_90_days() {
        let policy = usual();
        let days: Vec<_> = Reminder::ALL
            .into_iter()
            .map(|one| policy.at(one, MADE).unwrap())
            .collect();
        assert_eq!(days, [60, 75, 80, 90].map(on_day));
        assert!(!policy.is_dead(MADE, on_day(90).plus_millis(-1)));
        assert!(policy.is_dead(MADE, on_day(90)));
        assert_eq!(policy.due(MADE, on_day(60).plus_millis(-1)), []);
        assert_eq!(policy.due(MADE, on_day(79)), Reminder::ALL[..2]);
        assert_eq!(policy.due(MADE, on_day(1000)), Reminder::ALL);
        assert_eq!(AccountPolicy::Never.due(MADE, on_day(1000)), []);
    }

    #[test]
    fn each_reminder_has_a_next_one_until_the_end() {
        let mut told = None;
        for (reminder, day) in Reminder::ALL.into_iter().zip([60, 75, 80, 90]) {
            assert_eq!(usual().next(MADE, told), Some(on_day(day)));
            told = Some(reminder);
        }
        assert_eq!(usual().next(MADE, told), None);
        assert_eq!(AccountPolicy::Never.next(MADE, None), None);
    }

    #[test]
    fn what_is_absent_follows_from_the_end() {
        for (expires, rest) in [(30, [20, 25, 26]), (365, [243, 304, 324]), (1, [1, 1, 1])] {
            let days = Days {
                expires: Some(expires),
                ..Days::default()
            };
            let lifetime = FixedLifetime::new(days).unwrap();
            assert_eq!([lifetime.rotate, lifetime.remind, lifetime.renew], rest);
        }
    }

    #[test]
    fn ages_out_of_range_or_order_are_named() {
        let days = |expires, renew, remind, rotate| {
            let days = Days {
                expires,
                renew,
                remind,
                rotate,
            };
            FixedLifetime::new(days).map_err(|InvalidDays(name)| name)
        };
        assert!(days(Some(3650), Some(3650), Some(3650), Some(3650)).is_ok());
        for (given, name) in [
            (days(Some(0), None, None, None), "expires_after_days"),
            (days(Some(3651), None, None, None), "expires_after_days"),
            (days(None, Some(91), None, None), "renew_after_days"),
            (days(None, None, Some(81), None), "remind_after_days"),
            (days(None, None, None, Some(76)), "rotate_after_days"),
            (days(None, None, None, Some(0)), "rotate_after_days"),
        ] {
            assert_eq!(given, Err(name));
        }
    }
}
