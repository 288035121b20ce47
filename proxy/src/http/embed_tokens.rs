//! `/v1/connections/{id}/embed-tokens`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pairlink_protocol::{CreateEmbedToken, EmbedToken, Problem, Sensitive};

use super::api_keys::Backend;
use super::body::{JsonBody, PathName};
use super::problem::Failure;
use crate::service::{EmbedTokenRequest, IssuedEmbedToken, Service};
use crate::store::Issuer;

/// Makes a token for a page.
#[utoipa::path(
    post, path = "/v1/connections/{id}/embed-tokens", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    request_body = CreateEmbedToken,
    responses(
        (status = 201, description = "The token, this once", body = EmbedToken),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    JsonBody(asked): JsonBody<CreateEmbedToken>,
) -> Result<(StatusCode, Json<EmbedToken>), Failure> {
    let connection = backend.reach(&service, id).await?;
    let request = EmbedTokenRequest {
        actions: asked.actions,
        origins: asked.origins,
        ttl: asked
            .ttl_seconds
            .map(|seconds| Duration::from_secs(u64::from(seconds))),
    };
    let key = Issuer::ApiKey(backend.0.key.id.clone());
    let issued = service
        .create_embed_token(&connection, request, key, &backend.0.actor())
        .await?;
    Ok((StatusCode::CREATED, Json(embed_token(&issued))))
}

/// An embed token on the wire.
pub(super) fn embed_token(issued: &IssuedEmbedToken) -> EmbedToken {
    EmbedToken {
        token: Sensitive::new(issued.token.expose()),
        expires_at: issued.expires_at,
    }
}
