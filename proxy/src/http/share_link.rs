//! `/v1/connections/{id}/share-link`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pairlink_protocol::{CreateShareLink, Problem, RevokedShareLink, Sensitive, ShareLink};

use super::api_keys::Backend;
use super::body::{OptionalJsonBody, PathName};
use super::problem::Failure;
use crate::service::{LiveShareLink, Service};

/// Reads the share link; never makes one.
#[utoipa::path(
    get, path = "/v1/connections/{id}/share-link", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The link, or null", body = ShareLink),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<ShareLink>, Failure> {
    let connection = backend.reach(&service, id).await?;
    let link = service.share_link(&connection).await?;
    Ok(Json(on_the_wire(&service, link.as_ref(), None)))
}

/// Makes a share link; the earlier one is dead when this answers.
#[utoipa::path(
    post, path = "/v1/connections/{id}/share-link", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    request_body(content = CreateShareLink, description = "May be left out"),
    responses(
        (status = 201, description = "The new link", body = ShareLink),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    OptionalJsonBody(asked): OptionalJsonBody<CreateShareLink>,
) -> Result<(StatusCode, Json<ShareLink>), Failure> {
    let connection = backend.reach(&service, id).await?;
    let ttl = asked
        .ttl_seconds
        .map(|seconds| Duration::from_secs(u64::from(seconds)));
    let new = service
        .create_share_link(&connection, ttl, &backend.0.actor())
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(on_the_wire(&service, Some(&new.link), Some(new.replaced))),
    ))
}

/// Revokes the share link, and every page that was opened with it.
#[utoipa::path(
    delete, path = "/v1/connections/{id}/share-link", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The connection has no share link now", body = RevokedShareLink),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<RevokedShareLink>, Failure> {
    let connection = backend.reach(&service, id).await?;
    service
        .revoke_share_link(&connection, &backend.0.actor())
        .await?;
    Ok(Json(RevokedShareLink {
        revoked: true,
        server_time: service.now(),
    }))
}

fn on_the_wire(
    service: &Service,
    link: Option<&LiveShareLink>,
    replaced: Option<bool>,
) -> ShareLink {
    let mut base = service.public_url().clone();
    base.set_path("/l/");
    ShareLink {
        link: link.map(|link| Sensitive::new(format!("{base}{}", link.token.expose()))),
        issued_at: link.map(|link| link.issued_at),
        expires_at: link.map(|link| link.expires_at),
        replaced,
        server_time: service.now(),
    }
}
