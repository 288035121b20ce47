//! Green-API's phones, and how its instances are steered from outside.

use pairlink_simulator::green_api::{DEMO_ID_INSTANCE, InstanceState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::steps::play;

#[tokio::test]
async fn instances_are_steered_over_the_control_plane() {
    let playing = play().await;
    let id = "1101000002";
    let state = || playing.simulator.green_api().state(id).unwrap();
    let of = |key: &str, value: Value| json!({ "id_instance": id, key: value });
    let whose = json!({ "id_instance": id });
    let (authorized, not_authorized) = (InstanceState::Authorized, InstanceState::NotAuthorized);
    for (verb, body, status, then) in [
        (
            "instances",
            of("api_token_instance", json!("other-token")),
            201,
            not_authorized,
        ),
        ("scan", of("payload", json!("2@other")), 409, not_authorized),
        (
            "enter-code",
            of("code", json!("ABCD1234")),
            409,
            not_authorized,
        ),
        ("scan", whose.clone(), 204, authorized),
        ("log-out", whose.clone(), 204, not_authorized),
        (
            "state",
            of("state", json!("starting")),
            204,
            InstanceState::Starting,
        ),
        ("scan", whose.clone(), 409, InstanceState::Starting),
        (
            "answer-delay",
            of("delay_ms", json!(5)),
            204,
            InstanceState::Starting,
        ),
        (
            "webhook",
            of("url", json!("")),
            204,
            InstanceState::Starting,
        ),
        (
            "state",
            of("state", json!("asleep")),
            400,
            InstanceState::Starting,
        ),
        (
            "instances",
            of("api_token_instance", json!("wi/th")),
            400,
            InstanceState::Starting,
        ),
        (
            "instances",
            of("api_token_instance", json!("afresh")),
            201,
            not_authorized,
        ),
    ] {
        let path = format!("/__control/green_api/{verb}");
        let (told, answer) = playing.tell(&path, &body).await;
        assert_eq!(told, status, "{verb} {body} {answer}");
        assert_eq!(state(), then, "{verb} {body}");
    }
    let nobody = json!({ "id_instance": "1101000003" });
    let path = "/__control/green_api/scan";
    assert_eq!(playing.tell(path, &nobody).await.0, 404);
    for id in ["", "x", "0123", "+1", "99999999999999999999"] {
        let instance = json!({ "id_instance": id, "api_token_instance": "token" });
        let path = "/__control/green_api/instances";
        assert_eq!(playing.tell(path, &instance).await.0, 400, "{id}");
    }
}

#[tokio::test]
async fn the_ledger_says_what_is_shown_and_until_when() {
    let playing = play().await;
    let code = playing.green_code().await;
    playing.green_get("qr").await;
    let (_, ledger) = playing.ask("/__control/ledger").await;
    let start = "2026-06-19T18:55:00.000Z";
    let entries = &ledger["green_api"];
    assert_eq!(entries[0]["qr"].as_str().unwrap()[..2], *"2@");
    assert_eq!(entries[0]["expires_at"], "2026-06-19T18:55:20.000Z");
    assert_eq!(
        entries[1],
        json!({
            "id_instance": DEMO_ID_INSTANCE, "code": code, "issued_at": start, "expires_at": "2026-06-19T18:57:30.000Z",
        })
    );
}

#[tokio::test]
async fn the_phones_page_scans_the_screen_takes_a_code_and_logs_out() {
    let playing = play().await;
    let phone = format!("/green-api/phone/{DEMO_ID_INSTANCE}");
    let press = async |button: &str, form: &str| {
        let request = playing.at(Method::POST, &format!("{phone}/{button}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.to_owned()).send().await.unwrap();
        answer.status().as_u16()
    };
    let html = async || {
        let page = playing.at(Method::GET, &phone).send().await.unwrap();
        assert_eq!(page.status(), 200);
        page.text().await.unwrap()
    };
    assert!(html().await.contains("The phone is not connected"));
    assert_eq!(press("scan", "").await, 409);
    playing.green_get("qr").await;
    assert_eq!(press("scan", "").await, 303);
    assert!(html().await.contains("The phone is connected"));
    assert_eq!(press("log-out", "").await, 303);
    let code = playing.green_code().await;
    assert_eq!(press("enter-code", "code=WRONG123").await, 409);
    assert_eq!(press("enter-code", &format!("code={code}")).await, 303);
    assert_eq!(playing.green_state(), InstanceState::Authorized);
    playing.set_green_state(InstanceState::Starting);
    assert!(html().await.contains("Starting"));

    let nobody = playing.at(Method::GET, "/green-api/phone/7").send().await;
    assert_eq!(nobody.unwrap().status(), 404);
}
