//! QR codes that renew themselves while somebody looks.

use std::time::Duration;

use pairlink_protocol::Timestamp;
use pairlink_proxy::domain::ConnectionId;
use pairlink_simulator::{Alive, Fault, FaultKind, green_api, wawp};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::stream::Events;
use crate::harness::{Setup, World, eventually};

/// As long as Green-API shows one.
const QR_TTL: Duration = Duration::from_secs(20);

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn ask(world: &World) -> RequestBuilder {
    let request = world.of_connection(Method::POST, "/pass");
    request.json(&json!({ "method": "qr" }))
}

async fn asked(world: &World) -> Value {
    world.send(ask(world)).await.json(201)["pass"].take()
}

/// The page of a person that looks.
async fn looking(world: &World) -> Events {
    let token = world.embed_token_for(&["read"], 3600).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    events
}

fn shown(world: &World) -> Alive {
    let mut alive = world.simulator.ledger().into_iter();
    alive.find(|alive| alive.kind == "qr").unwrap()
}

/// Whether a code is the one on the provider's screen, and dead when it is said to be.
#[track_caller]
fn assert_honest(world: &World, pass: &Value) {
    let shown = shown(world);
    assert_shown(world, pass);
    let millis = shown.expires_at.unix_timestamp_nanos() / 1_000_000;
    let end = Timestamp::from_unix_millis(i64::try_from(millis).unwrap());
    assert!(
        instant(&pass["expires_at"]) <= end,
        "it dies before it is said to"
    );
}

/// Waits until the code that is given out is the one on the provider's screen.
async fn up_to_date(world: &World) {
    eventually("the code of the moment is given out", async || {
        let live = world.live().await;
        let alive = world.simulator.ledger();
        alive
            .iter()
            .any(|alive| live["payload"] == alive.secret.as_str())
    })
    .await;
}

/// Whether a code is the one on the provider's screen.
#[track_caller]
fn assert_shown(world: &World, pass: &Value) {
    assert!(
        pass["payload"] == shown(world).secret.as_str(),
        "another code"
    );
}

/// Lets one look at the screen of Green-API happen. At the end of a round there is none.
async fn a_look(world: &World) {
    a_look_after(world, Duration::from_millis(1_300)).await;
}

async fn a_look_after(world: &World, pause: Duration) {
    let calls = world.calls(green_api::QR);
    world.simulator.advance(pause);
    eventually("it was looked at", async || {
        world.calls(green_api::QR) > calls
    })
    .await;
}

/// Looks on until the next code follows.
async fn followed(world: &World, events: &mut Events) -> Value {
    // Most of a code's life is like the rest of it, and some of it passes by itself. A jump over its end would be a process
    // that stood still, which ends the round.
    let mut alive = world.simulator.ledger().into_iter();
    let end = alive.find(|alive| alive.kind == "qr");
    let left = end.map(|code| code.expires_at - world.simulator.now() - Duration::from_secs(5));
    if let Some(Ok(most)) = left.map(Duration::try_from) {
        a_look_after(world, most).await;
    }
    followed_soon(world, events).await
}

/// Looks on, as often as the provider allows, until the next code follows.
async fn followed_soon(world: &World, events: &mut Events) -> Value {
    let mut books = world.books().await;
    let query = "SELECT action FROM audit WHERE action = 'pass.renew'";
    let before = books.column(query).await.len();
    let mut followed = false;
    for _look in 0..20 {
        let calls = world.calls(green_api::QR);
        world.simulator.advance(Duration::from_millis(1_300));
        // What the look before has seen may be written down only now, and then there is none for a while.
        eventually("it was looked at, or followed", async || {
            followed = books.column(query).await.len() > before;
            followed || world.calls(green_api::QR) > calls
        })
        .await;
        if followed {
            break;
        }
    }
    events.until("renewed").await.data
}

/// How often was asked until nobody asks any more.
async fn settled(world: &World, call: &str) -> u64 {
    let (mut still, mut last) = (0, world.calls(call));
    eventually("the asking ends", async || {
        world.simulator.advance(Duration::from_secs(2));
        let calls = world.calls(call);
        still = if calls == last { still + 1 } else { 0 };
        last = calls;
        still == 60
    })
    .await;
    last
}

#[tokio::test]
async fn one_code_follows_another_while_somebody_looks() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    let mut earlier = asked(&world).await;
    assert_honest(&world, &earlier);
    for _turn in 0..4 {
        let renewed = followed(&world, &mut events).await;
        let pass = &renewed["pass"];
        assert!(pass["payload"] != earlier["payload"] && pass["id"] != earlier["id"]);
        assert!(renewed["issuing"].is_null());
        assert_honest(&world, pass);
        assert_eq!(world.live().await, *pass);
        earlier = pass.clone();
    }
    let mut books = world.books().await;
    assert_eq!(books.passes_in(&["live"]).await, 1);
    assert_eq!(books.passes_in(&["minting", "revoking"]).await, 0);
    let renewals = books
        .column("SELECT actor_kind FROM audit WHERE action = 'pass.renew'")
        .await;
    assert_eq!(renewals, ["pairlink"; 4]);
}

#[tokio::test]
async fn a_picture_that_is_the_same_extends_nothing() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let _events = looking(&world).await;
    let pass = asked(&world).await;
    let calls = world.calls(green_api::QR);
    for times in 1..=3 {
        world.simulator.advance(Duration::from_secs(2));
        eventually("it was looked at", async || {
            world.calls(green_api::QR) >= calls + times
        })
        .await;
        assert_eq!(world.live().await, pass);
    }
}

#[tokio::test]
async fn a_code_that_was_old_when_it_was_read_is_followed_when_it_dies() {
    let (world, _green) = World::start_green(Setup::default()).await;
    asked(&world).await;
    world.simulator.advance(Duration::from_secs(14));
    let old = asked(&world).await;
    let mut events = looking(&world).await;
    let renewed = followed_soon(&world, &mut events).await;
    assert!(
        instant(&renewed["server_time"]) < instant(&old["expires_at"]),
        "too late"
    );
    assert_honest(&world, &renewed["pass"]);
}

#[tokio::test]
async fn nobody_looks_and_nobody_asks() {
    let (world, _green) = World::start_green(Setup::default()).await;
    asked(&world).await;
    world.simulator.advance(Duration::from_secs(19));
    let mut books = world.books().await;
    world.simulator.advance(Duration::from_secs(2));
    eventually("it expires", async || {
        books.passes_in(&["expired"]).await == 1
    })
    .await;
    assert_eq!(world.calls(green_api::QR), 1);
    // Nor does anything follow what had ended before somebody came.
    let _events = looking(&world).await;
    assert_eq!(settled(&world, green_api::QR).await, 1);
    assert!(world.live().await.is_null());
}

#[tokio::test]
async fn a_page_that_was_forgotten_asks_for_nothing() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    let mut codes = 1;
    for _round in 1..9 {
        followed(&world, &mut events).await;
        codes += 1;
    }
    // The last one lives on without anybody looking, and nothing is said to follow.
    world.simulator.advance(QR_TTL + Duration::from_secs(10));
    let end = loop {
        let event = events.next().await.unwrap();
        match event.kind.as_str() {
            // What was on its way when the time passed.
            "renewed" => {
                codes += 1;
                world.simulator.advance(QR_TTL);
            }
            "expired" if event.data["issuing"].is_null() => break event,
            _another => {}
        }
    };
    assert!((9..=10).contains(&codes), "{codes}");
    assert!(end.data["pass"].is_null());
    let calls = world.calls(green_api::QR);
    assert_eq!(settled(&world, green_api::QR).await, calls);
    // Somebody may begin the next round.
    asked(&world).await;
    followed(&world, &mut events).await;
}

#[tokio::test]
async fn a_round_that_ends_in_the_gap_says_that_nothing_follows() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    // The round begins late in the life of its first code, so that its last one ends before it does.
    world.simulator.advance(Duration::from_secs(4));
    let mut code = asked(&world).await;
    for _code in 1..9 {
        code = followed(&world, &mut events).await["pass"].take();
    }
    let nothing = Fault::before(FaultKind::refusal("qr_error")).until_cleared();
    world.simulator.inject(green_api::QR, nothing).unwrap();
    let left = instant(&code["expires_at"]).millis_since(world.service.now());
    // The next one is expected before this one is dead, …
    a_look_after(&world, Duration::from_millis((left - 1_000).unsigned_abs())).await;
    world.simulator.advance(Duration::from_secs(1));
    let gap = events.until("expired").await.data;
    assert_eq!(gap["issuing"], "qr");
    // … and then the round is over, while there was still hope.
    world.simulator.advance(Duration::from_secs(7));
    let over = events.until("expired").await.data;
    assert!(over["pass"].is_null() && over["issuing"].is_null());
    let calls = world.calls(green_api::QR);
    assert_eq!(settled(&world, green_api::QR).await, calls);
}

#[tokio::test]
async fn a_round_has_so_many_codes() {
    let (world, green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    a_look(&world).await;
    for _code in 1..15 {
        // Codes that change faster than anybody says.
        let green_api = world.simulator.green_api();
        green_api
            .add_instance(&green.id_instance, &green.token)
            .unwrap();
        world.simulator.advance(Duration::from_secs(2));
        events.until("renewed").await;
    }
    world
        .simulator
        .green_api()
        .add_instance(&green.id_instance, &green.token)
        .unwrap();
    let expired = async {
        loop {
            let event = events.next().await.unwrap();
            assert_ne!(event.kind, "renewed");
            if event.kind == "expired" {
                break event;
            }
        }
    };
    world.simulator.advance(QR_TTL);
    assert!(expired.await.data["issuing"].is_null());
}

#[tokio::test]
async fn the_gap_between_two_codes_is_said_to_be_one_and_comes_to_its_end() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    a_look(&world).await;
    let nothing = Fault::before(FaultKind::refusal("qr_error")).until_cleared();
    world
        .simulator
        .inject(green_api::QR, nothing.clone())
        .unwrap();
    // The next code is expected before this one is dead.
    world.simulator.advance(Duration::from_millis(17_300));
    let calls = world.calls(green_api::QR);
    eventually("it was looked at twice", async || {
        world.calls(green_api::QR) > calls + 1
    })
    .await;
    world.simulator.advance(Duration::from_millis(500));
    let gap = events.until("expired").await.data;
    assert!(gap["pass"].is_null());
    eventually("the next one is said to come", async || {
        let request = world.of_connection(Method::GET, "/pass");
        world.send(request).await.json(200)["issuing"] == "qr"
    })
    .await;
    world.simulator.clear_faults();
    world.simulator.advance(Duration::from_secs(2));
    events.until("renewed").await;

    world.simulator.inject(green_api::QR, nothing).unwrap();
    world.simulator.advance(QR_TTL);
    events.until("expired").await;
    world.simulator.advance(Duration::from_secs(10));
    let given_up = events.until("expired").await.data;
    assert!(given_up["pass"].is_null() && given_up["issuing"].is_null());
    let calls = world.calls(green_api::QR);
    assert_eq!(settled(&world, green_api::QR).await, calls);
}

/// Brings a round into the gap between two codes.
async fn into_the_gap(world: &World, events: &mut Events) {
    asked(world).await;
    a_look(world).await;
    let nothing = Fault::before(FaultKind::refusal("qr_error")).until_cleared();
    world.simulator.inject(green_api::QR, nothing).unwrap();
    world.simulator.advance(Duration::from_millis(19_500));
    events.until("expired").await;
}

/// Nothing follows any more.
async fn assert_over(world: &World) {
    world.simulator.clear_faults();
    world.simulator.advance(Duration::from_secs(2));
    let calls = settled(world, green_api::QR).await;
    assert!(world.live().await.is_null());
    let mut books = world.books().await;
    assert_eq!(
        books.column("SELECT connection FROM qr_rounds").await,
        [""; 0]
    );
    assert_eq!(world.calls(green_api::QR), calls);
}

#[tokio::test]
async fn a_revocation_ends_the_round_even_in_the_gap() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    into_the_gap(&world, &mut events).await;
    world.revoke().await;
    let request = world.of_connection(Method::GET, "/pass");
    let view = world.send(request).await.json(200);
    assert!(view["issuing"].is_null());
    assert_over(&world).await;
}

#[tokio::test]
async fn a_log_out_ends_the_round() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    into_the_gap(&world, &mut events).await;
    let request = world.of_connection(Method::DELETE, "/session");
    world.send(request).await.json(200);
    assert_over(&world).await;
}

#[tokio::test]
async fn a_phone_that_connects_ends_the_round() {
    let (world, green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    into_the_gap(&world, &mut events).await;
    world
        .simulator
        .green_api()
        .scan(&green.id_instance)
        .unwrap();
    events.until_state("connected").await;
    assert_over(&world).await;
}

#[tokio::test]
async fn a_removal_ends_the_round() {
    let (world, green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    let path = format!("/v1/connections/{}", green.connection);
    world.send(world.backend(Method::DELETE, &path)).await;
    events.end().await;
    let calls = world.calls(green_api::QR);
    assert_eq!(settled(&world, green_api::QR).await, calls);
}

#[tokio::test]
async fn a_person_asks_beside_it_and_no_limit_is_met() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    for _time in 0..3 {
        asked(&world).await;
        events.until("pass").await;
    }
    assert!(world.calls(green_api::QR) >= 3);
}

#[tokio::test]
async fn who_repeats_the_request_gets_what_can_be_scanned() {
    let (world, _green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    let request = || ask(&world).header("idempotency-key", "key");
    world.send(request()).await.json(201);
    let renewed = followed(&world, &mut events).await;
    let repeated = world.send(request()).await;
    assert_eq!(repeated.header("idempotent-replayed"), "true");
    assert_eq!(repeated.json(201)["pass"], renewed["pass"]);
}

#[tokio::test]
async fn of_two_replicas_one_goes_on_and_after_a_restart_none_stumbles() {
    let (world, green) = World::start_green(Setup::default()).await;
    let mut events = looking(&world).await;
    asked(&world).await;
    let other = world.household.open().await;
    other.start().await.unwrap();
    let id = ConnectionId::from_text(green.connection);
    let watching = other.watch(&id);
    for _turn in 0..2 {
        followed(&world, &mut events).await;
        up_to_date(&world).await;
    }
    let mut books = world.books().await;
    assert_eq!(books.passes_in(&["live"]).await, 1);
    let renewals = books
        .column("SELECT action FROM audit WHERE action = 'pass.renew'")
        .await;
    assert_eq!(renewals.len(), 2);
    drop(watching);
    other.close();
    other.finish(Duration::from_secs(5)).await;
    let third = world.household.open().await;
    third.start().await.unwrap();
    followed(&world, &mut events).await;
    up_to_date(&world).await;
    third.close();
}

#[tokio::test]
async fn wawps_codes_follow_each_other_as_it_says() {
    let world = World::start().await;
    let mut events = looking(&world).await;
    let mut earlier = asked(&world).await;
    assert_honest(&world, &earlier);
    for seconds in [60, 20, 20] {
        // It says when a code ends, so nobody asks before it is about to.
        let calls = world.calls(wawp::QR);
        world.simulator.advance(Duration::from_secs(seconds - 3));
        assert_eq!(world.live().await, earlier);
        assert_eq!(world.calls(wawp::QR), calls);
        world.simulator.advance(Duration::from_secs(2));
        eventually("it was looked at", async || world.calls(wawp::QR) > calls).await;
        world.simulator.advance(Duration::from_secs(1));
        let pass = events.until("renewed").await.data["pass"].take();
        assert!(pass["payload"] != earlier["payload"]);
        assert_honest(&world, &pass);
        earlier = pass;
    }
}
