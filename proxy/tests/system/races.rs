//! Several want something at once, or go away in the middle.

use std::collections::BTreeSet;
use std::sync::Arc;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::harness::answer::{Answer, send};
use crate::harness::{Setup, World, eventually, in_time};

fn ask(request: RequestBuilder) -> JoinHandle<Answer> {
    tokio::spawn(send(request))
}

async fn told(asked: JoinHandle<Answer>) -> Answer {
    asked.await.unwrap()
}

async fn held(world: &World, call: &str) {
    in_time(call, world.simulator.held(call)).await.unwrap();
}

fn hold(world: &World, call: &str, when: fn(FaultKind) -> Fault) {
    world.simulator.inject(call, when(FaultKind::Hold)).unwrap();
}

#[tokio::test]
async fn many_who_ask_at_once_get_the_same_link() {
    let world = World::start().await;
    hold(&world, wawp::MINT, Fault::before);
    let asked: Vec<_> = (0..32)
        .map(|number| {
            ask(if number % 2 == 0 {
                world.issue()
            } else {
                world.issue_as(&format!("key-{number}"))
            })
        })
        .collect();
    held(&world, wawp::MINT).await;
    world.simulator.release();
    let mut passes = BTreeSet::new();
    for asked in asked {
        passes.insert(told(asked).await.json(201)["pass"]["id"].to_string());
    }
    // Who came when the first was done asked for a new one.
    let minted = usize::try_from(world.calls(wawp::MINT)).unwrap();
    assert_eq!(passes.len(), minted);
    assert!(minted < 32, "nobody shared anything");
    assert_eq!(world.simulator.ledger().len(), 1);
    world.agreement("after all").await;
}

#[tokio::test]
async fn many_who_ask_with_the_same_key_ask_once() {
    let world = World::start().await;
    hold(&world, wawp::MINT, Fault::after);
    let asked: Vec<_> = (0..32).map(|_| ask(world.issue_as("key-1"))).collect();
    held(&world, wawp::MINT).await;
    world.simulator.release();
    let mut passes = BTreeSet::new();
    for asked in asked {
        passes.insert(told(asked).await.json(201)["pass"]["id"].to_string());
    }
    assert_eq!((passes.len(), world.calls(wawp::MINT)), (1, 1));
    world.agreement("after all").await;
}

#[tokio::test]
async fn a_key_that_met_a_minting_stands_for_its_pass() {
    let world = World::start_with(Setup::impatient()).await;
    hold(&world, wawp::MINT, Fault::after);
    world.send(world.issue_as("first")).await.json(202);
    held(&world, wawp::MINT).await;
    world.send(world.issue_as("second")).await.json(202);
    world.simulator.release();
    eventually("the pass", async || !world.live().await.is_null()).await;
    let live = world.live().await;
    for key in ["first", "second"] {
        let repeated = world.send(world.issue_as(key)).await.json(201);
        assert_eq!(repeated["pass"], live, "{key}");
    }
    assert_eq!(world.calls(wawp::MINT), 1);
}

#[tokio::test]
async fn who_asks_while_one_is_minted_gets_that_one() {
    let world = World::start().await;
    hold(&world, wawp::MINT, Fault::after);
    let first = ask(world.issue());
    held(&world, wawp::MINT).await;
    let token = world.embed_token(&["issue"]).await;
    let request = world.page(Method::POST, "/v1/pass", &token);
    let mut second = std::pin::pin!(send(request.json(&json!({ "method": "link" }))));
    // It has been sent and is not answered, because the first is not.
    assert!(futures_util::poll!(&mut second).is_pending());
    let read = world.send(world.of_connection(Method::GET, "/pass")).await;
    assert!(read.json(200)["pass"].is_null());
    let mut books = world.books().await;
    assert_eq!(books.passes_in(&["minting"]).await, 1);
    // Reading went through the same server, after the second had arrived or before: either way one is minted at a time.
    world.simulator.release();
    let first = told(first).await.json(201);
    let second = second.await.json(201);
    assert_eq!(world.simulator.ledger().len(), 1);
    world.agreement("after both").await;
    let live = world.live().await;
    assert_eq!(live, second["pass"]);
    let both = first["pass"] == second["pass"];
    assert_eq!(both, world.calls(wawp::MINT) == 1);
}

#[tokio::test]
async fn a_revocation_beats_the_minting_that_it_meets() {
    for when in [Fault::before, Fault::after] {
        let world = World::start().await;
        hold(&world, wawp::MINT, when);
        let issued = ask(world.issue_as("key-1"));
        held(&world, wawp::MINT).await;
        let revoked = ask(world.of_connection(Method::DELETE, "/pass"));
        let mut books = world.books().await;
        eventually("the revocation is written", async || {
            books.passes_in(&["revoking"]).await == 1
        })
        .await;
        world.simulator.release();
        told(issued).await.problem("revoked_during_issue");
        assert_eq!(told(revoked).await.json(200)["revocation"], "upstream");
        assert!(world.simulator.ledger().is_empty());
        world.agreement("after both").await;
        world
            .send(world.issue_as("key-1"))
            .await
            .problem("pass_ended");
        // The next one is unharmed.
        world.issued().await;
        world.agreement("after the next").await;
    }
}

#[tokio::test]
async fn a_revocation_of_what_is_being_minted_survives_a_lost_answer() {
    let world = World::start().await;
    hold(&world, wawp::MINT, Fault::after);
    world
        .simulator
        .inject(wawp::REVOKE, Fault::before(FaultKind::Disconnect).times(4))
        .unwrap();
    let issued = ask(world.issue());
    held(&world, wawp::MINT).await;
    let revoked = ask(world.of_connection(Method::DELETE, "/pass"));
    let mut books = world.books().await;
    eventually("the revocation is written", async || {
        books.passes_in(&["revoking"]).await == 1
    })
    .await;
    world.simulator.release();
    told(issued).await.problem("revoked_during_issue");
    told(revoked).await.json(200);
    world.agreement("in the end").await;
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn a_revocation_that_waits_does_not_take_the_next_link_down() {
    let world = World::start().await;
    world.issued().await;
    let lasting = Fault::before(FaultKind::Disconnect).until_cleared();
    world.simulator.inject(wawp::REVOKE, lasting).unwrap();
    assert_eq!(world.revoke().await["revocation"], "pending");
    world.simulator.clear_faults();
    // The next attempt to revoke is on its way when somebody asks for a new link.
    hold(&world, wawp::REVOKE, Fault::before);
    held(&world, wawp::REVOKE).await;
    let minted = world.calls(wawp::MINT);
    let issued = ask(world.issue());
    let mut books = world.books().await;
    eventually("the intent is written", async || {
        books.passes_in(&["minting"]).await == 1
    })
    .await;
    assert_eq!(world.calls(wawp::MINT), minted, "one change at a time");
    world.simulator.release();
    let issued = told(issued).await.json(201);
    assert_eq!(
        books.passes_in(&["revoking"]).await,
        0,
        "nothing is left to revoke"
    );
    world.agreement("after both").await;
    assert_eq!(world.live().await, issued["pass"]);
}

#[tokio::test]
async fn a_new_link_settles_the_revocation_of_the_old_one() {
    let world = World::start().await;
    world.issued().await;
    let lasting = Fault::before(FaultKind::Disconnect).until_cleared();
    world.simulator.inject(wawp::REVOKE, lasting).unwrap();
    assert_eq!(world.revoke().await["revocation"], "pending");
    let issued = world.send(world.issue()).await.json(201);
    assert_eq!(issued["replaced"], false, "it was given out no more");
    let mut books = world.books().await;
    assert_eq!(books.passes_in(&["revoking"]).await, 0, "minting killed it");
    world.simulator.clear_faults();
    world.agreement("after both").await;
    assert_eq!(world.live().await, issued["pass"]);
}

#[tokio::test]
async fn what_was_minted_for_somebody_who_left_is_recorded() {
    for when in [Fault::before, Fault::after] {
        let world = World::start().await;
        hold(&world, wawp::MINT, when);
        let left = ask(world.issue_as("key-1"));
        held(&world, wawp::MINT).await;
        left.abort();
        assert!(left.await.unwrap_err().is_cancelled());
        world.simulator.release();
        let mut books = world.books().await;
        eventually("it is live", async || books.passes_in(&["live"]).await == 1).await;
        world.agreement("without its caller").await;
        assert_eq!(world.simulator.ledger().len(), 1);
        let again = world.send(world.issue_as("key-1")).await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.json(201)["pass"], world.live().await);
    }
}

#[tokio::test]
async fn a_revocation_comes_to_its_end_without_its_caller() {
    let world = World::start().await;
    world.issued().await;
    hold(&world, wawp::REVOKE, Fault::before);
    let left = ask(world.of_connection(Method::DELETE, "/pass"));
    held(&world, wawp::REVOKE).await;
    left.abort();
    assert!(left.await.unwrap_err().is_cancelled());
    assert!(world.live().await.is_null());
    world.simulator.release();
    world.agreement("without its caller").await;
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn who_waits_too_long_is_told_to_wait_for_an_event() {
    let world = World::start_with(Setup::impatient()).await;
    let token = world.embed_token(&["read", "issue"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    hold(&world, wawp::MINT, Fault::after);
    let ask = |key: &str| {
        let request = world.page(Method::POST, "/v1/pass", &token);
        let request = request.header("idempotency-key", key);
        request.json(&json!({ "method": "link" }))
    };
    for key in ["key-1", "key-1", "key-2"] {
        let pending = world.send(ask(key)).await;
        pending.is_private();
        let pending = pending.json(202);
        assert_eq!(pending["method"], "link");
        assert!(pending["server_time"].is_string());
        assert_eq!(pending.as_object().unwrap().len(), 2);
    }
    assert!(world.live().await.is_null());
    assert_eq!(world.calls(wawp::MINT), 1);
    world.simulator.release();
    let event = loop {
        let event = events.until("pass").await;
        if !event.data["pass"].is_null() {
            break event;
        }
    };
    assert_eq!(world.live().await, event.data["pass"]);
    let repeated = world.send(ask("key-1")).await;
    assert_eq!(repeated.header("idempotent-replayed"), "true");
    assert_eq!(repeated.json(201)["pass"], event.data["pass"]);
    world.agreement("in the end").await;
}

#[tokio::test]
async fn a_revocation_that_takes_long_is_pending_and_then_done() {
    let world = World::start_with(Setup::impatient()).await;
    world.issued().await;
    hold(&world, wawp::REVOKE, Fault::before);
    let revoked = world.revoke().await;
    assert_eq!(revoked["revocation"], "pending");
    assert!(world.live().await.is_null());
    // Somebody asks for a new one before the old one is dead.
    let issued = world.send(world.issue()).await;
    issued.json(202);
    world.simulator.release();
    eventually("the new one lives", async || !world.live().await.is_null()).await;
    world.agreement("in the end").await;
}

#[tokio::test]
async fn issuing_and_revoking_at_random_ends_in_agreement() {
    let world = Arc::new(World::start().await);
    let workers: Vec<_> = (0..4)
        .map(|number| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for round in 0..10 {
                    let revokes = (number + round) % 3 == 0;
                    let request = if revokes {
                        world.of_connection(Method::DELETE, "/pass")
                    } else {
                        world.issue()
                    };
                    let answer = world.send(request).await;
                    match answer.status.as_u16() {
                        200 | 201 => {}
                        409 => drop(answer.problem("revoked_during_issue")),
                        other => panic!("{other}: {}", answer.text),
                    }
                    world.assert_covered("in between").await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    world.agreement("in the end").await;
    world.revoke().await;
    assert!(world.simulator.ledger().is_empty());
}
