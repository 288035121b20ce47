//! `EnableX`'s token as documented.

use pairlink_simulator::enablex::{self, DEMO_APP_ID, DEMO_APP_KEY, ExpiryUnit, Manner, Refused};
use pairlink_simulator::{Fault, FaultKind, StatusCode};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::steps::{Playing, json, play, start_of_time};

const AN_HOUR_MS: u64 = 60 * 60 * 1000;

impl Playing {
    fn ask_for_token(&self, body: &Value) -> RequestBuilder {
        self.at(Method::POST, "/whatsapp/v1/token").json(body)
    }

    async fn enablex_token(&self) -> String {
        let request = self.ask_for_token(&credentials());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        json(answer).await["token"].as_str().unwrap().to_owned()
    }

    /// A message, still without authorization.
    fn message(&self) -> RequestBuilder {
        let request = self.at(Method::POST, "/whatsapp/v1/messages");
        request.json(&json!({ "to": "441134960001", "type": "text" }))
    }

    async fn token_works(&self, token: &str) -> bool {
        let answer = self.message().bearer_auth(token).send().await.unwrap();
        if answer.status() == 200 {
            return true;
        }
        assert_authentication_failed(answer, 401).await;
        false
    }
}

fn credentials() -> Value {
    json!({ "app_id": DEMO_APP_ID, "app_key": DEMO_APP_KEY })
}

/// The one body that there is for whatever is wrong.
async fn assert_authentication_failed(answer: Response, status: u16) {
    assert_eq!(answer.status(), status);
    assert_eq!(
        json(answer).await,
        json!({
            "message": "Authentication failed",
            "status": "Unauthorized",
            "reason": "invalid credentials or the account has been deactivated",
        })
    );
}

#[tokio::test]
async fn a_token_comes_with_a_unix_timestamp_in_the_chosen_unit() {
    let playing = play().await;
    let an_hour_later = start_of_time().unix_timestamp() + 3600;
    for (expiry_unit, expiry) in [
        (ExpiryUnit::Seconds, an_hour_later),
        (ExpiryUnit::Milliseconds, an_hour_later * 1000),
    ] {
        playing.simulator.enablex().set_manner(Manner {
            expiry_unit,
            ..Manner::default()
        });
        let request = playing.ask_for_token(&credentials());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let mut body = json(answer).await;
        let token = body["token"].take();
        assert_eq!(body, json!({ "token": null, "expiry": expiry }));
        assert!(playing.token_works(token.as_str().unwrap()).await);
    }
}

#[tokio::test]
async fn a_token_dies_after_an_hour_and_the_later_one_does_not_end_it() {
    let playing = play().await;
    let first = playing.enablex_token().await;
    playing.pass_time(1);
    let second = playing.enablex_token().await;
    assert_eq!(playing.alive().len(), 2);
    playing.pass_time(AN_HOUR_MS - 2);
    assert!(playing.token_works(&first).await);
    playing.pass_time(1);
    assert!(!playing.token_works(&first).await);
    assert!(playing.token_works(&second).await);
    assert_eq!(playing.alive(), [second]);
}

#[tokio::test]
async fn whatever_is_wrong_the_body_is_the_same() {
    let playing = play().await;
    for body in [
        json!({ "app_id": DEMO_APP_ID, "app_key": "wrong" }),
        json!({ "app_id": "nobody", "app_key": DEMO_APP_KEY }),
        json!({ "app_id": "", "app_key": "" }),
    ] {
        let answer = playing.ask_for_token(&body).send().await.unwrap();
        assert_authentication_failed(answer, 401).await;
    }
    let no_token = playing.message().send().await.unwrap();
    assert_authentication_failed(no_token, 401).await;
    for value in ["Bearer nonsense", "Bearer ", "Basic nonsense", "nonsense"] {
        let request = playing.message().header("authorization", value);
        assert_authentication_failed(request.send().await.unwrap(), 401).await;
    }
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn the_status_of_a_failure_can_be_any() {
    let playing = play().await;
    for status in [
        StatusCode::OK,
        StatusCode::BAD_REQUEST,
        StatusCode::FORBIDDEN,
    ] {
        playing.simulator.enablex().set_manner(Manner {
            failure_status: status,
            ..Manner::default()
        });
        let answer = playing.message().send().await.unwrap();
        assert_authentication_failed(answer, status.as_u16()).await;
    }
}

#[tokio::test]
async fn credentials_are_strings_in_a_json_object() {
    let playing = play().await;
    for body in [
        json!({ "app_id": 7, "app_key": DEMO_APP_KEY }),
        json!({ "app_id": DEMO_APP_ID, "app_key": null }),
        json!({ "app_id": DEMO_APP_ID }),
        json!([]),
    ] {
        let answer = playing.ask_for_token(&body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
    }
    let request = playing.at(Method::POST, "/whatsapp/v1/token");
    let request = request.body(credentials().to_string());
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn the_credentials_themselves_open_calls_as_well() {
    let playing = play().await;
    for (key, status) in [(DEMO_APP_KEY, 200), ("wrong", 401)] {
        let request = playing.message().basic_auth(DEMO_APP_ID, Some(key));
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let token = playing.enablex_token().await;
    let request = playing.at(Method::POST, "/whatsapp/v1/messages").json(&7);
    let answer = request.bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_deactivated_account_and_forgotten_tokens_work_no_more() {
    let playing = play().await;
    let enablex = playing.simulator.enablex();
    let token = playing.enablex_token().await;
    enablex.set_active(DEMO_APP_ID, false).unwrap();
    assert!(!playing.token_works(&token).await);
    let refused = playing.ask_for_token(&credentials()).send().await.unwrap();
    assert_authentication_failed(refused, 401).await;
    assert_eq!(playing.alive(), [""; 0]);
    enablex.set_active(DEMO_APP_ID, true).unwrap();
    assert!(playing.token_works(&token).await);
    enablex.forget_tokens(DEMO_APP_ID).unwrap();
    assert!(!playing.token_works(&token).await);
    assert_eq!(enablex.set_active("nobody", true), Err(Refused::UnknownApp));
}

#[tokio::test]
async fn faults_strike_tokens_and_calls() {
    let playing = play().await;
    let simulator = &playing.simulator;
    let lost = Fault::after(FaultKind::Disconnect);
    simulator.inject(enablex::TOKEN, lost).unwrap();
    let request = playing.ask_for_token(&credentials());
    assert!(request.send().await.is_err());
    assert_eq!(playing.alive().len(), 1);

    let token = playing.enablex_token().await;
    let refused = Fault::before(FaultKind::refusal("authentication_failed"));
    simulator.inject(enablex::MESSAGES, refused).unwrap();
    assert!(!playing.token_works(&token).await);
    assert!(playing.token_works(&token).await);
    assert_eq!(simulator.calls(enablex::MESSAGES).unwrap(), 2);
}

#[tokio::test]
async fn it_is_steered_over_the_control_plane() {
    let playing = play().await;
    let app = json!({ "app_id": "other", "app_key": "other-key" });
    for (verb, body, status) in [
        ("apps", app.clone(), 201),
        ("apps", json!({ "app_id": "", "app_key": "key" }), 400),
        (
            "manner",
            json!({ "expiry_unit": "milliseconds", "failure_status": 403 }),
            204,
        ),
        ("manner", json!({ "expiry_unit": "minutes" }), 400),
        ("manner", json!({ "failure_status": 99 }), 400),
        ("active", json!({ "app_id": "nobody", "active": true }), 404),
    ] {
        let path = format!("/__control/enablex/{verb}");
        assert_eq!(playing.tell(&path, &body).await.0, status, "{body}");
    }
    let answer = playing.ask_for_token(&app).send().await.unwrap();
    let body = json(answer).await;
    assert!(body["expiry"].as_i64().unwrap() > 100_000_000_000);
    let (_, ledger) = playing.ask("/__control/ledger").await;
    assert_eq!(
        ledger["enablex"],
        json!([{
            "app_id": "other",
            "token": body["token"],
            "issued_at": "2026-06-19T18:55:00.000Z",
            "expires_at": "2026-06-19T19:55:00.000Z",
        }])
    );
    for (verb, body) in [
        ("forget-tokens", json!({ "app_id": "other" })),
        ("active", json!({ "app_id": "other", "active": false })),
    ] {
        let path = format!("/__control/enablex/{verb}");
        assert_eq!(playing.tell(&path, &body).await.0, 204);
    }
    assert_eq!(playing.alive(), [""; 0]);
    let answer = playing.ask_for_token(&app).send().await.unwrap();
    assert_authentication_failed(answer, 403).await;
}
