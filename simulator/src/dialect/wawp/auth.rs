//! The calls by which a phone is linked without a link: QR code, its picture, and the pairing code.
//!
//! Unlike those about links, they are public documentation only; they take what they need in the query, and with POST in
//! a JSON body as well.

use axum::extract::{FromRequest, Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::SessionState;
use super::Wawp;
use super::api::{Credentials, error, opened, refuse};
use super::instances::Instance;
use crate::qr;
use crate::stage::Stage;

/// The payload of the QR code.
pub const QR: &str = "wawp.auth.qr";
/// The QR code as a picture.
pub const QR_IMAGE: &str = "wawp.auth.qr_image";
/// A pairing code for a phone number.
pub const REQUEST_CODE: &str = "wawp.auth.request_code";

pub(super) fn router(wawp: &Wawp, stage: &Stage) -> Router {
    let call = |name, answer: fn(&Wawp, Asked) -> Response| {
        let (wawp, stage) = (wawp.clone(), stage.clone());
        move |asked: Result<Asked, NotUnderstood>| async move {
            let effect = async move {
                match asked {
                    Ok(asked) => answer(&wawp, asked),
                    Err(not_understood) => not_understood.into_response(),
                }
            };
            stage.perform(name, refuse, effect).await
        }
    };
    Router::new()
        .route("/v2/auth/qr", get(call(QR, raw)).post(call(QR, raw)))
        .route(
            "/v2/auth/qr-image",
            get(call(QR_IMAGE, image)).post(call(QR_IMAGE, image)),
        )
        .route("/v2/auth/request-code", post(call(REQUEST_CODE, code)))
}

/// What a call was given. Every value is a string; a number is refused.
#[derive(Default, Deserialize)]
struct Asked {
    instance_id: Option<String>,
    access_token: Option<String>,
    format: Option<String>,
    phone_number: Option<String>,
}

/// The query or the body is not of the right form.
struct NotUnderstood;

impl IntoResponse for NotUnderstood {
    fn into_response(self) -> Response {
        bad_request("The parameters are not valid")
    }
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = NotUnderstood;

    async fn from_request(request: Request, state: &S) -> Result<Self, NotUnderstood> {
        let asked = Query::try_from_uri(request.uri());
        let Query(asked): Query<Self> = asked.map_err(|_invalid| NotUnderstood)?;
        let token = request.headers().get("access-token").cloned();
        let token = token.and_then(|token| token.to_str().map(str::to_owned).ok());
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_unreadable| NotUnderstood)?;
        let more = if body.is_empty() {
            Self::default()
        } else {
            serde_json::from_slice(&body).map_err(|_invalid| NotUnderstood)?
        };
        Ok(Self {
            instance_id: asked.instance_id.or(more.instance_id),
            access_token: asked.access_token.or(more.access_token).or(token),
            format: asked.format.or(more.format),
            phone_number: asked.phone_number.or(more.phone_number),
        })
    }
}

impl Asked {
    fn credentials(self) -> Option<(String, String)> {
        let given = Credentials {
            instance_id: self.instance_id,
            access_token: self.access_token,
        };
        given.whole()
    }
}

/// The payload and its end, as JSON inside of base64 inside of JSON.
fn raw(wawp: &Wawp, mut asked: Asked) -> Response {
    let format = asked.format.take();
    waiting(wawp, asked, |instance| {
        if format.is_some_and(|format| format != "raw") {
            return bad_request("Unknown format");
        }
        let shown = instance.pairing.show_qr(wawp.0.clock.now());
        let expiry = shown.expires_at.unix_timestamp_nanos() / 1_000_000;
        let data = json!({ "value": shown.secret, "expiry": expiry }).to_string();
        let body = json!({ "mimetype": "application/json", "data": STANDARD.encode(data) });
        Json(body).into_response()
    })
}

fn image(wawp: &Wawp, asked: Asked) -> Response {
    waiting(wawp, asked, |instance| {
        let shown = instance.pairing.show_qr(wawp.0.clock.now());
        match qr::png_base64(&shown.secret) {
            Ok(png) => {
                Json(json!({ "qr": format!("data:image/png;base64,{png}") })).into_response()
            }
            Err(_undrawable) => refuse("wawp_upstream_error"),
        }
    })
}

fn code(wawp: &Wawp, mut asked: Asked) -> Response {
    let phone_number = asked.phone_number.take().unwrap_or_default();
    waiting(wawp, asked, |instance| {
        if !is_international(&phone_number) {
            return bad_request("phone_number is not an international number");
        }
        let now = wawp.0.clock.now();
        let code = &instance.pairing.issue_code(&phone_number, now).secret;
        let (front, back) = code.split_at(code.len() / 2);
        Json(json!({ "code": format!("{front}-{back}") })).into_response()
    })
}

/// Digits with a country code, and nothing before it.
fn is_international(phone_number: &str) -> bool {
    (7..=15).contains(&phone_number.len())
        && !phone_number.starts_with('0')
        && phone_number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Answers for an instance that waits for a phone; any other has nothing to show. What it then says is undocumented.
fn waiting(wawp: &Wawp, asked: Asked, answer: impl FnOnce(&mut Instance) -> Response) -> Response {
    opened(wawp, asked.credentials(), |instance| {
        match instance.session {
            SessionState::ScanQrCode => answer(instance),
            SessionState::Stopped
            | SessionState::Starting
            | SessionState::Working
            | SessionState::Failed => error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "wawp_upstream_error",
                "The session is not waiting for a scan",
            ),
        }
    })
}

fn bad_request(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "invalid_parameter", message)
}
