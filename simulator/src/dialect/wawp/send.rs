//! A call that sends a message: public documentation only. It takes what it needs in the query, and in a JSON body as well.

use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Json, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;

use super::SessionState;
use super::Wawp;
use super::api::{Credentials, error, opened, refuse};
use crate::random;
use crate::stage::Stage;

/// Sends a text.
pub const SEND_TEXT: &str = "wawp.send.text";

type Given = Result<Query<Credentials>, axum::extract::rejection::QueryRejection>;

pub(super) fn router(wawp: &Wawp, stage: &Stage) -> Router {
    let (wawp, stage) = (wawp.clone(), stage.clone());
    let send_text = async move |given: Given, body: Result<Json<Text>, JsonRejection>| {
        let effect = async move { send_text(&wawp, given, body) };
        stage.perform(SEND_TEXT, refuse, effect).await
    };
    Router::new().route("/v2/send/text", post(send_text))
}

/// Both are strings; a number is refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    chat_id: String,
    message: String,
}

fn send_text(wawp: &Wawp, given: Given, body: Result<Json<Text>, JsonRejection>) -> Response {
    let credentials = given.ok().and_then(|Query(given)| given.whole());
    opened(wawp, credentials, |instance| {
        if instance.session != SessionState::Working {
            let message = "The session is not working";
            return error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "session_not_working",
                message,
            );
        }
        match body {
            Ok(Json(text)) if !text.chat_id.is_empty() && !text.message.is_empty() => {
                let id = random::text(random::ALPHANUMERIC, 20);
                let id = format!("true_{}_{id}", text.chat_id);
                Json(json!({ "status": "success", "id": id })).into_response()
            }
            Ok(_) | Err(_) => {
                let message = "chatId and message are required";
                error(StatusCode::BAD_REQUEST, "missing_parameter", message)
            }
        }
    })
}
