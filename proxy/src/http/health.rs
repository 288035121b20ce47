//! For whoever keeps the proxy running.

use axum::extract::State;
use axum::http::StatusCode;
use pairlink_protocol::{Problem, ProblemCode};

use super::problem::Failure;
use crate::service::Service;

/// Says that the process runs.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "It runs")))]
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Says whether requests can be answered: the store answers, and the process is not about to end.
#[utoipa::path(
    get, path = "/readyz", tag = "operation",
    responses(
        (status = 200, description = "Ready"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn ready(State(service): State<Service>) -> Result<StatusCode, Failure> {
    if service.is_ready().await {
        Ok(StatusCode::OK)
    } else {
        Err(Failure::new(ProblemCode::StoreUnavailable))
    }
}
