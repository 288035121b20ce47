//! `/v1/connections` and embed tokens, as a host's backend uses them.

use pairlink_simulator::wawp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::world::{ORIGIN, random};
use crate::harness::{World, eventually};

#[tokio::test]
async fn a_connection_is_added_read_changed_and_removed() {
    let world = World::start().await;
    let read = world.send(world.of_connection(Method::GET, "")).await;
    read.is_private();
    assert!(!read.text.contains(&world.access_token));
    let read = read.json(200);
    assert_eq!(read["id"], world.connection.as_str());
    assert_eq!(read["provider"], "wawp");
    assert_eq!(read["tenant"], "default");
    assert_eq!(read["label"], "Acme support line");
    assert_eq!(read["base_url"], world.simulator.base_url());
    assert_eq!(read["state"], "unknown");
    assert_eq!(read["methods"], json!(["link", "qr", "code"]));

    let request = world.of_connection(Method::PATCH, "");
    let changed = world
        .send(request.json(&json!({ "label": "Acme sales line" })))
        .await
        .json(200);
    assert_eq!(changed["label"], "Acme sales line");
    assert_eq!(changed["created_at"], read["created_at"]);

    let removed = world.send(world.of_connection(Method::DELETE, "")).await;
    assert_eq!((removed.status.as_u16(), removed.text.as_str()), (204, ""));
    for (method, rest) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::GET, "/pass"),
        (Method::GET, "/health"),
        (Method::GET, "/share-link"),
    ] {
        let answer = world.send(world.of_connection(method, rest)).await;
        answer.problem("not_found");
    }
    let list = world
        .send(world.backend(Method::GET, "/v1/connections"))
        .await
        .json(200);
    assert_eq!(list, json!({ "connections": [], "next": null }));
}

#[tokio::test]
async fn what_is_left_out_has_a_default() {
    let world = World::start().await;
    let asked = json!({ "provider": "wawp", "credentials": world.credentials() });
    let request = world.backend(Method::POST, "/v1/connections");
    let added = world.send(request.json(&asked)).await.json(201);
    assert_eq!(added["tenant"], "default");
    assert_eq!(added["label"], "wawp");
    assert_eq!(added["base_url"], Value::Null);

    // A key of one tenant adds for that tenant.
    let acme = world.key_of("acme").await;
    let request = world.at(Method::POST, "/v1/connections");
    let request = request.bearer_auth(acme.token.expose());
    let added = world.send(request.json(&asked)).await.json(201);
    assert_eq!(added["tenant"], "acme");
}

#[tokio::test]
async fn new_credentials_replace_the_old_ones_at_once() {
    let world = World::start().await;
    let health = async || {
        let request = world.of_connection(Method::GET, "/health");
        world.send(request).await.json(200)
    };
    let before = health().await;
    assert_eq!(before["state"], "unknown");
    assert_eq!(before["state_checked_at"], Value::Null);
    assert_eq!(before["last_error"], Value::Null);

    let wrong = random(40);
    let rotate = |token: &str| {
        let credentials = json!({ "instance_id": world.instance_id, "access_token": token });
        let request = world.of_connection(Method::PATCH, "");
        request.json(&json!({ "credentials": credentials }))
    };
    world.simulator.advance(std::time::Duration::from_mins(1));
    world.send(rotate(&wrong)).await.json(200);
    let after = health().await;
    assert!(
        after["credentials"][0]["issued_at"].as_str()
            > before["credentials"][0]["issued_at"].as_str(),
        "{after}"
    );
    world.send(world.issue()).await.problem("needs_credentials");
    eventually("the failure is written down", async || {
        health().await["last_error"] == "needs_credentials"
    })
    .await;

    world.send(rotate(&world.access_token)).await.json(200);
    world.issued().await;
    assert_eq!(world.simulator.ledger().len(), 1);
    world.assert_log_is_clean(&[("wrong token", &wrong)]);
}

#[tokio::test]
async fn removing_a_connection_ends_what_it_gave_out_and_forgets_its_secrets() {
    let world = World::start().await;
    world.issued().await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    world.send(world.of_connection(Method::DELETE, "")).await;
    events.end().await;
    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("unauthenticated");
    eventually("nothing is alive", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    let mut books = world.books().await;
    eventually("the credentials are forgotten", async || {
        books
            .column("SELECT COALESCE(credentials, 'none') FROM connections")
            .await
            == ["none"]
    })
    .await;
    assert_eq!(books.passes_in(&["revoked"]).await, 1);
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let world = World::start().await;
    let mut added = vec![world.connection.clone()];
    for _ in 0..104 {
        added.push(world.connect("default").await);
    }
    added.sort_unstable();
    let mut listed = Vec::new();
    let mut path = "/v1/connections".to_owned();
    let mut pages = 0;
    loop {
        let page = world
            .send(world.backend(Method::GET, &path))
            .await
            .json(200);
        let connections = page["connections"].as_array().unwrap();
        listed.extend(
            connections
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/v1/connections?after={next}");
    }
    assert_eq!((pages, listed), (2, added));
}

#[tokio::test]
async fn an_embed_token_is_given_once_and_lives_as_long_as_asked() {
    let world = World::start().await;
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let request = world.of_connection(Method::POST, "/embed-tokens");
    let given = world.send(request.json(&asked)).await;
    given.is_private();
    let given = given.json(201);
    let token = given["token"].as_str().unwrap();
    assert!(token.starts_with("ple_") && token.len() == 53);
    let ends: pairlink_protocol::Timestamp = given["expires_at"].as_str().unwrap().parse().unwrap();
    let left = ends.millis_since(world.service.now());
    assert!((890_000..=900_000).contains(&left), "{left}");
    world
        .send(world.page(Method::GET, "/v1/pass", token))
        .await
        .json(200);
}

#[tokio::test]
async fn reading_and_administering_never_asks_the_provider_to_do_something() {
    let world = World::start().await;
    world.live().await;
    for rest in ["", "/health", "/pass", "/share-link"] {
        let request = world.of_connection(Method::GET, rest);
        assert_eq!(world.send(request).await.status, 200);
    }
    assert_eq!(world.all_calls(), 0);
    world.issued().await;
    assert_eq!((world.calls(wawp::MINT), world.all_calls()), (1, 1));
}
