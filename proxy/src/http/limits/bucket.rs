//! How often somebody did something.
//!
//! The generic cell rate algorithm: of each key one instant is kept, until which it has used up its rate. Written here and
//! not taken from a crate because a key must be looked at without being charged, and because there may be only so many.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// In which the whole rate can be used, at once or evenly.
const WINDOW: Duration = Duration::from_mins(1);

/// The most keys of which something is remembered. Whoever comes with ever new ones shares one bucket from there on.
const MOST_KEYS: usize = 65_536;

/// A bucket for each key.
pub(super) struct Buckets<K> {
    /// What one request costs.
    cost: Duration,
    used: Mutex<Used<K>>,
}

struct Used<K> {
    until: HashMap<K, Instant>,
    /// For keys that there is no room for.
    others_until: Option<Instant>,
    /// When it was last looked for keys to forget; that takes time, and may be in vain.
    swept: Option<Instant>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(super) fn new(per_minute: NonZeroU32) -> Self {
        Self {
            cost: WINDOW / per_minute.get(),
            used: Mutex::new(Used {
                until: HashMap::new(),
                others_until: None,
                swept: None,
            }),
        }
    }

    /// Charges the key for one; the seconds to wait if it has nothing left.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        let mut used = self.lock();
        let known = used.until.get(&key).copied();
        let has_room = known.is_some() || used.make_room(now);
        let until = if has_room { known } else { used.others_until };
        let until = self.charged(until, now)?;
        if has_room {
            used.until.insert(key, until);
        } else {
            used.others_until = Some(until);
        }
        Ok(())
    }

    /// The same without charging it.
    pub(super) fn look(&self, key: &K, now: Instant) -> Result<(), u32> {
        let until = self.lock().until.get(key).copied();
        self.charged(until, now).map(drop)
    }

    fn charged(&self, until: Option<Instant>, now: Instant) -> Result<Instant, u32> {
        let until = until.unwrap_or(now).max(now) + self.cost;
        match until.saturating_duration_since(now).checked_sub(WINDOW) {
            None | Some(Duration::ZERO) => Ok(until),
            Some(wait) => Err(whole_seconds(wait)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Used<K>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Used<K> {
    /// Forgets what has nothing used up, if that is needed. Says whether there is room for one more.
    fn make_room(&mut self, now: Instant) -> bool {
        if self.until.len() < MOST_KEYS {
            return true;
        }
        let again = self.swept.map(|swept| swept + Duration::from_secs(1));
        if again.is_none_or(|again| now >= again) {
            self.swept = Some(now);
            self.until.retain(|_key, until| *until > now);
        }
        self.until.len() < MOST_KEYS
    }
}

fn whole_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(per_minute: u32) -> (Buckets<u32>, Instant) {
        let rate = NonZeroU32::new(per_minute).unwrap();
        (Buckets::new(rate), Instant::now())
    }

    #[test]
    fn the_whole_rate_can_be_used_at_once_and_comes_back_evenly() {
        let (buckets, now) = buckets(6);
        for _ in 0..6 {
            buckets.take(1, now).unwrap();
        }
        assert_eq!(buckets.take(1, now), Err(10));
        assert_eq!(buckets.look(&1, now + Duration::from_millis(9001)), Err(1));
        buckets.take(1, now + Duration::from_secs(10)).unwrap();
        assert_eq!(buckets.take(1, now + Duration::from_secs(10)), Err(10));
        // Being refused costs nothing, and what is not used is not saved up.
        let later = now + Duration::from_hours(1);
        for _ in 0..6 {
            buckets.take(1, later).unwrap();
        }
        assert_eq!(buckets.take(1, later), Err(10));
    }

    #[test]
    fn keys_are_charged_apart_and_looking_is_free() {
        let (buckets, now) = buckets(1);
        for _ in 0..3 {
            buckets.look(&1, now).unwrap();
        }
        buckets.take(1, now).unwrap();
        buckets.take(2, now).unwrap();
        assert_eq!(buckets.look(&1, now), Err(60));
    }

    #[test]
    fn ever_new_keys_take_no_more_room_and_share_what_is_left() {
        let (buckets, now) = buckets(1);
        let most = u32::try_from(MOST_KEYS).unwrap();
        for key in 0..most {
            buckets.take(key, now).unwrap();
        }
        buckets.take(most, now).unwrap();
        assert!(buckets.take(most + 1, now).is_err());
        assert_eq!(buckets.lock().until.len(), MOST_KEYS);
        // Those that have nothing used up make room.
        buckets.take(most + 2, now + WINDOW).unwrap();
        assert_eq!(buckets.lock().until.len(), 1);
    }
}
