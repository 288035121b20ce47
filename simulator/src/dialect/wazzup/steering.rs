//! The handle's own verbs on the control plane.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{AccountIdForm, Envelope, Manner, Refused, Wazzup};
use crate::control::{Refusal, Told};

type Done = Result<StatusCode, Refusal>;

pub(super) fn router(wazzup: Wazzup) -> Router {
    Router::new()
        .route("/partners", post(add_partner))
        .route("/partner", post(change_partner))
        .route("/accounts", post(add_account))
        .route("/grant", post(set_granted))
        .route("/revoke-tokens", post(revoke_tokens))
        .route("/manner", post(set_manner))
        .route("/refresh-token-reuses", get(count_reuses))
        .with_state(wazzup)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPartner {
    email: String,
    password: String,
    client_id: Option<String>,
}

async fn add_partner(State(wazzup): State<Wazzup>, Told(new): Told<NewPartner>) -> Done {
    wazzup.add_partner(&new.email, &new.password, new.client_id.as_deref())?;
    Ok(StatusCode::CREATED)
}

/// Whatever is absent stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerChange {
    email: String,
    active: Option<bool>,
    scope: Option<String>,
}

async fn change_partner(State(wazzup): State<Wazzup>, Told(change): Told<PartnerChange>) -> Done {
    if let Some(active) = change.active {
        wazzup.set_partner_active(&change.email, active)?;
    }
    if let Some(scope) = &change.scope {
        wazzup.set_partner_scope(&change.email, scope)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    email: String,
    account_id: String,
}

async fn add_account(State(wazzup): State<Wazzup>, Told(new): Told<NewAccount>) -> Done {
    wazzup.add_account(&new.email, &new.account_id)?;
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    account_id: String,
    granted: bool,
}

async fn set_granted(State(wazzup): State<Wazzup>, Told(grant): Told<Grant>) -> Done {
    wazzup.set_granted(&grant.account_id, grant.granted)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    account_id: String,
}

async fn revoke_tokens(State(wazzup): State<Wazzup>, Told(whose): Told<Whose>) -> Done {
    wazzup.revoke_tokens(&whose.account_id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whatever is absent becomes as it was at first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewManner {
    envelope: Option<Envelope>,
    account_id_form: Option<AccountIdForm>,
    rotates: Option<bool>,
    skew_seconds: Option<i64>,
    machine_ttl_seconds: Option<u64>,
    access_ttl_seconds: Option<u64>,
    refresh_ttl_seconds: Option<u64>,
}

async fn set_manner(State(wazzup): State<Wazzup>, Told(new): Told<NewManner>) -> Done {
    let first = Manner::default();
    let ttl = |seconds: Option<u64>, first| seconds.map_or(first, Duration::from_secs);
    wazzup.set_manner(Manner {
        envelope: new.envelope.unwrap_or(first.envelope),
        account_id_form: new.account_id_form.unwrap_or(first.account_id_form),
        rotates: new.rotates.unwrap_or(first.rotates),
        skew_seconds: new.skew_seconds.unwrap_or(first.skew_seconds),
        machine_ttl: ttl(new.machine_ttl_seconds, first.machine_ttl),
        access_ttl: ttl(new.access_ttl_seconds, first.access_ttl),
        refresh_ttl: ttl(new.refresh_ttl_seconds, first.refresh_ttl),
    });
    Ok(StatusCode::NO_CONTENT)
}

async fn count_reuses(State(wazzup): State<Wazzup>) -> Json<Value> {
    Json(json!({ "count": wazzup.refresh_token_reuses() }))
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownPartner | Refused::UnknownAccount => StatusCode::NOT_FOUND,
            Refused::NotAccountId | Refused::NotCredentials => StatusCode::BAD_REQUEST,
        };
        Self::new(status, refused.to_string())
    }
}
