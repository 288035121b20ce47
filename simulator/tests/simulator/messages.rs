//! Messages that are sent in an account's name: what lets them in, and that wrong types are refused.

use pairlink_simulator::wawp;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::steps::{Playing, json, play};

async fn status_of(request: RequestBuilder, body: &Value) -> u16 {
    request.json(body).send().await.unwrap().status().as_u16()
}

/// The body with another value, which is refused with this status.
async fn refuses(
    request: impl Fn() -> RequestBuilder,
    right: &Value,
    wrong: &[(&str, Value)],
    status: u16,
) {
    for (name, value) in wrong {
        let mut body = right.clone();
        body[name] = value.clone();
        assert_eq!(status_of(request(), &body).await, status, "{body}");
        body.as_object_mut().unwrap().remove(*name);
        assert_eq!(status_of(request(), &body).await, status, "{body}");
    }
    let no_json = request().body("{").send().await.unwrap();
    assert_eq!(no_json.status(), status);
}

#[tokio::test]
async fn wawp_sends_for_a_session_that_works() {
    let playing = play().await;
    let send = || playing.demo(Method::POST, "/v2/send/text");
    let right = json!({ "chatId": "441134960000@c.us", "message": "hello" });
    assert_eq!(status_of(send(), &right).await, 422);
    playing
        .simulator
        .wawp()
        .scan(wawp::DEMO_INSTANCE_ID)
        .unwrap();
    let answer = json(send().json(&right).send().await.unwrap()).await;
    assert_eq!(answer["status"], "success");
    assert!(answer["id"].as_str().unwrap().contains("441134960000@c.us"));
    let wrong = [
        ("chatId", json!(441_134_960_000_u64)),
        ("chatId", json!("")),
        ("message", json!(["hello"])),
        ("message", json!("")),
    ];
    refuses(send, &right, &wrong, 400).await;
    let stranger = (wawp::DEMO_INSTANCE_ID, "another-token");
    let stranger = playing.authorized(Method::POST, "/v2/send/text", stranger);
    assert_eq!(status_of(stranger, &right).await, 401);
    assert_eq!(playing.simulator.calls(wawp::SEND_TEXT).unwrap(), 12);
}

#[tokio::test]
async fn green_api_takes_messages_of_any_instance() {
    let playing = play().await;
    let send = || playing.green(Method::POST, "sendMessage");
    let right = json!({ "chatId": "441134960000@c.us", "message": "hello" });
    let answer = json(send().json(&right).send().await.unwrap()).await;
    assert_eq!(answer["idMessage"].as_str().unwrap().len(), 20);
    let wrong = [
        ("chatId", json!(441_134_960_000_u64)),
        ("chatId", json!("441134960000")),
        ("message", json!(5)),
        ("message", json!("")),
    ];
    refuses(send, &right, &wrong, 400).await;
}

#[tokio::test]
async fn wazzup_wants_a_customers_token_for_a_message() {
    let playing: Playing = play().await;
    let machine = playing.machine_token().await;
    let tokens = playing.exchanged(&machine).await;
    let send = |token: &str| playing.at(Method::POST, "/v2/messages").bearer_auth(token);
    let right = json!({
        "channel_id": "bf65cc76-8e64-4fe3-bdef-e309946bcec9", "chat_type": "whatsapp",
        "chat_id": "441134960000", "text": "hello",
    });
    let answer = json(send(&tokens.access).json(&right).send().await.unwrap()).await;
    assert!(answer["data"]["message_id"].is_string());
    let wrong = [
        ("channel_id", json!("another")),
        ("chat_type", json!("telegram")),
        ("chat_id", json!(441_134_960_000_u64)),
        ("chat_id", json!("+441134960000")),
        ("text", json!("")),
    ];
    refuses(|| send(&tokens.access), &right, &wrong, 400).await;
    for token in [machine.as_str(), "another"] {
        assert_eq!(status_of(send(token), &right).await, 401, "{token}");
    }
}
