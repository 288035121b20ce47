//! `/v1/connections/{id}/upstream/{path}`: passed on to the provider, streamed both ways.

mod headers;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use pairlink_protocol::{Problem, ProblemCode};
use utoipa::openapi::OpenApi;

use super::api_keys::Backend;
use super::paced::Paced;
use super::problem::Failure;
use super::server::BodyDeadline;
use crate::outbound::{Replay, ReplayLimits};
use crate::provider::ApiPath;
use crate::service::{Service, ServiceError, UpstreamRequest};

/// The longest body that is kept to be sent once more when the provider does not accept the token.
const KEPT_BYTES: usize = 256 * 1024;

/// Bounds of what is passed on.
#[derive(Clone, Copy, Debug)]
pub struct PassingLimits {
    /// The longest body of a request.
    pub body_bytes: u64,
}

impl Default for PassingLimits {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024 * 1024,
        }
    }
}

/// Its one route. No limit on bodies but its own applies to it.
pub(super) fn router(limits: PassingLimits) -> Router<Service> {
    let methods = MethodFilter::GET
        .or(MethodFilter::HEAD)
        .or(MethodFilter::POST)
        .or(MethodFilter::PUT)
        .or(MethodFilter::PATCH)
        .or(MethodFilter::DELETE)
        .or(MethodFilter::OPTIONS);
    let handler = move |state: State<Service>, backend: Backend, request: Request| {
        pass_on(state, backend, request, limits)
    };
    Router::new().route(
        "/v1/connections/{id}/upstream/{*path}",
        on(methods, handler),
    )
}

/// Writes it into the API document.
pub(super) fn describe(document: &mut OpenApi) {
    document.paths.add_path_operation(
        <__path_pass_on as utoipa::Path>::path(),
        <__path_pass_on as utoipa::Path>::methods(),
        <__path_pass_on as utoipa::Path>::operation(),
    );
}

/// Passes a request on to the provider, in the name of the connection's account.
#[utoipa::path(
    method(get, head, post, put, patch, delete, options),
    path = "/v1/connections/{id}/upstream/{path}", tag = "backend", security(("api_key" = [])),
    params(
        ("id" = String, Path, description = "The connection"),
        ("path" = String, Path, description = "Where below the provider's address, with whatever query"),
    ),
    responses(
        (status = "2XX", description = "What the provider answered, with `pairlink-upstream: 1`, whatever its status"),
        (status = "4XX", description = "Refused, or the provider's own answer", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed, or the provider's own answer", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn pass_on(
    State(service): State<Service>,
    backend: Backend,
    request: Request,
    limits: PassingLimits,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    // As it came: an escape that is taken off here could hide one below it.
    let (id, path) = named(parts.uri.path()).ok_or(Failure::new(ProblemCode::NotFound))?;
    let connection = backend.reach(&service, id.to_owned()).await?;
    if parts.headers.contains_key(header::UPGRADE) {
        return Err(Failure::field(ProblemCode::InvalidRequest, "upgrade"));
    }
    let path = ApiPath::parse(path, parts.uri.query())
        .map_err(|_invalid| Failure::field(ProblemCode::InvalidField, "path"))?;
    // A piece that does not come is the end of a body.
    let within = BodyDeadline::of(&parts.extensions);
    let limits = ReplayLimits {
        longest: limits.body_bytes,
        kept: KEPT_BYTES,
    };
    let request = UpstreamRequest {
        method: parts.method.clone(),
        path,
        headers: headers::for_provider(&parts.headers),
        body: Replay::new(Paced::new(body, within), limits).map_err(ServiceError::from)?,
    };
    let answer = service
        .pass_on(&connection, request, &backend.0.actor())
        .await?;
    let is_head = parts.method == Method::HEAD;
    let mut response = Response::new(if is_head {
        Body::empty()
    } else {
        Body::from_stream(answer.body)
    });
    *response.status_mut() = answer.status;
    *response.headers_mut() = headers::for_backend(&answer.headers);
    if answer.send_again {
        let again = HeaderValue::from_static("1");
        response
            .headers_mut()
            .insert(headers::PAIRLINK_SEND_AGAIN, again);
    }
    Ok(response)
}

/// The connection's name and what stands behind `upstream/`.
fn named(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/v1/connections/")?;
    let (id, rest) = rest.split_once('/')?;
    Some((id, rest.strip_prefix("upstream/")?))
}
