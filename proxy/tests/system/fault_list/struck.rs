//! 32, 52: places that fail while the process lives on.

use pairlink_protocol::ProblemCode;
use reqwest::Method;
use serde_json::json;

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::eventually;
use crate::harness::scene::Scene;
use crate::harness::stream::Events;
use crate::harness::world::ORIGIN;

#[tokio::test]
async fn f32_on_a_full_disk_nothing_is_minted_and_a_revocation_counts_all_the_same() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let ballast = scene.program.directory().join("pairlink.db.ballast");
    assert_eq!(ballast.metadata().unwrap().len(), 8 * 1024 * 1024);
    send(scene.issue(&running)).await.json(201);
    scene.program.steer("store.write=error");
    let another = scene.pass(&running, Method::POST);
    let told = send(another.json(&json!({ "method": "link" }))).await;
    told.problem("store_full");
    assert_eq!(
        scene.minted(),
        1,
        "asked for nothing that cannot be written down"
    );

    let told = send(scene.pass(&running, Method::DELETE)).await;
    told.problem("revoke_not_durable");
    assert!(!ballast.exists(), "room was made, and it did not help");
    assert!(scene.links_alive().is_empty(), "taken back all the same");
    let seen = send(scene.pass(&running, Method::GET)).await.json(200);
    assert!(seen["pass"].is_null(), "and given out no more");

    scene.program.steer("");
    let mut books = Books::open(scene.program.directory()).await;
    eventually("it is written down", async || {
        books.passes_in(&["revoked"]).await == 1
    })
    .await;
    books.close().await;
    scene.assert_sound(running, "a full disk").await;
}

#[tokio::test]
async fn f32_the_room_that_is_kept_is_enough_to_revoke() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    send(scene.issue(&running)).await.json(201);
    scene.program.steer("store.revoke=1:error");
    let revoked = send(scene.pass(&running, Method::DELETE)).await.json(200);
    assert_eq!(revoked["revocation"], "upstream");
    let ballast = scene.program.directory().join("pairlink.db.ballast");
    assert!(!ballast.exists());
    scene.assert_sound(running, "the last room").await;
}

#[tokio::test]
async fn f52_a_panic_is_its_own_requests_end_and_nobody_elses() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let path = format!(
        "{}/v1/connections/{}/embed-tokens",
        running.url, scene.connection
    );
    let request = scene.client.post(path).bearer_auth(&scene.key);
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let given = send(request.json(&asked)).await.json(201);
    let request = scene.client.get(format!("{}/v1/events", running.url));
    let request = request
        .bearer_auth(given["token"].as_str().unwrap())
        .header("origin", ORIGIN);
    let mut events = Events::open(request).await;
    events.until("resync").await;
    scene.program.steer("http.handler=panic");
    for request in [
        scene.pass(&running, Method::GET),
        scene.issue(&running),
        scene.pass(&running, Method::DELETE),
    ] {
        let told = send(request).await;
        let problem = told.problem(ProblemCode::Internal.as_str());
        assert_eq!(problem["request_id"], told.header("x-request-id"));
        assert!(
            !told.text.contains("struck-on-purpose"),
            "what it said is nobody's"
        );
    }
    scene.program.steer("");
    send(scene.issue(&running)).await.json(201);
    events.until("pass").await;
    let log = String::from_utf8(scene.program.log()).unwrap();
    assert!(log.contains("failpoint.rs"), "where it was is in the log");
    assert!(!log.contains("struck-on-purpose"));
    scene.assert_sound(running, "a panic").await;
}
