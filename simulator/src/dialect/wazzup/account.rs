//! The page of a customer's account, in the customer's hands. Opening it changes nothing. What changes something is a
//! form.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::{Refused, Wazzup};
use crate::lock::lock;
use crate::token_desk::{self, TokenDesk};

pub(super) const PROVIDER: &str = "Wazzup";

pub(super) fn router(wazzup: Wazzup) -> Router {
    Router::new()
        .route("/wazzup/account/{account_id}", get(show))
        .route("/wazzup/account/{account_id}/end-tokens", post(end_tokens))
        .route("/wazzup/account/{account_id}/block", post(block))
        .route("/wazzup/account/{account_id}/unblock", post(unblock))
        .with_state(wazzup)
}

async fn show(State(wazzup): State<Wazzup>, Path(account_id): Path<String>) -> Response {
    let now = wazzup.0.clock.now();
    let seen = lock(&wazzup.0.partners).account_at(&account_id, now);
    match seen {
        Ok((granted, tokens)) => TokenDesk {
            provider: PROVIDER,
            account: &account_id,
            blocked: !granted,
            tokens,
            path: &path(&account_id),
        }
        .show(),
        Err(_refused) => token_desk::unknown(PROVIDER),
    }
}

async fn end_tokens(State(wazzup): State<Wazzup>, Path(account_id): Path<String>) -> Response {
    after(&account_id, wazzup.revoke_tokens(&account_id))
}

async fn block(State(wazzup): State<Wazzup>, Path(account_id): Path<String>) -> Response {
    after(&account_id, wazzup.set_granted(&account_id, false))
}

async fn unblock(State(wazzup): State<Wazzup>, Path(account_id): Path<String>) -> Response {
    after(&account_id, wazzup.set_granted(&account_id, true))
}

fn after(account_id: &str, done: Result<(), Refused>) -> Response {
    match done {
        Ok(()) => Redirect::to(&path(account_id)).into_response(),
        Err(_refused) => token_desk::unknown(PROVIDER),
    }
}

pub(super) fn path(account_id: &str) -> String {
    format!("/wazzup/account/{account_id}")
}
