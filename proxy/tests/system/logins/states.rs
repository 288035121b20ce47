//! What is made of the states that providers tell.

use std::time::Duration;

use pairlink_simulator::green_api::InstanceState;
use pairlink_simulator::wawp::{self, SessionState};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Setup, World, eventually};

async fn told(world: &World) -> Vec<String> {
    let query = "SELECT kind || ' ' || COALESCE(detail, '') FROM notices ORDER BY sequence";
    world.books().await.column(query).await
}

#[tokio::test]
async fn an_instance_that_starts_for_more_than_five_minutes_is_told_of_once() {
    let (world, green) = World::start_green(Setup::default()).await;
    let green_api = world.simulator.green_api();
    let enter = |state| green_api.set_state(&green.id_instance, state).unwrap();
    enter(InstanceState::Starting);
    let token = world.embed_token_for(&["read"], 3600).await;
    let mut events = world.events(&token).await;
    events.until_state("starting").await;
    world.simulator.advance(Duration::from_secs(290));
    let looked = world.calls(pairlink_simulator::green_api::STATE);
    eventually("it is looked at on", async || {
        world.calls(pairlink_simulator::green_api::STATE) > looked + 2
    })
    .await;
    assert_eq!(told(&world).await, ["connection.state starting"]);
    world.simulator.advance(Duration::from_secs(10));
    let stuck = "connection.needs_attention stuck_starting";
    eventually("it is told", async || {
        told(&world).await.contains(&stuck.to_owned())
    })
    .await;
    world.simulator.advance(Duration::from_mins(5));
    enter(InstanceState::NotAuthorized);
    events.until_state("waiting").await;
    enter(InstanceState::Starting);
    events.until_state("starting").await;
    let expected = [
        "connection.state starting",
        stuck,
        "connection.state waiting",
        "connection.state starting",
    ];
    assert_eq!(told(&world).await, expected);
    world.simulator.advance(Duration::from_mins(6));
    eventually("it is told again", async || told(&world).await.len() == 5).await;
}

#[tokio::test]
async fn wawps_states_are_understood() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until_state("waiting").await;
    for (state, expected) in [
        (SessionState::Stopped, "logged_out"),
        (SessionState::Starting, "starting"),
        (SessionState::Failed, "failed"),
        (SessionState::Working, "connected"),
        (SessionState::ScanQrCode, "waiting"),
    ] {
        world
            .simulator
            .wawp()
            .set_session_state(&world.instance_id, state)
            .unwrap();
        events.until_state(expected).await;
    }
}

#[tokio::test]
async fn an_account_that_is_refused_twice_needs_attention_until_it_is_accepted() {
    let world = World::start().await;
    for call in [wawp::INFO, wawp::MINT, wawp::READ] {
        let refused = FaultKind::Refusal("invalid_access_token".to_owned());
        let fault = Fault::before(refused).until_cleared();
        world.simulator.inject(call, fault).unwrap();
    }
    let health = async || {
        let request = world.of_connection(Method::GET, "/health");
        world.send(request).await.json(200)
    };
    // Once may be a mishap.
    world.send(world.issue()).await.problem("needs_credentials");
    assert_eq!(health().await["attention"], Value::Null);
    for _time in 0..2 {
        world.send(world.issue()).await.problem("needs_credentials");
    }
    assert_eq!(health().await["attention"]["reason"], "credentials_refused");
    let refused = "connection.needs_attention credentials_refused";
    assert_eq!(told(&world).await, [refused]);

    // What replaces them is tried at once.
    world.simulator.clear_faults();
    let replaced = json!({ "credentials": world.credentials() });
    let request = world.of_connection(Method::PATCH, "").json(&replaced);
    world.send(request).await.json(200);
    eventually("it is accepted", async || {
        health().await["attention"].is_null()
    })
    .await;
    let expected = [refused, "connection.recovered ", "connection.state waiting"];
    assert_eq!(told(&world).await, expected);
}
