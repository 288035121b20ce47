//! Tells hosts' backends. The table of notices is the truth; a hint only shortens the wait for it.
//!
//! Each notice is handed out once, as a delivery for every webhook that wants it, in one transaction. Each delivery is
//! attempted until its receiver took it, at least once: what was posted by a process that died before it could write
//! that down is posted again, under the same name. Replicas share the work by leases.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::{Service, ServiceError};
use crate::domain::{Actor, DeliveryId, Notice, Webhook, WebhookId, after_attempt};
use crate::metrics;
use crate::store::{Attempt, Change, NewDelivery};
use crate::webhook::{self, Letter};

/// How many notices are read at a time.
const BATCH: u32 = 64;
/// How many attempts one receiver gets at a time, so that a slow one leaves room for the others.
const AT_ONCE_PER_WEBHOOK: usize = 4;
/// How many attempts are made at a time.
const AT_ONCE: usize = 128;
/// When an attempt of which nothing is heard is made again: far longer than one takes.
const LEASE_MILLIS: i64 = 60_000;

#[derive(Default)]
pub(super) struct Dispatcher {
    hint: Notify,
    /// How many attempts are being made, for each webhook with some.
    under_way: Mutex<HashMap<WebhookId, usize>>,
}

impl Dispatcher {
    pub(super) fn hint(&self) {
        self.hint.notify_one();
    }

    /// How many attempts are being made for a webhook, and for all.
    fn under_way(&self, webhook: &WebhookId) -> (usize, usize) {
        let under_way = self.lock();
        let own = under_way.get(webhook).copied().unwrap_or_default();
        (own, under_way.values().sum())
    }

    fn enter(&self, webhook: &WebhookId) {
        *self.lock().entry(webhook.clone()).or_default() += 1;
    }

    fn leave(&self, webhook: &WebhookId) {
        let mut under_way = self.lock();
        if let Some(count) = under_way.get_mut(webhook) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(webhook);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<WebhookId, usize>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Starts to tell hosts' backends.
    pub(super) fn start_dispatch(&self) {
        let service = self.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = service.hand_out_notices().await {
                    report("cannot hand out notices", &error);
                }
                if let Err(error) = service.attempt_deliveries().await {
                    report("cannot begin deliveries", &error);
                }
                tokio::select! {
                    () = service.0.closing.cancelled() => break,
                    () = service.0.dispatcher.hint.notified() => {}
                    () = tokio::time::sleep(service.pace().tick) => {}
                }
            }
        });
    }

    /// Makes a delivery of every notice for every webhook that wants it.
    async fn hand_out_notices(&self) -> Result<(), ServiceError> {
        loop {
            // First the notices: whatever webhook is older than one of them is then found.
            let notices = self.store().notices_to_hand_out(BATCH).await?;
            if notices.is_empty() {
                return Ok(());
            }
            let webhooks = self.store().listening_webhooks().await?;
            for notice in &notices {
                let deliveries = deliveries_of(notice, &webhooks)?;
                let first = self.store().hand_out(notice, &deliveries, self.now());
                if first.await? {
                    metrics::notice_handed_out(notice.kind);
                }
            }
        }
    }

    /// Begins as many of the attempts that are due as there is room for.
    async fn attempt_deliveries(&self) -> Result<(), ServiceError> {
        let mut due = self.store().webhooks_due(self.now()).await?;
        // Who is being posted nothing goes first.
        due.sort_by_key(|webhook| self.0.dispatcher.under_way(webhook).0);
        for webhook in due {
            let (own, all) = self.0.dispatcher.under_way(&webhook);
            let room = AT_ONCE_PER_WEBHOOK
                .saturating_sub(own)
                .min(AT_ONCE.saturating_sub(all));
            if room == 0 {
                continue;
            }
            let now = self.now();
            let attempts = self
                .store()
                .begin_attempts(
                    &webhook,
                    u32::try_from(room).unwrap_or(u32::MAX),
                    now,
                    now.plus_millis(LEASE_MILLIS),
                )
                .await?;
            for attempt in attempts {
                self.attempt_soon(webhook.clone(), attempt);
            }
        }
        Ok(())
    }

    fn attempt_soon(&self, webhook: WebhookId, attempt: Attempt) {
        self.0.dispatcher.enter(&webhook);
        let service = self.clone();
        self.0.tasks.spawn(async move {
            if let Err(error) = service.attempt(&webhook, &attempt).await {
                // It is due again when its lease ends.
                report("cannot deliver", &error);
            }
            service.0.dispatcher.leave(&webhook);
            service.0.dispatcher.hint();
        });
    }

    async fn attempt(&self, webhook: &WebhookId, attempt: &Attempt) -> Result<(), ServiceError> {
        let Some(row) = self.store().webhook(webhook).await? else {
            return Ok(());
        };
        let (url, secret) = self.open_webhook(&row).await?;
        let letter = Letter {
            id: &attempt.id,
            body: attempt.body.clone(),
            url,
            secret,
            at: self.now(),
        };
        failpoint!("webhook.begun");
        let outcome = self.0.parts.courier.deliver(letter).await;
        failpoint!("webhook.posted");
        metrics::webhook_attempted(outcome);
        let at = self.now();
        let then = after_attempt(outcome, attempt.number, at, &mut rand::rng());
        let actor = Actor::pairlink();
        let change = Change { actor: &actor, at };
        let own = self
            .store()
            .end_attempt(attempt, outcome, then, change)
            .await?;
        tracing::debug!(webhook.id = %webhook, delivery.id = %attempt.id, attempt = attempt.number, %outcome, own, "attempted a delivery");
        Ok(())
    }
}

fn deliveries_of(notice: &Notice, webhooks: &[Webhook]) -> Result<Vec<NewDelivery>, ServiceError> {
    let body = webhook::body(notice).map_err(|_unwritable| ServiceError::GivenUp)?;
    Ok(webhooks
        .iter()
        .filter(|webhook| webhook.wants(notice))
        .map(|webhook| NewDelivery {
            id: DeliveryId::random(&mut rand::rng()),
            webhook: webhook.id.clone(),
            body: body.clone(),
        })
        .collect())
}

fn report(what: &'static str, error: &ServiceError) {
    tracing::error!(error = error as &dyn std::error::Error, "{what}");
}
