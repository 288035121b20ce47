//! `GET /v1/audit`.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::eventually;
use crate::harness::world::{Setup, World};
use crate::operation::assert_golden;

async fn page(world: &World, key: &str, query: &str) -> Value {
    let request = world.at(Method::GET, &format!("/v1/audit{query}"));
    world.send(request.bearer_auth(key)).await.json(200)
}

/// The actions on a page.
fn actions(page: &Value) -> Vec<&str> {
    let entries = page["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_key_sees_what_is_about_its_tenant() {
    let world = World::start().await;
    let acme = world.key_of("acme").await;
    let (own, other) = (world.connect("acme").await, world.connect("globex").await);
    let all = async || page(&world, &world.key, "").await;
    eventually("everything sealed", async || {
        actions(&all().await).len() == 5
    })
    .await;
    let all = all().await;
    assert_eq!(all["next"], Value::Null);
    let positions: Vec<i64> = all["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["position"].as_i64().unwrap())
        .collect();
    assert_eq!(positions, [1, 2, 3, 4, 5]);

    let seen = page(&world, acme.token.expose(), "").await;
    assert_eq!(actions(&seen), ["api_key.create", "connection.create"]);
    assert_eq!(seen["entries"][1]["object"], own.as_str());
    assert_eq!(
        seen["entries"][1]["actor"],
        json!({ "kind": "api_key", "id": world.key_id })
    );
    assert_golden(
        "audit_page.json",
        &json!({ "entries": [seen["entries"][1]], "next": null }),
    );

    let of = async |key: &str, connection: &str| {
        page(&world, key, &format!("?connection={connection}")).await
    };
    assert_eq!(
        actions(&of(&world.key, &other).await),
        ["connection.create"]
    );
    assert!(actions(&of(acme.token.expose(), &other).await).is_empty());
    assert_eq!(
        actions(&page(&world, &world.key, "?after=4").await).len(),
        1
    );
    let at = seen["entries"][1]["at"].as_str().unwrap();
    assert!(!actions(&page(&world, &world.key, &format!("?since={at}")).await).is_empty());
    assert!(actions(&page(&world, &world.key, "?since=2099-01-01T00:00:00Z").await).is_empty());

    for (query, field) in [
        ("after=x", "after"),
        ("after=", "after"),
        ("since=today", "since"),
        ("limit=1", "limit"),
    ] {
        let request = world.backend(Method::GET, &format!("/v1/audit?{query}"));
        let problem = world.send(request).await.problem("invalid_field");
        assert_eq!(problem["field"], field, "{query}");
    }
}

#[tokio::test]
async fn it_is_read_a_hundred_at_a_time() {
    let world = World::start_bare(Setup::default()).await;
    for _row in 0..120 {
        world.key_of("acme").await;
    }
    eventually("everything sealed", async || {
        actions(&page(&world, &world.key, "?after=120").await).len() == 1
    })
    .await;
    let first = page(&world, &world.key, "").await;
    assert_eq!(
        (actions(&first).len(), &first["next"]),
        (100, &json!("100"))
    );
    let second = page(&world, &world.key, "?after=100").await;
    assert_eq!(
        (actions(&second).len(), &second["next"]),
        (21, &Value::Null)
    );
}

#[tokio::test]
async fn callers_that_were_not_let_in_are_one_row() {
    let setup = Setup {
        still: true,
        ..Setup::default()
    };
    let world = World::start_bare(setup).await;
    for _try in 0..5 {
        let request = world
            .at(Method::GET, "/v1/connections")
            .bearer_auth("plk_wrong");
        world.send(request).await.problem("unauthenticated");
    }
    world.simulator.advance(Duration::from_secs(61));
    let refused = "SELECT object FROM audit WHERE action = 'api_key.refuse'";
    let mut books = world.books().await;
    eventually("one row", async || books.column(refused).await == ["5"]).await;
}
