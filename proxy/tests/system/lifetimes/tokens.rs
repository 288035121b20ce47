//! Tokens come from the store while they are good, and are renewed before they are not.

use pairlink_proxy::service::ServiceError;
use pairlink_simulator::{Fault, FaultKind, StatusCode, enablex};
use reqwest::Method;
use serde_json::json;

use super::{DAY, HOUR, MINUTE, Scene};
use crate::harness::eventually;

#[tokio::test]
async fn one_that_is_good_is_given_out_without_a_call() {
    let scene = Scene::at("enablex").await;
    assert_eq!(scene.health_of("api_token").await["state"], "absent");
    let first = scene.token().await.unwrap();
    assert!(scene.works(&first));
    for _time in 0..20 {
        let again = scene.token().await.unwrap();
        assert!(again.token.expose() == first.token.expose());
        assert_eq!(again.serial, first.serial);
    }
    assert_eq!(scene.world.calls(enablex::TOKEN), 1);
    let health = scene.health_of("api_token").await;
    assert_eq!(health["state"], "valid");
    assert_eq!(health["lifetime"], "from_response");
    assert_eq!(health["renewed_by"], "mint");
    assert_eq!(health["expires_at"], first.expires_at.to_string());
    let at = health["next_renewal_at"].as_str().unwrap().to_owned();
    assert!(at > scene.service().now().to_string() && at < first.expires_at.to_string());
}

#[tokio::test]
async fn those_who_ask_together_share_one_renewal() {
    let scene = Scene::at("enablex").await;
    let asked = (0..50).map(|_caller| scene.token());
    let tokens = futures_util::future::join_all(asked).await;
    let first = tokens[0].as_ref().unwrap();
    for token in &tokens {
        assert!(token.as_ref().unwrap().token.expose() == first.token.expose());
    }
    assert_eq!(scene.world.calls(enablex::TOKEN), 1);
}

#[tokio::test]
async fn one_that_was_refused_is_replaced_once_for_all_who_say_so() {
    let scene = Scene::at("enablex").await;
    let refused = scene.token().await.unwrap();
    let enablex = scene.world.simulator.enablex();
    enablex.forget_tokens(enablex::DEMO_APP_ID).unwrap();
    let asked = (0..20).map(|_caller| scene.newer_than(&refused));
    for token in futures_util::future::join_all(asked).await {
        let token = token.unwrap();
        assert!(token.serial > refused.serial && scene.works(&token));
    }
    // Who says it late gets what is there by then.
    assert!(scene.works(&scene.newer_than(&refused).await.unwrap()));
    assert_eq!(scene.world.calls(enablex::TOKEN), 2);
}

#[tokio::test]
async fn it_is_renewed_ahead_as_long_as_somebody_wants_it() {
    let scene = Scene::at("enablex").await;
    let first = scene.token().await.unwrap();
    for round in 2..6 {
        // The latest point is at 90 % of an hour.
        scene.advance(MINUTE * 55);
        eventually("the renewal", async || {
            scene.world.calls(enablex::TOKEN) == round && scene.to_come("expires_at").await
        })
        .await;
    }
    let calls = scene.world.calls(enablex::TOKEN);
    let later = scene.token().await.unwrap();
    assert!(later.serial > first.serial && scene.works(&later));
    assert_eq!(scene.world.calls(enablex::TOKEN), calls);
    // After a week without anybody it is left alone.
    scene.advance(DAY * 8);
    eventually("rest", async || {
        scene.health_of("api_token").await["next_renewal_at"].is_null()
    })
    .await;
    assert_eq!(scene.world.calls(enablex::TOKEN), calls);
    assert_eq!(scene.health_of("api_token").await["state"], "expired");
    assert!(scene.works(&scene.token().await.unwrap()));
    assert_eq!(scene.world.calls(enablex::TOKEN), calls + 1);
}

#[tokio::test]
async fn one_that_is_about_to_end_is_not_given_out() {
    let scene = Scene::at("enablex").await;
    let down = FaultKind::status(StatusCode::SERVICE_UNAVAILABLE);
    let first = scene.token().await.unwrap();
    let inject = |kind| {
        let lasting = Fault::before(kind).until_cleared();
        scene
            .world
            .simulator
            .inject(enablex::TOKEN, lasting)
            .unwrap();
    };
    inject(down);
    // While it cannot be renewed the old one serves.
    scene.advance(MINUTE * 59);
    let same = scene.token().await.unwrap();
    assert_eq!(same.serial, first.serial);
    scene.advance(std::time::Duration::from_secs(50));
    let failed = scene.token().await.err().unwrap();
    assert!(
        matches!(failed.code().as_str(), "upstream_error"),
        "{failed}"
    );
    scene.world.simulator.clear_faults();
    scene.advance(MINUTE * 6);
    assert!(scene.works(&scene.token().await.unwrap()));
}

#[tokio::test]
async fn a_provider_in_trouble_is_not_asked_by_every_caller() {
    let scene = Scene::at("enablex").await;
    let busy = FaultKind::Status {
        status: StatusCode::TOO_MANY_REQUESTS,
        retry_after: Some(std::time::Duration::from_secs(40)),
    };
    let inject = scene
        .world
        .simulator
        .inject(enablex::TOKEN, Fault::before(busy));
    inject.unwrap();
    let first = scene.token().await.err().unwrap();
    assert_eq!(first.code().as_str(), "upstream_rate_limited");
    for _time in 0..10 {
        let again = scene.token().await.err().unwrap();
        assert!(matches!(again, ServiceError::BackingOff { .. }), "{again}");
        assert_eq!(again.code().as_str(), "upstream_rate_limited");
        assert_eq!(again.retry_after(), Some(40));
    }
    assert_eq!(scene.world.calls(enablex::TOKEN), 1);
    assert_eq!(
        scene.health_of("api_token").await["last_error"],
        "upstream_rate_limited"
    );
    scene.advance(MINUTE);
    eventually("the next attempt, by itself", async || {
        scene.health_of("api_token").await["state"] == "valid"
    })
    .await;
    assert!(scene.works(&scene.token().await.unwrap()));
    assert_eq!(scene.world.calls(enablex::TOKEN), 2);
    assert!(scene.health().await["last_error"].is_null());
}

#[tokio::test]
async fn a_pass_is_a_token_that_nobody_has_and_a_revoked_one_is_given_to_nobody() {
    let scene = Scene::at("enablex").await;
    let earlier = scene.token().await.unwrap();
    let path = format!("/v1/connections/{}/pass", scene.connection.id);
    let asked = scene.world.backend(Method::POST, &path);
    let asked = asked.json(&json!({ "method": "token" }));
    let issued = scene.world.send(asked).await.json(201);
    let given = issued["pass"]["token"].as_str().unwrap().to_owned();
    assert!(given != earlier.token.expose());
    // Both are one: backends need not another.
    let shared = scene.token().await.unwrap();
    assert!(shared.token.expose() == given);
    let revoke = scene.world.backend(Method::DELETE, &path);
    let revoked = scene.world.send(revoke).await.json(200);
    assert_eq!(revoked["revocation"], "local_only");
    assert_eq!(revoked["dead_by"], issued["pass"]["expires_at"]);
    let after = scene.token().await.unwrap();
    assert!(after.token.expose() != given && scene.works(&after));
    scene.advance(HOUR);
}

#[tokio::test]
async fn connections_without_tokens_say_so() {
    let scene = Scene::at("enablex").await;
    let world = &scene.world;
    let wawp = world.connect_to("wawp", &world.credentials()).await;
    let asked = scene
        .service()
        .api_token(&wawp, pairlink_proxy::service::Freshness::Valid);
    let refused = asked.await.err().unwrap();
    assert_eq!(refused.code().as_str(), "method_not_offered");
}
