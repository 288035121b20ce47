//! Forty ways to write an origin that is nearly the right one: browsers are told for the right one alone.

use reqwest::Method;

use crate::harness::World;
use crate::harness::world::ORIGIN;

/// The right one is `https://app.example`.
const NEARLY: [&str; 40] = [
    "",
    " ",
    "*",
    "null",
    "app.example",
    "//app.example",
    "https://",
    "https:app.example",
    "https:/app.example",
    "https:///app.example",
    "http://app.example",
    "HTTPS://app.example",
    "https://APP.example",
    "https://App.Example",
    "https://app.example/",
    "https://app.example//",
    "https://app.example/x",
    "https://app.example?",
    "https://app.example#",
    "https://app.example\\",
    "https://app.example.",
    "https://app.example:",
    "https://app.example:443",
    "https://app.example:80",
    "https://app.example:8443",
    "https://app.example:0443",
    "https://user@app.example",
    "https://user:password@app.example",
    "https://app.example@evil.example",
    "https://app.example.evil.example",
    "https://evil.example/app.example",
    "https://evil.example?https://app.example",
    "https://evilapp.example",
    "https://evil-app.example",
    "https://sub.app.example",
    "https://example",
    "https://*.example",
    "https://app.example, https://evil.example",
    "https://app.example https://evil.example",
    "https://app%2eexample",
];

#[tokio::test]
async fn browsers_are_told_for_the_right_origin_alone() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let allowed = async |origin: &str| {
        let asks_first = world
            .at(Method::OPTIONS, "/v1/pass")
            .header("origin", origin.as_bytes())
            .header("access-control-request-method", "GET");
        let asks = world.at(Method::GET, "/v1/pass").bearer_auth(&token);
        let mut told = Vec::new();
        for request in [asks_first, asks.header("origin", origin.as_bytes())] {
            let answer = world.send(request).await;
            assert_eq!(answer.header("vary"), "origin", "{origin}");
            let credentials = "access-control-allow-credentials";
            assert!(!answer.headers.contains_key(credentials), "{origin}");
            let name = "access-control-allow-origin";
            told.push(
                answer
                    .headers
                    .get(name)
                    .map(|_told| answer.header(name).to_owned()),
            );
        }
        told
    };
    for origin in NEARLY {
        assert_eq!(allowed(origin).await, [None, None], "{origin:?}");
    }
    let right = Some(ORIGIN.to_owned());
    assert_eq!(allowed(ORIGIN).await, [right.clone(), right]);
}

#[tokio::test]
async fn two_origins_are_none() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let request = world.at(Method::GET, "/v1/pass").bearer_auth(&token);
    let request = request.header("origin", "https://evil.example");
    let answer = world.send(request.header("origin", ORIGIN)).await;
    answer.problem("origin_not_allowed");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}
