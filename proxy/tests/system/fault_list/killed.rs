//! 1 to 8: the process dies on the way.

use pairlink_simulator::green_api;
use reqwest::Method;
use serde_json::json;

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::eventually;
use crate::harness::oracle::SIGABRT;
use crate::harness::scene::Scene;

#[tokio::test]
async fn f01_before_the_intent_nothing_exists() {
    let scene = Scene::set().await;
    scene.die_at("mint.begin", Method::POST).await;
    let mut books = Books::open(scene.program.directory()).await;
    assert_eq!(books.column("SELECT id FROM passes").await, [""; 0]);
    books.close().await;
    assert_eq!(scene.minted(), 0);
    let running = scene.program.serve().await;
    for _again in 0..2 {
        send(scene.issue(&running)).await.json(201);
    }
    assert_eq!(scene.minted(), 1);
    scene.assert_sound(running, "before the intent").await;
}

#[tokio::test]
async fn f02_after_the_intent_it_is_given_up_and_the_way_is_free() {
    let scene = Scene::set().await;
    scene.die_at("mint.intended", Method::POST).await;
    let mut books = Books::open(scene.program.directory()).await;
    assert_eq!(books.passes_in(&["minting"]).await, 1);
    assert_eq!(scene.minted(), 0);
    let running = scene.program.serve().await;
    eventually("it is settled", async || {
        books.passes_in(&["failed"]).await == 1
    })
    .await;
    books.close().await;
    send(scene.issue(&running)).await.json(201);
    assert_eq!(scene.minted(), 1);
    scene.assert_sound(running, "after the intent").await;
}

#[tokio::test]
async fn f03_after_the_providers_answer_the_link_is_taken_over() {
    let scene = Scene::set().await;
    scene.die_at("mint.answered", Method::POST).await;
    let alive = scene.links_alive();
    assert_eq!(alive.len(), 1, "it lives, and only the intent says so");
    let running = scene.program.serve().await;
    let live = scene.agreement(&running, 1).await;
    assert!(live["url"] == alive[0].as_str());
    // Whoever asks again gets that one: nothing is minted beside it.
    let again = send(scene.issue(&running)).await.json(201);
    assert_eq!(again["pass"], live);
    assert_eq!(scene.minted(), 1);
    scene.assert_sound(running, "after the answer").await;
}

#[tokio::test]
async fn f04_a_code_that_nobody_can_ask_for_is_left_to_its_end() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let account = json!({
        "id_instance": green_api::DEMO_ID_INSTANCE,
        "api_token_instance": green_api::DEMO_API_TOKEN_INSTANCE,
    });
    let connection = scene.connect(&running, "green-api", account).await;
    scene.program.steer("mint.answered=abort");
    let ask = |running: &crate::harness::program::Running| {
        let path = format!("{}/v1/connections/{connection}/pass", running.url);
        let request = scene.client.post(path).bearer_auth(&scene.key);
        request.json(&json!({ "method": "code", "phone_number": "+44 1134 960 000" }))
    };
    let asked = tokio::spawn(ask(&running).send());
    assert_eq!(running.died_of().await, SIGABRT);
    assert!(asked.await.unwrap().is_err());
    scene.program.steer("");
    let running = scene.program.serve().await;
    let mut books = Books::open(scene.program.directory()).await;
    eventually("it stands in nobody's way", async || {
        books.passes_in(&["minting"]).await == 0
    })
    .await;
    let states = books.column("SELECT state FROM passes").await;
    assert_eq!(states, ["withdrawn"], "it may live, and is given to nobody");
    books.close().await;
    scene.assert_sound(running, "a code").await;
}

#[tokio::test]
async fn f05_a_token_that_nobody_has_ends_by_itself() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let account = json!({
        "app_id": pairlink_simulator::enablex::DEMO_APP_ID,
        "app_key": pairlink_simulator::enablex::DEMO_APP_KEY,
    });
    let connection = scene.connect(&running, "enablex", account).await;
    scene.program.steer("renew.answered=abort");
    let ask = |running: &crate::harness::program::Running| {
        let path = format!("{}/v1/connections/{connection}/api-token", running.url);
        scene.client.post(path).bearer_auth(&scene.key)
    };
    let asked = tokio::spawn(ask(&running).send());
    assert_eq!(running.died_of().await, SIGABRT);
    assert!(asked.await.unwrap().is_err());
    scene.program.steer("");
    // The lease of the one that died has an end: a minute later.
    assert_eq!(scene.program.end_leases().await, 1);
    let running = scene.program.serve().await;
    send(ask(&running)).await.json(200);
    let tokens = scene.simulator.ledger().into_iter();
    let tokens = tokens.filter(|alive| alive.provider == "enablex").count();
    assert_eq!(tokens, 2, "the first one is nobody's, and ends by itself");
    scene.assert_sound(running, "a token").await;
}

#[tokio::test]
async fn f06_after_the_commit_the_same_key_gets_the_same_link() {
    let scene = Scene::set().await;
    scene.die_at("mint.recorded", Method::POST).await;
    let alive = scene.links_alive();
    let running = scene.program.serve().await;
    let repeated = send(scene.issue(&running)).await;
    assert_eq!(repeated.header("idempotent-replayed"), "true");
    assert!(repeated.json(201)["pass"]["url"] == alive[0].as_str());
    assert_eq!(scene.minted(), 1);
    scene.assert_sound(running, "after the commit").await;
}

#[tokio::test]
async fn f07_before_the_revocations_commit_the_link_lives_and_can_be_revoked() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let issued = send(scene.issue(&running)).await.json(201);
    running.kill().await;
    scene.die_at("revoke.begin", Method::DELETE).await;
    let running = scene.program.serve().await;
    assert_eq!(scene.agreement(&running, 1).await, issued["pass"]);
    scene.assert_sound(running, "before the commit").await;
}

#[tokio::test]
async fn f08_after_the_revocations_commit_it_comes_to_its_end_by_itself() {
    for (place, alive) in [("revoke.withdrawn", 1), ("revoke.confirmed", 0)] {
        let scene = Scene::set().await;
        let running = scene.program.serve().await;
        send(scene.issue(&running)).await.json(201);
        scene.program.kill_at_rest(running).await;
        scene.die_at(place, Method::DELETE).await;
        assert_eq!(scene.links_alive().len(), alive, "{place}");
        let mut books = Books::open(scene.program.directory()).await;
        assert_eq!(books.passes_in(&["revoking"]).await, 1, "{place}");
        books.close().await;
        let running = scene.program.serve().await;
        assert!(scene.agreement(&running, 0).await.is_null(), "{place}");
        scene.assert_sound(running, place).await;
    }
}
