//! 14: providers that ask to wait, or fail again and again.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, StatusCode, wawp};
use reqwest::Method;

use crate::harness::leaks::recorder;
use crate::harness::{Setup, World};

/// Where time stands still: what is left alone stays so until a test says otherwise.
async fn still() -> World {
    World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await
}

fn inject(world: &World, status: StatusCode, retry_after: Option<u64>, times: u32) {
    let kind = FaultKind::Status {
        status,
        retry_after: retry_after.map(Duration::from_secs),
    };
    let fault = Fault::before(kind).times(times);
    world.simulator.inject(wawp::MINT, fault).unwrap();
}

#[tokio::test]
async fn f14_who_asks_to_wait_is_not_asked_before() {
    for (said, heeded) in [(Some(7), 7), (None, 30), (Some(100_000), 300)] {
        let world = still().await;
        inject(&world, StatusCode::TOO_MANY_REQUESTS, said, 1);
        let told = world.send(world.issue()).await;
        let told = told.problem("upstream_rate_limited");
        assert_eq!(told["retry_after"], heeded);
        assert_eq!(world.calls(wawp::MINT), 1, "no second try within a request");
        for (waits, left) in [(0, heeded), (heeded - 1, 1)] {
            world.simulator.advance(Duration::from_secs(waits));
            let told = world.send(world.issue()).await;
            let told = told.problem("upstream_rate_limited");
            assert_eq!(told["retry_after"], left);
            assert_eq!(world.calls(wawp::MINT), 1);
        }
        world.simulator.advance(Duration::from_secs(1));
        world.issued().await;
        world.agreement("asked again").await;
    }
}

#[tokio::test]
async fn f14_who_fails_again_and_again_is_tried_by_one_call_after_a_while() {
    recorder();
    let world = still().await;
    inject(&world, StatusCode::INTERNAL_SERVER_ERROR, None, 6);
    for _ in 0..5 {
        world.send(world.issue()).await.problem("upstream_error");
    }
    assert_eq!(world.calls(wawp::MINT), 5);
    let told = world.send(world.issue()).await.problem("upstream_error");
    assert_eq!(told["retry_after"], 1);
    assert_eq!(world.calls(wawp::MINT), 5, "left alone");
    let metrics = world.metrics_text().await;
    let series = "pairlink_breaker_state{provider=\"wawp\",scope=\"connection\",state=\"open\"}";
    assert!(metrics.contains(series), "{metrics}");
    world.simulator.advance(Duration::from_millis(100));
    // One is let by, and fails: then it is left alone for twice as long.
    world.send(world.issue()).await.problem("upstream_error");
    assert_eq!(world.calls(wawp::MINT), 6);
    world.simulator.advance(Duration::from_millis(199));
    world.send(world.issue()).await.problem("upstream_error");
    assert_eq!(world.calls(wawp::MINT), 6);
    world.simulator.advance(Duration::from_millis(1));
    world.issued().await;
    world.issued().await;
    world.agreement("asked again").await;
}

#[tokio::test]
async fn f14_what_takes_back_is_never_held_up() {
    let world = still().await;
    world.issued().await;
    inject(&world, StatusCode::TOO_MANY_REQUESTS, Some(300), 1);
    let answer = world.send(world.issue()).await;
    answer.problem("upstream_rate_limited");
    assert_eq!(world.revoke().await["revocation"], "upstream");
    assert!(world.simulator.ledger().is_empty());
    // The other connection of the tenant goes its own way.
    let other = world.connect("default").await;
    let path = format!("/v1/connections/{other}/pass");
    let request = world.backend(Method::POST, &path);
    let asked = request.json(&serde_json::json!({ "method": "link" }));
    world.send(asked).await.json(201);
}
