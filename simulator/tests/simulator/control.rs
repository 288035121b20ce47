//! The control plane over HTTP.

use pairlink_simulator::wawp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::steps::{LINK, Playing, json, play};

impl Playing {
    /// Tells the control plane something; returns the status and the body, null if there is none.
    pub(crate) async fn tell(&self, path: &str, body: &Value) -> (u16, Value) {
        self.control(self.at(Method::POST, path).json(body)).await
    }

    pub(crate) async fn ask(&self, path: &str) -> (u16, Value) {
        self.control(self.at(Method::GET, path)).await
    }

    async fn control(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let playing = play().await;
    let start = json!({ "now": "2026-06-19T18:55:00.000Z" });
    assert_eq!(playing.ask("/__control/clock").await, (200, start));
    let moved = json!({ "now": "2026-06-19T18:56:01.500Z" });
    let advance = json!({ "advance_ms": 61_500 });
    let told = playing.tell("/__control/clock", &advance).await;
    assert_eq!(told, (200, moved.clone()));
    assert_eq!(playing.ask("/__control/clock").await, (200, moved));
}

#[tokio::test]
async fn the_ledger_holds_what_is_alive_now() {
    let playing = play().await;
    let empty =
        json!({ "enablex": [], "green_api": [], "wawp": [], "wawp_pairing": [], "wazzup": [] });
    assert_eq!(playing.ask("/__control/ledger").await, (200, empty.clone()));
    let link = playing.mint().await;
    let mut one = empty.clone();
    one["wawp"] = json!([{
        "instance_id": wawp::DEMO_INSTANCE_ID,
        "link": link,
        "issued_at": "2026-06-19T18:55:00.000Z",
        "expires_at": "2026-06-19T19:25:00.000Z",
    }]);
    assert_eq!(playing.ask("/__control/ledger").await, (200, one));
    playing
        .tell("/__control/clock", &json!({ "advance_ms": 30 * 60 * 1000 }))
        .await;
    assert_eq!(playing.ask("/__control/ledger").await, (200, empty));
}

#[tokio::test]
async fn calls_are_counted_whatever_becomes_of_them() {
    let playing = play().await;
    playing.mint().await;
    playing.current_link().await;
    playing.current_link().await;
    playing.at(Method::DELETE, LINK).send().await.unwrap();
    let (status, counts) = playing.ask("/__control/calls").await;
    assert_eq!(status, 200);
    for (call, count) in counts.as_object().unwrap() {
        let expected = match call.as_str() {
            wawp::READ => 2,
            wawp::MINT | wawp::REVOKE => 1,
            _ => 0,
        };
        assert_eq!(count, expected, "{call}");
    }
    assert!(counts.get(wawp::INFO).is_some());
}

#[tokio::test]
async fn every_kind_of_fault_can_be_planned_and_cleared() {
    let playing = play().await;
    let kinds = [
        json!({ "kind": "status", "status": 503, "retry_after": 3 }),
        json!({ "kind": "refusal", "name": "server_not_found" }),
        json!({ "kind": "delay", "delay_ms": 5 }),
        json!({ "kind": "hang" }),
        json!({ "kind": "hold" }),
        json!({ "kind": "redirect", "status": 302, "location": "https://elsewhere.example" }),
        json!({ "kind": "json", "body": { "link": 7 } }),
        json!({ "kind": "malformed" }),
        json!({ "kind": "huge" }),
        json!({ "kind": "html" }),
        json!({ "kind": "empty" }),
        json!({ "kind": "disconnect" }),
        json!({ "kind": "truncate" }),
    ];
    for mut fault in kinds {
        for when in ["before", "after"] {
            fault["call"] = json!(wawp::MINT);
            fault["when"] = json!(when);
            fault["times"] = json!(0);
            let (status, body) = playing.tell("/__control/faults", &fault).await;
            assert_eq!(status, 201, "{fault} {body}");
        }
    }
    let cleared = playing
        .at(Method::DELETE, "/__control/faults")
        .send()
        .await
        .unwrap();
    assert_eq!(cleared.status(), 204);
    playing.mint().await;
}

#[tokio::test]
async fn a_planned_fault_strikes_once_unless_told_otherwise() {
    let playing = play().await;
    let fault = |times: Value| {
        json!({
            "call": wawp::READ, "when": "before", "kind": "status", "status": 429, "retry_after": 7, "times": times
        })
    };
    for (times, expected) in [
        (Value::Null, [429, 200, 200]),
        (json!(2), [429, 429, 200]),
        (json!(0), [429, 429, 429]),
    ] {
        playing.tell("/__control/faults", &fault(times)).await;
        for status in expected {
            let answer = playing.demo(Method::GET, LINK).send().await.unwrap();
            assert_eq!(answer.status(), status);
            let wait = answer.headers().get("retry-after");
            assert_eq!(wait.is_some_and(|wait| wait == "7"), status == 429);
        }
    }
}

#[tokio::test]
async fn a_held_call_is_waited_for_and_released() {
    let playing = play().await;
    let fault = json!({ "call": wawp::MINT, "when": "after", "kind": "hold" });
    playing.tell("/__control/faults", &fault).await;
    let held = playing.at(Method::GET, "/__control/held?call=wawp.temp_link.mint");
    let held = tokio::spawn(held.send());
    let call = tokio::spawn(playing.demo(Method::POST, LINK).send());
    assert_eq!(held.await.unwrap().unwrap().status(), 204);
    assert_eq!(playing.alive().len(), 1);
    let released = playing.tell("/__control/release", &Value::Null).await;
    assert_eq!(released, (200, json!({ "released": 1 })));
    assert_eq!(call.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn wawp_is_steered() {
    let playing = play().await;
    let id = "OTHER0000002";
    let instance = json!({ "instance_id": id, "access_token": "other-token" });
    let added = playing.tell("/__control/wawp/instances", &instance).await;
    assert_eq!(added, (201, Value::Null));
    let state = || playing.simulator.wawp().session_state(id).unwrap();
    let whose = json!({ "instance_id": id });
    let failed = json!({ "instance_id": id, "status": "FAILED" });
    let waiting = json!({ "instance_id": id, "status": "SCAN_QR_CODE" });
    let (session, scan, log_out) = (
        "/__control/wawp/session",
        "/__control/wawp/scan",
        "/__control/wawp/log-out",
    );
    for (path, body, status, then) in [
        (session, &failed, 204, wawp::SessionState::Failed),
        (scan, &whose, 409, wawp::SessionState::Failed),
        (session, &waiting, 204, wawp::SessionState::ScanQrCode),
        (scan, &whose, 204, wawp::SessionState::Working),
        (log_out, &whose, 204, wawp::SessionState::ScanQrCode),
    ] {
        assert_eq!(playing.tell(path, body).await.0, status, "{path}");
        assert_eq!(state(), then, "{path}");
    }
    let nobody = json!({ "instance_id": "NOBODY000003" });
    assert_eq!(playing.tell(scan, &nobody).await.0, 404);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_done() {
    let playing = play().await;
    let (faults, clock, instances) = (
        "/__control/faults",
        "/__control/clock",
        "/__control/wawp/instances",
    );
    let fault = |with: Value| {
        let mut fault =
            json!({ "call": wawp::MINT, "when": "before", "kind": "empty", "times": 0 });
        fault
            .as_object_mut()
            .unwrap()
            .extend(with.as_object().unwrap().clone());
        fault
    };
    let cases = [
        (clock, json!({ "advance_ms": 1, "colour": 2 }), "colour"),
        (clock, json!({ "advance_ms": -1 }), "advance_ms"),
        (clock, json!({}), "advance_ms"),
        (faults, fault(json!({ "colour": 1 })), "colour"),
        (
            faults,
            fault(json!({ "call": "wawp.temp_link.mnit" })),
            "wawp.temp_link.mnit",
        ),
        (faults, fault(json!({ "when": "during" })), "during"),
        (faults, fault(json!({ "kind": "explode" })), "explode"),
        (faults, fault(json!({ "status": 500 })), "status"),
        (faults, fault(json!({ "retry_after": 5 })), "retry_after"),
        (faults, fault(json!({ "delay_ms": 5 })), "delay_ms"),
        (faults, fault(json!({ "kind": "delay" })), "delay_ms"),
        (faults, fault(json!({ "kind": "refusal" })), "name"),
        (
            faults,
            fault(json!({ "kind": "refusal", "name": "no_such_refusal" })),
            "no_such_refusal",
        ),
        (faults, fault(json!({ "kind": "status" })), "status"),
        (
            faults,
            fault(json!({ "kind": "status", "status": 99 })),
            "status",
        ),
        (
            faults,
            fault(json!({ "kind": "status", "status": 101 })),
            "status",
        ),
        (
            faults,
            fault(json!({ "kind": "redirect", "status": 200, "location": "/" })),
            "status",
        ),
        (
            faults,
            fault(json!({ "kind": "redirect", "status": 302 })),
            "location",
        ),
        (
            faults,
            fault(json!({ "kind": "redirect", "status": 302, "location": "\n" })),
            "location",
        ),
        (faults, fault(json!({ "kind": "json" })), "body"),
        (faults, fault(json!({ "body": {} })), "body"),
        (faults, fault(json!({ "times": -1 })), "times"),
        (
            instances,
            json!({ "instance_id": "A", "access_token": "b" }),
            "instance_id",
        ),
        (
            instances,
            json!({ "instance_id": "OTHER0000002", "access_token": "" }),
            "access_token",
        ),
        (
            instances,
            json!({ "instance_id": "OTHER0000002", "token": "b" }),
            "token",
        ),
    ];
    for (path, body, named) in cases {
        let (status, answer) = playing.tell(path, &body).await;
        assert_eq!(status, 400, "{path} {body}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(named), "{path} {body}: {error}");
    }
    for (query, named) in [
        ("", "call"),
        ("?call=x", "x"),
        ("?call=x&colour=1", "colour"),
    ] {
        let (status, answer) = playing.ask(&format!("/__control/held{query}")).await;
        assert_eq!(status, 400, "{query}");
        assert!(answer["error"].as_str().unwrap().contains(named), "{query}");
    }
    assert_eq!(playing.simulator.now(), crate::steps::start_of_time());
    playing.mint().await;
}

/// A web page can only send JSON across origins when asked first, and nobody here says yes.
#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_refused() {
    let playing = play().await;
    let request = playing.at(Method::POST, "/__control/clock");
    let request = request
        .body(r#"{"advance_ms":1}"#)
        .header("content-type", "text/plain");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(json(answer).await["error"].is_string());
}
