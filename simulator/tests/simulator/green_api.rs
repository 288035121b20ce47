//! Green-API's methods as documented.

use std::time::Duration;

use pairlink_simulator::green_api::{
    self, DEMO_API_TOKEN_INSTANCE, DEMO_ID_INSTANCE, InstanceState, Refused,
};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::steps::{Playing, assert_whatsapp_payload, decode_qr, json, play};

const PHONE_NUMBER: u64 = 441_134_960_001;

impl Playing {
    /// A request with the demo instance's credentials.
    pub(crate) fn green(&self, http_method: Method, method: &str) -> RequestBuilder {
        let credentials = (DEMO_ID_INSTANCE, DEMO_API_TOKEN_INSTANCE);
        self.green_with(http_method, method, credentials)
    }

    fn green_with(
        &self,
        http_method: Method,
        method: &str,
        (id, token): (&str, &str),
    ) -> RequestBuilder {
        self.at(http_method, &format!("/waInstance{id}/{method}/{token}"))
    }

    pub(crate) async fn green_get(&self, method: &str) -> Value {
        let answer = self.green(Method::GET, method).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{method}");
        json(answer).await
    }

    fn ask_for_code(&self) -> RequestBuilder {
        let request = self.green(Method::POST, "getAuthorizationCode");
        request.json(&json!({ "phoneNumber": PHONE_NUMBER }))
    }

    pub(crate) async fn green_code(&self) -> String {
        let answer = self.ask_for_code().send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = json(answer).await;
        assert_eq!(body["status"], true);
        body["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn green_state(&self) -> InstanceState {
        let green_api = self.simulator.green_api();
        green_api.state(DEMO_ID_INSTANCE).unwrap()
    }

    pub(crate) fn set_green_state(&self, state: InstanceState) {
        let green_api = self.simulator.green_api();
        green_api.set_state(DEMO_ID_INSTANCE, state).unwrap();
    }
}

#[tokio::test]
async fn a_code_has_eight_characters_and_lives_for_two_and_a_half_minutes() {
    let playing = play().await;
    let code = playing.green_code().await;
    assert_eq!(code.len(), 8);
    assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    playing.pass_time(149_999);
    assert_eq!(playing.alive(), std::slice::from_ref(&code));
    playing.pass_time(1);
    assert_eq!(playing.alive(), [""; 0]);
    let green_api = playing.simulator.green_api();
    assert_eq!(
        green_api.enter_code(DEMO_ID_INSTANCE, &code),
        Err(Refused::WrongCode)
    );
}

#[tokio::test]
async fn the_phone_number_is_an_integer_of_7_to_15_digits() {
    let playing = play().await;
    for number in [1_234_567_u64, 123_456_789_012_345] {
        let request = playing.green(Method::POST, "getAuthorizationCode");
        let request = request.json(&json!({ "phoneNumber": number }));
        assert_eq!(request.send().await.unwrap().status(), 200, "{number}");
    }
    let before = playing.simulator.ledger();
    for number in [
        json!("441134960001"),
        json!(441_134_960_001.0),
        json!(-441_134_960_001_i64),
        json!(123_456),
        json!(1_234_567_890_123_456_u64),
        Value::Null,
    ] {
        let request = playing.green(Method::POST, "getAuthorizationCode");
        let request = request.json(&json!({ "phoneNumber": number }));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400, "{number}");
        let text = answer.text().await.unwrap();
        assert!(text.starts_with("bad request data"), "{text}");
    }
    for body in ["", "{}", "[]", "{"] {
        let request = playing.green(Method::POST, "getAuthorizationCode");
        let request = request.header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
    }
    assert_eq!(playing.simulator.ledger(), before);
}

#[tokio::test]
async fn a_code_that_is_typed_into_the_phone_authorizes() {
    let playing = play().await;
    let replaced = playing.green_code().await;
    let code = playing.green_code().await;
    assert_eq!(playing.alive(), std::slice::from_ref(&code));
    let enter = |code: &str| {
        let green_api = playing.simulator.green_api();
        green_api.enter_code(DEMO_ID_INSTANCE, code)
    };
    assert_eq!(enter(&replaced), Err(Refused::WrongCode));
    assert_eq!(playing.green_state(), InstanceState::NotAuthorized);
    enter(&format!("{}-{}", &code[..4], &code[4..])).unwrap();
    assert_eq!(
        playing.green_get("getStateInstance").await,
        json!({ "stateInstance": "authorized" })
    );
    assert_eq!(playing.alive(), [""; 0]);
    let settings = playing.green_get("getSettings").await;
    assert_eq!(settings["wid"], format!("{PHONE_NUMBER}@c.us"));
}

#[tokio::test]
async fn without_waiting_for_a_phone_there_is_no_code_but_a_status() {
    let playing = play().await;
    for state in [
        InstanceState::Authorized,
        InstanceState::Blocked,
        InstanceState::SleepMode,
        InstanceState::Starting,
        InstanceState::YellowCard,
    ] {
        playing.set_green_state(state);
        let answer = playing.ask_for_code().send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.unwrap(), r#"{"status":false}"#);
    }
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn a_code_takes_its_time_and_lives_from_when_it_is_there() {
    let playing = play().await;
    let green_api = playing.simulator.green_api();
    let half_a_minute = Duration::from_secs(30);
    green_api
        .set_answer_delay(DEMO_ID_INSTANCE, half_a_minute)
        .unwrap();
    // What is wrong is said at once.
    let wrong = playing.green(Method::POST, "getAuthorizationCode");
    let wrong = wrong.json(&json!({ "phoneNumber": "7" })).send().await;
    assert_eq!(wrong.unwrap().status(), 400);

    // Held when it arrives and when it is made, so that both instants can be seen.
    let simulator = &playing.simulator;
    let call = green_api::AUTHORIZATION_CODE;
    for fault in [
        Fault::before(FaultKind::Hold),
        Fault::after(FaultKind::Hold),
    ] {
        simulator.inject(call, fault).unwrap();
    }
    let asking = tokio::spawn(playing.ask_for_code().send());
    simulator.held(call).await.unwrap();
    let arrived_at = simulator.now();
    simulator.release();
    let mut made = std::pin::pin!(simulator.held(call));
    loop {
        tokio::select! {
            biased;
            made = &mut made => break made.unwrap(),
            () = tokio::task::yield_now() => playing.pass_time(1_000),
        }
    }
    let alive = simulator.ledger();
    assert_eq!(alive.len(), 1);
    let took = alive[0].issued_at - arrived_at;
    assert!(
        (half_a_minute..2 * half_a_minute).contains(&took.unsigned_abs()),
        "{took}"
    );
    let lifetime = alive[0].expires_at - alive[0].issued_at;
    assert_eq!(lifetime, Duration::from_secs(150));
    simulator.release();
    let answer = asking.await.unwrap().unwrap();
    assert_eq!(json(answer).await["code"], alive[0].secret);
}

#[tokio::test]
async fn qr_codes_are_pictures_of_a_payload_that_changes_every_20_seconds() {
    let playing = play().await;
    let mut seen = Vec::new();
    for passed in [0, 19_000, 1_000, 20_000] {
        playing.pass_time(passed);
        let body = playing.green_get("qr").await;
        assert_eq!(body["type"], "qrCode");
        let payload = decode_qr(body["message"].as_str().unwrap());
        assert_whatsapp_payload(&payload);
        assert_eq!(playing.alive(), std::slice::from_ref(&payload));
        seen.push(payload);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[1], seen[2]);
    assert_ne!(seen[2], seen[3]);

    let green_api = playing.simulator.green_api();
    let scan = |payload: &str| green_api.scan_qr(DEMO_ID_INSTANCE, payload);
    assert_eq!(scan(&seen[2]), Err(Refused::OtherQr));
    scan(&seen[3]).unwrap();
    assert_eq!(playing.green_state(), InstanceState::Authorized);
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn a_qr_code_may_be_asked_for_once_a_second() {
    let playing = play().await;
    for (passed, status) in [(0, 200), (0, 429), (999, 429), (1, 200), (1_000, 200)] {
        playing.pass_time(passed);
        let answer = playing.green(Method::GET, "qr").send().await.unwrap();
        assert_eq!(answer.status(), status, "{passed}");
    }
}

#[tokio::test]
async fn without_waiting_for_a_phone_there_is_no_qr_code_but_words() {
    let playing = play().await;
    for (state, kind) in [
        (InstanceState::Authorized, "alreadyLogged"),
        (InstanceState::YellowCard, "alreadyLogged"),
        (InstanceState::Starting, "error"),
        (InstanceState::Blocked, "error"),
        (InstanceState::SleepMode, "error"),
    ] {
        playing.set_green_state(state);
        playing.pass_time(1_000);
        let body = playing.green_get("qr").await;
        assert_eq!(body["type"], kind, "{state:?}");
        let already = body["message"] == "instance account already authorized";
        assert_eq!(already, kind == "alreadyLogged");
    }
}

#[tokio::test]
async fn the_state_is_told_in_the_providers_words() {
    let playing = play().await;
    for (state, word) in [
        (InstanceState::NotAuthorized, "notAuthorized"),
        (InstanceState::Authorized, "authorized"),
        (InstanceState::Blocked, "blocked"),
        (InstanceState::SleepMode, "sleepMode"),
        (InstanceState::Starting, "starting"),
        (InstanceState::YellowCard, "yellowCard"),
    ] {
        playing.set_green_state(state);
        let told = playing.green_get("getStateInstance").await;
        assert_eq!(told, json!({ "stateInstance": word }));
    }
}

#[tokio::test]
async fn log_out_and_reboot_answer_as_documented_and_take_everything_off_the_screen() {
    let playing = play().await;
    let (not_authorized, authorized) = (InstanceState::NotAuthorized, InstanceState::Authorized);
    for (method, answer, before, after) in [
        ("logout", "isLogout", authorized, not_authorized),
        ("logout", "isLogout", not_authorized, not_authorized),
        ("reboot", "isReboot", authorized, authorized),
        (
            "reboot",
            "isReboot",
            InstanceState::Starting,
            not_authorized,
        ),
        ("reboot", "isReboot", not_authorized, not_authorized),
    ] {
        playing.set_green_state(before);
        if before == not_authorized {
            playing.green_code().await;
        }
        let body = playing.green_get(method).await;
        assert_eq!(body, json!({ answer: true }));
        assert_eq!(playing.green_state(), after, "{method} {before:?}");
        assert_eq!(playing.alive(), [""; 0]);
    }
}

#[tokio::test]
async fn a_wrong_id_is_403_and_a_wrong_token_401_whatever_the_method() {
    let playing = play().await;
    let (id, token) = (DEMO_ID_INSTANCE, DEMO_API_TOKEN_INSTANCE);
    for (http_method, method) in [
        (Method::GET, "getStateInstance"),
        (Method::GET, "qr"),
        (Method::GET, "logout"),
        (Method::GET, "reboot"),
        (Method::GET, "getSettings"),
        (Method::POST, "setSettings"),
        (Method::POST, "getAuthorizationCode"),
    ] {
        for (credentials, status, words) in [
            (("1101000002", token), 403, "Forbidden"),
            (("", token), 403, "Forbidden"),
            ((id, "wrong"), 401, "Unauthorized"),
        ] {
            let request = playing.green_with(http_method.clone(), method, credentials);
            let request = request.json(&json!({ "phoneNumber": PHONE_NUMBER }));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{method}");
            assert_eq!(answer.text().await.unwrap(), words);
        }
        let other = if http_method == Method::GET {
            Method::POST
        } else {
            Method::GET
        };
        let answer = playing.green(other, method).send().await.unwrap();
        assert_eq!(answer.status(), 405);
    }
    assert_eq!(playing.green_state(), InstanceState::NotAuthorized);
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn every_documented_refusal_can_be_asked_for() {
    let playing = play().await;
    for (name, status, words) in [
        ("status_false", 200, r#"{"status":false}"#),
        ("qr_error", 200, r#""type":"error""#),
        ("starting", 400, "instance in starting process try later"),
        ("not_authorized", 400, "instance account not authorized"),
        ("bad_request", 400, "bad request data"),
        ("unauthorized", 401, "Unauthorized"),
        ("forbidden", 403, "Forbidden"),
        ("too_many_requests", 429, "Too Many Requests"),
        ("quota_exceeded", 466, r#""status":"QUOTE_EXCEEDED""#),
        ("client_closed_request", 499, "Client Closed Request"),
        ("bad_gateway", 502, "Bad Gateway"),
    ] {
        let fault = Fault::before(FaultKind::refusal(name));
        let simulator = &playing.simulator;
        simulator
            .inject(green_api::AUTHORIZATION_CODE, fault)
            .unwrap();
        let answer = playing.ask_for_code().send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}");
        let body = answer.text().await.unwrap();
        assert!(body.contains(words), "{body}");
        if status == 466 {
            assert!(
                body.contains(r#""method":"getauthorizationcode""#),
                "{body}"
            );
        }
    }
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn a_lost_answer_leaves_its_code_alive() {
    let playing = play().await;
    let lost = Fault::after(FaultKind::Disconnect);
    let simulator = &playing.simulator;
    simulator
        .inject(green_api::AUTHORIZATION_CODE, lost)
        .unwrap();
    assert!(playing.ask_for_code().send().await.is_err());
    assert_eq!(playing.alive().len(), 1);
    assert_eq!(simulator.calls(green_api::AUTHORIZATION_CODE).unwrap(), 1);
}
