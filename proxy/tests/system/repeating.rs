//! `Idempotency-Key`: repeating a request repeats its answer, and nothing else.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn the_same_key_gets_the_same_answer() {
    let world = World::start().await;
    world.issued().await;
    let first = world.send(world.issue_as("key-1")).await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let first = first.json(201);
    assert_eq!(first["replaced"], true);
    for _again in 0..3 {
        let again = world.send(world.issue_as("key-1")).await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        let again = again.json(201);
        assert_eq!(again["pass"], first["pass"]);
        assert_eq!(again["replaced"], first["replaced"]);
    }
    assert_eq!(world.calls(wawp::MINT), 2);
    // A page of the same connection speaks of the same request by the same key.
    let token = world.embed_token(&["issue"]).await;
    let request = world.page(Method::POST, "/v1/pass", &token);
    let request = request.header("idempotency-key", "key-1");
    let again = world.send(request.json(&json!({ "method": "link" }))).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert!(
        again
            .header("access-control-expose-headers")
            .contains("idempotent-replayed")
    );
    assert_eq!(again.json(201)["pass"], first["pass"]);
    // Another connection's keys are its own.
    let other = format!("/v1/connections/{}/pass", world.connect("acme").await);
    let request = world.backend(Method::POST, &other);
    let request = request.header("idempotency-key", "key-1");
    let other = world.send(request.json(&json!({ "method": "link" }))).await;
    assert!(!other.headers.contains_key("idempotent-replayed"));
    other.json(201);
    world.assert_log_is_clean(&[]);
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let world = World::start().await;
    world.send(world.issue_as("key-1")).await.json(201);
    // A connection with one method leaves no second request to make, so the first is made another in the store.
    world
        .meddle("UPDATE idempotency_keys SET request_hash = 'another'")
        .await;
    world
        .send(world.issue_as("key-1"))
        .await
        .problem("idempotency_key_reused");
    assert_eq!(world.calls(wawp::MINT), 1);
    world.agreement("after both").await;
}

#[tokio::test]
async fn a_key_whose_pass_has_ended_says_so() {
    let world = World::start().await;
    let ended = async |key: &str| {
        let minted = world.calls(wawp::MINT);
        world.send(world.issue_as(key)).await.problem("pass_ended");
        assert_eq!(world.calls(wawp::MINT), minted);
    };
    world.send(world.issue_as("replaced")).await.json(201);
    world.send(world.issue_as("revoked")).await.json(201);
    ended("replaced").await;
    world.revoke().await;
    ended("revoked").await;
    world.send(world.issue_as("expired")).await.json(201);
    world.simulator.advance(Duration::from_mins(30));
    ended("expired").await;
}

#[tokio::test]
async fn a_key_for_which_nothing_was_minted_may_be_used_again() {
    let world = World::start().await;
    let fault = FaultKind::status(pairlink_simulator::StatusCode::BAD_GATEWAY);
    world
        .simulator
        .inject(wawp::MINT, Fault::before(fault))
        .unwrap();
    world
        .send(world.issue_as("key-1"))
        .await
        .problem("upstream_error");
    let issued = world.send(world.issue_as("key-1")).await;
    assert!(!issued.headers.contains_key("idempotent-replayed"));
    issued.json(201);
    assert_eq!(world.calls(wawp::MINT), 2);
    world.agreement("after both").await;
}

#[tokio::test]
async fn a_key_has_a_form() {
    let world = World::start().await;
    let longest = "k".repeat(255);
    for key in ["", " ", "two words", "ké", "\t", &format!("{longest}k")] {
        let request = world.issue();
        let answer = world
            .send(request.header("idempotency-key", key.as_bytes()))
            .await;
        answer.problem_of("invalid_request", "idempotency-key");
    }
    assert_eq!(world.calls(wawp::MINT), 0);
    world.send(world.issue_as(&longest)).await.json(201);
}
