//! `/v1/pass`: what a page does with its embed token.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pairlink_protocol::{
    Action, DrawnPassView, IssuePass, IssuedPass, Method, PendingPass, Problem, ProblemCode,
    ReadPass, ReusedPass, RevokedPasses,
};

use super::body::{JsonBody, StrictQuery};
use super::convert;
use super::cors::Page;
use super::pass::{issue_for, revoke_for};
use super::problem::Failure;
use crate::domain::{Actor, ActorKind, RequestId};
use crate::service::Service;

impl Page {
    pub(super) fn actor(&self, request: RequestId) -> Actor {
        Actor {
            kind: ActorKind::EmbedToken,
            id: self.grant.id.as_str().to_owned(),
            request: Some(request),
        }
    }
}

/// Reads the live pass; never mints.
#[utoipa::path(
    get, path = "/v1/pass", tag = "page", security(("embed_token" = [])),
    params(("drawing" = Option<bool>, Query, description = "Whether the QR code of the pass is wanted as a picture, too")),
    responses(
        (status = 200, description = "The connection and its live pass, or null", body = DrawnPassView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read_pass(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    StrictQuery(asked): StrictQuery<ReadPass>,
) -> Result<Json<DrawnPassView>, Failure> {
    service.admit(&page.grant, Action::Read)?;
    let connection = service.connection_of(&page.grant).await?;
    let view = service.view(connection, &page.grant.actions).await?;
    Ok(Json(convert::drawn_view(view, asked)))
}

/// Issues a pass; the earlier one of the method is dead when this answers.
#[utoipa::path(
    post, path = "/v1/pass", tag = "page", security(("embed_token" = [])),
    params(("idempotency-key" = Option<String>, Header, description = "Repeating a request with its key repeats its answer")),
    request_body = IssuePass,
    responses(
        (status = 200, description = "The live pass, if the request allowed to reuse it", body = ReusedPass),
        (status = 201, description = "The new pass", body = IssuedPass),
        (status = 202, description = "The provider needs longer; an event tells", body = PendingPass),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn issue_pass(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<IssuePass>,
) -> Result<Response, Failure> {
    service.admit(&page.grant, Action::Issue)?;
    if asked.method == Method::Token && !page.grant.allows(Action::Token) {
        return Err(Failure::new(ProblemCode::ActionNotAllowed));
    }
    let connection = service.connection_of(&page.grant).await?;
    issue_for(
        &service,
        &connection,
        &headers,
        &asked,
        &page.actor(request),
    )
    .await
}

/// Revokes every live pass of the connection, here and at the provider.
#[utoipa::path(
    delete, path = "/v1/pass", tag = "page", security(("embed_token" = [])),
    responses(
        (status = 200, description = "Nothing is given out any more; `revocation` says how far the provider is", body = RevokedPasses),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke_passes(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    Extension(request): Extension<RequestId>,
) -> Result<Json<RevokedPasses>, Failure> {
    service.admit(&page.grant, Action::Revoke)?;
    let connection = service.connection_of(&page.grant).await?;
    revoke_for(&service, &connection, &page.actor(request)).await
}
