//! `/v1/connections/{id}/pass`: what a page does with its embed token, for backends; and what both share.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use pairlink_protocol::{
    DrawnPassView, IssuePass, IssuedPass, PendingPass, Problem, ReadPass, ReusedPass, RevokedPasses,
};

use super::api_keys::Backend;
use super::body::{JsonBody, PathName, StrictQuery};
use super::problem::Failure;
use super::{convert, idempotency};
use crate::domain::{Action, Actor, Connection};
use crate::service::{Earlier, IssueOutcome, Service};

/// Reads the live pass; never mints.
#[utoipa::path(
    get, path = "/v1/connections/{id}/pass", tag = "backend", security(("api_key" = [])),
    params(
        ("id" = String, Path, description = "The connection"),
        ("drawing" = Option<bool>, Query, description = "Whether the QR code of the pass is wanted as a picture, too"),
    ),
    responses(
        (status = 200, description = "The connection and its live pass, or null", body = DrawnPassView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    StrictQuery(asked): StrictQuery<ReadPass>,
) -> Result<Json<DrawnPassView>, Failure> {
    let connection = backend.reach(&service, id).await?;
    let view = service.view(connection, &Action::ALL).await?;
    Ok(Json(convert::drawn_view(view, asked)))
}

/// Issues a pass; the earlier one of the method is dead when this answers.
#[utoipa::path(
    post, path = "/v1/connections/{id}/pass", tag = "backend", security(("api_key" = [])),
    params(
        ("id" = String, Path, description = "The connection"),
        ("idempotency-key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer"),
    ),
    request_body = IssuePass,
    responses(
        (status = 200, description = "The live pass, if the request allowed to reuse it", body = ReusedPass),
        (status = 201, description = "The new pass", body = IssuedPass),
        (status = 202, description = "The provider needs longer; an event tells", body = PendingPass),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn issue(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<IssuePass>,
) -> Result<Response, Failure> {
    let connection = backend.reach(&service, id).await?;
    issue_for(&service, &connection, &headers, &asked, &backend.0.actor()).await
}

/// Revokes every live pass of the connection, here and at the provider.
#[utoipa::path(
    delete, path = "/v1/connections/{id}/pass", tag = "backend", security(("api_key" = [])),
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "Nothing is given out any more; `revocation` says how far the provider is", body = RevokedPasses),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke(
    State(service): State<Service>,
    backend: Backend,
    PathName(id): PathName,
) -> Result<Json<RevokedPasses>, Failure> {
    let connection = backend.reach(&service, id).await?;
    revoke_for(&service, &connection, &backend.0.actor()).await
}

/// Issues a pass for whoever was let in.
pub(super) async fn issue_for(
    service: &Service,
    connection: &Connection,
    headers: &HeaderMap,
    asked: &IssuePass,
    actor: &Actor,
) -> Result<Response, Failure> {
    let request = convert::pass_request(asked)?;
    let earlier = if asked.reuse {
        Earlier::Reuse
    } else {
        Earlier::Replace
    };
    match service
        .issue_pass(
            connection,
            &request,
            earlier,
            idempotency::key(headers)?,
            actor,
        )
        .await?
    {
        IssueOutcome::Issued {
            pass,
            replaced,
            repeated,
        } => {
            let body = IssuedPass {
                pass: convert::pass(pass),
                replaced,
                server_time: service.now(),
            };
            let mut response = (StatusCode::CREATED, Json(body)).into_response();
            if repeated {
                response.headers_mut().insert(
                    idempotency::IDEMPOTENT_REPLAYED,
                    HeaderValue::from_static("true"),
                );
            }
            Ok(response)
        }
        IssueOutcome::Reused(pass) => {
            let body = ReusedPass {
                pass: convert::pass(pass),
                replaced: false,
                reused: true,
                server_time: service.now(),
            };
            Ok(Json(body).into_response())
        }
        IssueOutcome::Pending => {
            let body = PendingPass {
                method: asked.method,
                server_time: service.now(),
            };
            Ok((StatusCode::ACCEPTED, Json(body)).into_response())
        }
    }
}

/// Revokes for whoever was let in.
pub(super) async fn revoke_for(
    service: &Service,
    connection: &Connection,
    actor: &Actor,
) -> Result<Json<RevokedPasses>, Failure> {
    let revoked = service.revoke_passes(connection, actor).await?;
    Ok(Json(convert::revoked(revoked, service.now())))
}
