//! The event that tells a customer's backend about a change of state.
//!
//! The provider keeps events in a queue; here each is posted once, in order, and what a fault does to the call
//! [`WEBHOOK`] befalls the event.

use std::fmt;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::mpsc::UnboundedReceiver;

use super::answers::refuse;
use super::instances::Instance;
use crate::stage::Stage;
use crate::webhook;

/// The provider posts `stateInstanceChanged`.
pub const WEBHOOK: &str = "green_api.webhook";

/// Something to tell, and whom.
pub(super) struct Event {
    url: String,
    authorization: Option<String>,
    body: Value,
}

impl Event {
    /// What an instance's webhook is told, if it has one.
    pub(super) fn state_changed(instance: &Instance, now: OffsetDateTime) -> Option<Self> {
        let settings = &instance.settings;
        if !settings.state_webhook || settings.webhook_url.is_empty() {
            return None;
        }
        let token = Some(&settings.webhook_url_token).filter(|token| !token.is_empty());
        Some(Self {
            url: settings.webhook_url.clone(),
            authorization: token.map(|token| format!("Bearer {token}")),
            body: json!({
                "typeWebhook": "stateInstanceChanged",
                "instanceData": {
                    "idInstance": instance.id,
                    "wid": wid(instance),
                    "typeInstance": "whatsapp",
                },
                "timestamp": now.unix_timestamp(),
                "stateInstance": instance.state,
            }),
        })
    }
}

/// The linked account; empty before there was one.
pub(super) fn wid(instance: &Instance) -> String {
    let phone_number = instance.phone_number.as_ref();
    phone_number.map_or_else(String::new, |number| format!("{number}@c.us"))
}

/// Posts what happens until the simulator stops.
pub(super) async fn deliver(stage: Stage, mut events: UnboundedReceiver<Event>) {
    let stopping = stage.shutdown().clone();
    while let Some(Some(event)) = stopping.run_until_cancelled(events.recv()).await {
        let effect = async move {
            let posted = webhook::post(&event.url, event.authorization.as_deref(), &event.body);
            match posted.await {
                Ok(status) => status.into_response(),
                Err(error) => {
                    tracing::warn!(%error, "webhook not delivered");
                    StatusCode::BAD_GATEWAY.into_response()
                }
            }
        };
        let refuse = |name: &str| refuse("webhook", name);
        drop(stage.perform(WEBHOOK, refuse, effect).await);
    }
}

impl fmt::Debug for Event {
    /// Leaves everything out: addresses hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Event").finish_non_exhaustive()
    }
}
