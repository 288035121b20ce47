//! Connections that take their time, or too much room.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use futures_util::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{say, some};
use crate::harness::world::Setup;
use crate::harness::{World, eventually, in_time};
use crate::upstream::Scene;

const SHORT: Duration = Duration::from_millis(200);

fn impatient() -> Setup {
    let mut setup = Setup::default();
    setup.connections.head = SHORT;
    setup.connections.body = SHORT;
    setup
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let world = World::start_with(impatient()).await;
    for said in [
        "",
        "GET /healthz HT",
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx: ",
    ] {
        let heard = say(&mut world.dial().await, said.as_bytes()).await;
        assert!(
            heard.is_empty() || heard.starts_with("HTTP/1.1 408"),
            "{heard}"
        );
    }
    // One that waits for its next request is closed as well.
    let heard = say(
        &mut world.dial().await,
        b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    )
    .await;
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let world = World::start().await;
    let many: Vec<String> = (0..100).map(|n| format!("x-{n}: y\r\n")).collect();
    let many = many.concat();
    let long = format!("x: {}\r\n", "y".repeat(80 * 1024));
    for headers in [many, long] {
        let said = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        let heard = say(&mut world.dial().await, said.as_bytes()).await;
        assert!(heard.starts_with("HTTP/1.1 431"), "{heard}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_to_its_end_is_refused() {
    let world = World::start_with(impatient()).await;
    let head = |path: &str, length: &str, kind: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: {kind}\r\n\
             sec-fetch-site: same-origin\r\n{length}\r\n\r\n",
            world.key
        )
    };
    let pass = format!("/v1/connections/{}/pass", world.connection);
    let share_link = format!("/v1/connections/{}/share-link", world.connection);
    let json = "application/json";
    for (path, length, begun) in [
        (&pass, "content-length: 99", "{\"method\": "),
        (&pass, "transfer-encoding: chunked", "3\r\n{\"m\r\n"),
        (&share_link, "transfer-encoding: chunked", ""),
    ] {
        let request = format!("{}{begun}", head(path, length, json));
        let told = say(&mut world.dial().await, request.as_bytes()).await;
        assert!(told.starts_with("HTTP/1.1 408"), "{told}");
        assert!(told.contains("\"code\":\"request_timeout\""), "{told}");
    }
    // A person's browser is answered with a page.
    let form = "application/x-www-form-urlencoded";
    let request = head("/connect/pass", "content-length: 99", form);
    let told = say(&mut world.dial().await, request.as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    assert!(told.contains("text/html"), "{told}");
    assert_eq!(world.all_calls(), 0);
}

#[tokio::test]
async fn a_body_that_trickles_on_its_way_to_a_provider_is_broken_off() {
    let scene = Scene::open_at("enablex", impatient()).await;
    let world = &scene.world;
    let said = format!(
        "POST /v1/connections/{}/upstream/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-length: 99\r\n\r\nbegun",
        world.connection, world.key
    );
    let heard = say(&mut world.dial().await, said.as_bytes()).await;
    assert!(heard.starts_with("HTTP/1.1 400"), "{heard}");
}

#[tokio::test]
async fn one_connection_too_many_is_told_so_and_the_next_finds_room() {
    let setup = Setup {
        callers: |limits| limits.connections = some(3),
        ..Setup::default()
    };
    let world = World::start_with(setup).await;
    let ask = async || {
        let said = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        say(&mut world.dial().await, said).await
    };
    // One may be kept by the client with which the world was set up.
    let mut held = vec![world.dial().await, world.dial().await, world.dial().await];
    eventually("no room", async || ask().await.starts_with("HTTP/1.1 503")).await;
    let refused = ask().await;
    assert!(refused.contains("retry-after: 5"), "{refused}");
    held.clear();
    eventually("room", async || ask().await.starts_with("HTTP/1.1 200")).await;
}

#[tokio::test]
async fn one_address_takes_so_many_connections_where_clients_come_by_themselves() {
    let setup = Setup {
        callers: |limits| {
            limits.trusted_proxies = "192.0.2.1".parse().unwrap();
            limits.connections_of_address = some(3);
        },
        ..Setup::default()
    };
    let world = World::start_with(setup).await;
    let held = [world.dial().await, world.dial().await, world.dial().await];
    let said = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let refused = say(&mut world.dial().await, said).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    drop(held);
}

#[tokio::test]
async fn what_is_not_http_1_is_not_spoken() {
    let world = World::start().await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let heard = say(&mut world.dial().await, preface).await;
    assert!(
        heard.is_empty() || heard.starts_with("HTTP/1.1 4"),
        "{heard}"
    );
    let upgrade =
        b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings, close\r\n\
                    upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n";
    let heard = say(&mut world.dial().await, upgrade).await;
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

/// Says when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn whoever_stops_to_read_is_let_go() {
    static NOISE: [u8; 64 * 1024] = [0; 64 * 1024];
    let mut setup = Setup::default();
    setup.connections.write = SHORT;
    let scene = Scene::open_at("enablex", setup).await;
    let let_go = Arc::new(AtomicBool::new(false));
    let guard = Arc::new(Dropped(Arc::clone(&let_go)));
    scene.station.answer(move |_before, _request| {
        let guard = Arc::clone(&guard);
        let endless = stream::repeat_with(move || {
            let _kept = &guard;
            Ok::<_, std::io::Error>(Bytes::from_static(&NOISE))
        });
        async move { Body::from_stream(endless).into_response() }
    });
    let world = &scene.world;
    let mut stream = world.dial().await;
    let said = format!(
        "GET /v1/connections/{}/upstream/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        world.connection, world.key
    );
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut beginning = [0; 12];
    in_time("the head", stream.read_exact(&mut beginning))
        .await
        .unwrap();
    assert_eq!(&beginning, b"HTTP/1.1 200");
    // Nothing more is read, and nothing is closed from here.
    scene
        .station
        .answer(|_before, _request| async { ().into_response() });
    eventually("the end of the call", async || {
        let_go.load(Ordering::SeqCst)
    })
    .await;
    drop(stream);
}
