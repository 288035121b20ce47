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
use crate::lock::lock;
use crate::page::{Action, Page, Screen};

const PROVIDER: &str = "Wawp";
const LOG_OUT: &str = "Log out the simulated phone";

/// `/temp-qr` is the documented place of links; the phone's own page is there for QR codes and pairing codes that are
/// shown elsewhere, and to play a demo again when the link has been revoked.
pub(super) fn router(wawp: Wawp) -> Router {
    Router::new()
        .route("/temp-qr/{token}", get(show_link).post(scan))
        .route("/wawp/phone/{instance_id}", get(show_phone))
        .route("/wawp/phone/{instance_id}/scan", post(scan_screen))
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
        Ok(session) => phone(&instance_id, session),
        Err(_refused) => unknown_phone(),
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
    after(&instance_id, scanned)
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
    after(&instance_id, entered)
}

/// Where the phone is after somebody used it.
fn after(instance_id: &str, used: Result<(), Refused>) -> Response {
    match used {
        Ok(()) => Redirect::to(&phone_path(instance_id)).into_response(),
        Err(Refused::NoCodeToScan(session)) => {
            nothing_to_scan(instance_id, session, StatusCode::CONFLICT)
        }
        Err(Refused::OtherQr) => did_not_work(
            instance_id,
            "There is no QR code on a screen",
            "Ask for one where you want to connect, and scan it while it is shown.",
        ),
        Err(Refused::WrongCode) => did_not_work(
            instance_id,
            "This pairing code does not work",
            "It may be mistyped, expired, or replaced by a newer one.",
        ),
        Err(Refused::UnknownInstance | Refused::NotInstanceId | Refused::EmptyAccessToken) => {
            unknown_phone()
        }
    }
}

async fn log_out(State(wawp): State<Wawp>, Path(instance_id): Path<String>) -> Response {
    match wawp.log_out(&instance_id) {
        Ok(()) => Redirect::to(&phone_path(&instance_id)).into_response(),
        Err(_refused) => unknown_phone(),
    }
}

fn phone_path(instance_id: &str) -> String {
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
    let path = format!("{}/log-out", phone_path(instance_id));
    Page {
        status: StatusCode::OK,
        provider: PROVIDER,
        title: "The phone is connected",
        lead: "The session works. You can go back to the page that you came from. To play it again, log out the \
               phone: the session then waits for a new scan.",
        facts: &[
            ("Instance", instance_id),
            ("Session", words(SessionState::Working)),
        ],
        screen: Screen::Connected,
        caption: "Connected",
        actions: &[Action::AlsoSubmitTo {
            label: LOG_OUT,
            path: &path,
        }],
    }
    .into_response()
}

fn phone(instance_id: &str, session: SessionState) -> Response {
    if session == SessionState::Working {
        return connected(instance_id);
    }
    let (scan, enter_code) = (
        format!("{}/scan", phone_path(instance_id)),
        format!("{}/enter-code", phone_path(instance_id)),
    );
    Page {
        status: StatusCode::OK,
        provider: PROVIDER,
        title: "The phone is not connected",
        lead: "Open a link and scan there, or use this phone: it scans the QR code that is shown elsewhere at this \
               moment, or takes the pairing code.",
        facts: &[("Instance", instance_id), ("Session", words(session))],
        screen: Screen::Idle,
        caption: "No linked device",
        actions: &[
            Action::SubmitTo {
                label: "Scan the QR code on the screen",
                path: &scan,
            },
            Action::EnterCode {
                label: "Link with the pairing code",
                path: &enter_code,
            },
        ],
    }
    .into_response()
}

fn did_not_work(instance_id: &str, title: &str, lead: &str) -> Response {
    let path = phone_path(instance_id);
    Page {
        status: StatusCode::CONFLICT,
        provider: PROVIDER,
        title,
        lead,
        facts: &[("Instance", instance_id)],
        screen: Screen::Idle,
        caption: "Not connected",
        actions: &[Action::Go {
            label: "Back to the simulated phone",
            path: &path,
        }],
    }
    .into_response()
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
    not_found(
        "There is no such link",
        "It may be mistyped, or so old that nobody remembers it. Ask for a new one.",
    )
}

fn unknown_phone() -> Response {
    not_found(
        "There is no such phone",
        "No instance of this simulator has that id.",
    )
}

fn not_found(title: &str, lead: &str) -> Response {
    Page {
        status: StatusCode::NOT_FOUND,
        provider: PROVIDER,
        title,
        lead,
        facts: &[],
        screen: Screen::Idle,
        caption: "Nothing to scan",
        actions: &[],
    }
    .into_response()
}

fn words(session: SessionState) -> &'static str {
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
