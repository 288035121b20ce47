//! Wawp's calls as documented.

use pairlink_simulator::wawp::{self, Refused, SessionState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::steps::{INFO, LINK, json, play, start_of_time};

const HALF_AN_HOUR_MS: u64 = 30 * 60 * 1000;

#[tokio::test]
async fn without_a_link_there_is_nothing_but_null() {
    let playing = play().await;
    let answer = playing.demo(Method::GET, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), r#"{"link":null}"#);
}

#[tokio::test]
async fn minting_answers_the_documented_strings() {
    let playing = play().await;
    let answer = playing.demo(Method::POST, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["date"], "Fri, 19 Jun 2026 18:55:00 GMT");
    let mut body = json(answer).await;
    let link = body["link"].take();
    let link = link.as_str().unwrap();
    assert_eq!(
        body,
        json!({
            "status": "success",
            "link": null,
            "expires_at": "2026-06-19T19:25:00.000Z",
            "message": "Temporary access link generated successfully",
        })
    );
    let page = format!("{}/temp-qr/", playing.simulator.base_url());
    let token = link.strip_prefix(&page).unwrap();
    assert_eq!(token.len(), 64);
    assert!(
        token
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    );
}

#[tokio::test]
async fn reading_tells_the_link_and_never_mints() {
    let playing = play().await;
    let link = playing.mint().await;
    for _ in 0..3 {
        let answer = playing.demo(Method::GET, LINK).send().await.unwrap();
        let body = json(answer).await;
        assert_eq!(body["link"], link);
        assert_eq!(body["status"], "success");
        assert_eq!(body["expires_at"], "2026-06-19T19:25:00.000Z");
        assert!(body["message"].is_string());
    }
    assert_eq!(playing.alive(), [link]);
}

#[tokio::test]
async fn minting_expires_the_earlier_link() {
    let playing = play().await;
    let first = playing.mint().await;
    playing.pass_time(1);
    let second = playing.mint().await;
    assert_ne!(first, second);
    assert_eq!(playing.current_link().await, second);
    assert_eq!(playing.alive(), [second]);
}

#[tokio::test]
async fn of_many_links_minted_at_once_one_lives() {
    let playing = play().await;
    let minting = (0..32).map(|_| playing.mint());
    let links = futures_util::future::join_all(minting).await;
    let alive = playing.alive();
    assert_eq!(alive.len(), 1);
    assert!(links.contains(&alive[0]));
    assert_eq!(playing.simulator.calls(wawp::MINT).unwrap(), 32);
}

#[tokio::test]
async fn a_link_dies_on_the_millisecond_after_half_an_hour() {
    let playing = play().await;
    let link = playing.mint().await;
    playing.pass_time(HALF_AN_HOUR_MS - 1);
    assert_eq!(playing.current_link().await, link);
    assert_eq!(playing.alive(), [link]);
    playing.pass_time(1);
    assert_eq!(playing.alive(), [""; 0]);
    assert_eq!(playing.current_link().await, Value::Null);
}

#[tokio::test]
async fn revoking_works_at_once_and_again() {
    let playing = play().await;
    playing.mint().await;
    for _ in 0..2 {
        let answer = playing.demo(Method::DELETE, LINK).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(json(answer).await["status"], "success");
        assert_eq!(playing.alive(), [""; 0]);
        assert_eq!(playing.current_link().await, Value::Null);
    }
}

#[tokio::test]
async fn the_ledger_says_whose_and_from_when_to_when() {
    let playing = play().await;
    let link = playing.mint().await;
    let ledger = playing.simulator.ledger();
    assert_eq!(ledger.len(), 1);
    let alive = &ledger[0];
    assert_eq!((alive.provider, alive.kind), ("wawp", "link"));
    assert_eq!(alive.account, wawp::DEMO_INSTANCE_ID);
    assert_eq!(alive.secret, link);
    assert_eq!(alive.issued_at, start_of_time());
    assert_eq!(
        alive.expires_at,
        start_of_time() + time::Duration::minutes(30)
    );
    assert!(!format!("{alive:?}").contains(&link));
}

/// Every call of the API, with its method and path.
fn calls() -> [(Method, &'static str); 4] {
    [
        (Method::GET, LINK),
        (Method::POST, LINK),
        (Method::DELETE, LINK),
        (Method::GET, INFO),
    ]
}

#[tokio::test]
async fn missing_parameters_are_400_and_wrong_ones_401_and_change_nothing() {
    let playing = play().await;
    let link = playing.mint().await;
    let (id, token) = (wawp::DEMO_INSTANCE_ID, wawp::DEMO_ACCESS_TOKEN);
    let cases = [
        (400, String::new()),
        (400, format!("?instance_id={id}")),
        (400, format!("?access_token={token}")),
        (400, format!("?instance_id=&access_token={token}")),
        (400, format!("?instance_id={id}&access_token=")),
        (
            400,
            format!("?instance_id={id}&instance_id={id}&access_token={token}"),
        ),
        (401, format!("?instance_id={id}&access_token=wrong")),
        (
            401,
            format!("?instance_id=DEMO00000002&access_token={token}"),
        ),
        (401, format!("?instance_id={token}&access_token={id}")),
    ];
    for (method, path) in calls() {
        for (status, query) in &cases {
            let request = playing.at(method.clone(), &format!("{path}{query}"));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), *status, "{method} {path}{query}");
            let body = json(answer).await;
            assert_eq!(body["status"], "error");
            assert!(body["message"].is_string());
        }
    }
    assert_eq!(playing.alive(), [link]);
}

#[tokio::test]
async fn credentials_count_only_in_the_query() {
    let playing = play().await;
    let body = json!({
        "instance_id": wawp::DEMO_INSTANCE_ID,
        "access_token": wawp::DEMO_ACCESS_TOKEN,
    });
    let request = playing.at(Method::POST, LINK).json(&body);
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert_eq!(playing.alive(), [""; 0]);
}

#[tokio::test]
async fn other_methods_and_paths_are_not_there() {
    let playing = play().await;
    let answer = playing.demo(Method::PUT, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    let answer = playing
        .demo(Method::GET, "/v2/session")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn the_session_tells_its_state_in_the_providers_words() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    let states = [
        (SessionState::Stopped, "STOPPED"),
        (SessionState::Starting, "STARTING"),
        (SessionState::ScanQrCode, "SCAN_QR_CODE"),
        (SessionState::Working, "WORKING"),
        (SessionState::Failed, "FAILED"),
    ];
    for (state, word) in states {
        wawp.set_session_state(wawp::DEMO_INSTANCE_ID, state)
            .unwrap();
        let answer = playing.demo(Method::GET, INFO).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            json(answer).await,
            json!({ "instance_id": wawp::DEMO_INSTANCE_ID, "status": word })
        );
    }
}

#[tokio::test]
async fn a_phone_scans_only_where_a_code_is_shown() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
    wawp.scan(wawp::DEMO_INSTANCE_ID).unwrap();
    assert_eq!(playing.status().await, "WORKING");
    wawp.scan(wawp::DEMO_INSTANCE_ID).unwrap();
    wawp.log_out(wawp::DEMO_INSTANCE_ID).unwrap();
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
    for state in [
        SessionState::Stopped,
        SessionState::Starting,
        SessionState::Failed,
    ] {
        wawp.set_session_state(wawp::DEMO_INSTANCE_ID, state)
            .unwrap();
        assert_eq!(
            wawp.scan(wawp::DEMO_INSTANCE_ID),
            Err(Refused::NoCodeToScan(state))
        );
        assert_eq!(wawp.session_state(wawp::DEMO_INSTANCE_ID), Ok(state));
    }
}

#[tokio::test]
async fn instances_do_not_touch_each_other() {
    let playing = play().await;
    let link = playing.mint().await;
    let wawp = playing.simulator.wawp();
    wawp.add_instance("OTHER0000002", "other-token").unwrap();
    let credentials = ("OTHER0000002", "other-token");

    let request = playing.authorized(Method::GET, LINK, credentials);
    assert_eq!(
        json(request.send().await.unwrap()).await["link"],
        Value::Null
    );
    let request = playing.authorized(Method::POST, LINK, credentials);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(playing.alive().len(), 2);
    let request = playing.authorized(Method::DELETE, LINK, credentials);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(playing.alive(), [link]);

    let mixed = ("OTHER0000002", wawp::DEMO_ACCESS_TOKEN);
    let request = playing.authorized(Method::GET, LINK, mixed);
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn an_instance_that_is_added_again_starts_afresh() {
    let playing = play().await;
    playing.mint().await;
    let wawp = playing.simulator.wawp();
    wawp.scan(wawp::DEMO_INSTANCE_ID).unwrap();
    wawp.add_instance(wawp::DEMO_INSTANCE_ID, wawp::DEMO_ACCESS_TOKEN)
        .unwrap();
    assert_eq!(playing.alive(), [""; 0]);
    assert_eq!(playing.status().await, "SCAN_QR_CODE");
}

#[tokio::test]
async fn what_is_no_instance_is_refused() {
    let playing = play().await;
    let wawp = playing.simulator.wawp();
    for id in ["", "SHORT", "THIRTEEN00013", "WITH/SLASH01", "ÜMLAUT00001"] {
        assert_eq!(wawp.add_instance(id, "token"), Err(Refused::NotInstanceId));
    }
    assert_eq!(
        wawp.add_instance("OTHER0000002", ""),
        Err(Refused::EmptyAccessToken)
    );
    assert_eq!(wawp.scan("OTHER0000002"), Err(Refused::UnknownInstance));
}
