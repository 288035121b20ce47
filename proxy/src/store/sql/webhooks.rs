//! Webhooks and their deliveries.
//!
//! A delivery that is being attempted is due again when its lease ends: there is no other mark of it, so that nothing
//! has to be cleaned up after a crash. The number of the attempt fences off who was too slow.

use async_trait::async_trait;

use sqlx::Row as _;

use super::{About, DbConnection, DbRow, SqlStore, audit, commit, row};
use crate::domain::{
    AfterAttempt, DeliveryId, DeliveryOutcome, DeliveryState, Notice, NoticeKind, Outcome,
    TenantScope, Timestamp, Webhook, WebhookId,
};
use crate::store::{
    Attempt, Change, DeliveryRow, NewDelivery, StoreError, WebhookRow, WebhookStore,
};

/// The columns of a webhook.
macro_rules! select_webhooks {
    ($name:literal, $rest:literal) => {
        concat!(
            "-- ",
            $name,
            "\nSELECT id, tenant, url, secret, events, created_at, disabled_at FROM webhooks ",
            $rest
        )
    };
}

/// The columns of a delivery.
macro_rules! select_deliveries {
    ($name:literal, $rest:literal) => {
        concat!(
            "-- ",
            $name,
            "\nSELECT id, kind, state, attempts, outcome, due_at, created_at, ended_at FROM webhook_deliveries ",
            $rest
        )
    };
}

#[async_trait]
impl WebhookStore for SqlStore {
    async fn add_webhook(
        &self,
        new: &WebhookRow,
        most: u32,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let webhook = &new.webhook;
        let events = webhook.events.as_ref().map(|events| {
            let names: Vec<&str> = events.iter().map(|kind| kind.as_str()).collect();
            names.join(" ")
        });
        let mut transaction = self.begin(&[About::Webhooks]).await?;
        let added = sqlx::query(
            "-- add_webhook
             INSERT INTO webhooks (id, tenant, url, secret, events, created_at, after_notice)
             SELECT $1, $2, $3, $4, $5, $6, (SELECT COALESCE(MAX(sequence), 0) FROM notices)
             WHERE (SELECT COUNT(*) FROM webhooks WHERE tenant IS NOT DISTINCT FROM $2) < $7",
        )
        .bind(webhook.id.as_str())
        .bind(tenant(&webhook.scope))
        .bind(&new.url.0)
        .bind(&new.secret.0)
        .bind(events)
        .bind(webhook.created_at.unix_millis())
        .bind(i64::from(most))
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if added == 1 {
            let (action, id) = ("webhook.create", webhook.id.as_str());
            audit(&mut transaction, change, action, id, Outcome::Done).await?;
        }
        commit(transaction).await?;
        Ok(added == 1)
    }

    async fn webhook(&self, id: &WebhookId) -> Result<Option<WebhookRow>, StoreError> {
        let found = sqlx::query(select_webhooks!("webhook", "WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        found.as_ref().map(row::webhook).transpose()
    }

    async fn webhooks(
        &self,
        scope: &TenantScope,
        after: Option<&WebhookId>,
        limit: u32,
    ) -> Result<Vec<WebhookRow>, StoreError> {
        let rows = sqlx::query(select_webhooks!(
            "webhooks",
            "WHERE ($1 IS NULL OR tenant = $1) AND id > $2 ORDER BY id LIMIT $3"
        ))
        .bind(tenant(scope))
        .bind(after.map_or("", WebhookId::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::webhook).collect()
    }

    async fn remove_webhook(&self, id: &WebhookId, change: Change<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Webhooks, About::Webhook(id)]).await?;
        let known = sqlx::query("-- find_webhook\nSELECT id FROM webhooks WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(StoreError::Database)?
            .is_some();
        if known {
            // While the row is there: it says whose it is.
            let action = "webhook.remove";
            audit(&mut transaction, change, action, id.as_str(), Outcome::Done).await?;
            for statement in [
                "-- remove_deliveries\nDELETE FROM webhook_deliveries WHERE webhook = $1",
                "-- remove_webhook\nDELETE FROM webhooks WHERE id = $1",
            ] {
                sqlx::query(statement)
                    .bind(id.as_str())
                    .execute(&mut *transaction)
                    .await
                    .map_err(StoreError::Database)?;
            }
        }
        commit(transaction).await?;
        Ok(known)
    }

    async fn notices_to_hand_out(&self, limit: u32) -> Result<Vec<Notice>, StoreError> {
        let rows = sqlx::query(
            "-- notices_to_hand_out
             SELECT n.sequence, n.connection, c.tenant, c.provider, c.label, n.kind, n.detail, n.at
             FROM notices n JOIN connections c ON c.id = n.connection
             WHERE n.handed_out_at IS NULL ORDER BY n.sequence LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::notice).collect()
    }

    async fn listening_webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(select_webhooks!(
            "listening_webhooks",
            "WHERE disabled_at IS NULL"
        ))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter()
            .map(|found| Ok(row::webhook(found)?.webhook))
            .collect()
    }

    async fn hand_out(
        &self,
        notice: &Notice,
        deliveries: &[NewDelivery],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Webhooks]).await?;
        let first = sqlx::query(
            "-- hand_out
             UPDATE notices SET handed_out_at = $2 WHERE sequence = $1 AND handed_out_at IS NULL",
        )
        .bind(notice.sequence)
        .bind(at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if first == 1 {
            for new in deliveries {
                add_delivery(&mut transaction, notice, new, at).await?;
            }
        }
        commit(transaction).await?;
        Ok(first == 1)
    }

    async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<WebhookId>, StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "-- webhooks_due
             SELECT webhook FROM webhook_deliveries WHERE state = 'pending' AND due_at <= $1
             GROUP BY webhook ORDER BY MIN(due_at), webhook",
        )
        .bind(now.unix_millis())
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        Ok(due.into_iter().map(WebhookId::from_text).collect())
    }

    async fn begin_attempts(
        &self,
        webhook: &WebhookId,
        most: u32,
        now: Timestamp,
        lease_ends: Timestamp,
    ) -> Result<Vec<Attempt>, StoreError> {
        let mut transaction = self.begin(&[About::Webhook(webhook)]).await?;
        // The guard stands outside, too: two who read the same rows must not both get them.
        let rows = sqlx::query(
            "-- begin_attempts
             UPDATE webhook_deliveries SET due_at = $4, attempts = attempts + 1
             WHERE state = 'pending' AND due_at <= $3 AND id IN (
                 SELECT id FROM webhook_deliveries WHERE webhook = $1 AND state = 'pending' AND due_at <= $3
                 ORDER BY due_at, notice LIMIT $2)
             RETURNING id, body, attempts",
        )
        .bind(webhook.as_str())
        .bind(i64::from(most))
        .bind(now.unix_millis())
        .bind(lease_ends.unix_millis())
        .fetch_all(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        commit(transaction).await?;
        rows.iter().map(row::attempt).collect()
    }

    async fn end_attempt(
        &self,
        attempt: &Attempt,
        outcome: DeliveryOutcome,
        then: AfterAttempt,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let (state, due_at, ended_at) = match then {
            AfterAttempt::Delivered => (DeliveryState::Delivered, None, Some(change.at)),
            AfterAttempt::Again(due_at) => (DeliveryState::Pending, Some(due_at), None),
            AfterAttempt::Dead | AfterAttempt::Gone => (DeliveryState::Dead, None, Some(change.at)),
        };
        let mut transaction = match then {
            // What else waits for the receiver dies with this, whoever is about to attempt it.
            AfterAttempt::Gone => {
                let webhook: Option<String> = sqlx::query_scalar(
                    "-- webhook_of_delivery\nSELECT webhook FROM webhook_deliveries WHERE id = $1",
                )
                .bind(attempt.id.as_str())
                .fetch_optional(&self.reader)
                .await
                .map_err(StoreError::Database)?;
                let webhook = webhook.map(WebhookId::from_text);
                let about: Vec<About<'_>> = webhook.iter().map(About::Webhook).collect();
                self.begin(&about).await?
            }
            AfterAttempt::Delivered | AfterAttempt::Again(_) | AfterAttempt::Dead => {
                self.begin(&[]).await?
            }
        };
        let ended = sqlx::query(
            "-- end_attempt
             UPDATE webhook_deliveries
             SET state = $3, outcome = $4, due_at = COALESCE($5, due_at), ended_at = $6
             WHERE id = $1 AND state = 'pending' AND attempts = $2
             RETURNING webhook",
        )
        .bind(attempt.id.as_str())
        .bind(i64::from(attempt.number))
        .bind(state.as_str())
        .bind(outcome.to_string())
        .bind(due_at.map(Timestamp::unix_millis))
        .bind(ended_at.map(Timestamp::unix_millis))
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        if let (Some(ended), AfterAttempt::Gone) = (&ended, then) {
            let webhook: String = ended.try_get("webhook").map_err(StoreError::Database)?;
            disable(&mut transaction, &webhook, outcome, change).await?;
        }
        commit(transaction).await?;
        Ok(ended.is_some())
    }

    async fn deliveries(
        &self,
        webhook: &WebhookId,
        state: Option<DeliveryState>,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let rows = sqlx::query(select_deliveries!(
            "deliveries",
            "WHERE webhook = $1 AND ($2 IS NULL OR state = $2) AND id > $3 ORDER BY id LIMIT $4"
        ))
        .bind(webhook.as_str())
        .bind(state.map(DeliveryState::as_str))
        .bind(after.map_or("", DeliveryId::as_str))
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::delivery).collect()
    }

    async fn retry_delivery(
        &self,
        webhook: &WebhookId,
        id: &DeliveryId,
        change: Change<'_>,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let mut transaction = self.begin(&[About::Webhook(webhook)]).await?;
        let revived = sqlx::query(
            "-- retry_delivery
             UPDATE webhook_deliveries SET state = 'pending', due_at = $3, ended_at = NULL
             WHERE id = $1 AND webhook = $2 AND state = 'dead'
                   AND EXISTS (SELECT 1 FROM webhooks WHERE id = $2 AND disabled_at IS NULL)",
        )
        .bind(id.as_str())
        .bind(webhook.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if revived == 1 {
            let action = "webhook.retry";
            let object = webhook.as_str();
            audit(&mut transaction, change, action, object, Outcome::Done).await?;
        }
        let found: Option<DbRow> = sqlx::query(select_deliveries!(
            "delivery",
            "WHERE id = $1 AND webhook = $2"
        ))
        .bind(id.as_str())
        .bind(webhook.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        commit(transaction).await?;
        found.as_ref().map(row::delivery).transpose()
    }
}

fn tenant(scope: &TenantScope) -> Option<&str> {
    match scope {
        TenantScope::All => None,
        TenantScope::One(tenant) => Some(tenant.as_str()),
    }
}

async fn add_delivery(
    database: &mut DbConnection,
    notice: &Notice,
    new: &NewDelivery,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- add_delivery
         INSERT INTO webhook_deliveries (id, webhook, notice, kind, body, state, due_at, created_at)
         SELECT $1, id, $3, $4, $5, 'pending', $6, $6
         FROM webhooks WHERE id = $2 AND disabled_at IS NULL AND after_notice < $3",
    )
    .bind(new.id.as_str())
    .bind(new.webhook.as_str())
    .bind(notice.sequence)
    .bind(NoticeKind::as_str(notice.kind))
    .bind(&new.body)
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}

/// Posts nothing to a receiver any more that is gone: what waits for it is dead.
async fn disable(
    database: &mut DbConnection,
    webhook: &str,
    outcome: DeliveryOutcome,
    change: Change<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- disable_webhook
         UPDATE webhooks SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(webhook)
    .bind(change.at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?;
    sqlx::query(
        "-- end_deliveries
         UPDATE webhook_deliveries SET state = 'dead', outcome = $2, ended_at = $3
         WHERE webhook = $1 AND state = 'pending'",
    )
    .bind(webhook)
    .bind(outcome.to_string())
    .bind(change.at.unix_millis())
    .execute(&mut *database)
    .await
    .map_err(StoreError::Database)?;
    audit(database, change, "webhook.disable", webhook, Outcome::Done).await
}
