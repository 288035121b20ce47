//! The documented calls about accounts and channels, and one that sends a message.
//!
//! The call for messages is a guess after the provider's other interface: what counts is the token that it needs.

use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Wazzup;
use super::codes::{self, Code};
use crate::authorization;
use crate::lock::lock;
use crate::random;
use crate::stage::Stage;

/// A partner creates a customer's account.
pub const ACCOUNTS: &str = "wazzup.accounts";
/// A call that needs a customer's access token.
pub const CHANNELS: &str = "wazzup.channels";
/// Sends a message; needs a customer's access token, too.
pub const MESSAGES: &str = "wazzup.messages";

/// The one channel that every account has.
const CHANNEL_ID: &str = "bf65cc76-8e64-4fe3-bdef-e309946bcec9";

type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn router(wazzup: &Wazzup, stage: &Stage) -> Router {
    let accounts = {
        let (wazzup, stage) = (wazzup.clone(), stage.clone());
        async move |headers: HeaderMap, body: Body<NewAccount>| {
            let refusing = wazzup.clone();
            let effect = async move { wazzup.answer(create_account(&wazzup, &headers, body)) };
            let refuse = move |name: &str| refusing.refuse(name);
            stage.perform(ACCOUNTS, refuse, effect).await
        }
    };
    let channels = {
        let (wazzup, stage) = (wazzup.clone(), stage.clone());
        async move |headers: HeaderMap| {
            let refusing = wazzup.clone();
            let effect = async move { wazzup.answer(list_channels(&wazzup, &headers)) };
            let refuse = move |name: &str| refusing.refuse(name);
            stage.perform(CHANNELS, refuse, effect).await
        }
    };
    let messages = {
        let (wazzup, stage) = (wazzup.clone(), stage.clone());
        async move |headers: HeaderMap, body: Body<NewMessage>| {
            let refusing = wazzup.clone();
            let effect = async move { wazzup.answer(send_message(&wazzup, &headers, body)) };
            let refuse = move |name: &str| refusing.refuse(name);
            stage.perform(MESSAGES, refuse, effect).await
        }
    };
    Router::new()
        .route("/v2/accounts", post(accounts))
        .route("/v2/channels", get(channels))
        .route("/v2/messages", post(messages))
}

/// The email of the partner whose credentials the header holds.
pub(super) fn partner(wazzup: &Wazzup, headers: &HeaderMap) -> Result<String, Code> {
    let header = headers.get(AUTHORIZATION);
    let (email, password) = header
        .and_then(authorization::basic)
        .ok_or(codes::AUTHORIZATION_HEADER_INVALID)?;
    lock(&wazzup.0.partners).authenticate(&email, &password)?;
    Ok(email)
}

/// Every field is required, and none has another type.
#[derive(Deserialize)]
struct NewAccount {
    name: String,
    lang: String,
    currency: String,
    country: String,
    /// Hours from UTC.
    timezone: f64,
}

impl NewAccount {
    fn is_valid(&self) -> bool {
        self.name.chars().count() >= 3
            && ["en", "es", "pt"].contains(&self.lang.as_str())
            && ["EUR", "USD", "KZT"].contains(&self.currency.as_str())
            && ["US", "EU", "KZ"].contains(&self.country.as_str())
            && (-12.0..=14.0).contains(&self.timezone)
    }
}

fn create_account(
    wazzup: &Wazzup,
    headers: &HeaderMap,
    body: Body<NewAccount>,
) -> Result<Value, Code> {
    let email = partner(wazzup, headers)?;
    let Json(new) = body.map_err(|_invalid| codes::VALIDATION_FAILED)?;
    if !new.is_valid() {
        return Err(codes::VALIDATION_FAILED);
    }
    let id = lock(&wazzup.0.partners).create_account(&email);
    let id = wazzup.manner().account_id(&id);
    Ok(json!({ "account": { "account_id": id, "name": new.name } }))
}

fn list_channels(wazzup: &Wazzup, headers: &HeaderMap) -> Result<Value, Code> {
    may_transport(wazzup, headers)?;
    Ok(json!([{ "channel_id": CHANNEL_ID, "transport": "whatsapp", "state": "active" }]))
}

/// Every field is required, and none has another type: a number of digits is a string.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    channel_id: String,
    chat_type: String,
    chat_id: String,
    text: String,
}

impl NewMessage {
    fn is_valid(&self) -> bool {
        self.channel_id == CHANNEL_ID
            && self.chat_type == "whatsapp"
            && !self.chat_id.is_empty()
            && self.chat_id.bytes().all(|byte| byte.is_ascii_digit())
            && !self.text.is_empty()
    }
}

fn send_message(
    wazzup: &Wazzup,
    headers: &HeaderMap,
    body: Body<NewMessage>,
) -> Result<Value, Code> {
    may_transport(wazzup, headers)?;
    match body {
        Ok(Json(message)) if message.is_valid() => {
            let id = random::text(random::LOWERCASE, 24);
            Ok(json!({ "message_id": id, "chat_id": message.chat_id }))
        }
        Ok(_) | Err(_) => Err(codes::VALIDATION_FAILED),
    }
}

/// Whether the header holds a customer's token that is good for sending and receiving.
fn may_transport(wazzup: &Wazzup, headers: &HeaderMap) -> Result<(), Code> {
    let header = headers.get(AUTHORIZATION);
    let token = header
        .and_then(authorization::bearer)
        .ok_or(codes::AUTHORIZATION_HEADER_INVALID)?;
    let partners = lock(&wazzup.0.partners);
    let permitted = partners.permitted_by(token, wazzup.0.clock.now())?;
    if !permitted.contains("transport") {
        return Err(codes::SCOPE_FORBIDDEN);
    }
    Ok(())
}
