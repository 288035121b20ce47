//! What is done again and again: ends, settling, forgetting.

use std::time::Duration;

use super::{Service, ServiceError};
use crate::domain::Actor;

/// For how long ended tokens, old events and idempotency keys are kept.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;
const FORGET_EVERY: Duration = Duration::from_mins(10);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

impl Service {
    pub(super) fn start_upkeep(&self) {
        tokio::spawn(self.clone().keep_expiring());
        tokio::spawn(self.clone().keep_settling());
        tokio::spawn(self.clone().keep_forgetting());
        tokio::spawn(self.clone().keep_learning());
    }

    /// Hears of keys that were replaced, so that nothing is sealed by a retired one for long.
    async fn keep_learning(self) {
        while self.pause(self.pace().tick).await {
            if let Err(error) = self.learn_keys().await {
                report("cannot read the keys", &error);
            }
        }
    }

    async fn keep_expiring(self) {
        while self.pause(self.pace().tick).await {
            self.write_down_denied().await;
            match self.store().expire(self.now()).await {
                Ok(0) => {}
                Ok(_ended) => self.hint(),
                Err(error) => report("cannot end what has expired", &error.into()),
            }
            if let Err(error) = self.enforce_suspensions().await {
                report("cannot end what suspended tenants have", &error);
            }
        }
    }

    /// Settles at once, because a crash may have left something open; then again and again, less often the longer it
    /// does not come to an end.
    async fn keep_settling(self) {
        let first = self.pace().settle_again;
        let mut again = first;
        loop {
            let settled = self.settle_all().await;
            if let Err(error) = &settled {
                report("cannot settle what is open", error);
            }
            again = if matches!(settled, Ok(true)) {
                first
            } else {
                (again * 2).min(LONGEST_PAUSE)
            };
            if !self.pause(again).await {
                return;
            }
        }
    }

    async fn keep_forgetting(self) {
        while self.pause(FORGET_EVERY).await {
            if let Err(error) = self
                .store()
                .forget_before(self.now().plus_millis(-KEPT_MILLIS))
                .await
            {
                report("cannot forget what is old", &error.into());
            }
            self.keep_ballast_again().await;
            if let Err(error) = self.forget_codes().await {
                report("cannot forget what is counted no more", &error);
            }
            // What a process that had not heard of the new key sealed last; then the former one can go.
            if let Err(error) = self.reseal(&Actor::pairlink(), |_done| {}).await {
                report("cannot seal anew", &error);
            }
        }
    }

    /// Waits. False if the process is about to end.
    pub(super) async fn pause(&self, time: Duration) -> bool {
        self.0
            .closing
            .run_until_cancelled(tokio::time::sleep(time))
            .await
            .is_some()
    }
}

fn report(what: &'static str, error: &ServiceError) {
    tracing::error!(error = error as &dyn std::error::Error, "{what}");
}
