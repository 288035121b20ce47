//! What providers answer: the right answers of the simulated one, changed on their way.

use std::mem::discriminant;
use std::sync::{Arc, Mutex};
use std::time::Duration;

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

/// Providers forbid to ask again within a second.
const BETWEEN_CALLS: Duration = Duration::from_secs(2);

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

/// What an adapter can be asked.
#[derive(Clone, Copy)]
enum Asked {
    Issue(Method),
    Current(Method),
    Mint,
    Exchange,
    Session,
    Revoke,
    LogOut,
}

impl Asked {
    fn all(desk: &Desk) -> Vec<Self> {
        let methods = desk.adapter.profile().methods();
        methods
            .flat_map(|method| [Self::Issue(method), Self::Current(method)])
            .chain([
                Self::Mint,
                Self::Exchange,
                Self::Session,
                Self::Revoke,
                Self::LogOut,
            ])
            .collect()
    }
}

/// Asks an adapter, and says how it went in one word.
async fn ask(desk: &Desk, asked: Asked) -> String {
    let (adapter, account, now) = (&desk.adapter, &desk.account, desk.now());
    let failed = match asked {
        Asked::Issue(method) => {
            let issued = adapter.issue(account, &request(method), now).await;
            if let Ok(issued) = &issued {
                // However long the provider says that it lives.
                let left = issued.expires_at.millis_since(now);
                assert!(left > 0, "given out after its end");
                assert!(left <= desk.offer(method).longest_millis(), "{left} ms");
            }
            issued.err()
        }
        Asked::Current(method) => adapter.current(account, method, now).await.err(),
        Asked::Mint => adapter.renew(account, Renewal::Mint, now).await.err(),
        Asked::Exchange => {
            let by = Secret::new("x".repeat(40));
            let renewed = adapter.renew(account, Renewal::Exchange(&by), now);
            renewed.await.err()
        }
        Asked::Session => adapter.session(account).await.err(),
        Asked::Revoke => adapter.revoke(account).await.err(),
        Asked::LogOut => adapter.log_out(account).await.err(),
    };
    format!("{:?}", failed.map(|error| discriminant(&error)))
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
    let questions = Asked::all(&desk);
    for _twice in 0..2 {
        for asked in &questions {
            ask(&desk, *asked).await;
            desk.simulator.advance(BETWEEN_CALLS);
        }
    }
    let seeds = between.heard.lock().unwrap().clone();
    assert!(!seeds.is_empty(), "{provider} said nothing");
    let target = Target {
        name: &format!("answers of {provider}"),
        seeds,
        mutation: Mutation::Json,
    };
    let attempt = async |input: &[u8]| {
        *between.instead.lock().unwrap() = Some(input.to_vec());
        // One question an input, the same one for the same input.
        let sum: usize = input.iter().map(|byte| usize::from(*byte)).sum();
        let number = sum % questions.len();
        format!("{number} {}", ask(&desk, questions[number]).await)
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
