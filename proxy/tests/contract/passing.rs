//! What backends ask of a provider in an account's name: let in, told what it said, and done once.

use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::Full;
use pairlink_proxy::domain::Actor;
use pairlink_proxy::outbound::{Replay, ReplayLimits};
use pairlink_proxy::provider::{ApiPath, NotAddressed};
use pairlink_proxy::service::{ServiceError, UpstreamRequest};
use pairlink_simulator::{Fault, FaultKind, StatusCode, wawp};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use super::cases::{ERRANDS, Errand, LOGINS};
use super::desk::Desk;
use super::house::House;
use super::log;

/// Sends the errand's request, and returns the status and the body of the answer.
async fn send(house: &House, errand: &Errand) -> Result<(u16, Vec<u8>), ServiceError> {
    let body = Full::new(Bytes::from_static(errand.body.as_bytes()));
    let limits = ReplayLimits {
        longest: 1 << 20,
        kept: 1 << 16,
    };
    let json = HeaderValue::from_static("application/json");
    let request = UpstreamRequest {
        method: errand.method.parse().unwrap(),
        path: ApiPath::parse(errand.path, None).unwrap(),
        headers: HeaderMap::from_iter([(CONTENT_TYPE, json)]),
        body: Replay::new(body, limits).unwrap(),
    };
    let actor = Actor::operator();
    let answer = house.service.pass_on(&house.connection, request, &actor);
    let answer = answer.await?;
    let pieces: Vec<_> = answer.body.collect().await;
    let pieces: Vec<Bytes> = pieces.into_iter().map(Result::unwrap).collect();
    Ok((answer.status.as_u16(), pieces.concat()))
}

#[track_caller]
fn assert_done(errand: &Errand, answer: &(u16, Vec<u8>)) {
    let (status, body) = answer;
    let text = String::from_utf8_lossy(body);
    assert_eq!(*status, 200, "{} {text}", errand.provider);
    let body: Value = serde_json::from_slice(body).unwrap();
    let done = body.pointer(errand.done).and_then(Value::as_str);
    assert!(done.is_some_and(|id| !id.is_empty()), "{text}");
}

async fn open(errand: &Errand) -> House {
    let house = House::open(errand.provider).await;
    if errand.provider == "wawp" {
        // It sends for a linked phone alone.
        let scanned = house.desk.simulator.wawp().scan(wawp::DEMO_INSTANCE_ID);
        scanned.unwrap();
    }
    house
}

#[tokio::test]
async fn what_is_asked_in_an_accounts_name_is_done_as_often_as_it_is_asked() {
    for errand in ERRANDS {
        let house = open(errand).await;
        for time in 1..=2 {
            let answer = send(&house, errand).await.unwrap();
            assert_done(errand, &answer);
            assert_eq!(house.desk.calls(errand.call), time, "{}", errand.call);
        }
        let log = log::text();
        for (at, secret) in house.desk.secrets().iter().enumerate() {
            assert!(!log.contains(secret), "secret {at} is in the log");
        }
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_nothing_else_is_sent_twice() {
    for errand in ERRANDS {
        for refusal in errand.token_refusals {
            let house = open(errand).await;
            let refused = Fault::before(FaultKind::refusal(refusal));
            house
                .desk
                .simulator
                .inject(errand.call, refused.clone())
                .unwrap();
            let answer = send(&house, errand).await.unwrap();
            assert_done(errand, &answer);
            assert_eq!(house.desk.calls(errand.call), 2, "{refusal}");
            // Twice refused is refused.
            let twice = refused.times(2);
            house.desk.simulator.inject(errand.call, twice).unwrap();
            let (status, _body) = send(&house, errand).await.unwrap();
            assert!((400..500).contains(&status), "{refusal}: {status}");
            assert_eq!(house.desk.calls(errand.call), 4, "{refusal}");
        }
    }
}

#[tokio::test]
async fn what_a_provider_says_is_passed_on_as_it_is() {
    for errand in ERRANDS {
        let house = open(errand).await;
        let (refusal, expected) = errand.other_refusal;
        let kind = if refusal.is_empty() {
            FaultKind::status(StatusCode::from_u16(expected).unwrap())
        } else {
            FaultKind::refusal(refusal)
        };
        for fault in [Fault::before(kind.clone()), Fault::after(kind)] {
            let calls = house.desk.calls(errand.call);
            house.desk.simulator.inject(errand.call, fault).unwrap();
            let (status, body) = send(&house, errand).await.unwrap();
            assert_eq!(status, expected, "{}", errand.provider);
            assert!(!body.is_empty());
            assert_eq!(house.desk.calls(errand.call) - calls, 1, "sent once");
        }
        // What is no answer at all is told as one of ours, and not repeated: it may have been done.
        for fault in [
            Fault::before(FaultKind::Disconnect),
            Fault::after(FaultKind::Disconnect),
        ] {
            let calls = house.desk.calls(errand.call);
            house.desk.simulator.inject(errand.call, fault).unwrap();
            let failed = send(&house, errand).await.err().unwrap();
            assert_eq!(failed.code().as_str(), "upstream_unreachable");
            assert_eq!(house.desk.calls(errand.call) - calls, 1, "sent once");
        }
        let answer = send(&house, errand).await.unwrap();
        assert_done(errand, &answer);
    }
}

#[tokio::test]
async fn every_provider_has_an_errand_and_keeps_something_to_itself() {
    let kept = |provider| match provider {
        "enablex" => "whatsapp/v1/token",
        "green-api" => "getAuthorizationCode",
        "wawp" => "v2/session/temp-link",
        "wazzup" => "v2/oauth/token",
        other => panic!("{other} keeps nothing"),
    };
    for (provider, _login) in LOGINS {
        assert!(ERRANDS.iter().any(|errand| errand.provider == *provider));
        let desk = Desk::open(provider).await;
        let path = ApiPath::parse(kept(*provider), None).unwrap();
        let addressed = desk.adapter.address(&desk.account, &path, None);
        assert_eq!(addressed.err(), Some(NotAddressed::Kept), "{provider}");
    }
}
