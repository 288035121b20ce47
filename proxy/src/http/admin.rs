//! For operators' tools, on an address of its own: what they read says nothing secret, and is nobody else's business.

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::health;
use super::problem::{self, Failure};
use crate::metrics::Recorder;
use crate::service::Service;

/// The text format of Prometheus.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics and health.
pub fn admin_router(service: Service, recorder: Recorder) -> Router {
    Router::new()
        .route("/metrics", get(scrape))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(problem::not_found)
        .layer(Extension(recorder))
        .with_state(service)
}

async fn scrape(
    State(service): State<Service>,
    Extension(recorder): Extension<Recorder>,
) -> Result<impl IntoResponse, Failure> {
    service.tally().await?;
    Ok((
        [
            (header::CONTENT_TYPE, PROMETHEUS),
            (header::CACHE_CONTROL, "no-store"),
        ],
        recorder.render(),
    ))
}
