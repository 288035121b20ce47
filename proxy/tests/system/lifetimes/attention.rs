//! An account that the provider refuses is left alone, and people are told; and told again when it works.

use pairlink_simulator::{Fault, FaultKind, StatusCode, enablex, wazzup};
use reqwest::Method;
use serde_json::json;

use super::{DAY, HOUR, MINUTE, Scene, account_at};
use crate::harness::eventually;
use crate::harness::receiver::Receiver;

fn block(scene: &Scene, blocked: bool) {
    let enablex = scene.world.simulator.enablex();
    enablex.set_active(enablex::DEMO_APP_ID, !blocked).unwrap();
}

#[tokio::test]
async fn two_refusals_are_enough() {
    let scene = Scene::at("enablex").await;
    let receiver = Receiver::open().await;
    let request = scene.world.backend(Method::POST, "/v1/webhooks");
    let hook = request.json(&json!({ "url": receiver.url }));
    let hook = scene.world.send(hook).await.json(201);
    block(&scene, true);
    let refused = scene.token().await.err().unwrap();
    assert_eq!(refused.code().as_str(), "needs_credentials");
    assert_eq!(scene.world.calls(enablex::TOKEN), 2);
    // From now on nobody calls, whoever asks.
    let path = format!("/v1/connections/{}/pass", scene.connection.id);
    for _time in 0..5 {
        let refused = scene.token().await.err().unwrap();
        assert_eq!(refused.code().as_str(), "needs_credentials");
        let asked = scene.world.backend(Method::POST, &path);
        let asked = asked.json(&json!({ "method": "token" }));
        scene.world.send(asked).await.problem("needs_credentials");
    }
    assert_eq!(scene.world.calls(enablex::TOKEN), 2);

    let health = scene.health().await;
    assert_eq!(health["attention"]["reason"], "credentials_refused");
    assert_eq!(health["last_error"], "needs_credentials");
    assert_eq!(scene.health_of("account").await["state"], "refused");
    let path = format!("/v1/connections/{}", scene.connection.id);
    let seen = scene.world.send(scene.world.backend(Method::GET, &path));
    assert_eq!(seen.await.json(200)["attention"], health["attention"]);

    // Probes come after 15, 30, 60 … minutes, one call each.
    for (probe, minutes) in [(3, 15), (4, 30), (5, 60)] {
        scene.advance(MINUTE * (minutes - 1));
        assert!(scene.token().await.is_err());
        assert_eq!(scene.world.calls(enablex::TOKEN), probe - 1);
        scene.advance(MINUTE);
        eventually("the probe", async || {
            scene.world.calls(enablex::TOKEN) == probe && scene.to_come("next_renewal_at").await
        })
        .await;
    }
    block(&scene, false);
    scene.advance(HOUR * 2);
    eventually("recovery", async || scene.reason().await.is_null()).await;
    assert!(scene.works(&scene.token().await.unwrap()));
    assert_eq!(scene.world.calls(enablex::TOKEN), 6);
    let posted = receiver.receives(2).await;
    let secret = hook["secret"].as_str().unwrap();
    let mut messages: Vec<_> = posted.iter().map(|one| one.verified(secret)).collect();
    messages.sort_by_key(|message| message["timestamp"].as_str().unwrap().to_owned());
    assert_eq!(messages[0]["type"], "connection.needs_attention");
    assert_eq!(messages[0]["data"]["reason"], "credentials_refused");
    assert_eq!(messages[1]["type"], "connection.recovered");
    let told = [
        "connection.needs_attention credentials_refused",
        "connection.recovered",
    ];
    assert_eq!(scene.notices().await, told);
}

#[tokio::test]
async fn one_refusal_is_none() {
    let scene = Scene::at("enablex").await;
    let refusal = FaultKind::refusal("authentication_failed");
    let inject = scene
        .world
        .simulator
        .inject(enablex::TOKEN, Fault::before(refusal));
    inject.unwrap();
    assert!(scene.works(&scene.token().await.unwrap()));
    assert_eq!(scene.world.calls(enablex::TOKEN), 2);
    assert!(scene.notices().await.is_empty());
}

#[tokio::test]
async fn new_credentials_end_it_at_once() {
    let scene = Scene::at("enablex").await;
    block(&scene, true);
    assert!(scene.token().await.is_err());
    block(&scene, false);
    let enablex = scene.world.simulator.enablex();
    enablex.add_app("another-app", "another-key-of-it").unwrap();
    let another = json!({ "app_id": "another-app", "app_key": "another-key-of-it" });
    scene.rotate(&another).await;
    eventually("recovery", async || scene.reason().await.is_null()).await;
    let token = scene.token().await.unwrap();
    assert!(scene.works(&token));
    assert_eq!(scene.world.calls(enablex::TOKEN), 3);
    // What the earlier account bought is not given out any more.
    scene.rotate(&account_at("enablex")).await;
    let anew = scene.token().await.unwrap();
    assert!(anew.token.expose() != token.token.expose() && anew.serial > token.serial);
}

#[tokio::test]
async fn after_a_long_time_too_new_credentials_are_tried_and_recovery_is_told() {
    let scene = Scene::at("enablex").await;
    block(&scene, true);
    assert!(scene.token().await.is_err());
    let wrong = json!({ "app_id": enablex::DEMO_APP_ID, "app_key": "not-the-key-of-it" });
    scene.rotate(&wrong).await;
    // Tried twice by itself, as the first ones were.
    eventually("the refusal", async || {
        scene.world.calls(enablex::TOKEN) == 4 && scene.to_come("next_renewal_at").await
    })
    .await;
    assert_eq!(scene.reason().await, "credentials_refused");
    block(&scene, false);
    scene.advance(DAY * 10);
    eventually("a probe", async || {
        scene.world.calls(enablex::TOKEN) == 5 && scene.to_come("next_renewal_at").await
    })
    .await;
    // Nobody asked for a week, and yet somebody waits to hear of it.
    scene.rotate(&account_at("enablex")).await;
    eventually("recovery", async || scene.reason().await.is_null()).await;
    let told = [
        "connection.needs_attention credentials_refused",
        "connection.recovered",
    ];
    assert_eq!(scene.notices().await, told);
}

#[tokio::test]
async fn trouble_that_outlives_the_token_is_told_of() {
    let scene = Scene::at("enablex").await;
    scene.token().await.unwrap();
    let down = Fault::before(FaultKind::status(StatusCode::BAD_GATEWAY)).until_cleared();
    scene.world.simulator.inject(enablex::TOKEN, down).unwrap();
    scene.advance(MINUTE * 55);
    eventually("a failure", async || {
        scene.health_of("api_token").await["last_error"] == "upstream_error"
    })
    .await;
    assert!(scene.reason().await.is_null());
    assert!(scene.token().await.is_ok());
    scene.advance(MINUTE * 6);
    eventually("attention", async || {
        scene.reason().await == "renewal_failing"
    })
    .await;
    scene.world.simulator.clear_faults();
    scene.advance(MINUTE * 6);
    eventually("recovery", async || scene.reason().await.is_null()).await;
    let told = [
        "connection.needs_attention renewal_failing",
        "connection.recovered",
    ];
    assert_eq!(scene.notices().await, told);
}

#[tokio::test]
async fn a_partner_who_is_refused_costs_two_calls() {
    let scene = Scene::at("wazzup").await;
    let wazzup = scene.world.simulator.wazzup();
    wazzup
        .set_partner_active(wazzup::DEMO_EMAIL, false)
        .unwrap();
    assert!(scene.token().await.is_err());
    assert_eq!(scene.world.calls(wazzup::MACHINE_TOKEN), 2);
    assert_eq!(scene.world.calls(wazzup::EXCHANGE), 0);
    assert_eq!(scene.reason().await, "credentials_refused");
    wazzup.set_partner_active(wazzup::DEMO_EMAIL, true).unwrap();
    scene.advance(DAY);
    eventually("recovery", async || scene.reason().await.is_null()).await;
}

#[tokio::test]
async fn a_customer_who_is_not_the_partners_costs_two_exchanges() {
    let scene = Scene::at("wazzup").await;
    let mut other = account_at("wazzup");
    other["account_id"] = json!("87654321");
    scene.rotate(&other).await;
    assert!(scene.token().await.is_err());
    assert_eq!(scene.world.calls(wazzup::MACHINE_TOKEN), 2);
    assert_eq!(scene.world.calls(wazzup::EXCHANGE), 2);
    assert_eq!(scene.reason().await, "credentials_refused");
    assert!(scene.token().await.is_err());
    assert_eq!(scene.world.calls(wazzup::EXCHANGE), 2);
}
