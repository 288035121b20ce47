//! Around every request: its name, its log line, and what all answers carry.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::problem;
use crate::domain::{ProblemCode, RequestId};
use crate::metrics;
use crate::service::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, answers it, logs it.
///
/// The log holds the route as it is declared, never the address: tokens stand in some addresses.
///
/// Whatever may change something is answered in a task of its own: axum drops the handler of a client that hangs up,
/// and would leave a change half done.
pub(super) async fn answer(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let changes_nothing = request.method().is_safe();
    let work = named_and_logged(request, next);
    if changes_nothing {
        work.await
    } else {
        service
            .to_its_end(work)
            .await
            .unwrap_or_else(|_given_up| problem::response(ProblemCode::StoreUnavailable))
    }
}

/// The same, but the work ends when its client hangs up: for what nobody else waits for.
pub(super) async fn answer_who_waits(request: Request, next: Next) -> Response {
    named_and_logged(request, next).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures how long the answer took, decides nothing"
)]
fn named_and_logged(
    mut request: Request,
    next: Next,
) -> impl Future<Output = Response> + Send + 'static {
    let id = RequestId::random(&mut rand::rng());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let (counted, method) = (route.clone(), request.method().clone());
    let span = tracing::info_span!("request", request.id = %id, http.method = %request.method(), http.route = route);
    #[cfg(feature = "broken")]
    if crate::defect::is_chosen("leak-address") {
        tracing::info!(uri = %request.uri(), "asked");
    }
    #[cfg(feature = "broken")]
    let repeated = request
        .headers()
        .get(header::AUTHORIZATION)
        .filter(|_| crate::defect::is_chosen("leak-header"))
        .cloned();
    request.extensions_mut().insert(id.clone());
    let begun = Instant::now();
    async move {
        // A panic is a fault of ours, and must not take the other answers of this connection with it. What it says
        // may hold anything, so it is not logged; the hook in `main` logs where it was.
        let handled = async {
            failpoint!("http.handler");
            next.run(request).await
        };
        let answered = AssertUnwindSafe(handled).catch_unwind().await;
        let mut response =
            answered.unwrap_or_else(|_panic| problem::response(ProblemCode::Internal));
        problem::name(&mut response, &id);
        complete_headers(&mut response, &id);
        #[cfg(feature = "broken")]
        if let Some(repeated) = repeated {
            response.headers_mut().insert("x-authorized-by", repeated);
        }
        let status = response.status().as_u16();
        let took = begun.elapsed();
        metrics::http_answered(&counted, &method, status, took);
        let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(http.status = status, elapsed_ms, "answered");
        response
    }
    .instrument(span)
}

fn complete_headers(response: &mut Response, id: &RequestId) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in [
        // Unless an answer says otherwise, it is of this moment and of nobody else.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
