//! How many streams of events may be open, and how long.

use std::time::Duration;

use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::some;
use crate::harness::stream::Events;
use crate::harness::world::{ORIGIN, Setup};
use crate::harness::{World, eventually, in_time};
use crate::operation::assert_golden;
use pairlink_proxy::domain::{Actor, ApiKeyId};
use pairlink_proxy::http::{ConnectionLimits, LimitSettings, router, serve};

async fn start(callers: fn(&mut LimitSettings)) -> World {
    let setup = Setup {
        callers,
        ..Setup::default()
    };
    World::start_with(setup).await
}

#[tokio::test]
async fn a_token_holds_five_and_what_it_lets_go_is_free() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let mut open: Vec<Events> = Vec::new();
    for _ in 0..5 {
        open.push(world.events(&token).await);
    }
    let refused = world.send(world.events_request(&token)).await;
    let problem = refused.problem("rate_limited");
    assert_eq!(problem["retry_after"], 10);
    assert_golden("problem_rate_limited.json", &problem);
    assert_eq!(refused.header("access-control-allow-origin"), ORIGIN);
    // Reading goes on.
    let request = world.page(Method::GET, "/v1/pass", &token);
    world.send(request).await.json(200);
    open.pop();
    eventually("room", async || {
        let response = world.events_request(&token).send().await.unwrap();
        response.status() == 200
    })
    .await;
}

#[tokio::test]
async fn streams_are_counted_by_connection_tenant_address_and_altogether() {
    let bounds: [fn(&mut LimitSettings); 4] = [
        |limits| limits.streams_of_connection = some(2),
        |limits| limits.streams_of_tenant = some(2),
        |limits| {
            limits.trusted_proxies = "192.0.2.1".parse().unwrap();
            limits.streams_of_address = some(2);
        },
        |limits| limits.streams = some(2),
    ];
    for bound in bounds {
        let world = start(bound).await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(world.embed_token(&["read"]).await);
        }
        let _first = world.events(&tokens[0]).await;
        let _second = world.events(&tokens[1]).await;
        let refused = world.send(world.events_request(&tokens[2])).await;
        refused.problem("rate_limited");
    }
}

#[tokio::test]
async fn what_is_revoked_here_ends_the_streams_of_every_other_process() {
    let world = World::start().await;
    let other = world.household.open().await;
    other.start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let limits = world.household.setup.limits();
    let serving = tokio::spawn(serve(
        listener,
        router(other.clone(), None),
        ConnectionLimits::default(),
        limits,
        other.closing(),
    ));
    let token = world.embed_token(&["read"]).await;
    let request = world.client.get(format!("{url}/v1/events"));
    let request = request.bearer_auth(&token).header("origin", ORIGIN);
    let mut stream = Events::open(request).await;
    stream.until("resync").await;
    let key = ApiKeyId::from_text(&world.key_id);
    let revoked = world.service.revoke_api_key(&key, &Actor::operator()).await;
    revoked.unwrap();
    stream.end().await;
    other.close();
    in_time("the other's end", serving).await.unwrap();
}

#[tokio::test]
async fn an_old_stream_ends_and_says_when_to_come_again() {
    let world = start(|limits| {
        limits.stream_age = Duration::from_millis(200);
        limits.streams = some(1);
    })
    .await;
    let token = world.embed_token(&["read"]).await;
    let said = format!(
        "GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\norigin: {ORIGIN}\r\n\
         connection: close\r\n\r\n"
    );
    for _ in 0..2 {
        let mut stream = world.dial().await;
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = String::new();
        in_time("the end", stream.read_to_string(&mut heard))
            .await
            .unwrap();
        assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
        assert!(heard.contains("event: resync"), "{heard}");
        let (_, last) = heard.rsplit_once("retry: ").unwrap();
        let pause: u32 = last.lines().next().unwrap().trim().parse().unwrap();
        assert!(pause <= 10_000, "{pause}");
        // A plain end, not one in the middle.
        assert!(heard.ends_with("\r\n0\r\n\r\n"), "{heard}");
    }
}
