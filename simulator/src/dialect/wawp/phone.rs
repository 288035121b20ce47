//! The page behind a link and the phone's own page, which play the customer's phone.
//!
//! Opening a page changes nothing: link previews and mail scanners do GETs. What changes something is a form.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

use super::instances::{End, Found};
use super::{Refused, SessionState, Wawp};
use crate::clock::iso_8601;
use crate::handset::{self, Fumble, Handset};
use crate::lock::lock;
use crate::page::{Action, Page, Screen};

pub(super) const PROVIDER: &str = "Wawp";

/// `/temp-qr` is the documented place of links; the phone's own page is there for QR codes and pairing codes that are
/// shown elsewhere, and to play a demo again when the link has been revoked.
pub(super) fn router(wawp: Wawp) -> Router {
    Router::new()
        .route("/temp-qr/{token}", get(show_link).post(scan))
        .route("/wawp/phone/{instance_id}", get(show_phone))
        .route("/wawp/phone/{instance_id}/scan", post(scan_screen))
        .route("/wawp/phone/{instance_id}/scan-text", post(scan_text))
        .route("/wawp/phone/{instance_id}/enter-code", post(enter_code))
        .route("/wawp/phone/{instance_id}/log-out", post(log_out))
        .with_state(wawp)
}

async fn show_link(State(wawp): State<Wawp>, Path(token): Path<String>) -> Response {
    match lock(&wawp.0.instances).find(&token, wawp.0.clock.now()) {
        None => unknown_link(),
        Some(Found::Dead(instance, end)) => dead_link(&instance.id, end),
        Some(Found::Live(instance, expires_at)) => {
            let until = iso_8601(expires_at);
            live_link(&instance.id, instance.session, &until)
        }
    }
}

async fn scan(State(wawp): State<Wawp>, Path(token): Path<String>) -> Response {
    match lock(&wawp.0.instances).find(&token, wawp.0.clock.now()) {
        None => unknown_link(),
        Some(Found::Dead(instance, end)) => dead_link(&instance.id, end),
        Some(Found::Live(instance, _)) => match instance.scan() {
            // Not back to the link: whoever waits for the scan may have revoked it by then.
            Ok(()) => Redirect::to(&phone_path(&instance.id)).into_response(),
            Err(_refused) => nothing_to_scan(&instance.id, instance.session, StatusCode::CONFLICT),
        },
    }
}

async fn show_phone(State(wawp): State<Wawp>, Path(instance_id): Path<String>) -> Response {
    match wawp.session_state(&instance_id) {
        Ok(SessionState::Working) => connected(&instance_id),
        Ok(session) => phone(&instance_id, session, |handset| handset.not_connected()),
        Err(_refused) => handset::unknown(PROVIDER),
    }
}

/// The phone sees whatever QR code was last shown, if it still works.
async fn scan_screen(State(wawp): State<Wawp>, Path(instance_id): Path<String>) -> Response {
    let now = wawp.0.clock.now();
    let scanned = {
        let mut instances = lock(&wawp.0.instances);
        instances.get(&instance_id).and_then(|instance| {
            let shown = instance.pairing.live_qr(now).ok_or(Refused::OtherQr)?;
            let payload = shown.secret.clone();
            instance.scan_qr(&payload, now)
        })
    };
    after(&wawp, &instance_id, scanned)
}

/// What the text of some QR code says, which another camera has read.
#[derive(Deserialize)]
struct Pasted {
    payload: String,
}

async fn scan_text(
    State(wawp): State<Wawp>,
    Path(instance_id): Path<String>,
    Form(pasted): Form<Pasted>,
) -> Response {
    let scanned = wawp.scan_qr(&instance_id, pasted.payload.trim());
    after(&wawp, &instance_id, scanned)
}

#[derive(Deserialize)]
struct Typed {
    code: String,
}

async fn enter_code(
    State(wawp): State<Wawp>,
    Path(instance_id): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let entered = wawp.enter_code(&instance_id, &typed.code);
    after(&wawp, &instance_id, entered)
}

/// Where the phone is after somebody used it.
fn after(wawp: &Wawp, instance_id: &str, used: Result<(), Refused>) -> Response {
    let fumble = match used {
        Ok(()) => return Redirect::to(&phone_path(instance_id)).into_response(),
        Err(Refused::NoCodeToScan(_)) => Fumble::NotWaiting,
        Err(Refused::OtherQr) => Fumble::NoQr,
        Err(Refused::WrongCode) => Fumble::WrongCode,
        Err(Refused::UnknownInstance | Refused::NotInstanceId | Refused::EmptyAccessToken) => {
            return handset::unknown(PROVIDER);
        }
    };
    match wawp.session_state(instance_id) {
        Ok(session) => phone(instance_id, session, |handset| handset.fumbled(fumble)),
        Err(_refused) => handset::unknown(PROVIDER),
    }
}

async fn log_out(State(wawp): State<Wawp>, Path(instance_id): Path<String>) -> Response {
    match wawp.log_out(&instance_id) {
        Ok(()) => Redirect::to(&phone_path(&instance_id)).into_response(),
        Err(_refused) => handset::unknown(PROVIDER),
    }
}

pub(super) fn phone_path(instance_id: &str) -> String {
    format!("/wawp/phone/{instance_id}")
}

fn live_link(instance_id: &str, session: SessionState, until: &str) -> Response {
    match session {
        SessionState::Working => connected(instance_id),
        SessionState::Stopped | SessionState::Starting | SessionState::Failed => {
            nothing_to_scan(instance_id, session, StatusCode::OK)
        }
        SessionState::ScanQrCode => Page {
            status: StatusCode::OK,
            provider: PROVIDER,
            title: "Scan to connect",
            lead: "At the real provider this address shows WhatsApp’s QR code, and a person scans it with the phone \
                   to connect. Here, one button plays that phone.",
            facts: &[
                ("Instance", instance_id),
                ("Session", words(session)),
                ("Link works until", &short(until)),
            ],
            screen: Screen::Viewfinder,
            caption: "Point the camera at the code",
            actions: &[Action::Submit {
                label: "Scan with the simulated phone",
            }],
        }
        .into_response(),
    }
}

fn connected(instance_id: &str) -> Response {
    phone(instance_id, SessionState::Working, |handset| {
        handset.connected()
    })
}

fn phone(
    instance_id: &str,
    session: SessionState,
    page: impl FnOnce(Handset<'_>) -> Response,
) -> Response {
    page(Handset {
        provider: PROVIDER,
        account: instance_id,
        session: words(session),
        path: &phone_path(instance_id),
    })
}

fn nothing_to_scan(instance_id: &str, session: SessionState, status: StatusCode) -> Response {
    Page {
        status,
        provider: PROVIDER,
        title: "There is no code to scan",
        lead: "The link is good, but the session has no code at the moment. Load this page again when it has one.",
        facts: &[("Instance", instance_id), ("Session", words(session))],
        screen: Screen::Idle,
        caption: "Nothing to scan",
        actions: &[],
    }
    .into_response()
}

fn dead_link(instance_id: &str, end: End) -> Response {
    let (title, lead) = match end {
        End::Expired => (
            "This link has expired",
            "Links work for 30 minutes. Ask for a new one where you got this one.",
        ),
        End::Replaced => (
            "There is a newer link",
            "A new link was made, and that ended this one. Open the new one.",
        ),
        End::Revoked => (
            "This link was revoked",
            "Whoever made this link has ended it. That is also what happens after a successful connection.",
        ),
    };
    let path = phone_path(instance_id);
    Page {
        status: StatusCode::GONE,
        provider: PROVIDER,
        title,
        lead,
        facts: &[("Instance", instance_id)],
        screen: Screen::Idle,
        caption: "Nothing to scan",
        actions: &[Action::Go {
            label: "Show the simulated phone",
            path: &path,
        }],
    }
    .into_response()
}

fn unknown_link() -> Response {
    Page {
        status: StatusCode::NOT_FOUND,
        provider: PROVIDER,
        title: "There is no such link",
        lead: "It may be mistyped, or so old that nobody remembers it. Ask for a new one.",
        facts: &[],
        screen: Screen::Idle,
        caption: "Nothing to scan",
        actions: &[],
    }
    .into_response()
}

pub(super) fn words(session: SessionState) -> &'static str {
    match session {
        SessionState::Stopped => "Stopped",
        SessionState::Starting => "Starting",
        SessionState::ScanQrCode => "Waiting for a scan",
        SessionState::Working => "Connected",
        SessionState::Failed => "Failed",
    }
}

/// The time of day of an instant, for people: `19:25 UTC`.
fn short(iso_8601: &str) -> String {
    let time = iso_8601.get(11..16).unwrap_or(iso_8601);
    format!("{time} UTC")
}
