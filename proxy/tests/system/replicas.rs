//! Several proxies on one database: any of them will do, and none of them minds when another is killed or paused.

mod order;
#[cfg(unix)]
mod outage;
#[cfg(unix)]
mod paused;
mod schema;
mod server;
mod turns;

use std::future::IntoFuture as _;

use pairlink_proxy::domain::{Actor, ApiKeyId};
use pairlink_proxy::http;
use pairlink_proxy::service::Service;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::harness::answer::send;
use crate::harness::stream::Events;
use crate::harness::{PATIENCE, World, eventually, in_time};

/// One more proxy on a world's database.
struct Replica {
    service: Service,
    url: String,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Replica {
    async fn join(world: &World) -> Self {
        let service = world.household.open().await;
        service.start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = axum::serve(listener, http::router(service.clone(), None))
            .with_graceful_shutdown(service.closing().cancelled_owned());
        Self {
            service,
            url,
            serving: tokio::spawn(server.into_future()),
        }
    }

    /// A request of the host's backend about the world's connection.
    fn pass(&self, world: &World, method: Method) -> RequestBuilder {
        let path = format!("{}/v1/connections/{}/pass", self.url, world.connection);
        world.client.request(method, path).bearer_auth(&world.key)
    }

    fn issue(&self, world: &World) -> RequestBuilder {
        let request = self.pass(world, Method::POST);
        request.json(&json!({ "method": "link" }))
    }

    async fn leave(self) {
        self.service.close();
        in_time("the server's end", self.serving)
            .await
            .unwrap()
            .unwrap();
        self.service.finish(PATIENCE).await;
    }
}

#[tokio::test]
async fn what_is_issued_by_one_is_read_and_revoked_by_another() {
    let world = World::start().await;
    let other = Replica::join(&world).await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;

    let issued = world.send(other.issue(&world)).await.json(201);
    assert_eq!(world.live().await, issued["pass"]);
    loop {
        let event = events.until("pass").await;
        if event.data["pass"]["url"] == issued["pass"]["url"] {
            break;
        }
    }

    let revoked = world.send(other.pass(&world, Method::DELETE)).await;
    assert_eq!(revoked.json(200)["revocation"], "upstream");
    assert!(world.live().await.is_null());
    events.until("revoked").await;
    world.agreement("after both").await;
    other.leave().await;
}

#[tokio::test]
async fn many_who_ask_several_at_once_get_one_link() {
    let world = World::start().await;
    let others = [Replica::join(&world).await, Replica::join(&world).await];
    let hold = pairlink_simulator::Fault::before(pairlink_simulator::FaultKind::Hold);
    let mint = pairlink_simulator::wawp::MINT;
    world.simulator.inject(mint, hold).unwrap();
    let mut asked = vec![tokio::spawn(send(world.issue()))];
    world.simulator.held(mint).await.unwrap();
    for (number, other) in others.iter().cycle().take(8).enumerate() {
        let request = other.issue(&world);
        let request = request.header("idempotency-key", format!("key-{number}"));
        asked.push(tokio::spawn(send(request)));
    }
    // Who has met the intent has left its key with it.
    let mut books = world.books().await;
    eventually("all have asked", async || {
        let keys = books.column("SELECT key_hash FROM idempotency_keys").await;
        keys.len() == 8
    })
    .await;
    books.close().await;
    world.simulator.release();
    let live = in_time("an answer", asked.remove(0)).await.unwrap();
    let live = live.json(201)["pass"].take();
    for answer in asked {
        let answer = in_time("an answer", answer).await.unwrap();
        assert_eq!(answer.json(201)["pass"], live);
    }
    assert_eq!(world.calls(mint), 1);
    world.agreement("after all").await;
    for other in others {
        other.leave().await;
    }
}

#[tokio::test]
async fn a_key_that_is_revoked_by_one_ends_the_streams_of_another() {
    let world = World::start().await;
    let other = Replica::join(&world).await;
    let token = world.embed_token(&["read"]).await;
    let request = world
        .client
        .get(format!("{}/v1/events", other.url))
        .bearer_auth(&token)
        .header("origin", crate::harness::world::ORIGIN);
    let mut events = Events::open(request).await;
    events.until("resync").await;
    let id = ApiKeyId::from_text(world.key_id.as_str());
    let operator = Actor::operator();
    let revoked = world.service.revoke_api_key(&id, &operator);
    revoked.await.unwrap();
    events.end().await;
    other.leave().await;
}
