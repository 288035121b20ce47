//! Accounts that die of age: people are reminded, each time once, and in the end nothing is done with them.

use pairlink_simulator::{enablex, wawp};
use reqwest::Method;
use serde_json::{Value, json};

use super::{DAY, Scene, account_at, still};
use crate::harness::world::random;
use crate::harness::{PATIENCE, World, eventually};
use crate::operation::assert_golden;

impl Scene {
    async fn patch(&self, change: Value) -> Value {
        let path = format!("/v1/connections/{}", self.connection.id);
        let request = self.world.backend(Method::PATCH, &path).json(&change);
        self.world.send(request).await.json(200)
    }

    /// Waits until so many notices were written; these, and none twice.
    async fn told(&self, kinds: &[&str]) {
        eventually("the reminders", async || {
            self.notices().await.len() >= kinds.len()
        })
        .await;
        assert_eq!(self.notices().await, kinds);
    }
}

const TOLD: [&str; 4] = [
    "credential.rotation_due",
    "credential.expiring",
    "credential.renewal_due",
    "credential.expired",
];

#[tokio::test]
async fn ninety_days() {
    let scene = Scene::at("enablex").await;
    let changed = scene
        .patch(json!({ "policy": { "lifetime": "fixed" } }))
        .await;
    let policy = json!({
        "lifetime": "fixed", "expires_after_days": 90, "renew_after_days": 80,
        "remind_after_days": 75, "rotate_after_days": 60,
    });
    assert_eq!(changed["policy"], policy);
    // Another process reminds as well, and the first one ends on the way.
    let other = scene.world.household.open().await;
    other.start().await.unwrap();
    let mut day = 0;
    for (at, next) in [60, 75, 80, 90].into_iter().enumerate() {
        scene.advance(DAY * (next - day - 1));
        scene.advance(std::time::Duration::from_millis(24 * 60 * 60 * 1000 - 1));
        assert!(scene.token().await.is_ok(), "before day {next}");
        scene.told(&TOLD[..at]).await;
        scene.advance(std::time::Duration::from_millis(1));
        scene.told(&TOLD[..=at]).await;
        let account = scene.health_of("account").await;
        assert_eq!(account["reminders"], json!(TOLD[..=at]));
        assert_eq!(account["state"], if next == 90 { "expired" } else { "due" });
        day = next;
        if next == 75 {
            other.close();
            other.finish(PATIENCE).await;
            let restarted = scene.world.household.open().await;
            restarted.start().await.unwrap();
        }
    }
    // Dead: not used any more, whoever asks, although the provider would take it.
    let calls = scene.world.calls(enablex::TOKEN);
    assert_eq!(scene.reason().await, "credentials_expired");
    let connection = scene
        .service()
        .connection_named(&scene.connection.id)
        .await
        .unwrap();
    let asked = pairlink_proxy::service::Freshness::Valid;
    let refused = scene.service().api_token(&connection, asked).await.err();
    assert_eq!(refused.unwrap().code().as_str(), "needs_credentials");
    let path = format!("/v1/connections/{}/pass", scene.connection.id);
    let request = scene.world.backend(Method::POST, &path);
    let request = request.json(&json!({ "method": "token" }));
    scene.world.send(request).await.problem("needs_credentials");
    scene.advance(DAY * 30);
    assert_eq!(scene.world.calls(enablex::TOKEN), calls);
    scene.told(&TOLD).await;

    // With new ones it begins anew.
    scene.rotate(&account_at("enablex")).await;
    assert!(scene.reason().await.is_null());
    assert_eq!(scene.health_of("account").await["state"], "valid");
    assert!(scene.works(&scene.token().await.unwrap()));
    scene.advance(DAY * 60);
    let again: Vec<_> = TOLD.iter().chain(&TOLD[..1]).copied().collect();
    scene.told(&again).await;
}

#[tokio::test]
async fn a_policy_that_changes_reminds_of_nothing_twice() {
    let scene = Scene::at("enablex").await;
    scene.advance(DAY * 76);
    scene
        .patch(json!({ "policy": { "lifetime": "fixed" } }))
        .await;
    scene.told(&TOLD[..2]).await;
    scene
        .patch(json!({ "policy": { "lifetime": "never" } }))
        .await;
    let days = json!({ "lifetime": "fixed", "expires_after_days": 180 });
    scene.patch(json!({ "policy": days })).await;
    // At 120 and 150 days of that one; both were told.
    scene.advance(DAY * 80);
    scene.told(&TOLD[..2]).await;
    scene.advance(DAY * 4);
    scene.told(&TOLD[..3]).await;
}

#[tokio::test]
async fn what_is_alive_is_taken_back_with_dead_credentials_too() {
    let world = World::start_bare(still()).await;
    let asked = json!({
        "provider": "wawp", "base_url": world.simulator.base_url(), "credentials": world.credentials(),
        "policy": { "lifetime": "fixed", "expires_after_days": 1 },
    });
    let request = world.backend(Method::POST, "/v1/connections").json(&asked);
    let added = world.send(request).await.json(201);
    let id = added["id"].as_str().unwrap();
    world
        .simulator
        .advance(std::time::Duration::from_mins(24 * 60 - 10));
    let pass = |method| world.backend(method, &format!("/v1/connections/{id}/pass"));
    let issue = || pass(Method::POST).json(&json!({ "method": "link" }));
    world.send(issue()).await.json(201);
    world.simulator.advance(std::time::Duration::from_mins(10));
    world.send(issue()).await.problem("needs_credentials");
    assert_eq!(world.calls(wawp::MINT), 1);
    let revoked = world.send(pass(Method::DELETE)).await.json(200);
    assert_eq!(revoked["revocation"], "upstream");
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn policies_that_cannot_be_are_refused_by_name() {
    let scene = Scene::at("enablex").await;
    let path = format!("/v1/connections/{}", scene.connection.id);
    let mut new = json!({ "provider": "enablex", "credentials": account_at("enablex") });
    for (policy, field) in [
        (
            json!({ "lifetime": "fixed", "expires_after_days": 0 }),
            "policy.expires_after_days",
        ),
        (
            json!({ "lifetime": "fixed", "expires_after_days": 3651 }),
            "policy.expires_after_days",
        ),
        (
            json!({ "lifetime": "fixed", "renew_after_days": 91 }),
            "policy.renew_after_days",
        ),
        (
            json!({ "lifetime": "fixed", "remind_after_days": 81 }),
            "policy.remind_after_days",
        ),
        (
            json!({ "lifetime": "fixed", "rotate_after_days": 76 }),
            "policy.rotate_after_days",
        ),
        (
            json!({ "lifetime": "never", "rotate_after_days": 60 }),
            "policy.rotate_after_days",
        ),
        (json!({ "lifetime": "from_response" }), "policy.lifetime"),
        (
            json!({ "lifetime": "fixed", "expires_after_days": -1 }),
            "policy.expires_after_days",
        ),
        (
            json!({ "lifetime": "fixed", "expire_after_days": 90 }),
            "expire_after_days",
        ),
        (json!({}), "lifetime"),
        (json!("fixed"), "policy"),
    ] {
        let request = scene.world.backend(Method::PATCH, &path);
        let request = request.json(&json!({ "policy": policy }));
        scene
            .world
            .send(request)
            .await
            .problem_of("invalid_field", field);
        new["policy"] = policy;
        let request = scene.world.backend(Method::POST, "/v1/connections");
        scene
            .world
            .send(request.json(&new))
            .await
            .problem_of("invalid_field", field);
    }
}

#[tokio::test]
async fn health_has_the_shape_of_the_golden_files() {
    let world = World::start().await;
    let health = world.of_connection(Method::GET, "/health");
    let mut golden = world.send(health).await.json(200);
    // What was never told is null here and something there.
    for (name, value) in [("state_checked_at", json!("x")), ("last_error", json!("x"))] {
        golden[name] = value;
    }
    assert_golden("connection_health.json", &golden);
    let secret = random(20);
    assert!(!golden.to_string().contains(&secret));
}
