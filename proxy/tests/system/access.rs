//! Who is let in.

use std::time::Duration;

use pairlink_proxy::domain::{Actor, ApiKeyId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::World;
use crate::harness::world::{ORIGIN, random};

/// The calls of a backend that need a connection, with a body that is right.
const BACKEND: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("PATCH", "", r#"{"label": "Changed"}"#),
    ("DELETE", "", ""),
    ("GET", "/health", ""),
    (
        "POST",
        "/embed-tokens",
        r#"{"actions": ["read"], "origins": ["https://app.example"]}"#,
    ),
    ("GET", "/pass", ""),
    ("POST", "/pass", r#"{"method": "link"}"#),
    ("DELETE", "/pass", ""),
    ("GET", "/share-link", ""),
    ("POST", "/share-link", ""),
    ("DELETE", "/share-link", ""),
    ("POST", "/api-token", ""),
    ("GET", "/upstream/v2/session/info", ""),
    ("POST", "/upstream/v2/send/text", "{}"),
    ("DELETE", "/upstream/v2/messages/1?for=all", ""),
];

const PAGE: &[(&str, &str)] = &[
    ("GET", "/v1/pass"),
    ("POST", "/v1/pass"),
    ("DELETE", "/v1/pass"),
    ("GET", "/v1/events"),
    ("POST", "/v1/share-link"),
];

fn method(name: &str) -> Method {
    name.parse().unwrap()
}

#[tokio::test]
async fn without_a_token_that_fits_nobody_gets_in() {
    let world = World::start().await;
    let embed = world.embed_token(&["read", "issue", "revoke"]).await;
    let request = world.of_connection(Method::POST, "/share-link");
    let link = world.send(request).await.json(201);
    let share = link["link"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let mut mistyped = world.key.clone();
    let last = mistyped.pop().unwrap();
    mistyped.push(if last == 'x' { 'y' } else { 'x' });
    let mut books = world.books().await;
    let before = books.everything().await;

    let backend: Vec<_> = BACKEND
        .iter()
        .map(|(name, rest, _)| (*name, format!("/v1/connections/{}{rest}", world.connection)))
        .chain(["GET", "POST"].map(|name| (name, "/v1/connections".to_owned())))
        .collect();
    let pages: Vec<_> = PAGE
        .iter()
        .map(|(name, path)| (*name, (*path).to_owned()))
        .collect();
    for (routes, wrong_class) in [(&backend, &embed), (&pages, &world.key)] {
        for (name, path) in routes {
            for authorization in [
                None,
                Some(String::new()),
                Some("Bearer".to_owned()),
                Some("Bearer ".to_owned()),
                Some("Basic dXNlcjpwYXNzd29yZA==".to_owned()),
                Some(format!("Bearer  {wrong_class}")),
                Some(format!("Bearer {} x", world.key)),
                Some(format!("Token {}", world.key)),
                Some(world.key.clone()),
                Some(format!("Bearer {wrong_class}")),
                Some(format!("Bearer {share}")),
                Some(format!("Bearer {mistyped}")),
                Some(format!("Bearer plk_{}", random(49))),
                Some(format!("Bearer ple_{}", random(49))),
                Some(format!("Bearer {}", "x".repeat(8 * 1024))),
            ] {
                let mut request = world.at(method(name), path).header("origin", ORIGIN);
                if let Some(authorization) = &authorization {
                    request = request.header("authorization", authorization);
                }
                world.send(request).await.problem("unauthenticated");
            }
            // Where one might look for it, it does not count.
            for elsewhere in ["token", "access_token", "api_key"] {
                let path = format!("{path}?{elsewhere}={}", world.key);
                let request = world.at(method(name), &path);
                let request = request.header("cookie", format!("{elsewhere}={}", world.key));
                world.send(request).await.problem("unauthenticated");
            }
            let twice = world
                .at(method(name), path)
                .header("origin", ORIGIN)
                .bearer_auth(&world.key)
                .bearer_auth(&embed);
            world
                .send(twice)
                .await
                .problem_of("invalid_request", "authorization");
        }
    }
    assert_eq!(books.everything().await, before);
    assert_eq!(world.all_calls(), 0);
    world.assert_log_is_clean(&[("embed token", &embed), ("share link", &share)]);
}

#[tokio::test]
async fn another_tenants_key_finds_nothing_and_changes_nothing() {
    let world = World::start().await;
    let acme = world.connect("acme").await;
    world.issued().await;
    let stranger = world.key_of("stranger").await;
    let stranger = stranger.token.expose();
    let own = world.key_of("acme").await;
    let mut books = world.books().await;
    let before = books.everything().await;
    let calls = world.all_calls();
    for id in [
        &world.connection,
        &acme,
        "con_00000000000000000000",
        "x",
        "%00",
        "..%2f",
    ] {
        for (name, rest, body) in BACKEND {
            let path = format!("/v1/connections/{id}{rest}");
            let mut request = world.at(method(name), &path).bearer_auth(stranger);
            if !body.is_empty() {
                request = request
                    .header("content-type", "application/json")
                    .body(*body);
            }
            let problem = world.send(request).await.problem("not_found");
            assert!(problem.get("field").is_none(), "{name} {path}");
        }
    }
    let list = async |key: &str| {
        let request = world.at(Method::GET, "/v1/connections").bearer_auth(key);
        let list = world.send(request).await.json(200);
        let connections = list["connections"].as_array().unwrap().iter();
        connections
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(list(stranger).await, [""; 0]);
    assert_eq!(list(own.token.expose()).await, [acme.as_str()]);
    assert_eq!(list(&world.key).await.len(), 2);
    let asked = json!({ "provider": "wawp", "tenant": "acme", "credentials": world.credentials() });
    let request = world
        .at(Method::POST, "/v1/connections")
        .bearer_auth(stranger);
    world
        .send(request.json(&asked))
        .await
        .problem_of("action_not_allowed", "tenant");
    assert_eq!(books.everything().await, before);
    assert_eq!(world.all_calls(), calls);

    // The one whose it is gets in.
    let request = world.at(Method::GET, &format!("/v1/connections/{acme}"));
    let request = request.bearer_auth(own.token.expose());
    world.send(request).await.json(200);
}

#[tokio::test]
async fn what_a_page_sees_first_comes_with_its_token_where_it_may_see_it() {
    let world = World::start().await;
    let url = world.issued().await;
    let ask = async |asked: Value| {
        let request = world.of_connection(Method::POST, "/embed-tokens");
        world.send(request.json(&asked)).await
    };
    let all = json!({"actions": ["revoke", "read", "read"], "origins": [ORIGIN], "view": true});
    let given = ask(all).await.json(201);
    let token = given["token"].as_str().unwrap();
    let request = world.page(Method::GET, "/v1/pass?drawing=true", token);
    let mut asked = world.send(request).await.json(200);
    asked["server_time"] = given["view"]["server_time"].clone();
    assert_eq!(given["view"], asked);
    assert_eq!(asked["pass"]["url"], url);

    let blind = json!({"actions": ["issue"], "origins": [ORIGIN], "view": true});
    ask(blind).await.problem_of("invalid_field", "view");
    for silent in [json!({}), json!({"view": false})] {
        let mut asked = json!({"actions": ["read"], "origins": [ORIGIN]});
        asked
            .as_object_mut()
            .unwrap()
            .extend(silent.as_object().unwrap().clone());
        let given = ask(asked).await.json(201);
        assert_eq!(given.as_object().unwrap().len(), 2, "{given}");
    }
    world.assert_log_is_clean(&[("link", &url)]);
}

#[tokio::test]
async fn a_page_does_what_its_token_allows_and_nothing_else() {
    let world = World::start().await;
    let all = ["read", "issue", "revoke", "token", "logout"];
    for allowed in 1_usize..1 << all.len() {
        let actions: Vec<&str> = (0..all.len())
            .filter(|bit| allowed & (1 << bit) != 0)
            .map(|bit| all[bit])
            .collect();
        let token = world.embed_token(&actions).await;
        for (name, path, action) in [
            ("GET", "/v1/pass", "read"),
            ("POST", "/v1/pass", "issue"),
            ("DELETE", "/v1/pass", "revoke"),
            ("GET", "/v1/events", "read"),
        ] {
            let mut request = world.page(method(name), path, &token);
            if name == "POST" {
                request = request.json(&json!({ "method": "link" }));
            }
            if !actions.contains(&action) {
                let answer = world.send(request).await;
                answer.problem("action_not_allowed");
                assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
            } else if path == "/v1/events" {
                let mut events = crate::harness::stream::Events::open(request).await;
                events.until("resync").await;
            } else {
                let answer = world.send(request).await;
                assert!(answer.status.is_success(), "{actions:?}");
                if name == "GET" {
                    assert_eq!(answer.json(200)["connection"]["actions"], json!(actions));
                }
            }
        }
        let request = world.page(Method::POST, "/v1/pass", &token);
        let asked = world
            .send(request.json(&json!({ "method": "token" })))
            .await;
        let may = actions.contains(&"issue") && actions.contains(&"token");
        asked.problem(if may {
            "method_not_offered"
        } else {
            "action_not_allowed"
        });
    }
}

#[tokio::test]
async fn a_revoked_key_takes_its_embed_tokens_and_their_streams_with_it() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    let other = world.key_of("default").await;
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let path = format!("/v1/connections/{}/embed-tokens", world.connection);
    let request = world
        .at(Method::POST, &path)
        .bearer_auth(other.token.expose());
    let others = world.send(request.json(&asked)).await.json(201);
    let others = others["token"].as_str().unwrap();
    let mut stream = world.events(&token).await;
    let mut stays = world.events(others).await;
    stream.until("resync").await;
    stays.until("resync").await;

    let id = ApiKeyId::from_text(&world.key_id);
    for _twice in 0..2 {
        let revoked = world.service.revoke_api_key(&id, &Actor::operator()).await;
        revoked.unwrap();
    }
    stream.end().await;
    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("unauthenticated");
    world
        .send(world.of_connection(Method::GET, ""))
        .await
        .problem("unauthenticated");
    // What another key made lives on.
    world
        .send(world.page(Method::GET, "/v1/pass", others))
        .await
        .json(200);
    stays.until("resync").await;
}

#[tokio::test]
async fn an_embed_token_ends_and_the_page_can_tell() {
    let world = World::start().await;
    let token = world
        .embed_token_for(&["read", "issue", "revoke"], 60)
        .await;
    // Some other token for that origin lives on, as when the host's page asks for a new one in time.
    let next = world.embed_token(&["read"]).await;
    world.simulator.advance(Duration::from_secs(61));
    for (name, path) in PAGE {
        let mut request = world.page(method(name), path, &token);
        if (*name, *path) == ("POST", "/v1/pass") {
            request = request.json(&json!({ "method": "link" }));
        }
        let answer = world.send(request).await;
        answer.problem("token_expired");
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("retry-after")
        );
    }
    world
        .send(world.page(Method::GET, "/v1/pass", &next))
        .await
        .json(200);
}

#[tokio::test]
async fn an_ended_token_is_told_also_when_it_was_the_last_of_its_origin() {
    let world = World::start().await;
    let token = world.embed_token_for(&["read"], 60).await;
    world.simulator.advance(Duration::from_hours(1));
    let answer = world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await;
    answer.problem("token_expired");
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
}

#[tokio::test]
async fn a_token_is_good_for_its_origins_exactly() {
    let world = World::start().await;
    let token = world.embed_token(&["read", "issue", "revoke"]).await;
    for origin in [
        Some("https://evil.example"),
        Some("https://app.example.evil.example"),
        Some("https://app.example:8443"),
        Some("http://app.example"),
        Some("https://APP.example"),
        Some("https://app.example/"),
        Some("null"),
        Some(""),
        Some("*"),
        None,
    ] {
        for (name, path) in PAGE {
            let mut request = world.at(method(name), path).bearer_auth(&token);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let answer = world.send(request).await;
            answer.problem("origin_not_allowed");
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
            assert_eq!(answer.header("vary"), "origin");
        }
    }
    // Without an origin, "same-origin" is the proxy's own.
    let request = world.at(Method::GET, "/v1/pass").bearer_auth(&token);
    world
        .send(request.header("sec-fetch-site", "same-origin"))
        .await
        .problem("origin_not_allowed");
    assert_eq!(world.all_calls(), 0);
}

#[tokio::test]
async fn a_browser_may_ask_before_it_asks() {
    let world = World::start().await;
    let preflight = async |path: &str, origin: Option<&str>| {
        let mut request = world
            .at(Method::OPTIONS, path)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        world.send(request).await
    };
    let unknown = preflight("/v1/pass", Some(ORIGIN)).await;
    assert_eq!(unknown.status, 204);
    assert!(!unknown.headers.contains_key("access-control-allow-origin"));

    world.embed_token(&["read"]).await;
    for path in ["/v1/pass", "/v1/events"] {
        let known = preflight(path, Some(ORIGIN)).await;
        assert_eq!((known.status.as_u16(), known.text.as_str()), (204, ""));
        assert_eq!(known.header("access-control-allow-origin"), ORIGIN);
        assert_eq!(known.header("vary"), "origin");
        assert!(
            !known
                .headers
                .contains_key("access-control-allow-credentials")
        );
        for name in ["GET", "POST", "DELETE"] {
            assert!(known.header("access-control-allow-methods").contains(name));
        }
        for name in [
            "authorization",
            "content-type",
            "idempotency-key",
            "last-event-id",
        ] {
            assert!(known.header("access-control-allow-headers").contains(name));
        }
        for other in [None, Some("https://other.example"), Some("null")] {
            let answer = preflight(path, other).await;
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
        }
    }
    // A backend's calls are none of a page's business.
    let answer = preflight("/v1/connections", Some(ORIGIN)).await;
    answer.problem("method_not_allowed");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}
