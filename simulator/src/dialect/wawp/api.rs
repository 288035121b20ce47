//! The documented calls about links and sessions.
//!
//! The bodies of errors and of whatever only says that it is done are undocumented; what stands here is a guess that no
//! client may lean on.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SessionState;
use super::Wawp;
use super::instances::Instance;
use crate::clock::iso_8601;
use crate::lock::lock;
use crate::short_lived::ShortLived;
use crate::stage::Stage;

/// GET of the temporary link.
pub const READ: &str = "wawp.temp_link.read";
/// POST of the temporary link.
pub const MINT: &str = "wawp.temp_link.mint";
/// DELETE of the temporary link.
pub const REVOKE: &str = "wawp.temp_link.revoke";
/// The session's state.
pub const INFO: &str = "wawp.session.info";
/// The provider unlinks the phone.
pub const LOGOUT: &str = "wawp.session.logout";
/// The provider starts the session again.
pub const RESTART: &str = "wawp.session.restart";

/// The ids of errors that were seen.
pub(super) const REFUSALS: &[&str] = &[
    "invalid_instance",
    "invalid_access_token",
    "server_not_found",
    "wawp_upstream_error",
];

type Given = Result<Query<Credentials>, QueryRejection>;

pub(super) fn router(wawp: &Wawp, stage: &Stage) -> Router {
    let call = |name, answer: fn(&Wawp, Given) -> Response| {
        let (wawp, stage) = (wawp.clone(), stage.clone());
        move |given: Given| async move {
            let effect = async move { answer(&wawp, given) };
            stage.perform(name, refuse, effect).await
        }
    };
    Router::new()
        .route(
            "/v2/session/temp-link",
            get(call(READ, read))
                .post(call(MINT, mint))
                .delete(call(REVOKE, revoke)),
        )
        // The reference lists POST, the examples use GET.
        .route(
            "/v2/session/info",
            get(call(INFO, info)).post(call(INFO, info)),
        )
        .route(
            "/v2/session/logout",
            get(call(LOGOUT, logout)).post(call(LOGOUT, logout)),
        )
        .route(
            "/v2/session/restart",
            get(call(RESTART, restart)).post(call(RESTART, restart)),
        )
}

/// The query's credentials. Other parameters are ignored, as by the provider.
#[derive(Deserialize)]
pub(super) struct Credentials {
    pub(super) instance_id: Option<String>,
    pub(super) access_token: Option<String>,
}

impl Credentials {
    pub(super) fn whole(self) -> Option<(String, String)> {
        let present = |text: &String| !text.is_empty();
        let instance_id = self.instance_id.filter(present)?;
        Some((instance_id, self.access_token.filter(present)?))
    }
}

/// Answers on behalf of the instance that the query's credentials open.
fn authorized(
    wawp: &Wawp,
    given: Given,
    answer: impl FnOnce(&mut Instance) -> Response,
) -> Response {
    let credentials = given.ok().and_then(|Query(given)| given.whole());
    opened(wawp, credentials, answer)
}

/// Answers on behalf of the instance that an id and an access token open.
pub(super) fn opened(
    wawp: &Wawp,
    credentials: Option<(String, String)>,
    answer: impl FnOnce(&mut Instance) -> Response,
) -> Response {
    let Some((instance_id, access_token)) = credentials else {
        return error(
            StatusCode::BAD_REQUEST,
            "missing_parameter",
            "Missing access_token or instance_id",
        );
    };
    let mut instances = lock(&wawp.0.instances);
    match instances.get(&instance_id) {
        Ok(instance) if instance.opens_with(&access_token) => answer(instance),
        Ok(_) | Err(_) => refuse("invalid_access_token"),
    }
}

fn read(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        match instance.live_link(wawp.0.clock.now()) {
            Some(link) => found(wawp, link, "Temporary access link retrieved successfully"),
            None => Json(json!({ "link": null })).into_response(),
        }
    })
}

fn mint(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        let link = instance.mint(wawp.0.clock.now());
        found(wawp, link, "Temporary access link generated successfully")
    })
}

fn revoke(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        instance.revoke(wawp.0.clock.now());
        let message = "Temporary access links revoked successfully";
        Json(json!({ "status": "success", "message": message })).into_response()
    })
}

fn info(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        Json(json!({ "instance_id": instance.id, "status": instance.session })).into_response()
    })
}

/// The phone is unlinked; the instance waits for the next one.
fn logout(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        if instance.session == SessionState::Working {
            instance.enter(SessionState::ScanQrCode);
        }
        done(instance, "Session logged out successfully")
    })
}

fn restart(wawp: &Wawp, given: Given) -> Response {
    authorized(wawp, given, |instance| {
        instance.restart();
        done(instance, "Session restarted successfully")
    })
}

fn done(instance: &Instance, message: &str) -> Response {
    let body =
        json!({ "instance_id": instance.id, "status": instance.session, "message": message });
    Json(body).into_response()
}

/// The one documented body: four strings.
#[derive(Serialize)]
struct LinkFound<'a> {
    status: &'a str,
    link: String,
    expires_at: String,
    message: &'a str,
}

fn found(wawp: &Wawp, link: &ShortLived, message: &str) -> Response {
    Json(LinkFound {
        status: "success",
        link: wawp.url_of(link),
        expires_at: iso_8601(link.expires_at),
        message,
    })
    .into_response()
}

/// The answer that goes with an error's id.
pub(super) fn refuse(id: &str) -> Response {
    let (status, message) = match id {
        "invalid_instance" => (StatusCode::UNAUTHORIZED, "Invalid instance ID"),
        "server_not_found" => (StatusCode::NOT_FOUND, "No server for this instance"),
        "wawp_upstream_error" => (StatusCode::BAD_GATEWAY, "The engine did not answer"),
        _ => (
            StatusCode::UNAUTHORIZED,
            "Invalid access token or instance ID",
        ),
    };
    error(status, id, message)
}

pub(super) fn error(status: StatusCode, id: &str, message: &str) -> Response {
    let body = json!({ "status": "error", "error": id, "message": message });
    (status, Json(body)).into_response()
}
