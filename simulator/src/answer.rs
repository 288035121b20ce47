//! Answers that no provider documents: what a fault puts in the place of the right one.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::json;

/// How much a huge answer weighs, its frame aside.
pub(crate) const HUGE_BYTES: usize = 64 * 1024 * 1024;

/// A huge answer is this one piece of memory, sent again and again.
static CHUNK: [u8; 64 * 1024] = [b'a'; 64 * 1024];

/// Marks a response that must not be sent: the server closes the connection instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HangUp;

/// No answer: the connection is closed.
pub(crate) fn hang_up() -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(HangUp);
    response
}

pub(crate) fn status(status: StatusCode, retry_after: Option<Duration>) -> Response {
    let body = Json(json!({ "status": "error", "message": "Simulated fault" }));
    let mut response = (status, body).into_response();
    if let Some(wait) = retry_after {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    response
}

pub(crate) fn malformed() -> Response {
    json_text(Body::from(r#"{"status": "success", "link": "#))
}

pub(crate) fn html() -> Response {
    Html("<!doctype html><title>Welcome</title><h1>Please sign in to this network</h1>")
        .into_response()
}

pub(crate) fn empty() -> Response {
    json_text(Body::empty())
}

/// Well-formed JSON of no announced length whose one text is [`HUGE_BYTES`] long.
pub(crate) fn huge() -> Response {
    let piece = |bytes: &'static [u8]| Ok::<_, Infallible>(Bytes::from_static(bytes));
    let body = stream::iter([piece(br#"{"status":"success","message":""#)])
        .chain(stream::repeat_with(move || piece(&CHUNK)).take(HUGE_BYTES / CHUNK.len()))
        .chain(stream::iter([piece(br#""}"#)]));
    json_text(Body::from_stream(body))
}

/// The first half of an answer whose announced length is the whole; then the connection is closed.
pub(crate) async fn cut_short(whole: Response) -> Response {
    let (mut parts, body) = whole.into_parts();
    // The answers of a dialect are small and in memory, so reading one neither fails nor waits.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    let end = stream::once(async {
        // Without a pause the server would drop what it has not yet sent together with the connection.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    let body = Body::from_stream(stream::iter([Ok(half)]).chain(end));
    Response::from_parts(parts, body)
}

/// What is cut short where there is no right answer yet.
pub(crate) fn success() -> Response {
    Json(json!({ "status": "success", "message": "Simulated fault" })).into_response()
}

fn json_text(body: Body) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, json)], body).into_response()
}
