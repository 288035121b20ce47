//! The handle's own verbs on the control plane.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::{Enablex, ExpiryUnit, Manner, Refused};
use crate::control::{Refusal, Told, status_within};

type Done = Result<StatusCode, Refusal>;

pub(super) fn router(enablex: Enablex) -> Router {
    Router::new()
        .route("/apps", post(add_app))
        .route("/active", post(set_active))
        .route("/forget-tokens", post(forget_tokens))
        .route("/manner", post(set_manner))
        .with_state(enablex)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewApp {
    app_id: String,
    app_key: String,
}

async fn add_app(State(enablex): State<Enablex>, Told(new): Told<NewApp>) -> Done {
    enablex.add_app(&new.app_id, &new.app_key)?;
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Active {
    app_id: String,
    active: bool,
}

async fn set_active(State(enablex): State<Enablex>, Told(new): Told<Active>) -> Done {
    enablex.set_active(&new.app_id, new.active)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    app_id: String,
}

async fn forget_tokens(State(enablex): State<Enablex>, Told(whose): Told<Whose>) -> Done {
    enablex.forget_tokens(&whose.app_id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whatever is absent becomes as it was at first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewManner {
    expiry_unit: Option<ExpiryUnit>,
    failure_status: Option<u16>,
}

async fn set_manner(State(enablex): State<Enablex>, Told(new): Told<NewManner>) -> Done {
    let first = Manner::default();
    let failure_status = match new.failure_status {
        Some(status) => status_within(200..600, status, "failure_status")?,
        None => first.failure_status,
    };
    enablex.set_manner(Manner {
        expiry_unit: new.expiry_unit.unwrap_or(first.expiry_unit),
        failure_status,
    });
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownApp => StatusCode::NOT_FOUND,
            Refused::EmptyCredential => StatusCode::BAD_REQUEST,
        };
        Self::new(status, refused.to_string())
    }
}
