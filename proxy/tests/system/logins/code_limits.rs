//! No phone is flooded with pairing codes.

use std::time::Duration;

use pairlink_proxy::domain::{Actor, ConnectionId, PassRequest, PhoneNumber, RequestId};
use pairlink_proxy::service::Earlier;
use pairlink_simulator::{Fault, FaultKind, StatusCode, green_api};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::harness::world::Green;
use crate::harness::{Setup, World};

const PHONE: &str = "+44 1134 960 001";

fn ask(world: &World, green: &Green, phone: &str) -> RequestBuilder {
    let path = format!("/v1/connections/{}/pass", green.connection);
    let asked = json!({ "method": "code", "phone_number": phone });
    world.backend(Method::POST, &path).json(&asked)
}

#[tokio::test]
async fn a_phone_is_sent_three_codes_in_a_quarter_of_an_hour_whoever_asks() {
    let (world, green) = World::start_green(Setup::default()).await;
    let (second, third) = (
        world.add_green("acme").await,
        world.add_green("other").await,
    );
    // However it is written, it is one phone.
    let ways = [
        (&green, PHONE),
        (&second, "0044 1134-960001"),
        (&third, "441134960001"),
    ];
    for (connection, phone) in ways {
        world.send(ask(&world, connection, phone)).await.json(201);
        world.simulator.advance(Duration::from_mins(1));
    }
    for (connection, phone) in ways {
        let refused = world.send(ask(&world, connection, phone)).await;
        let refused = refused.problem("too_many_requests");
        let seconds = refused["retry_after"].as_u64().unwrap();
        // The first was asked for three minutes ago.
        assert!((710..=720).contains(&seconds), "{seconds}");
    }
    assert_eq!(world.calls(green_api::AUTHORIZATION_CODE), 3);
    world
        .send(ask(&world, &green, "+44 1134 960 002"))
        .await
        .json(201);
    // As soon as it was said, and not before.
    world.simulator.advance(Duration::from_mins(12));
    world.send(ask(&world, &green, PHONE)).await.json(201);
    let refused = world.send(ask(&world, &second, PHONE)).await;
    let seconds = refused.problem("too_many_requests")["retry_after"].as_u64();
    assert!((1..=60).contains(&seconds.unwrap()), "{seconds:?}");
    world.assert_log_is_clean(&[("the phone number", "441134960001")]);
}

#[tokio::test]
async fn replicas_count_together_and_at_once() {
    let (world, green) = World::start_green(Setup::default()).await;
    let other = world.household.open().await;
    let id = ConnectionId::from_text(world.add_green("acme").await.connection);
    let name = RequestId::random(&mut rand::rng());
    let caller = other.authenticate(&world.key, name).await.unwrap();
    let connection = other.reach(&caller, &id).await.unwrap();
    let request = PassRequest::Code(PhoneNumber::parse(PHONE).unwrap());
    let actor = Actor::operator();
    let mut issued = 0;
    for _round in 0..3 {
        let (here, there) = tokio::join!(
            world.send(ask(&world, &green, PHONE)),
            other.issue_pass(&connection, &request, Earlier::Replace, None, &actor),
        );
        issued += usize::from(here.status == 201) + usize::from(there.is_ok());
    }
    assert_eq!(issued, 3);
    assert_eq!(world.calls(green_api::AUTHORIZATION_CODE), 3);
    other.close();
}

#[tokio::test]
async fn a_repeated_request_counts_once() {
    let (world, green) = World::start_green(Setup::default()).await;
    for _time in 0..5 {
        let request = ask(&world, &green, PHONE).header("idempotency-key", "one");
        world.send(request).await.json(201);
    }
    for _code in 0..2 {
        world.send(ask(&world, &green, PHONE)).await.json(201);
    }
    let refused = world.send(ask(&world, &green, PHONE)).await;
    refused.problem("too_many_requests");
}

#[tokio::test]
async fn what_may_have_reached_the_provider_counts_and_what_cannot_have_does_not() {
    let (world, green) = World::start_green(Setup::default()).await;
    let call = green_api::AUTHORIZATION_CODE;
    // Nobody listens there: nothing was sent, however often.
    let asked = json!({
        "provider": "green-api", "base_url": "http://127.0.0.1:1",
        "credentials": { "id_instance": "1101000009", "api_token_instance": "nobody-listens-there" },
    });
    let request = world.backend(Method::POST, "/v1/connections").json(&asked);
    let added = world.send(request).await.json(201);
    let nowhere = Green {
        connection: added["id"].as_str().unwrap().to_owned(),
        id_instance: String::new(),
        token: String::new(),
    };
    for _time in 0..5 {
        let failed = world.send(ask(&world, &nowhere, PHONE)).await;
        failed.problem("upstream_unreachable");
    }
    for (kind, code) in [
        (FaultKind::Disconnect, "upstream_unreachable"),
        (FaultKind::status(StatusCode::BAD_GATEWAY), "upstream_error"),
        (FaultKind::refusal("status_false"), "provider_refused"),
    ] {
        world.simulator.inject(call, Fault::before(kind)).unwrap();
        world.send(ask(&world, &green, PHONE)).await.problem(code);
    }
    let refused = world.send(ask(&world, &green, PHONE)).await;
    refused.problem("too_many_requests");
    assert_eq!(world.calls(call), 3);
}

#[tokio::test]
async fn what_was_counted_stands_nowhere_in_the_clear() {
    let (world, green) = World::start_green(Setup::default()).await;
    world.send(ask(&world, &green, PHONE)).await.json(201);
    let everything = world.books().await.everything().await.join("\n");
    assert!(everything.contains("code_requests: "));
    for form in ["441134960001", "1134960001", PHONE] {
        assert!(!everything.contains(form), "{form}");
    }
}
