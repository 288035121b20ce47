//! What operators and tools read: health, the API document, and the golden files beside real answers.

use std::collections::BTreeSet;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use pairlink_proxy::http::{document, router};
use reqwest::Method;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::harness::World;
use crate::harness::world::ORIGIN;

/// Every route of the API. What pages and people load is not part of it.
const ROUTES: &[(&str, &[&str])] = &[
    ("/healthz", &["get"]),
    ("/openapi.json", &["get"]),
    ("/readyz", &["get"]),
    ("/v1/audit", &["get"]),
    ("/v1/connections", &["get", "post"]),
    ("/v1/connections/{id}", &["delete", "get", "patch"]),
    ("/v1/connections/{id}/api-token", &["post"]),
    ("/v1/connections/{id}/embed-tokens", &["post"]),
    ("/v1/connections/{id}/health", &["get"]),
    ("/v1/connections/{id}/pass", &["delete", "get", "post"]),
    ("/v1/connections/{id}/provider-events", &["post"]),
    ("/v1/connections/{id}/provider-events/{secret}", &["post"]),
    ("/v1/connections/{id}/session", &["delete"]),
    (
        "/v1/connections/{id}/share-link",
        &["delete", "get", "post"],
    ),
    (
        "/v1/connections/{id}/upstream/{path}",
        &["delete", "get", "head", "options", "patch", "post", "put"],
    ),
    ("/v1/events", &["get"]),
    ("/v1/pass", &["delete", "get", "post"]),
    ("/v1/session", &["delete"]),
    ("/v1/share-link", &["post"]),
    ("/v1/tenants/{tenant}/suspension", &["delete", "get", "put"]),
    ("/v1/webhooks", &["get", "post"]),
    ("/v1/webhooks/{id}", &["delete"]),
    ("/v1/webhooks/{id}/deliveries", &["get"]),
    ("/v1/webhooks/{id}/deliveries/{delivery}/retry", &["post"]),
];

/// Whether whoever calls shows a token: a provider knows an address instead.
fn is_secured(path: &str) -> bool {
    path.starts_with("/v1/") && !path.contains("{secret}")
}

#[tokio::test]
async fn it_is_alive_and_ready_until_it_is_about_to_end() {
    let world = World::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = world.send(world.at(Method::GET, path)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    }
    let router = router(world.service.clone(), None);
    world.service.close();
    let ready = Request::get("/readyz").body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(ready).await.unwrap();
    assert_eq!(answer.status(), 503);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "store_unavailable");
    let alive = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(router.oneshot(alive).await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_document_is_served_and_describes_every_route() {
    let world = World::start().await;
    let served = world.send(world.at(Method::GET, "/openapi.json")).await;
    let served = served.json(200);
    assert_eq!(served, serde_json::to_value(document()).unwrap());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(served["info"]["title"], "Pairlink");

    let paths = served["paths"].as_object().unwrap();
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (path.clone(), method.clone()))
        })
        .collect();
    let expected: BTreeSet<(String, String)> = ROUTES
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.iter();
            methods.map(move |method| ((*path).to_owned(), (*method).to_owned()))
        })
        .collect();
    assert_eq!(described, expected);

    let schemes = &served["components"]["securitySchemes"];
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{place}: no summary");
            let secured = operation["security"][0].as_object();
            assert_eq!(secured.is_some(), is_secured(path), "{place}");
            for scheme in secured.into_iter().flat_map(|schemes| schemes.keys()) {
                assert!(schemes[scheme].is_object(), "{place}: {scheme}");
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')));
            for (status, response) in responses {
                let words = response["description"].as_str().unwrap();
                assert!(!words.is_empty(), "{place} {status}");
            }
        }
    }
    assert_refers_within_itself(&served, &served);
}

/// No reference leads out of the document or nowhere.
fn assert_refers_within_itself(document: &Value, part: &Value) {
    match part {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let ("$ref", Value::String(target)) = (name.as_str(), value) {
                    let pointer = target.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{target}");
                }
                assert_refers_within_itself(document, value);
            }
        }
        Value::Array(items) => {
            for item in items {
                assert_refers_within_itself(document, item);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn every_described_route_is_served() {
    let world = World::start().await;
    for (path, methods) in ROUTES {
        for method in *methods {
            let method: Method = method.to_uppercase().parse().unwrap();
            let expected = match (path.starts_with("/v1/"), is_secured(path)) {
                (true, true) => 401,
                (true, false) => 404,
                (false, _) => 200,
            };
            let path = path.replace("{id}", "con_none");
            let answer = world.send(world.at(method.clone(), &path)).await;
            assert_eq!(answer.status, expected, "{method} {path}");
        }
    }
}

/// The keys of an object and of the objects in it.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect(),
        Value::Array(items) => items.iter().map(shape).take(1).collect(),
        Value::Null => Value::Null,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => json!("a value"),
    }
}

/// The answer has the keys of the golden file, and no others.
#[track_caller]
pub(crate) fn assert_golden(name: &str, answered: &Value) {
    let fixtures =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../protocol/fixtures");
    let text = std::fs::read_to_string(fixtures.join(name)).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shape(answered), shape(&golden), "{name}");
}

#[tokio::test]
async fn real_answers_have_the_shape_of_the_golden_files() {
    let world = World::start().await;
    let with_address = |mut value: Value| {
        // The golden connection is at its provider's public address.
        value["base_url"] = Value::Null;
        value
    };
    let connection = world.send(world.of_connection(Method::GET, "")).await;
    assert_golden("connection.json", &with_address(connection.json(200)));
    let mut list = world
        .send(world.backend(Method::GET, "/v1/connections"))
        .await
        .json(200);
    list["connections"][0] = with_address(list["connections"][0].take());
    assert_golden("connection_list.json", &list);

    let request = world.of_connection(Method::POST, "/embed-tokens");
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let given = world.send(request.json(&asked)).await.json(201);
    assert_golden("embed_token.json", &given);
    let token = given["token"].as_str().unwrap();
    let view = async || {
        let request = world.page(Method::GET, "/v1/pass", token);
        world.send(request).await.json(200)
    };
    assert_golden("pass_view_none.json", &view().await);
    let issued = world.send(world.issue()).await.json(201);
    assert_golden("issued_pass.json", &issued);
    assert_golden("pass_view_link.json", &view().await);
    let request = world.page(Method::GET, "/v1/pass?drawing=true", token);
    let drawn = world.send(request).await.json(200);
    assert_golden("pass_view_drawn.json", &drawn);
    let request = world.of_connection(Method::POST, "/embed-tokens");
    let asked =
        json!({ "actions": ["read", "issue", "revoke"], "origins": [ORIGIN], "view": true });
    let given = world.send(request.json(&asked)).await.json(201);
    assert_golden("embed_token_view.json", &given);
    assert_eq!(given["view"]["pass"], drawn["pass"]);
    assert_golden("revoked_passes_upstream.json", &world.revoke().await);

    let request = world.of_connection(Method::DELETE, "/session");
    let ended = world.send(request).await.json(200);
    assert_golden("ended_session.json", &ended);
    let request = world.of_connection(Method::POST, "/provider-events");
    let made = world.send(request).await.json(201);
    assert_golden("provider_events_address.json", &made);

    let share = |method| world.of_connection(method, "/share-link");
    let none = world.send(share(Method::GET)).await.json(200);
    assert_golden("share_link_none.json", &none);
    let made = world.send(share(Method::POST)).await.json(201);
    assert_golden("share_link.json", &made);
    let revoked = world.send(share(Method::DELETE)).await.json(200);
    assert_golden("revoked_share_link.json", &revoked);

    let request = share(Method::POST).json(&json!({ "ttl_seconds": 1 }));
    let refused = world.send(request).await.problem("invalid_field");
    assert_golden("problem_invalid_field.json", &refused);
}
