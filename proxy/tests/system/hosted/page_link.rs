//! `POST /v1/share-link`: a page asks for a share link, for a visitor whose browser cannot run the element.

use reqwest::Method;
use serde_json::json;

use crate::harness::World;
use crate::harness::world::ORIGIN;
use crate::hosted::{assert_page, cookie_of, open, path_of, press, share};
use crate::operation::assert_golden;

#[tokio::test]
async fn a_page_that_may_issue_makes_one_and_the_earlier_one_dies() {
    let world = World::start().await;
    let earlier = share(&world).await;
    let token = world.embed_token(&["issue"]).await;
    let ask = || world.page(Method::POST, "/v1/share-link", &token);
    let made = world.send(ask()).await;
    made.is_private();
    assert_eq!(made.header("access-control-allow-origin"), ORIGIN);
    let made = made.json(201);
    assert_golden("share_link.json", &made);
    assert_eq!(made["replaced"], true);
    assert_page(&world.send(world.at(Method::GET, &earlier)).await, 410);
    let path = path_of(&world, &made);
    assert_page(&world.send(world.at(Method::GET, &path)).await, 200);
    let short = ask().json(&json!({ "ttl_seconds": 60 }));
    assert_eq!(world.send(short).await.json(201)["replaced"], true);
    let refused = world.send(ask().json(&json!({ "ttl_seconds": 1801 })));
    refused.await.problem_of("invalid_field", "ttl_seconds");
    assert_eq!(world.all_calls(), 0, "the provider has no part in this");
    let query = "SELECT actor_kind FROM audit WHERE action = 'share_link.create' ORDER BY sequence";
    let audited = world.books().await.column(query).await;
    assert_eq!(audited, ["api_key", "embed_token", "embed_token"]);
    world.assert_log_is_clean(&[("share link", path.strip_prefix("/l/").unwrap())]);
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let world = World::start().await;
    let path = share(&world).await;
    let mut books = world.books().await;
    let reader = world
        .embed_token(&["read", "revoke", "token", "logout"])
        .await;
    let issuer = world.embed_token(&["issue"]).await;
    let before = books.everything().await;
    let refused = world.send(world.page(Method::POST, "/v1/share-link", &reader));
    refused.await.problem("action_not_allowed");
    let foreign = world
        .at(Method::POST, "/v1/share-link")
        .bearer_auth(&issuer);
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let mut request = foreign.try_clone().unwrap();
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        world.send(request).await.problem("origin_not_allowed");
    }
    let request = world.page(Method::POST, "/v1/share-link", &world.key);
    world.send(request).await.problem("unauthenticated");
    assert_eq!(books.everything().await, before);

    // The page behind a share link would never have to end.
    let cookie = cookie_of(&world.send(open(&world, &path)).await);
    let request = press(&world, "/connect/token").header("cookie", &cookie);
    let given = world.send(request).await.json(200);
    let own = given["token"].as_str().unwrap();
    let request = world.at(Method::POST, "/v1/share-link").bearer_auth(own);
    let refused = world.send(request.header("origin", &world.url)).await;
    refused.problem("action_not_allowed");
    assert_page(&world.send(world.at(Method::GET, &path)).await, 200);
}

#[tokio::test]
async fn a_browser_may_ask_before_it_asks() {
    let world = World::start().await;
    world.embed_token(&["issue"]).await;
    let preflight = world.at(Method::OPTIONS, "/v1/share-link");
    let preflight = preflight
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST");
    let answer = world.send(preflight).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("POST")
    );
}
