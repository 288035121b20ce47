//! `/v1/connections/{id}/api-token`.

use axum::Json;
use axum::extract::State;
use pairlink_protocol::{ApiToken, Problem, Sensitive};
use serde::Deserialize;

use super::api_keys::Backend;
use super::body::{OptionalJsonBody, PathName};
use super::problem::Failure;
use crate::service::Service;

/// Nothing can be asked for but the token.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Gives the provider's API token, renewed if need be.
#[utoipa::path(
    post, path = "/v1/connections/{id}/api-token", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The token, and until when it is good", body = ApiToken),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn give(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    OptionalJsonBody(Nothing {}): OptionalJsonBody<Nothing>,
) -> Result<Json<ApiToken>, Failure> {
    let connection = backend.reach(&service, id).await?;
    let given = service
        .give_api_token(&connection, &backend.0.actor())
        .await?;
    Ok(Json(ApiToken {
        token: Sensitive::new(given.token.expose()),
        token_type: "Bearer".to_owned(),
        expires_at: given.expires_at,
        server_time: service.now(),
    }))
}
