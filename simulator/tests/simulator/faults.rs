//! What faults look like from outside, and what they leave behind.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, HeaderValue, StatusCode, wawp};
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::steps::{LINK, json, play};

const MINT: &str = wawp::MINT;

/// What came back for one call.
#[derive(Debug, PartialEq)]
enum Seen {
    /// Status, content type and body.
    Answer(u16, String, String),
    /// A status and then the end of the connection.
    CutShort(u16),
    /// The end of the connection.
    Nothing,
}

fn answer(status: u16, content_type: &str, body: &str) -> Seen {
    Seen::Answer(status, content_type.to_owned(), body.to_owned())
}

async fn see(request: reqwest::RequestBuilder) -> Seen {
    let Ok(response) = request.send().await else {
        return Seen::Nothing;
    };
    let status = response.status().as_u16();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    match response.text().await {
        Ok(body) => Seen::Answer(status, content_type, body),
        Err(_) => Seen::CutShort(status),
    }
}

#[tokio::test]
async fn a_fault_replaces_the_answer_and_before_the_effect_also_the_effect() {
    let json = "application/json";
    // Made as the answer is: the order of keys depends on what else is built along.
    let simulated = json!({ "status": "error", "message": "Simulated fault" }).to_string();
    let page = "<!doctype html><title>Welcome</title><h1>Please sign in to this network</h1>";
    let cases = [
        (
            FaultKind::status(StatusCode::INTERNAL_SERVER_ERROR),
            answer(500, json, &simulated),
        ),
        (
            FaultKind::Malformed,
            answer(200, json, r#"{"status": "success", "link": "#),
        ),
        (
            FaultKind::Html,
            answer(200, "text/html; charset=utf-8", page),
        ),
        (FaultKind::Empty, answer(200, json, "")),
        (FaultKind::Disconnect, Seen::Nothing),
        (FaultKind::Truncate, Seen::CutShort(200)),
    ];
    for (kind, expected) in cases {
        for (fault, alive) in [
            (Fault::before(kind.clone()), 0),
            (Fault::after(kind.clone()), 1),
        ] {
            let playing = play().await;
            playing.simulator.inject(MINT, fault).unwrap();
            let seen = see(playing.demo(Method::POST, LINK)).await;
            assert_eq!(seen, expected, "{kind:?}");
            assert_eq!(playing.alive().len(), alive, "{kind:?}");
            assert_eq!(playing.simulator.calls(MINT).unwrap(), 1);
            playing.mint().await;
        }
    }
}

#[tokio::test]
async fn a_fault_strikes_before_the_credentials_are_looked_at() {
    let playing = play().await;
    let teapot = FaultKind::status(StatusCode::IM_A_TEAPOT);
    playing
        .simulator
        .inject(MINT, Fault::before(teapot))
        .unwrap();
    let answer = playing.at(Method::POST, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 418);
}

#[tokio::test]
async fn a_status_can_say_when_to_come_back() {
    let playing = play().await;
    let kind = FaultKind::Status {
        status: StatusCode::TOO_MANY_REQUESTS,
        retry_after: Some(Duration::from_secs(17)),
    };
    playing.simulator.inject(MINT, Fault::before(kind)).unwrap();
    let answer = playing.demo(Method::POST, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "17");
}

#[tokio::test]
async fn a_redirect_says_where_to() {
    let playing = play().await;
    let kind = FaultKind::Redirect {
        status: StatusCode::PERMANENT_REDIRECT,
        location: HeaderValue::from_static("http://127.0.0.1:9/elsewhere"),
    };
    playing.simulator.inject(MINT, Fault::after(kind)).unwrap();
    let answer = playing.demo(Method::POST, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 308);
    assert_eq!(answer.headers()["location"], "http://127.0.0.1:9/elsewhere");
    assert_eq!(playing.alive().len(), 1);
}

#[tokio::test]
async fn a_huge_answer_is_64_mib_of_no_announced_length() {
    let playing = play().await;
    playing
        .simulator
        .inject(MINT, Fault::after(FaultKind::Huge))
        .unwrap();
    let mut answer = playing.demo(Method::POST, LINK).send().await.unwrap();
    assert_eq!(answer.content_length(), None);
    let mut length = 0;
    let mut last = None;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        length += chunk.len();
        last = chunk.last().copied();
    }
    let frame = r#"{"status":"success","message":""}"#.len();
    assert_eq!(length, 64 * 1024 * 1024 + frame);
    assert_eq!(last, Some(b'}'));
    assert_eq!(playing.alive().len(), 1);
}

/// Time is paused: what the stop grants to those who read slowly passes at once.
#[tokio::test(start_paused = true)]
async fn who_reads_no_further_does_not_keep_the_simulator_from_stopping() {
    let playing = play().await;
    playing
        .simulator
        .inject(MINT, Fault::before(FaultKind::Huge))
        .unwrap();
    let unread = playing.demo(Method::POST, LINK).send().await.unwrap();
    playing.simulator.stop().await;
    assert!(unread.bytes().await.is_err());
}

/// Time is paused: it passes only where somebody waits for it.
#[tokio::test(start_paused = true)]
async fn a_delay_takes_its_time_and_then_the_call_goes_on() {
    const DELAY: Duration = Duration::from_secs(45);
    for fault in [
        Fault::before(FaultKind::Delay(DELAY)),
        Fault::after(FaultKind::Delay(DELAY)),
    ] {
        let playing = play().await;
        playing.simulator.inject(MINT, fault).unwrap();
        let began = Instant::now();
        let link = playing.mint().await;
        assert!(began.elapsed() >= DELAY);
        assert_eq!(playing.alive(), [link]);
    }
}

/// Time is paused: it passes only if the stop has to wait for something.
#[tokio::test(start_paused = true)]
async fn a_stop_ends_what_hangs_or_is_delayed_or_held() {
    for kind in [
        FaultKind::Hang,
        FaultKind::Hold,
        FaultKind::Delay(Duration::from_hours(1)),
    ] {
        let playing = play().await;
        let simulator = &playing.simulator;
        simulator
            .inject(MINT, Fault::before(FaultKind::Hold))
            .unwrap();
        simulator.inject(MINT, Fault::after(kind.clone())).unwrap();
        let call = tokio::spawn(see(playing.demo(Method::POST, LINK)));
        simulator.held(MINT).await.unwrap();
        simulator.release();
        let began = Instant::now();
        playing.simulator.stop().await;
        // Had the call answered by itself, the answer would have been let through.
        assert_eq!(call.await.unwrap(), Seen::Nothing, "{kind:?}");
        assert_eq!(began.elapsed(), Duration::ZERO, "{kind:?}");
    }
}

#[tokio::test]
async fn dropping_the_handle_stops_it_too() {
    let playing = play().await;
    playing
        .simulator
        .inject(MINT, Fault::before(FaultKind::Hold))
        .unwrap();
    let call = tokio::spawn(see(playing.demo(Method::POST, LINK)));
    playing.simulator.held(MINT).await.unwrap();
    drop(playing.simulator);
    assert_eq!(call.await.unwrap(), Seen::Nothing);
}

#[tokio::test]
async fn a_held_call_stands_on_the_side_of_the_effect_that_was_asked_for() {
    for (fault, alive) in [
        (Fault::before(FaultKind::Hold), 0),
        (Fault::after(FaultKind::Hold), 1),
    ] {
        let playing = play().await;
        let simulator = &playing.simulator;
        simulator.inject(MINT, fault).unwrap();
        let call = tokio::spawn(playing.demo(Method::POST, LINK).send());
        simulator.held(MINT).await.unwrap();
        assert_eq!(playing.alive().len(), alive);
        assert_eq!(simulator.release(), 1);
        let link = json(call.await.unwrap().unwrap()).await["link"].clone();
        assert_eq!(playing.alive(), [link.as_str().unwrap()]);
        assert_eq!(simulator.release(), 0);
    }
}

#[tokio::test]
async fn a_call_is_carried_out_although_its_client_has_left() {
    let playing = play().await;
    let simulator = &playing.simulator;
    simulator
        .inject(MINT, Fault::before(FaultKind::Hold))
        .unwrap();
    simulator
        .inject(MINT, Fault::after(FaultKind::Hold))
        .unwrap();
    let call = tokio::spawn(playing.demo(Method::POST, LINK).send());
    simulator.held(MINT).await.unwrap();
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(playing.alive().len(), 0);
    simulator.release();
    // Held again: behind its effect.
    simulator.held(MINT).await.unwrap();
    assert_eq!(playing.alive().len(), 1);
}

#[tokio::test]
async fn a_release_frees_only_what_is_held_already() {
    let playing = play().await;
    let simulator = &playing.simulator;
    simulator
        .inject(MINT, Fault::before(FaultKind::Hold).until_cleared())
        .unwrap();
    assert_eq!(simulator.release(), 0);
    for _ in 0..2 {
        let call = tokio::spawn(playing.demo(Method::POST, LINK).send());
        simulator.held(MINT).await.unwrap();
        assert_eq!(simulator.release(), 1);
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    simulator.clear_faults();
    playing.mint().await;
}

#[tokio::test]
async fn faults_strike_their_own_call_as_often_as_asked() {
    let playing = play().await;
    let unavailable = FaultKind::status(StatusCode::SERVICE_UNAVAILABLE);
    let simulator = &playing.simulator;
    simulator
        .inject(MINT, Fault::before(unavailable.clone()).times(2))
        .unwrap();
    simulator
        .inject(wawp::REVOKE, Fault::before(unavailable).until_cleared())
        .unwrap();

    assert_eq!(playing.current_link().await, serde_json::Value::Null);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(
            playing
                .demo(Method::POST, LINK)
                .send()
                .await
                .unwrap()
                .status()
                .as_u16(),
        );
    }
    assert_eq!(seen, [503, 503, 200]);
    for _ in 0..3 {
        let answer = playing.demo(Method::DELETE, LINK).send().await.unwrap();
        assert_eq!(answer.status(), 503);
    }
    assert_eq!(playing.alive().len(), 1);
    simulator.clear_faults();
    let answer = playing.demo(Method::DELETE, LINK).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(simulator.calls(wawp::REVOKE).unwrap(), 4);
}

#[tokio::test]
async fn a_misspelt_call_is_an_error_everywhere() {
    let playing = play().await;
    let simulator = &playing.simulator;
    let misspelt = "wawp.temp_link.mnit";
    let error = simulator.inject(misspelt, Fault::before(FaultKind::Hang));
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains(misspelt) && message.contains(MINT),
        "{message}"
    );
    assert!(simulator.calls(misspelt).is_err());
    assert!(simulator.held(misspelt).await.is_err());
}
