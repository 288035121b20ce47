//! `/v1/connections`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use pairlink_protocol::{
    Connection, ConnectionHealth, ConnectionList, CreateConnection, Problem, ProblemCode,
    Sensitive, UpdateConnection,
};
use serde::Deserialize;

use super::api_keys::Backend;
use super::body::{JsonBody, PathName, StrictQuery};
use super::convert;
use super::idempotency;
use super::problem::Failure;
use crate::domain::{AccountPolicy, Action, ConnectionId, Label, PhoneNumber, Tenant, TenantScope};
use crate::service::{ConnectionChange, NewConnection, OpenedConnection, Service};

const PAGE_LENGTH: u32 = 100;

fn invalid(field: &str) -> Failure {
    Failure::field(ProblemCode::InvalidField, field)
}

fn phone(number: &Sensitive) -> Result<PhoneNumber, Failure> {
    PhoneNumber::parse(number.expose()).map_err(|_cause| invalid("expected_phone"))
}

/// Where a page of the list starts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    after: Option<String>,
}

/// Lists the connections that the key reaches, a hundred at a time.
#[utoipa::path(
    get, path = "/v1/connections", tag = "backend", security(("api_key" = [])),
    params(("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses(
        (status = 200, description = "A page of connections", body = ConnectionList),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(service): State<Service>,
    backend: Backend,
    StrictQuery(query): StrictQuery<ListQuery>,
) -> Result<Json<ConnectionList>, Failure> {
    let after = query.after.map(ConnectionId::from_text);
    let found = service
        .connections(&backend.0.key.scope, after.as_ref(), PAGE_LENGTH)
        .await?;
    let full = found.len() == PAGE_LENGTH as usize;
    let next = found
        .last()
        .filter(|_last| full)
        .map(|last| last.id.as_str().to_owned());
    let mut connections = Vec::with_capacity(found.len());
    let mut missing = service.all_missing().await?;
    for connection in found {
        let methods = service.methods(&connection, &Action::ALL)?;
        let missing = missing.remove(&connection.id);
        let phone = service.expected_phone_shown(&connection).await?;
        connections.push(convert::connection(
            connection,
            methods,
            missing,
            phone,
            service.now(),
        ));
    }
    Ok(Json(ConnectionList { connections, next }))
}

/// Adds a connection. With `account`, the provider opens an account for it first; then an `Idempotency-Key` makes the
/// request one that can be repeated.
#[utoipa::path(
    post, path = "/v1/connections", tag = "backend", security(("api_key" = [])),
    request_body = CreateConnection,
    responses(
        (status = 201, description = "The connection; never its credentials", body = Connection),
        (status = 202, description = "The connection, but nobody knows whether the provider opened the account: see `missing`", body = Connection),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(service): State<Service>,
    backend: Backend,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<CreateConnection>,
) -> Result<Response, Failure> {
    let tenant = match (&asked.tenant, &backend.0.key.scope) {
        (Some(name), _) => Tenant::parse(name).map_err(|_cause| invalid("tenant"))?,
        (None, TenantScope::One(own)) => own.clone(),
        (None, TenantScope::All) => Tenant::single(),
    };
    if !backend.0.key.scope.reaches(&tenant) {
        return Err(Failure::field(ProblemCode::ActionNotAllowed, "tenant"));
    }
    let label = asked
        .label
        .as_deref()
        .map(Label::parse)
        .transpose()
        .map_err(|_cause| invalid("label"))?;
    let new = NewConnection {
        provider: asked.provider,
        tenant,
        label,
        base_url: asked.base_url,
        credentials: convert::secrets(asked.credentials),
        policy: match asked.policy {
            Some(policy) => convert::account_policy(policy)?,
            None => AccountPolicy::Never,
        },
        expected_phone: asked.expected_phone.as_ref().map(phone).transpose()?,
    };
    let actor = backend.0.actor();
    let added = match asked.account {
        Some(form) => {
            let key = idempotency::key(&headers)?;
            let form = convert::form(form);
            service.open_connection(new, form, key, &actor).await?
        }
        None => OpenedConnection {
            connection: service.add_connection(new, &actor).await?,
            missing: None,
            repeated: false,
        },
    };
    let shown = service.expected_phone_shown(&added.connection).await?;
    let methods = service.methods(&added.connection, &Action::ALL)?;
    let status = match &added.missing {
        None => StatusCode::CREATED,
        Some(_unknown) => StatusCode::ACCEPTED,
    };
    let body = Json(convert::connection(
        added.connection,
        methods,
        added.missing,
        shown,
        service.now(),
    ));
    let mut response = (status, body).into_response();
    if added.repeated {
        let replayed = HeaderValue::from_static("true");
        response
            .headers_mut()
            .insert(idempotency::IDEMPOTENT_REPLAYED, replayed);
    }
    Ok(response)
}

/// Reads a connection.
#[utoipa::path(
    get, path = "/v1/connections/{id}", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The connection; never its credentials", body = Connection),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<Connection>, Failure> {
    let connection = backend.reach(&service, id).await?;
    let methods = service.methods(&connection, &Action::ALL)?;
    let missing = service.missing(&connection.id).await?;
    let phone = service.expected_phone_shown(&connection).await?;
    Ok(Json(convert::connection(
        connection,
        methods,
        missing,
        phone,
        service.now(),
    )))
}

/// Changes a connection's label, its credentials, or how long those are good.
#[utoipa::path(
    patch, path = "/v1/connections/{id}", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    request_body = UpdateConnection,
    responses(
        (status = 200, description = "The connection as it is now", body = Connection),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn update(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    JsonBody(asked): JsonBody<UpdateConnection>,
) -> Result<Json<Connection>, Failure> {
    let connection = backend.reach(&service, id).await?;
    let label = asked
        .label
        .as_deref()
        .map(Label::parse)
        .transpose()
        .map_err(|_cause| invalid("label"))?;
    let expected_phone = match &asked.expected_phone {
        None => None,
        Some(None) => Some(None),
        Some(Some(number)) => Some(Some(phone(number)?)),
    };
    let change = ConnectionChange {
        label,
        credentials: asked.credentials.map(convert::secrets),
        policy: asked.policy.map(convert::account_policy).transpose()?,
        expected_phone,
    };
    let connection = service
        .update_connection(&connection, change, &backend.0.actor())
        .await?;
    let methods = service.methods(&connection, &Action::ALL)?;
    let missing = service.missing(&connection.id).await?;
    let phone = service.expected_phone_shown(&connection).await?;
    Ok(Json(convert::connection(
        connection,
        methods,
        missing,
        phone,
        service.now(),
    )))
}

/// Removes a connection and everything that it gave out.
#[utoipa::path(
    delete, path = "/v1/connections/{id}", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 204, description = "It is gone; removing it again says 404"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn remove(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<StatusCode, Failure> {
    let connection = backend.reach(&service, id).await?;
    service
        .remove_connection(&connection.id, &backend.0.actor())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says how a connection is doing.
#[utoipa::path(
    get, path = "/v1/connections/{id}/health", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "Its login and its credentials, without their values", body = ConnectionHealth),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn health(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<ConnectionHealth>, Failure> {
    let connection = backend.reach(&service, id).await?;
    Ok(Json(convert::health(service.health(connection).await?)))
}
