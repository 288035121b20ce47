//! `/v1/connections/{id}/share-link`: a backend makes, reads and revokes the share link of a connection.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::World;
use crate::hosted::{assert_page, path_of};

#[tokio::test]
async fn a_backend_makes_reads_replaces_and_revokes_a_share_link() {
    let world = World::start().await;
    let read = async || {
        let answer = world
            .send(world.of_connection(Method::GET, "/share-link"))
            .await;
        answer.is_private();
        answer.json(200)
    };
    let none = read().await;
    assert_eq!(none["link"], Value::Null);
    assert_eq!(none.as_object().unwrap().len(), 2, "{none}");

    let make = |body: Option<Value>| {
        let request = world.of_connection(Method::POST, "/share-link");
        match body {
            Some(body) => request.json(&body),
            None => request,
        }
    };
    let first = world.send(make(None)).await;
    first.is_private();
    let first = first.json(201);
    assert_eq!(first["replaced"], false);
    let token = path_of(&world, &first);
    let token = token.strip_prefix("/l/").unwrap();
    assert!(token.len() == 64 && token.bytes().all(|b| b"0123456789abcdef".contains(&b)));
    let again = read().await;
    assert!(again["link"] == first["link"] && again["expires_at"] == first["expires_at"]);

    let second = world
        .send(make(Some(json!({ "ttl_seconds": 60 }))))
        .await
        .json(201);
    assert_eq!(second["replaced"], true);
    assert!(second["link"] != first["link"]);
    assert_page(
        &world
            .send(world.at(Method::GET, &path_of(&world, &first)))
            .await,
        410,
    );
    assert_page(
        &world
            .send(world.at(Method::GET, &path_of(&world, &second)))
            .await,
        200,
    );
    world.simulator.advance(Duration::from_mins(1));
    assert!(read().await["link"].is_null());
    assert_page(
        &world
            .send(world.at(Method::GET, &path_of(&world, &second)))
            .await,
        410,
    );
    // One whose time was over is not replaced.
    let third = world.send(make(Some(json!({})))).await.json(201);
    assert_eq!(third["replaced"], false);
    for _twice in 0..2 {
        let revoked = world
            .send(world.of_connection(Method::DELETE, "/share-link"))
            .await
            .json(200);
        assert_eq!(revoked["revoked"], true);
        assert!(read().await["link"].is_null());
    }
    assert_page(
        &world
            .send(world.at(Method::GET, &path_of(&world, &third)))
            .await,
        410,
    );
    assert_eq!(world.all_calls(), 0, "the provider has no part in this");
}
