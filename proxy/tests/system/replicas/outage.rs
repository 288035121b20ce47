//! The server is out of reach for a while, or does what it was asked and cannot say so.

mod way;

use pairlink_simulator::wawp;
use reqwest::Method;
use serde_json::json;

use self::way::Way;
use crate::harness::answer::send;
use crate::harness::eventually;
use crate::harness::place;
use crate::harness::program::Running;
use crate::harness::scene::Scene;

/// A proxy that gets to the server by a way of its own.
async fn scene() -> (Scene, Way) {
    let mut scene = Scene::set().await;
    let way = Way::open(&place::address(scene.program.directory()));
    scene
        .program
        .settings
        .push(("PAIRLINK_DATABASE_URL", way.address.clone()));
    (scene, way)
}

/// Whoever was cut off may have had the turn at the provider, and keeps it until its lease has run out.
async fn until_revoked(scene: &Scene, running: &Running) {
    eventually("revoked", async || {
        let revoked = send(scene.pass(running, Method::DELETE)).await.json(200);
        revoked["revocation"] == "upstream"
    })
    .await;
}

#[tokio::test]
async fn while_the_server_is_out_of_reach_nothing_is_promised_and_then_all_goes_on() {
    if !place::is_on_postgres() {
        return;
    }
    let (scene, way) = scene().await;
    let running = scene.program.serve().await;
    let ready = format!("{}/readyz", running.url);
    send(scene.issue(&running)).await.json(201);

    way.close();
    let ready_is = async |status: u16| send(scene.client.get(&ready)).await.status == status;
    eventually("not ready", async || ready_is(503).await).await;
    let minted = scene.simulator.calls(wawp::MINT).unwrap();
    let another = scene.pass(&running, Method::POST);
    let told = send(another.json(&json!({ "method": "link" }))).await;
    told.problem("store_unavailable");
    assert_eq!(scene.simulator.calls(wawp::MINT).unwrap(), minted);
    let told = send(scene.pass(&running, Method::GET)).await;
    told.problem("store_unavailable");

    way.reopen();
    eventually("ready again", async || ready_is(200).await).await;
    scene.agreement(&running, 1).await;
    until_revoked(&scene, &running).await;
    let another = scene.pass(&running, Method::POST);
    send(another.json(&json!({ "method": "link" })))
        .await
        .json(201);
    scene.agreement(&running, 1).await;
    running.kill().await;
}

#[tokio::test]
async fn a_commit_of_which_nobody_hears_is_found_out() {
    if !place::is_on_postgres() {
        return;
    }
    let (scene, way) = scene().await;
    let running = scene.program.serve().await;
    // At each commit of an issue in turn.
    for commit in 0..3 {
        way.lose_answer_to_commit(commit);
        let issue = || {
            let request = scene.pass(&running, Method::POST);
            let request = request.header("idempotency-key", format!("key-of-{commit}"));
            send(request.json(&json!({ "method": "link" })))
        };
        let first = issue().await;
        assert!(
            [201, 503].contains(&first.status.as_u16()),
            "{commit}: {}",
            first.text
        );
        eventually("the answer is lost", async || way.has_lost()).await;
        // Whoever asks again by the same key gets one link, and it is the only one.
        eventually("issued", async || issue().await.status == 201).await;
        scene.agreement(&running, 1).await;
        until_revoked(&scene, &running).await;
        scene.agreement(&running, 0).await;
    }
    running.kill().await;
}
