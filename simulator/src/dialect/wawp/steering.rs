//! The handle's own verbs on the control plane.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::{Refused, SessionState, Wawp};
use crate::control::{Refusal, Told};

type Done = Result<StatusCode, Refusal>;

pub(super) fn router(wawp: Wawp) -> Router {
    Router::new()
        .route("/instances", post(add_instance))
        .route("/session", post(set_session_state))
        .route("/scan", post(scan))
        .route("/enter-code", post(enter_code))
        .route("/log-out", post(log_out))
        .with_state(wawp)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewInstance {
    instance_id: String,
    access_token: String,
}

async fn add_instance(State(wawp): State<Wawp>, Told(new): Told<NewInstance>) -> Done {
    wawp.add_instance(&new.instance_id, &new.access_token)?;
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewState {
    instance_id: String,
    status: SessionState,
}

async fn set_session_state(State(wawp): State<Wawp>, Told(new): Told<NewState>) -> Done {
    wawp.set_session_state(&new.instance_id, new.status)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    instance_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scanned {
    instance_id: String,
    /// What the phone saw. Without it, it saw the right thing.
    payload: Option<String>,
}

async fn scan(State(wawp): State<Wawp>, Told(scanned): Told<Scanned>) -> Done {
    match &scanned.payload {
        Some(payload) => wawp.scan_qr(&scanned.instance_id, payload)?,
        None => wawp.scan(&scanned.instance_id)?,
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entered {
    instance_id: String,
    code: String,
}

async fn enter_code(State(wawp): State<Wawp>, Told(entered): Told<Entered>) -> Done {
    wawp.enter_code(&entered.instance_id, &entered.code)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn log_out(State(wawp): State<Wawp>, Told(whose): Told<Whose>) -> Done {
    wawp.log_out(&whose.instance_id)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownInstance => StatusCode::NOT_FOUND,
            Refused::NotInstanceId | Refused::EmptyAccessToken => StatusCode::BAD_REQUEST,
            Refused::NoCodeToScan(_) | Refused::OtherQr | Refused::WrongCode => {
                StatusCode::CONFLICT
            }
        };
        Self::new(status, refused.to_string())
    }
}
