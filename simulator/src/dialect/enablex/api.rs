//! The documented calls.
//!
//! What is said about a request of the wrong form is undocumented, and so is the answer of a call that needs a token.

use axum::extract::rejection::JsonRejection;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Enablex, ExpiryUnit};
use crate::authorization;
use crate::lock::lock;
use crate::random;
use crate::stage::Stage;

/// A token for an app's credentials.
pub const TOKEN: &str = "enablex.token";
/// A call that needs a token, or the credentials themselves.
pub const MESSAGES: &str = "enablex.messages";

/// The one refusal there is.
pub(super) const AUTHENTICATION_FAILED: &str = "authentication_failed";

type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn router(enablex: &Enablex, stage: &Stage) -> Router {
    let refuse = |enablex: &Enablex| {
        let enablex = enablex.clone();
        move |_name: &str| authentication_failed(&enablex)
    };
    let token = {
        let (enablex, stage) = (enablex.clone(), stage.clone());
        async move |body: Body<Credentials>| {
            let refuse = refuse(&enablex);
            let effect = async move { token(&enablex, body) };
            stage.perform(TOKEN, refuse, effect).await
        }
    };
    let messages = {
        let (enablex, stage) = (enablex.clone(), stage.clone());
        async move |headers: HeaderMap, body: Body<Value>| {
            let refuse = refuse(&enablex);
            let effect = async move { messages(&enablex, &headers, body) };
            stage.perform(MESSAGES, refuse, effect).await
        }
    };
    Router::new()
        .route("/whatsapp/v1/token", post(token))
        .route("/whatsapp/v1/messages", post(messages))
}

#[derive(Deserialize)]
struct Credentials {
    app_id: String,
    app_key: String,
}

fn token(enablex: &Enablex, body: Body<Credentials>) -> Response {
    let Credentials { app_id, app_key } = match body {
        Ok(Json(credentials)) => credentials,
        Err(rejection) => return bad_request(&rejection.body_text()),
    };
    let minted = lock(&enablex.0.apps)
        .opened_by(&app_id, &app_key)
        .map(|app| app.mint(enablex.0.clock.now()));
    let Some(token) = minted else {
        return authentication_failed(enablex);
    };
    let expiry = match enablex.manner().expiry_unit {
        ExpiryUnit::Seconds => i128::from(token.expires_at.unix_timestamp()),
        ExpiryUnit::Milliseconds => token.expires_at.unix_timestamp_nanos() / 1_000_000,
    };
    Json(json!({ "token": token.secret, "expiry": expiry })).into_response()
}

fn messages(enablex: &Enablex, headers: &HeaderMap, body: Body<Value>) -> Response {
    let mut apps = lock(&enablex.0.apps);
    let header = headers.get(AUTHORIZATION);
    let admitted = match header.and_then(authorization::basic) {
        Some((app_id, app_key)) => apps.opened_by(&app_id, &app_key).is_some(),
        None => header
            .and_then(authorization::bearer)
            .is_some_and(|token| apps.knows_token(token, enablex.0.clock.now())),
    };
    if !admitted {
        return authentication_failed(enablex);
    }
    match body {
        Ok(Json(Value::Object(_message))) => {
            let id = random::text(random::LOWERCASE, 24);
            Json(json!({ "status": "success", "message_id": id })).into_response()
        }
        Ok(_other) => bad_request("the body is not an object"),
        Err(rejection) => bad_request(&rejection.body_text()),
    }
}

/// Whatever is wrong with credentials, token or account.
fn authentication_failed(enablex: &Enablex) -> Response {
    let body = json!({
        "message": "Authentication failed",
        "status": "Unauthorized",
        "reason": "invalid credentials or the account has been deactivated",
    });
    (enablex.manner().failure_status, Json(body)).into_response()
}

fn bad_request(reason: &str) -> Response {
    let body = json!({ "message": "Invalid request", "status": "Bad Request", "reason": reason });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
