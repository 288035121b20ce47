//! 29, 31, 34, 35: the store is slow, taken, damaged, or from the future.
#![cfg(unix)]

use std::time::Duration;

use pairlink_protocol::Timestamp;
use pairlink_simulator::wawp;
use reqwest::Method;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::scene::Scene;
use crate::harness::{World, eventually};

impl Scene {
    /// Another program on the database.
    async fn intruder(&self) -> sqlx::SqliteConnection {
        let file = self.program.directory().join("pairlink.db");
        let options = SqliteConnectOptions::new().filename(file);
        options.connect().await.unwrap()
    }
}

#[tokio::test]
async fn f29_a_store_that_does_not_answer_is_said_to_be_unavailable_and_a_revocation_counts_at_once()
 {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    send(scene.issue(&running)).await.json(201);
    let mut intruder = scene.intruder().await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut intruder)
        .await
        .unwrap();
    let minted = scene.simulator.calls(wawp::MINT).unwrap();
    let another = scene.pass(&running, Method::POST);
    let asked = send(another.json(&json!({ "method": "link" })));
    let told = tokio::time::timeout(Duration::from_secs(9), asked)
        .await
        .expect("in time");
    assert_eq!(told.problem("store_unavailable")["retry_after"], 1);
    assert_eq!(scene.simulator.calls(wawp::MINT).unwrap(), minted);
    // Reading needs no lock.
    let seen = send(scene.pass(&running, Method::GET)).await.json(200);
    assert!(!seen["pass"].is_null());

    let told = send(scene.pass(&running, Method::DELETE)).await;
    told.problem("revoke_not_durable");
    assert!(
        scene.simulator.ledger().is_empty(),
        "taken back all the same"
    );
    let seen = send(scene.pass(&running, Method::GET)).await.json(200);
    assert!(seen["pass"].is_null(), "and given out no more");
    intruder.close().await.unwrap();
    let mut books = Books::open(scene.program.directory()).await;
    eventually("it is written down", async || {
        books.passes_in(&["revoked"]).await == 1
    })
    .await;
    send(scene.pass(&running, Method::DELETE)).await.json(200);
    let again = scene.pass(&running, Method::POST);
    send(again.json(&json!({ "method": "link" })))
        .await
        .json(201);
    assert_eq!(scene.simulator.ledger().len(), 1);
    running.kill().await;
}

#[tokio::test]
async fn f29_a_link_is_never_taken_for_good_when_nobody_can_look_it_up() {
    let world = World::start().await;
    let made = world.of_connection(Method::POST, "/share-link");
    let made = world.send(made.json(&json!({}))).await.json(201);
    let link = made["link"].as_str().unwrap().to_owned();
    assert_eq!(send(world.client.get(&link)).await.status, 200);
    world
        .meddle("ALTER TABLE share_links RENAME TO out_of_reach")
        .await;
    for method in [Method::GET, Method::POST] {
        let answer = send(world.client.request(method, &link)).await;
        assert!(answer.status.as_u16() >= 400, "{}", answer.status);
        assert!(!answer.text.contains("Acme"), "{}", answer.text);
    }
    assert_eq!(send(world.client.get(&link)).await.status, 503);
}

#[tokio::test]
async fn f31_a_second_proxy_on_the_file_does_not_start_and_commands_work_beside_the_first() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let second = scene
        .program
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .await;
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("another proxy runs on"), "{said}");
    scene.program.answer(&["api-key", "list"]).await;
    send(scene.issue(&running)).await.json(201);
    // However the first one ends, the way is free then.
    running.kill().await;
    let running = scene.program.serve().await;
    scene.agreement(&running, 1).await;
    running.kill().await;
}

#[tokio::test]
async fn f34_a_wrong_key_is_named_and_a_damaged_row_is_its_own_connections_trouble() {
    let scene = Scene::set().await;
    let key_file = scene.program.directory().join("pairlink.key");
    let key = std::fs::read_to_string(&key_file).unwrap();
    let other: String = key.trim().chars().rev().collect();
    std::fs::write(&key_file, &other).unwrap();
    let refused = scene
        .program
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("is not the key of this database"), "{said}");
    assert!(!said.contains(key.trim()) && !said.contains(&other));
    std::fs::write(&key_file, &key).unwrap();

    let damaged = scene.program.connection(&scene.simulator).await;
    let mut intruder = scene.intruder().await;
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE connections SET credentials = REPLACE(credentials, SUBSTR(credentials, -1), 'A') || 'A' \
         WHERE id = '{damaged}'"
    )))
    .execute(&mut intruder)
    .await
    .unwrap();
    intruder.close().await.unwrap();
    let running = scene.program.serve().await;
    let path = format!("{}/v1/connections/{damaged}/pass", running.url);
    let request = scene.client.post(path).bearer_auth(&scene.key);
    let told = send(request.json(&json!({ "method": "link" }))).await;
    told.problem("internal");
    send(scene.issue(&running)).await.json(201);
    scene.agreement(&running, 1).await;
    running.kill().await;
}

#[tokio::test]
async fn f35_a_clock_that_went_back_revives_nothing() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    send(scene.issue(&running)).await.json(201);
    let share = format!(
        "{}/v1/connections/{}/share-link",
        running.url, scene.connection
    );
    let ask = scene.client.post(&share).bearer_auth(&scene.key);
    let made = send(ask.json(&json!({}))).await.json(201);
    let link = made["link"].as_str().unwrap().to_owned();
    scene.program.kill_at_rest(running).await;
    for (ahead_millis, suspect) in [(20_000, false), (3_600_000, true)] {
        // As seen from what was written down then, now is earlier.
        let mut intruder = scene.intruder().await;
        let then = now().plus_millis(ahead_millis);
        sqlx::query(
            "INSERT INTO audit (at, actor_kind, actor, action, object, outcome) \
             VALUES ($1, 'operator', 'operator', 'store.backup', 'store', 'done')",
        )
        .bind(then.unix_millis())
        .execute(&mut intruder)
        .await
        .unwrap();
        intruder.close().await.unwrap();
        let running = scene.program.serve().await;
        let path = link.split_once("/l/").unwrap().1;
        let page = send(scene.client.get(format!("{}/l/{path}", running.url))).await;
        let seen = send(scene.pass(&running, Method::GET)).await.json(200);
        let asked = scene.pass(&running, Method::POST);
        let told = send(asked.json(&json!({ "method": "link" }))).await;
        if suspect {
            assert_eq!(page.status, 410);
            assert!(seen["pass"].is_null());
            told.problem("clock_suspect");
            let revoked = send(scene.pass(&running, Method::DELETE)).await.json(200);
            assert_eq!(revoked["revocation"], "upstream");
            assert!(scene.simulator.ledger().is_empty());
        } else {
            assert_eq!(page.status, 200);
            assert!(!seen["pass"].is_null());
            told.json(201);
        }
        scene.program.kill_at_rest(running).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the real program runs by the machine's clock"
)]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_unix_millis(i64::try_from(since.unwrap().as_millis()).unwrap())
}
