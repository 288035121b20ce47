//! What nobody should send: one clear problem each, the field named, its value never repeated, nothing changed.

mod bodies;
mod headers;
mod links;
mod list;
mod paths;

use reqwest::{Method, RequestBuilder};

use crate::harness::World;

/// A value that must not come back.
const CANARY: &str = "Canary-0f3b9c-must-not-come-back";

/// The calls that take a body, and whether they can go without.
fn with_body(world: &World) -> Vec<(Method, String, bool)> {
    let of = |rest: &str| format!("/v1/connections/{}{rest}", world.connection);
    vec![
        (Method::POST, "/v1/connections".to_owned(), false),
        (Method::PATCH, of(""), false),
        (Method::POST, of("/embed-tokens"), false),
        (Method::POST, of("/pass"), false),
        (Method::POST, of("/share-link"), true),
    ]
}

/// A body that says it is JSON.
fn json_text(request: RequestBuilder, body: impl Into<reqwest::Body>) -> RequestBuilder {
    request
        .header("content-type", "application/json")
        .body(body)
}

/// Plays something that must change nothing.
async fn changing_nothing(test: impl AsyncFn(&World)) {
    let world = World::start().await;
    let mut books = world.books().await;
    let before = books.everything().await;
    test(&world).await;
    assert_eq!(books.everything().await, before);
    assert_eq!(world.all_calls(), 0);
    world.assert_log_is_clean(&[("canary", CANARY)]);
}
