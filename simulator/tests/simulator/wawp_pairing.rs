//! Wawp's QR codes, pairing codes, log-out and restart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pairlink_simulator::wawp::{self, DEMO_ACCESS_TOKEN, DEMO_INSTANCE_ID, SessionState};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::steps::{Playing, assert_whatsapp_payload, decode_qr, json, play};

const QR: &str = "/v2/auth/qr";
const QR_IMAGE: &str = "/v2/auth/qr-image";
const CODE: &str = "/v2/auth/request-code";
const LOGOUT: &str = "/v2/session/logout";
const RESTART: &str = "/v2/session/restart";

/// The demo instance's credentials as a body.
fn body_with(more: Value) -> Value {
    let mut body = json!({ "instance_id": DEMO_INSTANCE_ID, "access_token": DEMO_ACCESS_TOKEN });
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}

impl Playing {
    /// The payload and its end in milliseconds.
    async fn wawp_qr(&self) -> (String, i64) {
        let answer = self.demo(Method::GET, QR).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = json(answer).await;
        assert_eq!(body["mimetype"], "application/json");
        let data = STANDARD.decode(body["data"].as_str().unwrap()).unwrap();
        let data: Value = serde_json::from_slice(&data).unwrap();
        let payload = data["value"].as_str().unwrap().to_owned();
        (payload, data["expiry"].as_i64().unwrap())
    }

    async fn wawp_code(&self) -> String {
        let body = json!({ "phone_number": "441134960001" });
        let request = self.demo(Method::POST, CODE).json(&body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        json(answer).await["code"].as_str().unwrap().to_owned()
    }

    fn wawp_state(&self) -> SessionState {
        self.simulator
            .wawp()
            .session_state(DEMO_INSTANCE_ID)
            .unwrap()
    }
}

#[tokio::test]
async fn the_raw_payload_and_the_picture_are_the_same_code() {
    let playing = play().await;
    let (payload, expiry) = playing.wawp_qr().await;
    assert_whatsapp_payload(&payload);
    let now = playing.simulator.now().unix_timestamp() * 1000;
    assert_eq!(expiry, now + 60_000);
    for method in [Method::GET, Method::POST] {
        let answer = playing.demo(method, QR_IMAGE).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = json(answer).await;
        let picture = body["qr"].as_str().unwrap();
        let png = picture.strip_prefix("data:image/png;base64,").unwrap();
        assert_eq!(decode_qr(png), payload);
    }
}

#[tokio::test]
async fn a_qr_code_gives_way_to_the_next_and_only_the_shown_one_can_be_scanned() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    let (first, _) = playing.wawp_qr().await;
    playing.pass_time(60_000);
    assert_eq!(playing.simulator.ledger(), []);
    let (second, expiry) = playing.wawp_qr().await;
    assert_ne!(first, second);
    let now = playing.simulator.now().unix_timestamp() * 1000;
    assert_eq!(expiry, now + 20_000);
    assert_eq!(
        wawp.scan_qr(DEMO_INSTANCE_ID, &first),
        Err(wawp::Refused::OtherQr)
    );
    assert_eq!(playing.wawp_state(), SessionState::ScanQrCode);
    wawp.scan_qr(DEMO_INSTANCE_ID, &second).unwrap();
    assert_eq!(playing.wawp_state(), SessionState::Working);
    assert_eq!(playing.simulator.ledger(), []);
}

#[tokio::test]
async fn a_pairing_code_is_typed_once_in_any_grouping_before_it_expires() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    let replaced = playing.wawp_code().await;
    let code = playing.wawp_code().await;
    assert_eq!(code.len(), 9);
    assert_eq!(&code[4..5], "-");
    let enter = |code: &str| wawp.enter_code(DEMO_INSTANCE_ID, code);
    assert_eq!(enter(&replaced), Err(wawp::Refused::WrongCode));
    playing.pass_time(160_000);
    assert_eq!(enter(&code), Err(wawp::Refused::WrongCode));
    let code = playing.wawp_code().await;
    playing.pass_time(159_999);
    enter(&code.replace('-', "").to_lowercase()).unwrap();
    assert_eq!(playing.wawp_state(), SessionState::Working);
    assert_eq!(enter(&code), Err(wawp::Refused::WrongCode));
}

#[tokio::test]
async fn post_takes_everything_in_the_body_too() {
    let playing = play().await;
    let code = body_with(json!({ "phone_number": "441134960001" }));
    let raw = body_with(json!({ "format": "raw" }));
    for (path, body) in [(CODE, code), (QR, raw), (QR_IMAGE, body_with(json!({})))] {
        let request = playing.at(Method::POST, path).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
    }
    let path = format!("{CODE}?instance_id={DEMO_INSTANCE_ID}&phone_number=441134960001");
    let request = playing.at(Method::POST, &path);
    let request = request.header("access-token", DEMO_ACCESS_TOKEN);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn wrong_parameters_are_refused_and_show_nothing() {
    let playing = play().await;
    let code = |number: Value| (CODE, body_with(json!({ "phone_number": number })), 400);
    let cases = [
        code(json!(441_134_960_001_u64)),
        code(json!("+441134960001")),
        code(json!("00441134960001")),
        code(json!("123456")),
        code(json!("1234567890123456")),
        code(json!("44 1134 960001")),
        (CODE, body_with(json!({})), 400),
        (QR, body_with(json!({ "format": "image" })), 400),
        (QR, json!({ "instance_id": DEMO_INSTANCE_ID }), 400),
        (QR, body_with(json!({ "access_token": "wrong" })), 401),
        (QR_IMAGE, body_with(json!({ "instance_id": 7 })), 400),
        (QR_IMAGE, json!("text"), 400),
        (
            QR_IMAGE,
            body_with(json!({ "instance_id": "NOBODY000003" })),
            401,
        ),
    ];
    for (path, body, status) in cases {
        let request = playing.at(Method::POST, path).json(&body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path} {body}");
        assert_eq!(json(answer).await["status"], "error");
    }
    assert_eq!(playing.simulator.ledger(), []);
}

#[tokio::test]
async fn only_a_session_that_waits_shows_anything() {
    let playing = play().await;
    playing.wawp_qr().await;
    playing.wawp_code().await;
    for state in [
        SessionState::Stopped,
        SessionState::Starting,
        SessionState::Working,
        SessionState::Failed,
    ] {
        let wawp = playing.simulator.wawp();
        wawp.set_session_state(DEMO_INSTANCE_ID, state).unwrap();
        assert_eq!(playing.simulator.ledger(), []);
        for (method, path) in [
            (Method::GET, QR.to_owned()),
            (Method::GET, QR_IMAGE.to_owned()),
            (Method::POST, CODE.to_owned()),
        ] {
            let body = json!({ "phone_number": "441134960001" });
            let request = playing.demo(method, &path).json(&body);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 422, "{path} {state:?}");
            assert_eq!(json(answer).await["error"], "wawp_upstream_error");
        }
    }
}

#[tokio::test]
async fn log_out_unlinks_and_restart_starts_what_does_not_work() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    let (waiting, working) = (SessionState::ScanQrCode, SessionState::Working);
    for (path, before, after) in [
        (LOGOUT, working, waiting),
        (LOGOUT, waiting, waiting),
        (LOGOUT, SessionState::Failed, SessionState::Failed),
        (RESTART, working, working),
        (RESTART, SessionState::Failed, waiting),
        (RESTART, SessionState::Stopped, waiting),
        (RESTART, waiting, waiting),
    ] {
        for method in [Method::GET, Method::POST] {
            wawp.set_session_state(DEMO_INSTANCE_ID, before).unwrap();
            let answer = playing.demo(method, path).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            assert_eq!(playing.wawp_state(), after, "{path} {before:?}");
            assert_eq!(json(answer).await["instance_id"], DEMO_INSTANCE_ID);
        }
    }
    playing.wawp_qr().await;
    playing.demo(Method::POST, RESTART).send().await.unwrap();
    assert_eq!(playing.simulator.ledger(), []);
}

#[tokio::test]
async fn what_is_shown_stands_on_a_page_of_its_own_beside_the_links() {
    let playing = play().await;
    let (payload, _) = playing.wawp_qr().await;
    let code = playing.wawp_code().await.replace('-', "");
    let (_, ledger) = playing.ask("/__control/ledger").await;
    assert_eq!(ledger["wawp"], json!([]));
    let start = "2026-06-19T18:55:00.000Z";
    assert_eq!(
        ledger["wawp_pairing"],
        json!([
            { "instance_id": DEMO_INSTANCE_ID, "qr": payload, "issued_at": start, "expires_at": "2026-06-19T18:56:00.000Z" },
            { "instance_id": DEMO_INSTANCE_ID, "code": code, "issued_at": start, "expires_at": "2026-06-19T18:57:40.000Z" },
        ])
    );
}

#[tokio::test]
async fn a_refusal_is_in_the_providers_words_and_spares_the_effect_when_before_it() {
    let playing = play().await;
    for (name, status) in [
        ("invalid_instance", 401),
        ("invalid_access_token", 401),
        ("server_not_found", 404),
        ("wawp_upstream_error", 502),
    ] {
        for (fault, alive) in [
            (Fault::before(FaultKind::refusal(name)), 0),
            (Fault::after(FaultKind::refusal(name)), 1),
        ] {
            playing.simulator.inject(wawp::REQUEST_CODE, fault).unwrap();
            let body = json!({ "phone_number": "441134960001" });
            let request = playing.demo(Method::POST, CODE).json(&body);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(json(answer).await["error"], name);
            assert_eq!(playing.simulator.ledger().len(), alive);
        }
        playing.demo(Method::POST, RESTART).send().await.unwrap();
    }
    let unknown = Fault::before(FaultKind::refusal("no_such_refusal"));
    assert!(playing.simulator.inject(wawp::QR, unknown).is_err());
}

#[tokio::test]
async fn the_phones_page_scans_the_screen_and_takes_a_code() {
    let playing = play().await;
    let phone = format!("/wawp/phone/{DEMO_INSTANCE_ID}");
    let (scan, enter) = (format!("{phone}/scan"), format!("{phone}/enter-code"));
    let html = playing.at(Method::GET, &phone).send().await.unwrap();
    let html = html.text().await.unwrap();
    for part in [&scan, &enter, r#"name="code""#] {
        assert!(html.contains(part), "{html}");
    }

    let nothing_shown = playing.at(Method::POST, &scan).send().await.unwrap();
    assert_eq!(nothing_shown.status(), 409);
    playing.wawp_qr().await;
    let scanned = playing.at(Method::POST, &scan).send().await.unwrap();
    assert_eq!(scanned.status(), 303);
    assert_eq!(playing.wawp_state(), SessionState::Working);

    playing.demo(Method::POST, LOGOUT).send().await.unwrap();
    let code = playing.wawp_code().await;
    for (typed, status) in [("WRONG123", 409), (&code, 303)] {
        let request = playing.at(Method::POST, &enter);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("code={typed}"));
        assert_eq!(request.send().await.unwrap().status(), status, "{typed}");
    }
    assert_eq!(playing.wawp_state(), SessionState::Working);
}

#[tokio::test]
async fn phones_are_used_over_the_control_plane() {
    let playing = play().await;
    let (scan, enter) = ("/__control/wawp/scan", "/__control/wawp/enter-code");
    let (payload, _) = playing.wawp_qr().await;
    let of = |key: &str, value: &str| json!({ "instance_id": DEMO_INSTANCE_ID, key: value });
    assert_eq!(playing.tell(scan, &of("payload", "2@other")).await.0, 409);
    assert_eq!(playing.tell(scan, &of("payload", &payload)).await.0, 204);
    assert_eq!(playing.wawp_state(), SessionState::Working);
    playing.demo(Method::POST, LOGOUT).send().await.unwrap();
    let code = playing.wawp_code().await;
    assert_eq!(playing.tell(enter, &of("code", "WRONG123")).await.0, 409);
    assert_eq!(playing.tell(enter, &of("code", &code)).await.0, 204);
    assert_eq!(playing.wawp_state(), SessionState::Working);
}
