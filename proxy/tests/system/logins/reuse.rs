//! `POST …/pass` with `reuse`: what is alive will do.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, StatusCode, green_api, wawp};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Setup, World, eventually, in_time};
use crate::operation::assert_golden;

const PHONE: &str = "+44 1134 960 001";
const OTHER_PHONE: &str = "+44 1134 960 002";

fn reuse(world: &World) -> RequestBuilder {
    let request = world.of_connection(Method::POST, "/pass");
    request.json(&json!({ "method": "link", "reuse": true }))
}

fn code(world: &World, phone: &str, reuse: bool) -> RequestBuilder {
    let request = world.of_connection(Method::POST, "/pass");
    request.json(&json!({ "method": "code", "phone_number": phone, "reuse": reuse }))
}

/// Somebody else does that with the account.
async fn elsewhere(world: &World, method: Method) {
    let url = format!(
        "{}/v2/session/temp-link?instance_id={}&access_token={}",
        world.simulator.base_url(),
        world.instance_id,
        world.access_token
    );
    let answer = world.client.request(method, url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_link_that_is_alive_is_given_and_stays_alive() {
    let world = World::start().await;
    let issued = world.send(world.issue()).await.json(201);
    for _time in 0..2 {
        let reused = world.send(reuse(&world)).await;
        reused.is_private();
        let reused = reused.json(200);
        assert_golden("reused_pass.json", &reused);
        assert_eq!(reused["pass"], issued["pass"]);
        assert_eq!(
            (&reused["reused"], &reused["replaced"]),
            (&json!(true), &json!(false))
        );
    }
    assert_eq!(world.calls(wawp::MINT), 1);
    // Pages may ask so, too, and who does not gets a new one.
    let token = world.embed_token(&["issue"]).await;
    let page = |body: Value| world.page(Method::POST, "/v1/pass", &token).json(&body);
    let asked = json!({ "method": "link", "reuse": true });
    let reused = world.send(page(asked)).await.json(200);
    assert_eq!(reused["pass"], issued["pass"]);
    let asked = json!({ "method": "link", "reuse": false });
    let replaced = world.send(page(asked)).await.json(201);
    assert_eq!(replaced["replaced"], true);
    assert!(replaced["pass"]["url"] != issued["pass"]["url"]);
    world.agreement("after all").await;
}

#[tokio::test]
async fn where_nothing_is_alive_a_link_is_issued() {
    let world = World::start().await;
    let first = world.send(reuse(&world)).await.json(201);
    assert_eq!(world.calls(wawp::MINT), 1);
    // Somebody revoked it past us: what is in our books does not count.
    elsewhere(&world, Method::DELETE).await;
    let second = world.send(reuse(&world)).await.json(201);
    assert!(second["pass"]["url"] != first["pass"]["url"]);
    world.agreement("after the second").await;
    world.revoke().await;
    world.send(reuse(&world)).await.json(201);
    world.simulator.advance(Duration::from_mins(30));
    world.send(reuse(&world)).await.json(201);
    world.agreement("after the last").await;
}

#[tokio::test]
async fn a_link_that_somebody_else_made_is_taken_over() {
    let world = World::start().await;
    elsewhere(&world, Method::POST).await;
    let found = world.send(reuse(&world)).await.json(200);
    assert!(found["pass"]["url"] == world.simulator.ledger()[0].secret.as_str());
    assert_eq!(world.live().await, found["pass"]);
    // It is ours from now on.
    let again = world.send(reuse(&world)).await.json(200);
    assert_eq!(again["pass"], found["pass"]);
    // And another one that killed it is, too.
    elsewhere(&world, Method::POST).await;
    let found = world.send(reuse(&world)).await.json(200);
    assert!(found["pass"]["url"] != again["pass"]["url"]);
    assert_eq!(world.calls(wawp::MINT), 2, "by somebody else");
    world.agreement("taken over").await;
    assert_eq!(world.revoke().await["revocation"], "upstream");
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn without_the_providers_word_nothing_is_given_and_nothing_is_killed() {
    let world = World::start().await;
    for live in [false, true] {
        if live {
            world.issued().await;
        }
        let alive = world.simulator.ledger().len();
        let mints = world.calls(wawp::MINT);
        let down = Fault::before(FaultKind::status(StatusCode::BAD_GATEWAY)).until_cleared();
        world.simulator.inject(wawp::READ, down).unwrap();
        world.send(reuse(&world)).await.problem("upstream_error");
        assert_eq!(world.calls(wawp::MINT), mints);
        assert_eq!(world.simulator.ledger().len(), alive);
        world.simulator.clear_faults();
    }
    world.send(reuse(&world)).await.json(200);
    world.agreement("after all").await;
}

#[tokio::test]
async fn who_wants_a_new_one_does_not_get_what_is_found() {
    let world = World::start().await;
    elsewhere(&world, Method::POST).await;
    let foreign = world.simulator.ledger()[0].secret.clone();
    let held = Fault::after(FaultKind::Hold);
    world.simulator.inject(wawp::READ, held).unwrap();
    let (found, replaced) = tokio::join!(world.send(reuse(&world)), async {
        in_time("the question", world.simulator.held(wawp::READ))
            .await
            .unwrap();
        let asked = world.send(world.issue_as("key"));
        let released = async {
            // The other one is on its way, and this one waits for it.
            eventually("both asked", async || {
                let keys = "SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'pass.issue'";
                world.books().await.column(keys).await == ["1"]
            })
            .await;
            world.simulator.release();
        };
        tokio::join!(asked, released).0
    });
    assert!(found.json(200)["pass"]["url"] == foreign.as_str());
    let replaced = replaced.json(201);
    assert!(replaced["pass"]["url"] != foreign.as_str());
    assert_eq!(replaced["replaced"], true);
    world.agreement("after both").await;
}

#[tokio::test]
async fn a_code_will_do_for_its_own_phone_and_counts_once() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let issued = world.send(code(&world, PHONE, false)).await.json(201);
    for _time in 0..5 {
        let reused = world.send(code(&world, "00441134960001", true)).await;
        assert_eq!(reused.json(200)["pass"], issued["pass"]);
    }
    let other = world.send(code(&world, OTHER_PHONE, true)).await.json(201);
    assert!(other["pass"]["code"] != issued["pass"]["code"]);
    // That one killed the first.
    world.send(code(&world, PHONE, true)).await.json(201);
    assert_eq!(world.calls(green_api::AUTHORIZATION_CODE), 3);
}

#[tokio::test]
async fn where_nobody_can_be_asked_our_books_count() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let ask = || {
        let request = world.of_connection(Method::POST, "/pass");
        request.json(&json!({ "method": "qr", "reuse": true }))
    };
    let issued = world.send(ask()).await.json(201);
    assert_eq!(world.send(ask()).await.json(200)["pass"], issued["pass"]);
    assert_eq!(world.calls(green_api::QR), 1);
    world.simulator.advance(Duration::from_secs(20));
    world.send(ask()).await.json(201);
}

#[tokio::test]
async fn a_linked_phone_needs_nothing_that_is_alive() {
    let world = World::start().await;
    world.issued().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    world.simulator.wawp().scan(&world.instance_id).unwrap();
    events.until_state("connected").await;
    world.send(reuse(&world)).await.problem("already_connected");
}

#[tokio::test]
async fn a_key_does_not_stand_for_what_somebody_else_waits_for() {
    let (world, green) = World::start_green(Setup::default()).await;
    let call = green_api::AUTHORIZATION_CODE;
    world
        .simulator
        .inject(call, Fault::before(FaultKind::Hold))
        .unwrap();
    let own = || code(&world, OTHER_PHONE, false).header("idempotency-key", "own");
    let (first, ()) = tokio::join!(world.send(code(&world, PHONE, false)), async {
        in_time("the call", world.simulator.held(call))
            .await
            .unwrap();
        world.send(own()).await.problem("too_many_requests");
        world.simulator.release();
    });
    let first = first.json(201);
    let own = world.send(own()).await.json(201);
    assert!(own["pass"]["code"] != first["pass"]["code"]);
    let typed = own["pass"]["code"].as_str().unwrap();
    world
        .simulator
        .green_api()
        .enter_code(&green.id_instance, typed)
        .unwrap();
}
