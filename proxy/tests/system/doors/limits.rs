//! How often callers may ask.

use reqwest::Method;
use serde_json::json;

use super::some;
use crate::harness::World;
use crate::harness::answer::Answer;
use crate::harness::leaks::{found, log_since};
use crate::harness::world::{ORIGIN, Setup, random};
use crate::hosted::form;
use pairlink_proxy::http::LimitSettings;

/// Behind a reverse proxy on this machine.
async fn start(callers: fn(&mut LimitSettings)) -> World {
    let setup = Setup {
        callers,
        ..Setup::default()
    };
    World::start_with(setup).await
}

fn behind_a_proxy(limits: &mut LimitSettings) {
    limits.trusted_proxies = "127.0.0.1".parse().unwrap();
}

#[track_caller]
fn assert_limited(answer: &Answer) {
    let problem = answer.problem("rate_limited");
    let again = problem["retry_after"].as_u64().unwrap();
    assert!((1..=60).contains(&again), "{again}");
}

#[tokio::test]
async fn an_address_may_ask_so_often_whatever_it_says_of_itself() {
    let world = start(|limits| {
        behind_a_proxy(limits);
        limits.address = some(3);
    })
    .await;
    let ask = async |client: &str| {
        let request = world.forwarded(client, Method::GET, "/v1/connections");
        world.send(request.bearer_auth(&world.key)).await
    };
    // What stands before the last hop was written by the client.
    for n in 0..3 {
        ask(&format!("198.51.100.{n}, 203.0.113.9")).await.json(200);
    }
    assert_limited(&ask("198.51.100.7, 203.0.113.9").await);
    for (name, value) in [
        ("x-real-ip", "198.51.100.8"),
        ("forwarded", "for=198.51.100.8"),
        ("true-client-ip", "198.51.100.8"),
        ("cf-connecting-ip", "198.51.100.8"),
        ("x-client-ip", "198.51.100.8"),
    ] {
        let request = world.forwarded("203.0.113.9", Method::GET, "/v1/connections");
        let request = request.header(name, value).bearer_auth(&world.key);
        assert_limited(&world.send(request).await);
    }
    let asks_first = world.forwarded("203.0.113.9", Method::OPTIONS, "/v1/pass");
    let asks_first = asks_first.header("origin", ORIGIN);
    assert_limited(&world.send(asks_first).await);
    let page = world.forwarded("203.0.113.9", Method::GET, "/v1/pass");
    assert_limited(&world.send(page.header("origin", ORIGIN)).await);
    // Somebody else is not meant.
    ask("203.0.113.10").await.json(200);
    // A subscriber of IPv6 has a whole network of addresses.
    for n in 0..3 {
        ask(&format!("2001:db8:1:2::{n}")).await.json(200);
    }
    assert_limited(&ask("2001:db8:1:2:ffff::1").await);
    ask("2001:db8:1:3::1").await.json(200);
    // What costs nothing is not counted.
    for path in ["/healthz", "/readyz"] {
        for _ in 0..5 {
            let request = world.forwarded("203.0.113.9", Method::GET, path);
            assert_eq!(world.send(request).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn only_a_named_proxy_says_for_whom_it_asks() {
    let world = start(|limits| {
        limits.trusted_proxies = "192.0.2.1".parse().unwrap();
        // The world is set up by requests of its own.
        limits.address = some(5);
    })
    .await;
    let mut refused = None;
    for n in 0..6 {
        let client = format!("203.0.113.{n}");
        let request = world.forwarded(&client, Method::GET, "/v1/connections");
        refused = Some(world.send(request.bearer_auth(&world.key)).await);
    }
    assert_limited(&refused.unwrap());
}

#[tokio::test]
async fn whoever_guesses_is_heard_less() {
    let world = start(|limits| {
        behind_a_proxy(limits);
        limits.failures = some(3);
    })
    .await;
    let guesses: [(Method, String); 5] = [
        (Method::GET, "/v1/connections".to_owned()),
        (Method::GET, "/v1/pass".to_owned()),
        (Method::GET, format!("/l/{}", "0a".repeat(32))),
        (Method::POST, format!("/l/{}", "0a".repeat(32))),
        (
            Method::POST,
            format!(
                "/v1/connections/{}/provider-events/{}",
                world.connection,
                "0a".repeat(32)
            ),
        ),
    ];
    for (n, (method, path)) in guesses.into_iter().enumerate() {
        let client = format!("203.0.113.{n}");
        let guess = async || {
            let request = world.forwarded(&client, method.clone(), &path);
            let request = request.header("sec-fetch-site", "same-origin");
            let request = form(request, &[("link", &"0a".repeat(32))]);
            world.send(request.bearer_auth(random(53))).await
        };
        for _ in 0..3 {
            let status = guess().await.status;
            assert!([401, 404].contains(&status.as_u16()), "{path} {status}");
        }
        // Also the right one is not looked at any more from there.
        let request = world.forwarded(&client, Method::GET, "/v1/connections");
        assert_limited(&world.send(request.bearer_auth(&world.key)).await);
        let request = world.forwarded("198.51.100.1", Method::GET, "/v1/connections");
        world.send(request.bearer_auth(&world.key)).await.json(200);
    }
    // Being wrong otherwise is no guess.
    for _ in 0..5 {
        let path = "/v1/connections?unknown=x";
        let request = world.forwarded("203.0.113.99", Method::GET, path);
        let answer = world.send(request.bearer_auth(&world.key)).await;
        answer.problem("invalid_field");
    }
}

#[tokio::test]
async fn a_token_may_be_used_so_often_and_its_page_can_read_that() {
    let world = start(|limits| limits.embed_token = some(2)).await;
    let token = world.embed_token(&["read"]).await;
    let ask = async |token: &str| world.send(world.page(Method::GET, "/v1/pass", token)).await;
    ask(&token).await.json(200);
    ask(&token).await.json(200);
    let refused = ask(&token).await;
    assert_limited(&refused);
    assert_eq!(refused.header("access-control-allow-origin"), ORIGIN);
    let exposed = refused.header("access-control-expose-headers");
    assert!(exposed.contains("retry-after"), "{exposed}");
    let other = world.embed_token(&["read"]).await;
    ask(&other).await.json(200);
}

#[tokio::test]
async fn a_key_may_be_used_so_often() {
    let world = start(|limits| limits.api_key = some(4)).await;
    let key = async || world.key_of("default").await.token.expose().to_owned();
    let (first, second) = (key().await, key().await);
    let ask = async |key: &str| {
        let request = world.at(Method::GET, "/v1/connections").bearer_auth(key);
        world.send(request).await
    };
    for _ in 0..4 {
        ask(&first).await.json(200);
    }
    assert_limited(&ask(&first).await);
    ask(&second).await.json(200);
}

#[tokio::test]
async fn a_tenant_is_one_whoever_asks_about_it() {
    let world = start(|limits| limits.tenant = some(4)).await;
    let acme = world.connect("acme").await;
    let own = world.key_of("acme").await.token.expose().to_owned();
    let path = format!("/v1/connections/{acme}");
    let by = async |key: &str| {
        let request = world.at(Method::GET, &path).bearer_auth(key);
        world.send(request).await
    };
    by(&world.key).await.json(200);
    by(&own).await.json(200);
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let request = world.backend(Method::POST, &format!("{path}/embed-tokens"));
    let given = world.send(request.json(&asked)).await.json(201);
    let token = given["token"].as_str().unwrap();
    let page = async || world.send(world.page(Method::GET, "/v1/pass", token)).await;
    page().await.json(200);
    assert_limited(&page().await);
    assert_limited(&by(&own).await);
    assert_limited(&by(&world.key).await);
    // Other tenants are not meant.
    world
        .send(world.of_connection(Method::GET, ""))
        .await
        .json(200);
}

#[tokio::test]
async fn a_token_in_an_address_is_refused_and_said_without_it() {
    let world = World::start().await;
    let page = world.embed_token(&["read"]).await;
    for (path, token) in [
        ("/v1/pass?token=", &page),
        ("/v1/events?access_token=", &page),
        ("/v1/connections?api_key=", &world.key),
        ("/v1/connections?after=", &world.key),
        ("/v1/connections?Authorization=Bearer%20", &world.key),
    ] {
        let begin = crate::harness::leaks::log_length();
        // Also beside the right one: that one is spoilt.
        for request in [
            world.at(Method::GET, &format!("{path}{token}")),
            world
                .page(Method::GET, &format!("{path}{token}"), token)
                .header("accept", "*/*"),
        ] {
            let answer = world.send(request).await;
            answer.problem("unauthenticated");
            assert!(!answer.text.contains(token.as_str()), "{path}");
        }
        let log = log_since(begin);
        let said = String::from_utf8_lossy(&log);
        assert!(said.contains("token_in_url"), "{path}: {said}");
        assert_eq!(found(&[("token", token)], &log), [""; 0], "{path}");
    }
    // In a cookie it is nothing, and in a body an unknown field.
    let cookie = format!("token={page}; pairlink={page}");
    let request = world.at(Method::GET, "/v1/pass").header("cookie", cookie);
    world.send(request).await.problem("unauthenticated");
    let request = world.of_connection(Method::POST, "/pass");
    let asked = json!({ "method": "link", "token": page });
    let answer = world.send(request.json(&asked)).await;
    answer.problem_of("invalid_field", "token");
}
