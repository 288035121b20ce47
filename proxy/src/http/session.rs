//! `/v1/session` and `/v1/connections/{id}/session`: the login that a connection has at its provider.

use axum::Json;
use axum::extract::{Extension, State};
use pairlink_protocol::{Action, EndedSession, Problem};

use super::api_keys::Backend;
use super::body::PathName;
use super::cors::Page;
use super::problem::Failure;
use crate::domain::{Actor, Connection, RequestId};
use crate::service::Service;

/// Ends the login at the provider, and revokes what could begin another one; having none to end is success.
#[utoipa::path(
    delete, path = "/v1/session", tag = "page", security(("embed_token" = [])),
    responses(
        (status = 200, description = "The provider confirmed that no phone is linked", body = EndedSession),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn log_out_page(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    Extension(request): Extension<RequestId>,
) -> Result<Json<EndedSession>, Failure> {
    service.admit(&page.grant, Action::Logout)?;
    let connection = service.connection_of(&page.grant).await?;
    log_out_for(&service, &connection, &page.actor(request)).await
}

/// Ends the login at the provider, and revokes what could begin another one; having none to end is success.
#[utoipa::path(
    delete, path = "/v1/connections/{id}/session", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The provider confirmed that no phone is linked", body = EndedSession),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn log_out(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<EndedSession>, Failure> {
    let connection = backend.reach(&service, id).await?;
    log_out_for(&service, &connection, &backend.0.actor()).await
}

async fn log_out_for(
    service: &Service,
    connection: &Connection,
    actor: &Actor,
) -> Result<Json<EndedSession>, Failure> {
    let state = service.log_out(connection, actor).await?;
    Ok(Json(EndedSession {
        state,
        server_time: service.now(),
    }))
}
