//! The page that plays the customer's phone.
//!
//! Opening it changes nothing. What changes something is a form.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

use super::{GreenApi, InstanceState, Refused};
use crate::handset::{self, Fumble, Handset};

pub(super) const PROVIDER: &str = "Green-API";

pub(super) fn router(green_api: GreenApi) -> Router {
    Router::new()
        .route("/green-api/phone/{id_instance}", get(show))
        .route("/green-api/phone/{id_instance}/scan", post(scan))
        .route("/green-api/phone/{id_instance}/scan-text", post(scan_text))
        .route(
            "/green-api/phone/{id_instance}/enter-code",
            post(enter_code),
        )
        .route("/green-api/phone/{id_instance}/log-out", post(log_out))
        .with_state(green_api)
}

async fn show(State(green_api): State<GreenApi>, Path(id_instance): Path<String>) -> Response {
    page(&green_api, &id_instance, |handset, state| match state {
        InstanceState::Authorized | InstanceState::YellowCard => handset.connected(),
        InstanceState::NotAuthorized
        | InstanceState::Blocked
        | InstanceState::SleepMode
        | InstanceState::Starting => handset.not_connected(),
    })
}

/// The phone sees whatever QR code was last shown, if it still works.
async fn scan(State(green_api): State<GreenApi>, Path(id_instance): Path<String>) -> Response {
    let scanned = green_api.with(&id_instance, |instance, now| {
        let shown = instance.pairing.live_qr(now).ok_or(Refused::OtherQr)?;
        let payload = shown.secret.clone();
        instance.scan_qr(&payload, now)
    });
    after(&green_api, &id_instance, scanned.flatten())
}

/// What the text of some QR code says, which another camera has read.
#[derive(Deserialize)]
struct Pasted {
    payload: String,
}

async fn scan_text(
    State(green_api): State<GreenApi>,
    Path(id_instance): Path<String>,
    Form(pasted): Form<Pasted>,
) -> Response {
    let scanned = green_api.scan_qr(&id_instance, pasted.payload.trim());
    after(&green_api, &id_instance, scanned)
}

#[derive(Deserialize)]
struct Typed {
    code: String,
}

async fn enter_code(
    State(green_api): State<GreenApi>,
    Path(id_instance): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let entered = green_api.enter_code(&id_instance, &typed.code);
    after(&green_api, &id_instance, entered)
}

async fn log_out(State(green_api): State<GreenApi>, Path(id_instance): Path<String>) -> Response {
    let logged_out = green_api.log_out(&id_instance);
    after(&green_api, &id_instance, logged_out)
}

/// Where the phone is after somebody used it.
fn after(green_api: &GreenApi, id_instance: &str, used: Result<(), Refused>) -> Response {
    let fumble = match used {
        Ok(()) => return Redirect::to(&path(id_instance)).into_response(),
        Err(Refused::NotWaiting(_)) => Fumble::NotWaiting,
        Err(Refused::OtherQr) => Fumble::NoQr,
        Err(Refused::WrongCode) => Fumble::WrongCode,
        Err(Refused::UnknownInstance | Refused::NotIdInstance | Refused::NotApiToken) => {
            return handset::unknown(PROVIDER);
        }
    };
    page(green_api, id_instance, |handset, _state| {
        handset.fumbled(fumble)
    })
}

fn page(
    green_api: &GreenApi,
    id_instance: &str,
    page: impl FnOnce(Handset<'_>, InstanceState) -> Response,
) -> Response {
    let Ok(state) = green_api.state(id_instance) else {
        return handset::unknown(PROVIDER);
    };
    let handset = Handset {
        provider: PROVIDER,
        account: id_instance,
        session: words(state),
        path: &path(id_instance),
    };
    page(handset, state)
}

pub(super) fn path(id_instance: &str) -> String {
    format!("/green-api/phone/{id_instance}")
}

pub(super) fn words(state: InstanceState) -> &'static str {
    match state {
        InstanceState::NotAuthorized => "Waiting for a phone",
        InstanceState::Authorized => "Connected",
        InstanceState::Blocked => "Blocked",
        InstanceState::SleepMode => "Asleep",
        InstanceState::Starting => "Starting",
        InstanceState::YellowCard => "Connected, sending restricted",
    }
}
