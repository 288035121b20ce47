//! How much of something is held open at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many each key holds. A key that holds none takes no room.
pub(super) struct Holders<K> {
    most: u32,
    held: Arc<Mutex<HashMap<K, u32>>>,
}

/// One that is held; given back when this is dropped.
pub(in crate::http) struct Held<K: Eq + Hash> {
    key: K,
    held: Arc<Mutex<HashMap<K, u32>>>,
}

/// As many are held as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Full;

impl<K: Eq + Hash + Clone> Holders<K> {
    pub(super) fn new(most: NonZeroU32) -> Self {
        Self {
            most: most.get(),
            held: Arc::default(),
        }
    }

    pub(super) fn hold(&self, key: K) -> Result<Held<K>, Full> {
        let mut held = lock(&self.held);
        let count = held.get(&key).copied().unwrap_or(0);
        if count >= self.most {
            return Err(Full);
        }
        held.insert(key.clone(), count + 1);
        Ok(Held {
            key,
            held: Arc::clone(&self.held),
        })
    }
}

impl<K: Eq + Hash> Drop for Held<K> {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        match held.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => drop(held.remove(&self.key)),
        }
    }
}

fn lock<K>(held: &Mutex<HashMap<K, u32>>) -> MutexGuard<'_, HashMap<K, u32>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_holds_so_many_and_what_is_given_back_takes_no_room() {
        let holders = Holders::new(NonZeroU32::new(2).unwrap());
        let first = holders.hold("a").ok().unwrap();
        let second = holders.hold("a").ok().unwrap();
        assert_eq!(holders.hold("a").err(), Some(Full));
        let other = holders.hold("b").ok().unwrap();
        drop(first);
        let third = holders.hold("a").ok().unwrap();
        drop((second, third, other));
        assert!(lock(&holders.held).is_empty());
    }
}
