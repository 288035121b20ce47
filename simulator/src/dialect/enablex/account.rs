//! The page of an app, in its owner's hands. Opening it changes nothing. What changes something is a form.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::{Enablex, Refused};
use crate::lock::lock;
use crate::token_desk::{self, TokenDesk};

pub(super) const PROVIDER: &str = "EnableX";

pub(super) fn router(enablex: Enablex) -> Router {
    Router::new()
        .route("/enablex/account/{app_id}", get(show))
        .route("/enablex/account/{app_id}/end-tokens", post(end_tokens))
        .route("/enablex/account/{app_id}/block", post(block))
        .route("/enablex/account/{app_id}/unblock", post(unblock))
        .with_state(enablex)
}

async fn show(State(enablex): State<Enablex>, Path(app_id): Path<String>) -> Response {
    let now = enablex.0.clock.now();
    let seen = lock(&enablex.0.apps)
        .get(&app_id)
        .map(|app| (app.active, app.live_tokens(now).count()));
    match seen {
        Ok((active, tokens)) => TokenDesk {
            provider: PROVIDER,
            account: &app_id,
            blocked: !active,
            tokens,
            path: &path(&app_id),
        }
        .show(),
        Err(_refused) => token_desk::unknown(PROVIDER),
    }
}

async fn end_tokens(State(enablex): State<Enablex>, Path(app_id): Path<String>) -> Response {
    after(&app_id, enablex.forget_tokens(&app_id))
}

async fn block(State(enablex): State<Enablex>, Path(app_id): Path<String>) -> Response {
    after(&app_id, enablex.set_active(&app_id, false))
}

async fn unblock(State(enablex): State<Enablex>, Path(app_id): Path<String>) -> Response {
    after(&app_id, enablex.set_active(&app_id, true))
}

fn after(app_id: &str, done: Result<(), Refused>) -> Response {
    match done {
        Ok(()) => Redirect::to(&path(app_id)).into_response(),
        Err(_refused) => token_desk::unknown(PROVIDER),
    }
}

pub(super) fn path(app_id: &str) -> String {
    format!("/enablex/account/{app_id}")
}
