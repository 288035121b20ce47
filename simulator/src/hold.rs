//! Calls that wait for a word from the test.

use std::collections::BTreeMap;

use tokio::sync::watch;

/// The calls held at this moment, and the signal that lets them go.
#[derive(Debug)]
pub(crate) struct Holds(watch::Sender<Held>);

#[derive(Debug, Default)]
struct Held {
    /// Grows with each release. A call is held as long as the round in which it began lasts.
    round: u64,
    calls: BTreeMap<&'static str, usize>,
}

impl Holds {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// Returns at the next release.
    pub(crate) async fn hold(&self, call: &'static str) {
        let mut released = self.0.subscribe();
        let mut began = 0;
        self.0.send_modify(|held| {
            began = held.round;
            *held.calls.entry(call).or_default() += 1;
        });
        // It fails only when the sender is gone, and `self` is the sender.
        drop(released.wait_for(|held| held.round != began).await);
    }

    /// Returns when such a call is being held; at once if one is.
    pub(crate) async fn held(&self, call: &str) {
        let mut changed = self.0.subscribe();
        drop(changed.wait_for(|held| held.calls.contains_key(call)).await);
    }

    /// Lets every call go that is held now, and says how many those were. Later ones are held again.
    pub(crate) fn release(&self) -> usize {
        let mut released = 0;
        self.0.send_modify(|held| {
            held.round += 1;
            released = std::mem::take(&mut held.calls).into_values().sum();
        });
        released
    }
}
