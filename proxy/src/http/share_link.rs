//! `/v1/connections/{id}/share-link`, and `/v1/share-link` for pages.

use std::time::Duration;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use pairlink_protocol::{CreateShareLink, Problem, RevokedShareLink, Sensitive, ShareLink};

use super::api_keys::Backend;
use super::body::{OptionalJsonBody, PathName};
use super::cors::Page;
use super::problem::Failure;
use crate::domain::RequestId;
use crate::service::{LiveShareLink, NewShareLink, Service};

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
    let new = service
        .create_share_link(&connection, ttl(&asked), &backend.0.actor())
        .await?;
    Ok(made(&service, &new))
}

/// Makes a share link; the earlier one is dead when this answers. Not for the page behind one.
#[utoipa::path(
    post, path = "/v1/share-link", tag = "page", security(("embed_token" = [])),
    request_body(content = CreateShareLink, description = "May be left out"),
    responses(
        (status = 201, description = "The new link", body = ShareLink),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create_for_page(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    Extension(request): Extension<RequestId>,
    OptionalJsonBody(asked): OptionalJsonBody<CreateShareLink>,
) -> Result<(StatusCode, Json<ShareLink>), Failure> {
    let new = service
        .create_share_link_for_page(&page.grant, ttl(&asked), &page.actor(request))
        .await?;
    Ok(made(&service, &new))
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

fn ttl(asked: &CreateShareLink) -> Option<Duration> {
    asked
        .ttl_seconds
        .map(|seconds| Duration::from_secs(u64::from(seconds)))
}

fn made(service: &Service, new: &NewShareLink) -> (StatusCode, Json<ShareLink>) {
    let link = on_the_wire(service, Some(&new.link), Some(new.replaced));
    (StatusCode::CREATED, Json(link))
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
