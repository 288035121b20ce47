//! The documented calls.
//!
//! The bodies of errors and of DELETE are undocumented; what stands here is a guess that no client may lean on.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Wawp;
use super::instances::{Instance, Link};
use crate::clock::iso_8601;
use crate::lock::lock;
use crate::stage::Stage;

/// GET of the temporary link.
pub const READ: &str = "wawp.temp_link.read";
/// POST of the temporary link.
pub const MINT: &str = "wawp.temp_link.mint";
/// DELETE of the temporary link.
pub const REVOKE: &str = "wawp.temp_link.revoke";
/// GET of the session's state.
pub const INFO: &str = "wawp.session.info";

type Given = Result<Query<Credentials>, QueryRejection>;

pub(super) fn router(wawp: &Wawp, stage: &Stage) -> Router {
    let call = |name, answer: fn(&Wawp, Given) -> Response| {
        let (wawp, stage) = (wawp.clone(), stage.clone());
        move |given: Given| async move { stage.perform(name, move || answer(&wawp, given)).await }
    };
    Router::new()
        .route(
            "/v2/session/temp-link",
            get(call(READ, read))
                .post(call(MINT, mint))
                .delete(call(REVOKE, revoke)),
        )
        .route("/v2/session/info", get(call(INFO, info)))
}

/// The query's credentials. Other parameters are ignored, as by the provider.
#[derive(Deserialize)]
struct Credentials {
    instance_id: Option<String>,
    access_token: Option<String>,
}

impl Credentials {
    fn whole(self) -> Option<(String, String)> {
        let present = |text: &String| !text.is_empty();
        let instance_id = self.instance_id.filter(present)?;
        Some((instance_id, self.access_token.filter(present)?))
    }
}

/// Answers on behalf of the instance that the credentials open.
fn authorized(
    wawp: &Wawp,
    given: Given,
    answer: impl FnOnce(&mut Instance) -> Response,
) -> Response {
    let credentials = given.ok().and_then(|Query(given)| given.whole());
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
        Ok(_) | Err(_) => error(
            StatusCode::UNAUTHORIZED,
            "invalid_access_token",
            "Invalid access token or instance ID",
        ),
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

/// The one documented body: four strings.
#[derive(Serialize)]
struct LinkFound<'a> {
    status: &'a str,
    link: String,
    expires_at: String,
    message: &'a str,
}

fn found(wawp: &Wawp, link: &Link, message: &str) -> Response {
    Json(LinkFound {
        status: "success",
        link: wawp.url_of(link),
        expires_at: iso_8601(link.expires_at),
        message,
    })
    .into_response()
}

fn error(status: StatusCode, id: &str, message: &str) -> Response {
    let body = json!({ "status": "error", "error": id, "message": message });
    (status, Json(body)).into_response()
}
