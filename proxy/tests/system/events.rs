//! `GET /v1/events`.

use std::time::Duration;

use reqwest::Method;

use crate::harness::stream::Events;
use crate::harness::world::ORIGIN;
use crate::harness::{World, eventually};

#[tokio::test]
async fn a_stream_begins_with_how_things_are_and_goes_on_with_what_happens() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let request = world.events_request(&token);
    let answer = request.try_clone().unwrap().send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], ORIGIN);
    drop(answer);
    let mut events = Events::open(request).await;
    let first = events.next().await.unwrap();
    assert_eq!(first.kind, "resync");
    assert!(first.data["pass"].is_null());
    assert_eq!(first.data["connection"]["label"], "Acme support line");

    let link = world.issued().await;
    let issued = loop {
        let event = events.until("pass").await;
        if !event.data["pass"].is_null() {
            break event;
        }
    };
    assert!(issued.data["pass"]["url"] == link.as_str());
    world.revoke().await;
    let revoked = events.until("revoked").await;
    assert!(revoked.data["pass"].is_null());
    let ids: Vec<u64> = [&first, &issued, &revoked]
        .iter()
        .map(|event| event.id.parse().unwrap())
        .collect();
    assert!(ids.is_sorted() && ids[0] < ids[2], "{ids:?}");
}

#[tokio::test]
async fn every_open_page_hears_of_it() {
    let world = World::start().await;
    world.issued().await;
    let mut streams = Vec::new();
    for _page in 0..5 {
        let token = world.embed_token(&["read"]).await;
        let mut events = world.events(&token).await;
        assert_eq!(events.next().await.unwrap().kind, "resync");
        streams.push(events);
    }
    let token = world.embed_token(&["revoke"]).await;
    let request = world.page(Method::DELETE, "/v1/pass", &token);
    world.send(request).await.json(200);
    for events in &mut streams {
        let heard = tokio::time::timeout(Duration::from_secs(2), events.until("revoked"));
        assert!(heard.await.is_ok(), "too late");
    }
}

#[tokio::test]
async fn another_connections_events_are_not_told() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    let other = world.connect("acme").await;
    let path = format!("/v1/connections/{other}");
    world.send(world.backend(Method::DELETE, &path)).await;
    world.revoke().await;
    world.issued().await;
    loop {
        let event = events.next().await.unwrap();
        assert_ne!(event.kind, "revoked", "of another connection");
        if event.kind == "pass" {
            break;
        }
    }
}

#[tokio::test]
async fn a_page_that_comes_back_hears_what_it_missed() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    let seen = events.until_state("waiting").await;
    drop(events);
    world.issued().await;
    world.revoke().await;
    let resume = async |id: &str| {
        let request = world.events_request(&token).header("last-event-id", id);
        Events::open(request).await
    };
    let mut again = resume(&seen.id).await;
    let mut kinds = Vec::new();
    while kinds.last().map(String::as_str) != Some("revoked") {
        let event = again.next().await.unwrap();
        assert!(event.id.parse::<u64>().unwrap() > seen.id.parse::<u64>().unwrap());
        // Each tells how things are now, not how they were.
        assert!(event.data["pass"].is_null());
        kinds.push(event.kind);
    }
    assert!(kinds.contains(&"pass".to_owned()), "{kinds:?}");
    assert!(!kinds.contains(&"resync".to_owned()), "{kinds:?}");

    // Who has seen everything hears the next thing first.
    let mut books = world.books().await;
    let newest = books
        .column("SELECT CAST(MAX(sequence) AS TEXT) FROM outbox")
        .await;
    let mut again = resume(&newest[0]).await;
    world.issued().await;
    assert_eq!(again.next().await.unwrap().kind, "pass");

    for unknown in [
        "0",
        "-1",
        "999999999",
        "18446744073709551616",
        "x",
        "",
        "1; 2",
        "\u{e9}",
    ] {
        let mut again = resume(unknown).await;
        assert_eq!(again.next().await.unwrap().kind, "resync", "{unknown}");
    }
}

#[tokio::test]
async fn who_missed_very_much_is_told_to_read_anew() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    let seen = events.until("resync").await;
    drop(events);
    for _many in 0..17 {
        world.issued().await;
        world.revoke().await;
    }
    let request = world.events_request(&token);
    let mut again = Events::open(request.header("last-event-id", &seen.id)).await;
    assert_eq!(again.next().await.unwrap().kind, "resync");
}

#[tokio::test]
async fn a_pass_that_ends_is_told() {
    let world = World::start().await;
    let token = world.embed_token_for(&["read"], 3600).await;
    let mut events = world.events(&token).await;
    world.issued().await;
    events.until("pass").await;
    world.simulator.advance(Duration::from_mins(30));
    let expired = events.until("expired").await;
    assert!(expired.data["pass"].is_null());
}

#[tokio::test]
async fn a_phone_that_connects_is_told_and_leaves_no_link_behind() {
    let world = World::start().await;
    let token = world.embed_token(&["read", "issue"]).await;
    let mut events = world.events(&token).await;
    let waiting = events.until_state("waiting").await;
    assert_eq!(waiting.data["connection"]["state"], "waiting");
    world.issued().await;
    world.simulator.wawp().scan(&world.instance_id).unwrap();
    events.until_state("connected").await;
    let revoked = events.until("revoked").await;
    assert!(revoked.data["pass"].is_null());
    eventually("nobody can use the link again", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    world.agreement("after the scan").await;
    world.send(world.issue()).await.problem("already_connected");
    assert!(world.simulator.ledger().is_empty());

    // The phone logs out: a new link may be had at once, whether that was noticed or not.
    world.simulator.wawp().log_out(&world.instance_id).unwrap();
    world.issued().await;
    events.until_state("waiting").await;
    world.agreement("after the next").await;
}

#[tokio::test]
async fn nobody_looks_at_a_login_that_no_page_waits_for() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until_state("waiting").await;
    drop(events);
    let mut still = 0;
    let mut last = world.all_calls();
    eventually("the looking ends", async || {
        let calls = world.all_calls();
        still = if calls == last { still + 1 } else { 0 };
        last = calls;
        // Far longer than the pause between two looks.
        still == 60
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let world = World::start().await;
    let token = world.embed_token_for(&["read"], 60).await;
    world.simulator.advance(Duration::from_millis(59_500));
    let mut events = world.events(&token).await;
    assert_eq!(events.next().await.unwrap().kind, "resync");
    events.end().await;
    let left = world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await;
    left.problem("token_expired");
}

#[tokio::test]
async fn a_stream_ends_when_the_proxy_does() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    let (ended, ()) = tokio::join!(world.stop(), events.end());
    drop(ended);
}

#[tokio::test]
async fn only_who_takes_events_gets_them() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    for accept in ["application/json", "text/html, image/*", ""] {
        let request = world.events_request(&token).header("accept", accept);
        world.send(request).await.problem("not_acceptable");
    }
    for accept in ["text/event-stream", "text/*;q=0.5", "a/b, */*"] {
        let request = world.events_request(&token).header("accept", accept);
        let mut events = Events::open(request).await;
        assert_eq!(events.next().await.unwrap().kind, "resync");
    }
}
