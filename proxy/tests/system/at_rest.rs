//! Nothing that opens anything stands on the disk.

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::json;

use crate::harness::World;
use crate::harness::leaks::found;
use crate::hosted::open;

/// Every file beside the database, the database itself, its log and its index.
fn files(world: &World) -> Vec<(String, Vec<u8>)> {
    std::fs::read_dir(world.directory())
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn neither_the_database_nor_its_log_holds_a_secret() {
    let world = World::start().await;
    let mut secrets = vec![
        ("access token", world.access_token.clone()),
        ("API key", world.key.clone()),
        ("master key", world.master_key.clone()),
    ];
    // Everything that is ever written, once living and once dead.
    for round in 0..3 {
        let issued = world.issued().await;
        secrets.push(("link", issued.rsplit('/').next().unwrap().to_owned()));
        let key = format!("idempotency-key-{round}");
        world.send(world.issue_as(&key)).await.json(201);
        secrets.push(("idempotency key", key));
        secrets.push(("embed token", world.embed_token(&["read"]).await));
        let request = world.of_connection(Method::POST, "/share-link");
        let link = world.send(request).await.json(201);
        let token = link["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let opened = world.send(open(&world, &format!("/l/{token}"))).await;
        let cookie = opened.header("set-cookie").split(';').next().unwrap();
        secrets.push(("viewer", cookie.split_once('=').unwrap().1.to_owned()));
        secrets.push(("share link", token));
        if round == 1 {
            let rotated = crate::harness::world::random(40);
            let credentials = json!({ "instance_id": world.instance_id, "access_token": rotated });
            let request = world.of_connection(Method::PATCH, "");
            let changed = request.json(&json!({ "credentials": credentials }));
            world.send(changed).await.json(200);
            world
                .simulator
                .wawp()
                .add_instance(&world.instance_id, &rotated)
                .unwrap();
            secrets.push(("rotated token", rotated));
        }
    }
    let lasting = Fault::before(FaultKind::Disconnect).until_cleared();
    world.simulator.inject(wawp::REVOKE, lasting).unwrap();
    world.revoke().await;
    let wanted: Vec<_> = secrets
        .iter()
        .map(|(name, secret)| (*name, secret.as_str()))
        .collect();
    let files = files(&world);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["pairlink.db", "pairlink.db-wal"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for (name, bytes) in &files {
        assert_eq!(found(&wanted, bytes), [""; 0], "in {name}");
    }
    // What is meant to be read is there: the search would have found the rest.
    let label = [("label", "Acme support line")];
    assert!(
        files
            .iter()
            .any(|(_, bytes)| found(&label, bytes) == ["label"])
    );
}
