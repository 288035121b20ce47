//! Webhooks: where hosts' backends are told what happened, and what they are told.

use serde::{Deserialize, Serialize};

use crate::{Sensitive, SessionState, Timestamp};

/// Asks to be told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateWebhook {
    /// Where to post: `https`, and no private address unless the operator allows it.
    pub url: Sensitive,
    /// Of whose connections; of every tenant's if absent and the API key reaches all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Of what, such as `connection.state`; of everything, also what later versions add, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
}

/// A webhook; never its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// `whk_…`.
    pub id: String,
    /// Where it posts.
    pub url: Sensitive,
    /// Of whose connections, or null: of every tenant's.
    pub tenant: Option<String>,
    /// Of what, or null: of everything.
    pub events: Option<Vec<String>>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Since when nothing is posted any more because the receiver answered 410, or null.
    pub disabled_at: Option<Timestamp>,
}

/// A webhook that was just registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWebhook {
    /// What is known of it from now on.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// What its messages are signed with, `whsec_…`: this once.
    pub secret: Sensitive,
}

/// Webhooks that the API key reaches.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookList {
    /// This page of them.
    pub webhooks: Vec<Webhook>,
    /// Where the next page starts (`?after=`), or null at the end.
    pub next: Option<String>,
}

/// How far a delivery has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeliveryState {
    /// It is attempted until it succeeds or there were enough attempts.
    Pending,
    /// The receiver took it.
    Delivered,
    /// It was given up. It can be retried.
    Dead,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// One message on its way to one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// `msg_…`: the `webhook-id` of every attempt.
    pub id: String,
    /// What it tells of, such as `connection.state`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How far it has got.
    pub state: DeliveryState,
    /// How often it was attempted.
    pub attempts: u32,
    /// How the last attempt ended, such as `delivered`, `status_503` or `timeout`; null before the first has ended.
    pub last_outcome: Option<String>,
    /// When the next attempt is due, or null if there will be none.
    pub next_attempt_at: Option<Timestamp>,
    /// When what it tells of was handed out.
    pub created_at: Timestamp,
    /// When it was delivered or given up, or null.
    pub ended_at: Option<Timestamp>,
}

/// Deliveries of a webhook, in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDeliveryList {
    /// This page of them.
    pub deliveries: Vec<WebhookDelivery>,
    /// Where the next page starts (`?after=`), or null at the end.
    pub next: Option<String>,
}

/// What a receiver is posted. No secret stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookMessage {
    /// What happened, such as `connection.state`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub timestamp: Timestamp,
    /// To which connection.
    pub data: WebhookData,
}

/// The connection that a message is about, as it was when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookData {
    /// `con_…`.
    pub connection: String,
    /// Whose it is.
    pub tenant: String,
    /// The provider's name.
    pub provider: String,
    /// What the host calls it.
    pub label: String,
    /// With `connection.state` only: the state that its login is in now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SessionState>,
    /// With what else has one: a stable name of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
