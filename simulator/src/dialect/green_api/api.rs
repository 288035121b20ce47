//! The documented methods.

use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use time::OffsetDateTime;

use super::GreenApi;
use super::answers::{bad_request, qr, refuse};
use super::events::wid;
use super::instances::{Instance, InstanceState};
use crate::clock::later;
use crate::qr::png_base64;
use crate::random;
use crate::stage::Stage;

/// A pairing code for a phone number.
pub const AUTHORIZATION_CODE: &str = "green_api.authorization_code";
/// The state of the instance.
pub const STATE: &str = "green_api.state";
/// The QR code as a picture.
pub const QR: &str = "green_api.qr";
/// The provider unlinks the phone.
pub const LOGOUT: &str = "green_api.logout";
/// The provider starts the instance again.
pub const REBOOT: &str = "green_api.reboot";
/// The instance's settings.
pub const GET_SETTINGS: &str = "green_api.get_settings";
/// Changes the instance's settings.
pub const SET_SETTINGS: &str = "green_api.set_settings";

/// Sends a text.
pub const SEND_MESSAGE: &str = "green_api.send_message";

/// A path's `waInstance{idInstance}` and `{apiTokenInstance}`.
type Credentials = Path<(String, String)>;

type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn router(green_api: &GreenApi, stage: &Stage) -> Router {
    let method =
        |name: &'static str, call, answer: fn(&mut Instance, OffsetDateTime) -> Response| {
            let answering = answering(green_api, stage, name, call, answer);
            (path(name), answering)
        };
    let plain = [
        method("getStateInstance", STATE, state),
        method("qr", QR, show_qr),
        method("logout", LOGOUT, log_out),
        method("reboot", REBOOT, reboot),
        method("getSettings", GET_SETTINGS, settings),
    ];
    plain
        .into_iter()
        .fold(Router::new(), |router, (path, answering)| {
            router.route(&path, answering)
        })
        .route(
            &path("getAuthorizationCode"),
            authorization_code(green_api, stage),
        )
        .route(&path("setSettings"), set_settings(green_api, stage))
        .route(&path("sendMessage"), send_message(green_api, stage))
}

/// Where a method is found. The first part is `waInstance` and the instance's id.
fn path(method: &str) -> String {
    format!("/{{instance}}/{method}/{{api_token}}")
}

/// A method that is given nothing but the credentials.
fn answering(
    green_api: &GreenApi,
    stage: &Stage,
    method: &'static str,
    call: &'static str,
    answer: fn(&mut Instance, OffsetDateTime) -> Response,
) -> MethodRouter {
    let (green_api, stage) = (green_api.clone(), stage.clone());
    get(async move |credentials: Credentials| {
        let effect = async move { opened(&green_api, &credentials, answer) };
        stage
            .perform(call, move |name| refuse(method, name), effect)
            .await
    })
}

/// Answers on behalf of the instance that the path's credentials open.
fn opened(
    green_api: &GreenApi,
    credentials: &Credentials,
    answer: impl FnOnce(&mut Instance, OffsetDateTime) -> Response,
) -> Response {
    admitted(green_api, credentials, answer).unwrap_or_else(|refusal| refuse("", refusal))
}

/// Does something with the instance that the path's credentials open, or names the refusal.
fn admitted<T>(
    green_api: &GreenApi,
    Path((instance, api_token)): &Credentials,
    act: impl FnOnce(&mut Instance, OffsetDateTime) -> T,
) -> Result<T, &'static str> {
    let id_instance = instance.strip_prefix("waInstance").unwrap_or_default();
    let outcome = green_api.with(id_instance, |instance, now| {
        let opens = instance.opens_with(api_token);
        opens.then(|| act(instance, now)).ok_or("unauthorized")
    });
    outcome.unwrap_or(Err("forbidden"))
}

fn state(instance: &mut Instance, _now: OffsetDateTime) -> Response {
    Json(json!({ "stateInstance": instance.state })).into_response()
}

fn show_qr(instance: &mut Instance, now: OffsetDateTime) -> Response {
    if !instance.may_ask_for_qr(now) {
        return refuse("qr", "too_many_requests");
    }
    match instance.state {
        InstanceState::NotAuthorized => match png_base64(&instance.pairing.show_qr(now).secret) {
            Ok(png) => qr("qrCode", &png),
            Err(_undrawable) => refuse("qr", "qr_error"),
        },
        InstanceState::Authorized | InstanceState::YellowCard => {
            qr("alreadyLogged", "instance account already authorized")
        }
        InstanceState::Starting => qr("error", "instance in starting process try later"),
        InstanceState::Blocked | InstanceState::SleepMode => refuse("qr", "qr_error"),
    }
}

fn log_out(instance: &mut Instance, _now: OffsetDateTime) -> Response {
    instance.log_out();
    Json(json!({ "isLogout": true })).into_response()
}

fn reboot(instance: &mut Instance, _now: OffsetDateTime) -> Response {
    instance.reboot();
    Json(json!({ "isReboot": true })).into_response()
}

fn settings(instance: &mut Instance, _now: OffsetDateTime) -> Response {
    let settings = &instance.settings;
    Json(json!({
        "wid": wid(instance),
        "typeInstance": "whatsapp",
        "webhookUrl": settings.webhook_url,
        "webhookUrlToken": settings.webhook_url_token,
        "stateWebhook": if settings.state_webhook { "yes" } else { "no" },
    }))
    .into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WhosePhone {
    /// A number in JSON as well: a string of digits is refused.
    phone_number: u64,
}

/// Takes as long as the instance takes, then makes the code. `status: false` is a failure that may be tried again.
fn authorization_code(green_api: &GreenApi, stage: &Stage) -> MethodRouter {
    const METHOD: &str = "getAuthorizationCode";
    let (green_api, stage) = (green_api.clone(), stage.clone());
    post(
        async move |credentials: Credentials, body: Body<WhosePhone>| {
            let clock = stage.clock().clone();
            let effect = async move {
                let ready = |instance: &mut Instance, now| later(now, instance.answer_delay);
                let ready_at = match admitted(&green_api, &credentials, ready) {
                    Ok(ready_at) => ready_at,
                    Err(refusal) => return refuse(METHOD, refusal),
                };
                let phone_number = match phone_number(body) {
                    Ok(phone_number) => phone_number,
                    Err(what) => return bad_request(&what),
                };
                clock.reached(ready_at).await;
                opened(&green_api, &credentials, |instance, now| {
                    code(instance, &phone_number, now)
                })
            };
            let refuse = |name: &str| refuse(METHOD, name);
            stage.perform(AUTHORIZATION_CODE, refuse, effect).await
        },
    )
}

fn code(instance: &mut Instance, phone_number: &str, now: OffsetDateTime) -> Response {
    match instance.state {
        InstanceState::NotAuthorized => {
            let code = &instance.pairing.issue_code(phone_number, now).secret;
            Json(json!({ "status": true, "code": code })).into_response()
        }
        InstanceState::Authorized
        | InstanceState::Blocked
        | InstanceState::SleepMode
        | InstanceState::Starting
        | InstanceState::YellowCard => refuse("getAuthorizationCode", "status_false"),
    }
}

/// The number in international format, or what is wrong with it.
fn phone_number(body: Body<WhosePhone>) -> Result<String, String> {
    let number = understood(body)?.phone_number.to_string();
    if (7..=15).contains(&number.len()) {
        Ok(number)
    } else {
        Err("'phoneNumber' has not 7 to 15 digits".to_owned())
    }
}

/// The settings that matter here; the provider has many more, and takes any number of them at once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewSettings {
    webhook_url: Option<String>,
    webhook_url_token: Option<String>,
    state_webhook: Option<Switch>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    Yes,
    No,
}

fn set_settings(green_api: &GreenApi, stage: &Stage) -> MethodRouter {
    const METHOD: &str = "setSettings";
    let (green_api, stage) = (green_api.clone(), stage.clone());
    post(
        async move |credentials: Credentials, body: Body<NewSettings>| {
            let effect = async move {
                opened(
                    &green_api,
                    &credentials,
                    |instance, _now| match understood(body) {
                        Ok(new) => {
                            apply(instance, new);
                            Json(json!({ "saveSettings": true })).into_response()
                        }
                        Err(what) => bad_request(&what),
                    },
                )
            };
            let refuse = |name: &str| refuse(METHOD, name);
            stage.perform(SET_SETTINGS, refuse, effect).await
        },
    )
}

/// Both are strings; a chat is the digits of a phone and where they belong to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewMessage {
    chat_id: String,
    message: String,
}

/// Messages wait for a day until the instance is authorized, so every instance takes them.
fn send_message(green_api: &GreenApi, stage: &Stage) -> MethodRouter {
    const METHOD: &str = "sendMessage";
    let (green_api, stage) = (green_api.clone(), stage.clone());
    post(
        async move |credentials: Credentials, body: Body<NewMessage>| {
            let effect = async move {
                opened(
                    &green_api,
                    &credentials,
                    |_instance, _now| match understood(body) {
                        Ok(new) if new.chat_id.ends_with("@c.us") && !new.message.is_empty() => {
                            let id = random::text(random::ALPHANUMERIC, 20).to_uppercase();
                            Json(json!({ "idMessage": id })).into_response()
                        }
                        Ok(_) => bad_request("'chatId' or 'message' is not valid"),
                        Err(what) => bad_request(&what),
                    },
                )
            };
            let refuse = |name: &str| refuse(METHOD, name);
            stage.perform(SEND_MESSAGE, refuse, effect).await
        },
    )
}

fn apply(instance: &mut Instance, new: NewSettings) {
    let settings = &mut instance.settings;
    if let Some(url) = new.webhook_url {
        settings.webhook_url = url;
    }
    if let Some(token) = new.webhook_url_token {
        settings.webhook_url_token = token;
    }
    if let Some(switch) = new.state_webhook {
        settings.state_webhook = switch == Switch::Yes;
    }
}

/// A JSON body of the right form, or what is wrong with it.
fn understood<T: DeserializeOwned>(body: Body<T>) -> Result<T, String> {
    match body {
        Ok(Json(body)) => Ok(body),
        Err(rejection) => Err(rejection.body_text()),
    }
}
