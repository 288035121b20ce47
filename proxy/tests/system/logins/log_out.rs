//! `DELETE /v1/session` and `DELETE /v1/connections/{id}/session`.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, StatusCode, green_api, wawp};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::harness::world::ORIGIN;
use crate::harness::{Setup, World, eventually, in_time};

impl World {
    fn log_out(&self) -> RequestBuilder {
        self.of_connection(Method::DELETE, "/session")
    }

    fn is_linked(&self) -> bool {
        let state = self.simulator.wawp().session_state(&self.instance_id);
        state.unwrap() == wawp::SessionState::Working
    }

    fn link(&self) {
        self.simulator.wawp().scan(&self.instance_id).unwrap();
    }
}

/// The audit's words on log-outs, in order.
async fn audited(world: &World) -> Vec<String> {
    let query = "SELECT actor_kind || ' ' || outcome FROM audit WHERE action = 'session.log_out' ORDER BY sequence";
    world.books().await.column(query).await
}

/// The states that the host's backend is told of, in order.
async fn notices(world: &World) -> Vec<String> {
    let query = "SELECT detail FROM notices WHERE kind = 'connection.state' ORDER BY sequence";
    world.books().await.column(query).await
}

#[tokio::test]
async fn a_page_ends_the_login_and_every_page_hears_of_it() {
    let world = World::start().await;
    let token = world.embed_token(&["read", "logout"]).await;
    let mut events = world.events(&token).await;
    events.until_state("waiting").await;
    world.link();
    events.until_state("connected").await;
    let request = world.page(Method::DELETE, "/v1/session", &token);
    let ended = world.send(request).await;
    ended.is_private();
    assert_eq!(ended.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(ended.json(200)["state"], "waiting");
    assert!(!world.is_linked());
    events.until_state("waiting").await;
    assert_eq!(
        audited(&world).await,
        ["embed_token started", "embed_token done"]
    );
    assert_eq!(notices(&world).await, ["waiting", "connected", "waiting"]);
    // The next phone may come at once.
    world.issued().await;
    world.assert_log_is_clean(&[("embed token", &token)]);
}

#[tokio::test]
async fn only_a_page_that_may_ends_the_login() {
    let world = World::start().await;
    world.link();
    let token = world
        .embed_token(&["read", "issue", "revoke", "token"])
        .await;
    let request = |token: &str| world.page(Method::DELETE, "/v1/session", token);
    let refused = world.send(request(&token)).await;
    refused.problem("action_not_allowed");
    let token = world.embed_token(&["logout"]).await;
    let elsewhere = world.at(Method::DELETE, "/v1/session").bearer_auth(&token);
    let elsewhere = elsewhere.header("origin", "https://evil.example");
    world.send(elsewhere).await.problem("origin_not_allowed");
    world.simulator.advance(Duration::from_mins(15));
    world.send(request(&token)).await.problem("token_expired");
    assert_eq!(world.calls(wawp::LOGOUT), 0);
    assert!(world.is_linked());
}

#[tokio::test]
async fn browsers_are_told_that_pages_may_ask() {
    let world = World::start().await;
    world.embed_token(&["logout"]).await;
    for (origin, allowed) in [(ORIGIN, true), ("https://evil.example", false)] {
        let request = world.at(Method::OPTIONS, "/v1/session");
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", "DELETE");
        let answer = world.send(request).await;
        assert_eq!(answer.status, 204);
        let admits = answer.headers.contains_key("access-control-allow-origin");
        assert_eq!(admits, allowed, "{origin}");
    }
}

#[tokio::test]
async fn a_backend_ends_the_login_of_its_own_connection_as_often_as_it_likes() {
    let world = World::start().await;
    let other = world.key_of("somebody-else").await;
    world.link();
    let path = format!("/v1/connections/{}/session", world.connection);
    let foreign = world
        .at(Method::DELETE, &path)
        .bearer_auth(other.token.expose());
    world.send(foreign).await.problem("not_found");
    assert!(world.is_linked());
    for _time in 0..3 {
        let ended = world.send(world.log_out()).await.json(200);
        assert_eq!(ended["state"], "waiting");
        assert!(!world.is_linked());
    }
    assert_eq!(world.calls(wawp::LOGOUT), 1);
    let unknown = world.backend(Method::DELETE, "/v1/connections/con_none/session");
    world.send(unknown).await.problem("not_found");
}

#[tokio::test]
async fn green_api_says_that_a_phone_is_linked_and_lets_it_go() {
    let (world, green) = World::start_green(Setup::default()).await;
    let ask = || {
        let request = world.of_connection(Method::POST, "/pass");
        request.json(&json!({ "method": "code", "phone_number": "+44 1134 960 001" }))
    };
    world.send(ask()).await.json(201);
    world
        .simulator
        .green_api()
        .scan(&green.id_instance)
        .unwrap();
    world.send(ask()).await.problem("already_connected");
    let ended = world.send(world.log_out()).await.json(200);
    assert_eq!(ended["state"], "waiting");
    assert_eq!(world.calls(green_api::LOGOUT), 1);
    assert!(world.live().await.is_null());
    world.send(ask()).await.json(201);
}

#[tokio::test]
async fn a_provider_without_logins_ends_none() {
    let world = World::start().await;
    let asked = json!({
        "provider": "enablex", "base_url": world.simulator.base_url(),
        "credentials": { "app_id": "x", "app_key": "y" },
    });
    let request = world.backend(Method::POST, "/v1/connections").json(&asked);
    let added = world.send(request).await.json(201);
    let path = format!("/v1/connections/{}/session", added["id"].as_str().unwrap());
    let refused = world.send(world.backend(Method::DELETE, &path)).await;
    refused.problem("method_not_offered");
}

#[tokio::test]
async fn it_comes_to_its_end_though_nobody_waits() {
    let world = World::start().await;
    world.link();
    let held = Fault::before(FaultKind::Hold);
    world.simulator.inject(wawp::LOGOUT, held).unwrap();
    let asked = tokio::spawn(world.log_out().send());
    in_time("the call", world.simulator.held(wawp::LOGOUT))
        .await
        .unwrap();
    asked.abort();
    assert!(asked.await.unwrap_err().is_cancelled());
    world.simulator.release();
    eventually("the end is written down", async || {
        audited(&world).await == ["api_key started", "api_key done"]
    })
    .await;
    assert!(!world.is_linked());
}

#[tokio::test]
async fn two_at_once_are_one() {
    let world = World::start().await;
    world.link();
    let held = Fault::before(FaultKind::Hold);
    world.simulator.inject(wawp::LOGOUT, held).unwrap();
    let (first, second, ()) = tokio::join!(
        world.send(world.log_out()),
        world.send(world.log_out()),
        async {
            in_time("the call", world.simulator.held(wawp::LOGOUT))
                .await
                .unwrap();
            world.simulator.release();
        }
    );
    assert_eq!(first.json(200)["state"], "waiting");
    assert_eq!(second.json(200)["state"], "waiting");
    assert_eq!(world.calls(wawp::LOGOUT), 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_out_and_a_failure_is_said() {
    let world = World::start().await;
    world.link();
    let lost = Fault::after(FaultKind::Disconnect);
    world.simulator.inject(wawp::LOGOUT, lost).unwrap();
    let ended = world.send(world.log_out()).await.json(200);
    assert_eq!(ended["state"], "waiting");

    world.link();
    let failing = Fault::before(FaultKind::status(StatusCode::BAD_GATEWAY));
    world.simulator.inject(wawp::LOGOUT, failing).unwrap();
    let failed = world.send(world.log_out()).await;
    failed.problem("upstream_error");
    assert!(world.is_linked());
    let health = world.of_connection(Method::GET, "/health");
    let health = world.send(health).await.json(200);
    assert_eq!(health["last_error"], "upstream_error");
    let outcomes = [
        "api_key started",
        "api_key done",
        "api_key started",
        "api_key failed",
    ];
    assert_eq!(audited(&world).await, outcomes);
}

#[tokio::test]
async fn what_was_asked_before_does_not_count_after() {
    let world = World::start().await;
    world.link();
    let token = world.embed_token(&["read"]).await;
    // The answer that a phone is linked arrives when none is any more.
    let late = Fault::after(FaultKind::Hold);
    world.simulator.inject(wawp::INFO, late).unwrap();
    let mut events = world.events(&token).await;
    in_time("the question", world.simulator.held(wawp::INFO))
        .await
        .unwrap();
    world.simulator.advance(Duration::from_secs(1));
    world.send(world.log_out()).await.json(200);
    world.simulator.advance(Duration::from_secs(1));
    let calls = world.calls(wawp::INFO);
    world.simulator.release();
    eventually("the next question", async || {
        world.calls(wawp::INFO) > calls
    })
    .await;
    events.until_state("waiting").await;
    assert_eq!(notices(&world).await, ["waiting"]);
}
