//! `/v1/connections/{id}/embed-tokens`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pairlink_protocol::{
    Action, CreateEmbedToken, EmbedToken, Problem, ProblemCode, ReadPass, Sensitive,
};

use super::api_keys::Backend;
use super::body::{JsonBody, PathName};
use super::convert;
use super::problem::Failure;
use crate::service::{EmbedTokenRequest, IssuedEmbedToken, Service, View};
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
    if asked.view && !asked.actions.contains(&Action::Read) {
        return Err(Failure::field(ProblemCode::InvalidField, "view"));
    }
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
    let view = if asked.view {
        Some(service.view(connection, &issued.actions).await?)
    } else {
        None
    };
    Ok((StatusCode::CREATED, Json(embed_token(&issued, view))))
}

/// An embed token on the wire, with what its page sees first.
pub(super) fn embed_token(issued: &IssuedEmbedToken, view: Option<View>) -> EmbedToken {
    let drawn = |view| convert::drawn_view(view, ReadPass { drawing: true });
    EmbedToken {
        token: Sensitive::new(issued.token.expose()),
        expires_at: issued.expires_at,
        view: view.map(drawn),
    }
}
