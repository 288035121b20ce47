//! Renews API tokens before they end, a few at a time, so that nobody has to wait for one.

use super::tokens::Wish;
use super::{Freshness, Service, ServiceError};
use crate::domain::Timestamp;

/// What nobody asked for in so long is renewed when somebody asks.
const IDLE_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// The longest time for which calls that were not made are made up for at once.
const LONGEST_SAVING_MILLIS: i64 = 1000;

/// How many renewals may begin: so many a second by the injected clock, and not more at once.
struct Allowance {
    per_second: u32,
    /// In thousandths of a renewal.
    left: i64,
    as_of: Timestamp,
}

impl Allowance {
    fn new(per_second: u32, now: Timestamp) -> Self {
        Self {
            per_second,
            left: i64::from(per_second) * LONGEST_SAVING_MILLIS,
            as_of: now,
        }
    }

    /// How many may begin now.
    fn whole(&mut self, now: Timestamp) -> u32 {
        let millis = now.millis_since(self.as_of).clamp(0, LONGEST_SAVING_MILLIS);
        let rate = i64::from(self.per_second);
        let most = rate * LONGEST_SAVING_MILLIS;
        self.left = self.left.saturating_add(millis * rate).min(most);
        self.as_of = now;
        u32::try_from(self.left / 1000).unwrap_or_default()
    }

    fn spend(&mut self) {
        self.left -= 1000;
    }
}

impl Service {
    /// Starts to renew ahead.
    pub(super) fn start_renewing(&self) {
        let service = self.clone();
        tokio::spawn(async move {
            let mut allowance = Allowance::new(service.pace().renewals_per_second, service.now());
            while service.pause(service.pace().tick).await {
                if let Err(error) = service.renew_due(&mut allowance).await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "cannot renew ahead"
                    );
                }
            }
        });
    }

    /// Begins as many of the renewals that are due as may begin.
    async fn renew_due(&self, allowance: &mut Allowance) -> Result<(), ServiceError> {
        if self.observing_since().await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        self.store()
            .rest_renewals(now, now.plus_millis(-IDLE_MILLIS))
            .await?;
        let at_once = self.pace().renewals_at_once;
        let room = at_once.saturating_sub(self.0.renewals.under_way());
        let room = u32::try_from(room).unwrap_or(u32::MAX);
        let most = allowance.whole(now).min(room);
        if most == 0 {
            return Ok(());
        }
        for (id, serial) in self.store().due_renewals(now, most).await? {
            let Some(connection) = self.store().connection(&id).await? else {
                continue;
            };
            if connection.is_dead(now) {
                // Nothing is renewed with dead credentials; new ones make it due again.
                self.store().rest_renewal(&id).await?;
                continue;
            }
            allowance.spend();
            // It goes on by itself, and says itself what went wrong.
            drop(self.renewal_of(&connection, Freshness::NewerThan(serial), Wish::Ahead));
        }
        Ok(())
    }
}
