//! What providers answer: the right answers of the simulated one, changed on their way.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use pairlink_protocol::Method;
use pairlink_proxy::provider::Renewal;
use pairlink_proxy::secret::Secret;
use tokio::net::TcpListener;

use super::engine::{Target, run};
use super::mutation::Mutation;
use crate::cases::request;
use crate::desk::Desk;

/// Stands between an adapter and the provider.
struct Relay {
    provider: String,
    client: reqwest::Client,
    /// Answered instead of the provider's own word, where it is there.
    instead: Mutex<Option<Vec<u8>>>,
    /// What the provider itself said.
    heard: Mutex<Vec<Vec<u8>>>,
}

async fn relay(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let instead = relay.instead.lock().unwrap().clone();
    if let Some(body) = instead {
        let answer = Response::builder().header("content-type", "application/json");
        return answer.body(Body::from(body)).unwrap();
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let address = format!("{}{}", relay.provider, parts.uri);
    let asked = relay.client.request(parts.method, address).body(body);
    let mut headers = parts.headers;
    headers.remove("host");
    let answer = asked.headers(headers).send().await.unwrap();
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let body = answer.bytes().await.unwrap().to_vec();
    relay.heard.lock().unwrap().push(body.clone());
    let answer = Response::builder().status(status);
    let answer = answer.header("content-type", "application/json");
    answer.body(Body::from(body)).unwrap()
}

/// Everything that an adapter can be asked, in the shortest words.
async fn ask_everything(desk: &Desk) -> String {
    let (adapter, account, now) = (&desk.adapter, &desk.account, desk.now());
    let mut outcomes = Vec::new();
    for method in Method::ALL {
        if adapter.profile().offer(method).is_none() {
            continue;
        }
        let issued = adapter.issue(account, &request(method), now).await;
        if let Ok(issued) = &issued {
            // However long the provider says that it lives.
            let left = issued.expires_at.millis_since(now);
            assert!(left > 0, "given out after its end");
            assert!(left <= desk.offer(method).longest_millis(), "{left} ms");
        }
        outcomes.push(issued.map(|_issued| ()).err());
        let current = adapter.current(account, method, now).await;
        outcomes.push(current.map(|_current| ()).err());
    }
    for renewal in [
        Renewal::Mint,
        Renewal::Exchange(&Secret::new("x".repeat(40))),
    ] {
        outcomes.push(adapter.renew(account, renewal, now).await.err());
    }
    outcomes.push(adapter.session(account).await.err());
    outcomes.push(adapter.revoke(account).await.err());
    outcomes.push(adapter.log_out(account).await.err());
    format!("{outcomes:?}")
}

async fn answers_of(provider: &str) {
    let mut desk = Desk::open(provider).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let between = Arc::new(Relay {
        provider: desk.simulator.base_url().trim_end_matches('/').to_owned(),
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        instead: Mutex::default(),
        heard: Mutex::default(),
    });
    let router = Router::new()
        .fallback(relay)
        .with_state(Arc::clone(&between));
    let serving = tokio::spawn(axum::serve(listener, router).into_future());
    desk.account.base_url = address.parse().unwrap();
    ask_everything(&desk).await;
    desk.simulator.advance(std::time::Duration::from_secs(5));
    ask_everything(&desk).await;
    let seeds = between.heard.lock().unwrap().clone();
    assert!(!seeds.is_empty(), "{provider} said nothing");
    let target = Target {
        name: &format!("answers of {provider}"),
        seeds,
        mutation: Mutation::Json,
    };
    let attempt = async |input: &[u8]| {
        *between.instead.lock().unwrap() = Some(input.to_vec());
        ask_everything(&desk).await
    };
    run(target, attempt).await;
    serving.abort();
}

#[tokio::test]
async fn enablex() {
    answers_of("enablex").await;
}

#[tokio::test]
async fn green_api() {
    answers_of("green-api").await;
}

#[tokio::test]
async fn wawp() {
    answers_of("wawp").await;
}

#[tokio::test]
async fn wazzup() {
    answers_of("wazzup").await;
}
