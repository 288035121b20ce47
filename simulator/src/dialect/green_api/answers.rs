//! The bodies that every method can answer with when it does not do what it was asked.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// The names of the documented refusals.
pub(super) const REFUSALS: &[&str] = &[
    "status_false",
    "qr_error",
    "starting",
    "not_authorized",
    "bad_request",
    "unauthorized",
    "forbidden",
    "too_many_requests",
    "quota_exceeded",
    "client_closed_request",
    "bad_gateway",
];

/// A refusal by its name, as the method answers it.
pub(super) fn refuse(method: &str, name: &str) -> Response {
    match name {
        "status_false" => Json(json!({ "status": false })).into_response(),
        "qr_error" => qr("error", "the QR code cannot be received"),
        "starting" => text(400, "instance in starting process try later"),
        "not_authorized" => text(400, "instance account not authorized"),
        "unauthorized" => text(401, "Unauthorized"),
        "forbidden" => text(403, "Forbidden"),
        "too_many_requests" => text(429, "Too Many Requests"),
        "quota_exceeded" => quota_exceeded(method),
        "client_closed_request" => text(499, "Client Closed Request"),
        "bad_gateway" => text(502, "Bad Gateway"),
        _ => text(400, "bad request data"),
    }
}

pub(super) fn bad_request(what: &str) -> Response {
    text(400, &format!("bad request data: {what}"))
}

/// The answer of the QR method: what it is, and the picture or some words.
pub(super) fn qr(kind: &str, message: &str) -> Response {
    Json(json!({ "type": kind, "message": message })).into_response()
}

fn quota_exceeded(method: &str) -> Response {
    let body = json!({
        "invokeStatus": {
            "method": method.to_ascii_lowercase(),
            "used": 100,
            "total": 100,
            "status": "QUOTE_EXCEEDED",
            "description": "The monthly quota of this simulated plan is used up",
        },
    });
    (status(466), Json(body)).into_response()
}

fn text(code: u16, message: &str) -> Response {
    (status(code), message.to_owned()).into_response()
}

/// Some of the provider's codes are nobody else's.
fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
