//! The page behind a link, which plays the customer's phone.
//!
//! Opening a page changes nothing: link previews and mail scanners do GETs. What changes something is a form.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::instances::{End, Found};
use super::{SessionState, Wawp};
use crate::clock::iso_8601;
use crate::lock::lock;
use crate::page::{Action, Page, Screen};

const PROVIDER: &str = "Wawp";
const LOG_OUT: &str = "Log out the simulated phone";

/// `/temp-qr` is the documented place of links; the phone's own page is there to play a demo again when the link has
/// been revoked.
pub(super) fn router(wawp: Wawp) -> Router {
    Router::new()
        .route("/temp-qr/{token}", get(show_link).post(scan))
        .route("/wawp/phone/{instance_id}", get(show_phone))
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
            action: Action::Submit {
                label: "Scan with the simulated phone",
            },
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
        action: Action::SubmitTo {
            label: LOG_OUT,
            path: &path,
        },
    }
    .into_response()
}

fn phone(instance_id: &str, session: SessionState) -> Response {
    if session == SessionState::Working {
        return connected(instance_id);
    }
    Page {
        status: StatusCode::OK,
        provider: PROVIDER,
        title: "The phone is not connected",
        lead: "Ask for a link, open it, and scan. Links are made by whoever holds the instance’s access token, as \
               Pairlink does.",
        facts: &[("Instance", instance_id), ("Session", words(session))],
        screen: Screen::Idle,
        caption: "No linked device",
        action: Action::Nothing,
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
        action: Action::Nothing,
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
        action: Action::Go {
            label: "Show the simulated phone",
            path: &path,
        },
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
        action: Action::Nothing,
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
