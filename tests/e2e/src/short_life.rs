//! A provider whose links end soon.
//!
//! The proxy keeps its own time, which no test can move. So that a test can see a link end, this stands between the
//! proxy and the simulator and says of every link that it ends earlier. Its links lead to itself: the proxy shows no
//! others.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::{Json, Router};
use pairlink_protocol::Timestamp;
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpListener;

/// How long the simulated provider's links live.
const WHOLE_LIFE: Duration = Duration::from_mins(30);

#[derive(Clone)]
struct Relay {
    http: Client,
    provider: String,
    own_address: String,
    earlier_by_millis: i64,
}

/// Starts one in front of the provider, and returns its address.
pub(crate) async fn start(http: Client, provider: String, life: Duration) -> String {
    let earlier_by = WHOLE_LIFE.checked_sub(life).expect("a shorter life");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let relay = Relay {
        http,
        provider,
        own_address: address.clone(),
        earlier_by_millis: i64::try_from(earlier_by.as_millis()).unwrap(),
    };
    let router = Router::new().fallback(pass_on).with_state(relay);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn pass_on(
    State(relay): State<Relay>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let url = format!("{}{uri}", relay.provider);
    let request = relay.http.request(method, url).headers(headers).body(body);
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    let text = text.replace(&relay.provider, &relay.own_address);
    let mut answer: Value = serde_json::from_str(&text).unwrap();
    if let Some(expires_at) = answer.get_mut("expires_at") {
        let whole: Timestamp = expires_at.as_str().unwrap().parse().unwrap();
        *expires_at = Value::from(whole.plus_millis(-relay.earlier_by_millis).to_string());
    }
    (status, Json(answer))
}
