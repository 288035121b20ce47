//! The handle's own verbs on the control plane.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::{GreenApi, InstanceState, Refused};
use crate::control::{Refusal, Told};

type Done = Result<StatusCode, Refusal>;

pub(super) fn router(green_api: GreenApi) -> Router {
    Router::new()
        .route("/instances", post(add_instance))
        .route("/state", post(set_state))
        .route("/scan", post(scan))
        .route("/enter-code", post(enter_code))
        .route("/log-out", post(log_out))
        .route("/answer-delay", post(set_answer_delay))
        .route("/webhook", post(set_webhook))
        .with_state(green_api)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewInstance {
    id_instance: String,
    api_token_instance: String,
}

async fn add_instance(State(green_api): State<GreenApi>, Told(new): Told<NewInstance>) -> Done {
    green_api.add_instance(&new.id_instance, &new.api_token_instance)?;
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewState {
    id_instance: String,
    state: InstanceState,
}

async fn set_state(State(green_api): State<GreenApi>, Told(new): Told<NewState>) -> Done {
    green_api.set_state(&new.id_instance, new.state)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scanned {
    id_instance: String,
    /// What the phone saw. Without it, it saw the right thing.
    payload: Option<String>,
}

async fn scan(State(green_api): State<GreenApi>, Told(scanned): Told<Scanned>) -> Done {
    match &scanned.payload {
        Some(payload) => green_api.scan_qr(&scanned.id_instance, payload)?,
        None => green_api.scan(&scanned.id_instance)?,
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entered {
    id_instance: String,
    code: String,
}

async fn enter_code(State(green_api): State<GreenApi>, Told(entered): Told<Entered>) -> Done {
    green_api.enter_code(&entered.id_instance, &entered.code)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    id_instance: String,
}

async fn log_out(State(green_api): State<GreenApi>, Told(whose): Told<Whose>) -> Done {
    green_api.log_out(&whose.id_instance)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerDelay {
    id_instance: String,
    delay_ms: u64,
}

async fn set_answer_delay(State(green_api): State<GreenApi>, Told(new): Told<AnswerDelay>) -> Done {
    let delay = Duration::from_millis(new.delay_ms);
    green_api.set_answer_delay(&new.id_instance, delay)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    id_instance: String,
    url: String,
    token: Option<String>,
}

async fn set_webhook(State(green_api): State<GreenApi>, Told(new): Told<Webhook>) -> Done {
    let token = new.token.unwrap_or_default();
    green_api.set_webhook(&new.id_instance, &new.url, &token)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownInstance => StatusCode::NOT_FOUND,
            Refused::NotIdInstance | Refused::NotApiToken => StatusCode::BAD_REQUEST,
            Refused::NotWaiting(_) | Refused::OtherQr | Refused::WrongCode => StatusCode::CONFLICT,
        };
        Self::new(status, refused.to_string())
    }
}
