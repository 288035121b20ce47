//! What Pairlink needs of a store to tell hosts' backends what happened.

use async_trait::async_trait;

use super::{Change, StoreError};
use crate::domain::{
    AfterAttempt, DeliveryId, DeliveryOutcome, DeliveryState, Notice, NoticeKind, TenantScope,
    Timestamp, Webhook, WebhookId,
};
use crate::vault::Sealed;

/// A webhook as the store holds it.
#[derive(Clone, Debug)]
pub struct WebhookRow {
    /// What is known of it.
    pub webhook: Webhook,
    /// Its address.
    pub url: Sealed,
    /// What its messages are signed with.
    pub secret: Sealed,
}

/// A message for one webhook.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its name.
    pub id: DeliveryId,
    /// For which webhook.
    pub webhook: WebhookId,
    /// What is posted.
    pub body: String,
}

/// A delivery as those who ask are told of it.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// Its name.
    pub id: DeliveryId,
    /// What it tells of.
    pub kind: NoticeKind,
    /// How far it has got.
    pub state: DeliveryState,
    /// How often it was attempted.
    pub attempts: u32,
    /// How the last attempt ended.
    pub outcome: Option<String>,
    /// When the next attempt is due.
    pub due_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was delivered or given up.
    pub ended_at: Option<Timestamp>,
}

/// A delivery that is attempted by whoever holds this, and by nobody else until its lease ends.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Of which delivery.
    pub id: DeliveryId,
    /// What is posted.
    pub body: String,
    /// Its number; the first is 1. Whoever holds an earlier one holds nothing any more.
    pub number: u32,
}

/// Webhooks and their deliveries.
#[async_trait]
pub trait WebhookStore {
    /// Adds a webhook, for notices from now on. False if as many for the same tenants are there already.
    async fn add_webhook(
        &self,
        webhook: &WebhookRow,
        most: u32,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;
    /// The webhook of that name.
    async fn webhook(&self, id: &WebhookId) -> Result<Option<WebhookRow>, StoreError>;
    /// Webhooks within reach that come after the given one in the order of their names. One for every tenant is within
    /// reach of who reaches every tenant.
    async fn webhooks(
        &self,
        scope: &TenantScope,
        after: Option<&WebhookId>,
        limit: u32,
    ) -> Result<Vec<WebhookRow>, StoreError>;
    /// Removes a webhook with its deliveries. False if there is none of that name.
    async fn remove_webhook(&self, id: &WebhookId, change: Change<'_>) -> Result<bool, StoreError>;

    /// The oldest notices of which no deliveries were made yet.
    async fn notices_to_hand_out(&self, limit: u32) -> Result<Vec<Notice>, StoreError>;
    /// Every webhook that is not disabled.
    async fn listening_webhooks(&self) -> Result<Vec<Webhook>, StoreError>;
    /// Makes the deliveries of a notice, unless somebody has. A webhook that was removed or disabled meanwhile, or that
    /// is younger than the notice, gets none. False if somebody had made them.
    async fn hand_out(
        &self,
        notice: &Notice,
        deliveries: &[NewDelivery],
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The webhooks for which something is due, the one that waits longest first.
    async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<WebhookId>, StoreError>;
    /// Begins to attempt what is due for a webhook. Who is not heard of until `lease_ends` is taken for dead.
    async fn begin_attempts(
        &self,
        webhook: &WebhookId,
        most: u32,
        now: Timestamp,
        lease_ends: Timestamp,
    ) -> Result<Vec<Attempt>, StoreError>;
    /// Writes down how an attempt ended, and what comes after it. False if it is somebody else's by now.
    async fn end_attempt(
        &self,
        attempt: &Attempt,
        outcome: DeliveryOutcome,
        then: AfterAttempt,
        change: Change<'_>,
    ) -> Result<bool, StoreError>;

    /// Deliveries of a webhook that come after the given one in the order of their names.
    async fn deliveries(
        &self,
        webhook: &WebhookId,
        state: Option<DeliveryState>,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError>;
    /// Makes a dead delivery of a webhook that is not disabled due once more; leaves any other as it is. None if there
    /// is no such delivery.
    async fn retry_delivery(
        &self,
        webhook: &WebhookId,
        id: &DeliveryId,
        change: Change<'_>,
    ) -> Result<Option<DeliveryRow>, StoreError>;
}
