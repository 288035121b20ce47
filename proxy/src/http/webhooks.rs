//! `/v1/webhooks`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pairlink_protocol::{
    CreateWebhook, DeliveryState, NewWebhook, Problem, ProblemCode, Sensitive, Webhook,
    WebhookDelivery, WebhookDeliveryList, WebhookList,
};
use serde::Deserialize;

use super::api_keys::Backend;
use super::body::{JsonBody, PathName, PathNames, StrictQuery};
use super::problem::Failure;
use crate::domain::{DeliveryId, NoticeKind, Tenant, TenantScope, WebhookId};
use crate::secret::Secret;
use crate::service::{ListedWebhook, Service, WebhookRequest};
use crate::store::DeliveryRow;

const PAGE_LENGTH: u32 = 100;

fn invalid(field: &str) -> Failure {
    Failure::field(ProblemCode::InvalidField, field)
}

/// Where a page of the list starts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    after: Option<String>,
}

/// Which deliveries are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesQuery {
    state: Option<String>,
    after: Option<String>,
}

/// Lists the webhooks that the key reaches, a hundred at a time. A key of one tenant does not reach those for every
/// tenant.
#[utoipa::path(
    get, path = "/v1/webhooks", tag = "backend", security(("api_key" = [])),
    params(("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses(
        (status = 200, description = "A page of webhooks; never their secrets", body = WebhookList),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(service): State<Service>,
    backend: Backend,
    StrictQuery(query): StrictQuery<ListQuery>,
) -> Result<Json<WebhookList>, Failure> {
    let after = query.after.map(WebhookId::from_text);
    let scope = &backend.0.key.scope;
    let found = service.webhooks(scope, after.as_ref(), PAGE_LENGTH).await?;
    let webhooks: Vec<Webhook> = found.into_iter().map(webhook).collect();
    let next = next(&webhooks, |last| &last.id);
    Ok(Json(WebhookList { webhooks, next }))
}

/// Registers a webhook: from now on what happens is posted there, signed with the secret of this answer.
#[utoipa::path(
    post, path = "/v1/webhooks", tag = "backend", security(("api_key" = [])),
    request_body = CreateWebhook,
    responses(
        (status = 201, description = "The webhook, with its secret this once", body = NewWebhook),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(service): State<Service>,
    backend: Backend,
    JsonBody(asked): JsonBody<CreateWebhook>,
) -> Result<(StatusCode, Json<NewWebhook>), Failure> {
    let own = &backend.0.key.scope;
    let scope = match &asked.tenant {
        Some(name) => {
            let tenant = Tenant::parse(name).map_err(|_cause| invalid("tenant"))?;
            if !own.reaches(&tenant) {
                return Err(Failure::field(ProblemCode::ActionNotAllowed, "tenant"));
            }
            TenantScope::One(tenant)
        }
        None => own.clone(),
    };
    let request = WebhookRequest {
        url: Secret::new(asked.url.into_exposed()),
        scope,
        events: asked.events.as_deref().map(events).transpose()?,
    };
    let registered = service
        .register_webhook(request, &backend.0.actor())
        .await?;
    let new = NewWebhook {
        webhook: webhook(registered.listed),
        secret: Sensitive::new(registered.secret.expose()),
    };
    Ok((StatusCode::CREATED, Json(new)))
}

/// Removes a webhook with its deliveries. What is being posted at this moment may still arrive.
#[utoipa::path(
    delete, path = "/v1/webhooks/{id}", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The webhook")),
    responses(
        (status = 204, description = "It is removed"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn remove(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<StatusCode, Failure> {
    let id = WebhookId::from_text(id);
    let webhook = service.reach_webhook(&backend.0, &id).await?;
    service.remove_webhook(&webhook, &backend.0.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what became of a webhook's deliveries, a hundred at a time: delivered ones for a day, dead ones for a month.
#[utoipa::path(
    get, path = "/v1/webhooks/{id}/deliveries", tag = "backend", security(("api_key" = [])),
    params(
        ("id" = String, Path, description = "The webhook"),
        ("state" = Option<DeliveryState>, Query, description = "Only those in this state"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of deliveries", body = WebhookDeliveryList),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn deliveries(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    StrictQuery(query): StrictQuery<DeliveriesQuery>,
) -> Result<Json<WebhookDeliveryList>, Failure> {
    let id = WebhookId::from_text(id);
    let webhook = service.reach_webhook(&backend.0, &id).await?;
    let state = match query.state.as_deref() {
        Some(name) => Some(DeliveryState::from_name(name).ok_or_else(|| invalid("state"))?),
        None => None,
    };
    let after = query.after.map(DeliveryId::from_text);
    let rows = service
        .deliveries(&webhook, state, after.as_ref(), PAGE_LENGTH)
        .await?;
    let deliveries: Vec<WebhookDelivery> = rows.into_iter().map(delivery).collect();
    let next = next(&deliveries, |last| &last.id);
    Ok(Json(WebhookDeliveryList { deliveries, next }))
}

/// Attempts a dead delivery once more, soon. One that is not dead is left as it is.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/deliveries/{delivery}/retry", tag = "backend", security(("api_key" = [])),
    params(
        ("id" = String, Path, description = "The webhook"),
        ("delivery" = String, Path, description = "The delivery"),
    ),
    responses(
        (status = 200, description = "The delivery as it is now", body = WebhookDelivery),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn retry(
    State(service): State<Service>,
    backend: Backend,
    PathNames(id, named): PathNames,
) -> Result<Json<WebhookDelivery>, Failure> {
    let id = WebhookId::from_text(id);
    let webhook = service.reach_webhook(&backend.0, &id).await?;
    let named = DeliveryId::from_text(named);
    let row = service
        .retry_delivery(&webhook, &named, &backend.0.actor())
        .await?;
    Ok(Json(delivery(row)))
}

/// Reads which events are wanted: some, and each once.
fn events(names: &[String]) -> Result<Vec<NoticeKind>, Failure> {
    let mut kinds = Vec::with_capacity(names.len());
    for name in names {
        let kind = NoticeKind::from_name(name).ok_or_else(|| invalid("events"))?;
        if kinds.contains(&kind) {
            return Err(invalid("events"));
        }
        kinds.push(kind);
    }
    if kinds.is_empty() {
        return Err(invalid("events"));
    }
    Ok(kinds)
}

/// Where the next page starts; none after a page that is not full.
fn next<T>(page: &[T], id: impl Fn(&T) -> &String) -> Option<String> {
    page.last()
        .filter(|_last| page.len() == PAGE_LENGTH as usize)
        .map(|last| id(last).clone())
}

fn webhook(listed: ListedWebhook) -> Webhook {
    let webhook = listed.webhook;
    Webhook {
        id: webhook.id.as_str().to_owned(),
        url: Sensitive::new(listed.url.expose()),
        tenant: match webhook.scope {
            TenantScope::All => None,
            TenantScope::One(tenant) => Some(tenant.as_str().to_owned()),
        },
        events: webhook.events.map(|events| {
            let names = events.into_iter().map(|kind| kind.as_str().to_owned());
            names.collect()
        }),
        created_at: webhook.created_at,
        disabled_at: webhook.disabled_at,
    }
}

fn delivery(row: DeliveryRow) -> WebhookDelivery {
    WebhookDelivery {
        id: row.id.as_str().to_owned(),
        kind: row.kind.as_str().to_owned(),
        state: row.state,
        attempts: row.attempts,
        last_outcome: row.outcome,
        next_attempt_at: (row.state == DeliveryState::Pending).then_some(row.due_at),
        created_at: row.created_at,
        ended_at: row.ended_at,
    }
}
