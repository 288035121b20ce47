//! Webhooks: registered, listed, removed; what became of their deliveries.

use super::{Authenticated, Service, ServiceError};
use crate::domain::{
    Actor, DeliveryId, DeliveryState, NoticeKind, TenantScope, Webhook, WebhookId,
};
use crate::secret::Secret;
use crate::store::{Change, DeliveryRow, WebhookRow};
use crate::vault::Place;
use crate::webhook;

/// As many webhooks as there may be for the same tenants.
const MOST_WEBHOOKS: u32 = 20;
/// The longest address.
const URL_BYTES: usize = 2048;

/// What is asked for, as it came from outside.
pub struct WebhookRequest {
    /// Where to post.
    pub url: Secret,
    /// Of whose connections.
    pub scope: TenantScope,
    /// Of what; none: of everything.
    pub events: Option<Vec<NoticeKind>>,
}

/// A webhook with its address, for those who registered it.
pub struct ListedWebhook {
    /// What is known of it.
    pub webhook: Webhook,
    /// Where it posts.
    pub url: Secret,
}

/// A webhook with its secret: this once.
pub struct RegisteredWebhook {
    /// What is known of it from now on.
    pub listed: ListedWebhook,
    /// What its messages are signed with.
    pub secret: Secret,
}

impl Service {
    /// Registers a webhook. The receiver is not asked: it is told when something happens.
    pub async fn register_webhook(
        &self,
        request: WebhookRequest,
        actor: &Actor,
    ) -> Result<RegisteredWebhook, ServiceError> {
        let url = request.url;
        if url.expose().len() > URL_BYTES {
            return Err(ServiceError::InvalidField("url".to_owned()));
        }
        self.0
            .parts
            .addresses
            .parse_endpoint(url.expose())
            .map_err(|_forbidden| ServiceError::HostNotAllowed)?;
        let at = self.now();
        let webhook = Webhook {
            id: WebhookId::random(&mut rand::rng()),
            scope: request.scope,
            events: request.events,
            created_at: at,
            disabled_at: None,
        };
        let secret = webhook::new_secret(&mut rand::rng());
        let seal = |column, text| {
            let place = place(&webhook, column);
            self.vault().seal(place, text, &mut rand::rng())
        };
        let row = WebhookRow {
            url: seal("url", &url)?,
            secret: seal("secret", &secret)?,
            webhook: webhook.clone(),
        };
        let change = Change { actor, at };
        if !self
            .store()
            .add_webhook(&row, MOST_WEBHOOKS, change)
            .await?
        {
            return Err(ServiceError::TooManyWebhooks);
        }
        Ok(RegisteredWebhook {
            listed: ListedWebhook { webhook, url },
            secret,
        })
    }

    /// The webhook, if the caller reaches all that it is told of.
    pub async fn reach_webhook(
        &self,
        caller: &Authenticated,
        id: &WebhookId,
    ) -> Result<Webhook, ServiceError> {
        let found = self.store().webhook(id).await?;
        let webhook = found.ok_or(ServiceError::NotFound)?.webhook;
        let reached = match &webhook.scope {
            TenantScope::All => caller.key.scope == TenantScope::All,
            TenantScope::One(tenant) => caller.key.scope.reaches(tenant),
        };
        if reached {
            Ok(webhook)
        } else {
            Err(ServiceError::NotFound)
        }
    }

    /// Webhooks within reach, a page at a time in the order of their names.
    pub async fn webhooks(
        &self,
        scope: &TenantScope,
        after: Option<&WebhookId>,
        limit: u32,
    ) -> Result<Vec<ListedWebhook>, ServiceError> {
        let rows = self.store().webhooks(scope, after, limit).await?;
        let mut listed = Vec::with_capacity(rows.len());
        for row in rows {
            let url = self.unseal(place(&row.webhook, "url"), &row.url).await?;
            listed.push(ListedWebhook {
                webhook: row.webhook,
                url,
            });
        }
        Ok(listed)
    }

    /// Removes a webhook and whatever was on its way. Twice is once.
    pub async fn remove_webhook(
        &self,
        webhook: &Webhook,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        self.store().remove_webhook(&webhook.id, change).await?;
        Ok(())
    }

    /// What became of a webhook's deliveries, a page at a time in the order of their names.
    pub async fn deliveries(
        &self,
        webhook: &Webhook,
        state: Option<DeliveryState>,
        after: Option<&DeliveryId>,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, ServiceError> {
        let store = self.store();
        Ok(store.deliveries(&webhook.id, state, after, limit).await?)
    }

    /// Attempts a dead delivery once more, soon. One that is not dead is left as it is.
    pub async fn retry_delivery(
        &self,
        webhook: &Webhook,
        id: &DeliveryId,
        actor: &Actor,
    ) -> Result<DeliveryRow, ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        let row = self
            .store()
            .retry_delivery(&webhook.id, id, change)
            .await?
            .ok_or(ServiceError::NotFound)?;
        // A dead one comes back unless nothing may be posted there.
        if row.state == DeliveryState::Dead {
            return Err(ServiceError::WebhookDisabled);
        }
        self.hint();
        Ok(row)
    }

    /// The address and the secret of a webhook.
    pub(super) async fn open_webhook(
        &self,
        row: &WebhookRow,
    ) -> Result<(Secret, Secret), ServiceError> {
        let (url, secret) = (place(&row.webhook, "url"), place(&row.webhook, "secret"));
        Ok((
            self.unseal(url, &row.url).await?,
            self.unseal(secret, &row.secret).await?,
        ))
    }
}

fn place<'a>(webhook: &'a Webhook, column: &'static str) -> Place<'a> {
    Place {
        tenant: match &webhook.scope {
            // No tenant has this name.
            TenantScope::All => "",
            TenantScope::One(tenant) => tenant.as_str(),
        },
        table: "webhooks",
        row: webhook.id.as_str(),
        column,
    }
}
