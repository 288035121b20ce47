//! The token endpoint: one address, and a call of its own for each grant.

use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Wazzup;
use super::api::partner;
use super::codes::{self, Code};
use crate::lock::lock;
use crate::stage::Stage;

/// A machine token for a partner's credentials.
pub const MACHINE_TOKEN: &str = "wazzup.token.machine";
/// A customer's tokens for a machine token.
pub const EXCHANGE: &str = "wazzup.token.exchange";
/// A customer's tokens for a refresh token.
pub const REFRESH: &str = "wazzup.token.refresh";
/// Any other grant, or none.
pub const OTHER_GRANT: &str = "wazzup.token";

const MACHINE_TOKEN_TYPE: &str = "urn:wazzup:oauth:token-type:machine_token";

type Body = Result<Json<Value>, JsonRejection>;

type Grant = fn(&Wazzup, &str, &Value) -> Result<Value, Code>;

pub(super) fn router(wazzup: &Wazzup, stage: &Stage) -> Router {
    let (wazzup, stage) = (wazzup.clone(), stage.clone());
    let token = async move |headers: HeaderMap, body: Body| {
        // Anything that is not JSON is as good as nothing at all.
        let body = body.map_or(Value::Null, |Json(body)| body);
        let (call, grant) = grant_of(&body);
        let refusing = wazzup.clone();
        let effect = async move {
            let granted = partner(&wazzup, &headers);
            wazzup.answer(granted.and_then(|email| grant(&wazzup, &email, &body)))
        };
        let refuse = move |name: &str| refusing.refuse(name);
        stage.perform(call, refuse, effect).await
    };
    Router::new().route("/v2/oauth/token", post(token))
}

fn grant_of(body: &Value) -> (&'static str, Grant) {
    match body.get("grant_type").and_then(Value::as_str) {
        Some("client_credentials") => (MACHINE_TOKEN, machine_token),
        Some("urn:ietf:params:oauth:grant-type:token-exchange") => (EXCHANGE, exchange),
        Some("refresh_token") => (REFRESH, refresh),
        // It belongs to the other way of authorization, in which nobody here ever got a code.
        Some("authorization_code") => (OTHER_GRANT, |_, _, _| {
            Err(codes::AUTHORIZATION_CODE_INVALID)
        }),
        Some(_) => (OTHER_GRANT, |_, _, _| Err(codes::INVALID_GRANT_TYPE)),
        None => (OTHER_GRANT, |_, _, _| Err(codes::VALIDATION_FAILED)),
    }
}

/// What a grant needs, which stands in an object of its own.
fn data<T: DeserializeOwned>(body: &Value, key: &str) -> Result<T, Code> {
    let data = body.get(key).ok_or(codes::VALIDATION_FAILED)?;
    T::deserialize(data).map_err(|_invalid| codes::VALIDATION_FAILED)
}

#[derive(Deserialize)]
struct MachineData {
    scope: String,
}

fn machine_token(wazzup: &Wazzup, email: &str, body: &Value) -> Result<Value, Code> {
    let MachineData { scope } = data(body, "client_credentials_data")?;
    let (now, ttl) = (wazzup.0.clock.now(), wazzup.manner().machine_ttl);
    let token = lock(&wazzup.0.partners).mint_machine_token(email, &scope, now, ttl)?;
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": ttl.as_secs() }))
}

#[derive(Deserialize)]
struct ExchangeData {
    subject_token: String,
    subject_token_type: String,
    /// An account's id: a string here.
    requested_subject: String,
    scope: String,
}

fn exchange(wazzup: &Wazzup, email: &str, body: &Value) -> Result<Value, Code> {
    let asked: ExchangeData = data(body, "token_exchange_data")?;
    if asked.subject_token_type != MACHINE_TOKEN_TYPE {
        return Err(codes::SUBJECT_TOKEN_TYPE_MISMATCH);
    }
    let (now, manner) = (wazzup.0.clock.now(), wazzup.manner());
    let account_id = &asked.requested_subject;
    let mut partners = lock(&wazzup.0.partners);
    let granted =
        partners.exchangeable(email, &asked.subject_token, account_id, &asked.scope, now)?;
    let access_ttl = manner.access_ttl;
    let access_token = partners.mint_access_token(email, &granted, now, access_ttl);
    let refresh_token = partners.mint_refresh_token(email, &granted, now, manner.refresh_ttl);
    Ok(json!({
        "access_token": access_token,
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": access_ttl.as_secs(),
    }))
}

#[derive(Deserialize)]
struct RefreshData {
    refresh_token: String,
    client_id: Option<String>,
}

fn refresh(wazzup: &Wazzup, email: &str, body: &Value) -> Result<Value, Code> {
    let asked: RefreshData = data(body, "refresh_token_data")?;
    let (now, manner) = (wazzup.0.clock.now(), wazzup.manner());
    let mut partners = lock(&wazzup.0.partners);
    let granted = partners.present_refresh_token(
        email,
        &asked.refresh_token,
        asked.client_id.as_deref(),
        now,
        manner.rotates,
    )?;
    let access_ttl = manner.access_ttl;
    let access_token = partners.mint_access_token(email, &granted, now, access_ttl);
    let mut tokens = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": access_ttl.as_secs(),
    });
    if manner.rotates
        && let Some(fields) = tokens.as_object_mut()
    {
        let ttl = manner.refresh_ttl;
        let refresh_token = partners.mint_refresh_token(email, &granted, now, ttl);
        fields.insert("refresh_token".to_owned(), refresh_token.into());
    }
    Ok(tokens)
}
