//! The real program is killed in the middle, asked to end, and fed too much.
#![cfg(unix)]

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::json;

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::scene::Scene;
use crate::harness::stream::Events;
use crate::harness::world::ORIGIN;
use crate::harness::{eventually, in_time};

#[tokio::test]
async fn killed_while_minting_it_finds_the_link_at_the_next_start() {
    for when in [Fault::before, Fault::after] {
        let scene = Scene::set().await;
        let running = scene.program.serve().await;
        scene
            .simulator
            .inject(wawp::MINT, when(FaultKind::Hold))
            .unwrap();
        let request = scene.issue(&running);
        scene.kill_while_held(running, request, wawp::MINT).await;
        let mut books = Books::open(scene.program.directory()).await;
        assert_eq!(
            books.passes_in(&["minting"]).await,
            1,
            "the intent is there"
        );
        books.close().await;
        // A provider does what it was asked also when nobody waits for the answer any more.
        scene.simulator.release();
        eventually("the link is minted", async || {
            scene.simulator.ledger().len() == 1
        })
        .await;

        let running = scene.program.serve().await;
        let live = scene.agreement(&running, 1).await;
        let repeated = send(scene.issue(&running)).await;
        assert_eq!(repeated.header("idempotent-replayed"), "true");
        assert_eq!(repeated.json(201)["pass"], live);
        scene.assert_log_is_clean(live["url"].as_str().unwrap());
        running.kill().await;
    }
}

#[tokio::test]
async fn killed_before_anything_was_minted_it_mints_when_asked_again() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let earlier = send(
        scene
            .pass(&running, Method::POST)
            .json(&json!({ "method": "link" })),
    );
    let earlier = earlier.await.json(201)["pass"].take();
    for kind in [FaultKind::Hold, FaultKind::Disconnect] {
        scene
            .simulator
            .inject(wawp::READ, Fault::before(kind))
            .unwrap();
    }
    // The answer never comes, and the provider never does it; then the question after it is kept.
    scene
        .simulator
        .inject(wawp::MINT, Fault::before(FaultKind::Disconnect))
        .unwrap();
    let request = scene.issue(&running);
    scene.kill_while_held(running, request, wawp::READ).await;
    scene.simulator.release();

    let running = scene.program.serve().await;
    assert_eq!(scene.agreement(&running, 1).await, earlier, "it lives on");
    let issued = send(scene.issue(&running)).await;
    assert!(!issued.headers.contains_key("idempotent-replayed"));
    let issued = issued.json(201);
    assert_eq!(issued["replaced"], true);
    assert_eq!(scene.agreement(&running, 1).await, issued["pass"]);
    running.kill().await;
}

#[tokio::test]
async fn killed_while_revoking_it_revokes_at_the_next_start() {
    for (kind, when) in [
        (FaultKind::Hold, Fault::after as fn(FaultKind) -> Fault),
        (FaultKind::Hold, Fault::before),
    ] {
        let scene = Scene::set().await;
        let running = scene.program.serve().await;
        let issued = send(scene.issue(&running)).await.json(201);
        scene.simulator.inject(wawp::REVOKE, when(kind)).unwrap();
        let request = scene.pass(&running, Method::DELETE);
        scene.kill_while_held(running, request, wawp::REVOKE).await;
        let mut books = Books::open(scene.program.directory()).await;
        assert_eq!(books.passes_in(&["revoking"]).await, 1);
        assert_eq!(
            books
                .column("SELECT COALESCE(content, 'none') FROM passes")
                .await,
            ["none"],
            "it can be given out no more"
        );
        books.close().await;
        // Until it is released the provider has perhaps not done it: the next start does.
        let running = scene.program.serve().await;
        assert!(scene.agreement(&running, 0).await.is_null());
        scene.simulator.release();
        send(scene.issue(&running)).await.problem("pass_ended");
        scene.assert_log_is_clean(issued["pass"]["url"].as_str().unwrap());
        running.kill().await;
    }
}

#[tokio::test]
async fn asked_to_end_it_closes_streams_and_ends_soon() {
    let scene = Scene::set().await;
    for signal in ["-TERM", "-INT"] {
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
        let ended = tokio::time::timeout(Duration::from_secs(5), running.signal(signal));
        assert_eq!(ended.await.expect("ends soon"), Some(0), "{signal}");
        events.end().await;
    }
}

#[tokio::test]
async fn asked_to_end_while_minting_it_first_comes_to_its_end() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    scene
        .simulator
        .inject(wawp::MINT, Fault::after(FaultKind::Hold))
        .unwrap();
    let asked = tokio::spawn(send(scene.issue(&running)));
    in_time("minting", scene.simulator.held(wawp::MINT))
        .await
        .unwrap();
    let (code, answered) = tokio::join!(running.signal("-TERM"), async {
        scene.simulator.release();
        asked.await.unwrap()
    });
    assert_eq!(code, Some(0));
    let issued = answered.json(201);
    let running = scene.program.serve().await;
    assert_eq!(scene.agreement(&running, 1).await, issued["pass"]);
    running.kill().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn answers_of_any_length_take_little_memory() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let highest = || {
        let id = running.child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: u64 = line
            .unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap();
        kib
    };
    send(scene.issue(&running)).await.json(201);
    let before = highest();
    for call in [wawp::MINT, wawp::READ, wawp::REVOKE, wawp::INFO] {
        let huge = Fault::before(FaultKind::Huge).until_cleared();
        scene.simulator.inject(call, huge).unwrap();
    }
    for _again in 0..4 {
        let request = scene.pass(&running, Method::POST);
        let request = request.json(&json!({ "method": "link" }));
        send(request).await.problem("upstream_malformed");
    }
    let grown = highest() - before;
    assert!(grown < 8 * 1024, "{grown} KiB for answers of 64 MiB");
    running.kill().await;
}
