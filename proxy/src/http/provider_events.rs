//! `/v1/connections/{id}/provider-events`: where providers post what happens at their side.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use pairlink_protocol::{Problem, ProviderEventsAddress, Sensitive};

use super::api_keys::Backend;
use super::body::{PathName, PathNames, in_time};
use super::problem::Failure;
use super::server::BodyDeadline;
use crate::domain::ConnectionId;
use crate::service::Service;

/// The longest event that is read. Providers post messages to the same address, pictures and all.
const EVENT_BYTES: usize = 64 * 1024;

/// Makes the address to which the provider is to post the connection's events; an earlier one is none any more.
#[utoipa::path(
    post, path = "/v1/connections/{id}/provider-events", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 201, description = "The address, this once", body = ProviderEventsAddress),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<(StatusCode, Json<ProviderEventsAddress>), Failure> {
    let connection = backend.reach(&service, id).await?;
    let url = service
        .make_event_address(&connection, &backend.0.actor())
        .await?;
    let url = Sensitive::new(url.expose());
    Ok((StatusCode::CREATED, Json(ProviderEventsAddress { url })))
}

/// Takes in what a provider posts. It changes nothing by itself: the provider is asked again.
///
/// Whatever comes to the right address is answered with 200, also what is ignored: providers post again what is not,
/// and hold back everything behind it.
#[utoipa::path(
    post, path = "/v1/connections/{id}/provider-events/{secret}", tag = "provider",
    params(
        ("id" = String, Path, description = "The connection"),
        ("secret" = String, Path, description = "What makes the address one"),
    ),
    request_body(content = Object, description = "As the provider posts it"),
    responses(
        (status = 200, description = "It was taken in"),
        (status = 404, description = "No such address", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn receive(
    State(service): State<Service>,
    PathNames(id, secret): PathNames,
    request: Request,
) -> Result<StatusCode, Failure> {
    // Before a byte of the body is read.
    let connection = service
        .event_address(&ConnectionId::from_text(id), &secret)
        .await?;
    // What is longer, or breaks off, is no event of a login.
    let within = BodyDeadline::of(request.extensions());
    if let Ok(Ok(body)) = in_time(within, to_bytes(request.into_body(), EVENT_BYTES)).await {
        service.hear_provider(&connection, &body).await?;
    }
    Ok(StatusCode::OK)
}
