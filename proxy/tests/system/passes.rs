//! A pass is issued, read, replaced and revoked, by pages and by backends.

use std::time::Duration;

use pairlink_protocol::Timestamp;
use pairlink_simulator::wawp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::world::ORIGIN;
use crate::harness::{World, eventually};

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_page_issues_reads_replaces_and_revokes() {
    let world = World::start().await;
    let token = world.embed_token(&["read", "issue", "revoke"]).await;
    let view = world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await;
    view.is_private();
    assert_eq!(view.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(view.header("vary"), "origin");
    let view = view.json(200);
    assert_eq!(view["pass"], Value::Null);
    assert_eq!(
        view["connection"],
        json!({
            "label": "Acme support line", "provider": "wawp", "state": "unknown",
            "methods": ["link", "qr", "code"], "actions": ["read", "issue", "revoke"],
        })
    );
    assert_eq!(world.all_calls(), 0, "reading never mints");

    let issue = || {
        let request = world.page(Method::POST, "/v1/pass", &token);
        request.json(&json!({ "method": "link" }))
    };
    let first = world.send(issue()).await;
    first.is_private();
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let first = first.json(201);
    assert_eq!(first["replaced"], false);
    let pass = &first["pass"];
    assert_eq!(pass["method"], "link");
    assert!(pass["id"].as_str().unwrap().starts_with("pas_"));
    let alive = world.simulator.ledger();
    assert_eq!(alive.len(), 1);
    assert!(pass["url"] == alive[0].secret.as_str());
    let lives = instant(&pass["expires_at"]).millis_since(instant(&first["server_time"]));
    assert!((29 * 60_000..=30 * 60_000).contains(&lives), "{lives}");

    let view = world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .json(200);
    assert_eq!(&view["pass"], pass);

    let second = world.send(issue()).await.json(201);
    assert_eq!(second["replaced"], true);
    assert!(second["pass"]["url"] != pass["url"]);
    assert!(second["pass"]["id"] != pass["id"]);
    assert_eq!(world.simulator.ledger().len(), 1);
    assert_eq!(world.live().await, second["pass"]);

    let revoke = || world.page(Method::DELETE, "/v1/pass", &token);
    for _twice in 0..2 {
        let revoked = world.send(revoke()).await;
        revoked.is_private();
        let revoked = revoked.json(200);
        assert_eq!(revoked["revoked"], true);
        assert_eq!(revoked["revocation"], "upstream");
        assert!(instant(&revoked["dead_by"]) <= instant(&revoked["server_time"]));
        assert!(world.simulator.ledger().is_empty());
        assert!(world.live().await.is_null());
    }
    world.agreement("after all").await;
    world.assert_log_is_clean(&[("embed token", &token)]);
}

#[tokio::test]
async fn a_backend_issues_reads_and_revokes() {
    let world = World::start().await;
    let issued = world.send(world.issue()).await;
    issued.is_private();
    assert!(!issued.headers.contains_key("access-control-allow-origin"));
    let issued = issued.json(201);
    let request = world.of_connection(Method::GET, "/pass");
    let view = world.send(request).await.json(200);
    assert_eq!(view["pass"], issued["pass"]);
    assert_eq!(
        view["connection"]["actions"],
        json!(["read", "issue", "revoke", "token", "logout"])
    );
    assert_eq!(world.revoke().await["revocation"], "upstream");
    assert!(world.live().await.is_null());
    assert!(world.simulator.ledger().is_empty());
    // Also what somebody else minted for the account dies.
    let url = format!(
        "{}/v2/session/temp-link?instance_id={}&access_token={}",
        world.simulator.base_url(),
        world.instance_id,
        world.access_token
    );
    world.client.post(url).send().await.unwrap();
    assert_eq!(world.simulator.ledger().len(), 1);
    assert_eq!(world.revoke().await["revocation"], "upstream");
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn a_pass_ends_when_its_time_is_over() {
    let world = World::start().await;
    let token = world.embed_token_for(&["read"], 3600).await;
    world.issued().await;
    world.simulator.advance(Duration::from_mins(29));
    let pass = world.live().await;
    assert!(!pass.is_null());
    world.simulator.advance(Duration::from_mins(1));
    assert!(world.live().await.is_null());
    let view = world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .json(200);
    assert!(view["pass"].is_null());
    let mut books = world.books().await;
    eventually("the row says so", async || {
        books.passes_in(&["expired"]).await == 1
    })
    .await;
    let content = books
        .column("SELECT COALESCE(content, 'none') FROM passes")
        .await;
    assert_eq!(content, ["none"]);
    // The next one replaces nothing.
    let next = world.send(world.issue()).await.json(201);
    assert_eq!(next["replaced"], false);
}

#[tokio::test]
async fn two_connections_know_nothing_of_each_other() {
    let world = World::start().await;
    world
        .simulator
        .wawp()
        .add_instance("OTHER0000001", "another-access-token")
        .unwrap();
    let asked = json!({
        "provider": "wawp", "base_url": world.simulator.base_url(),
        "credentials": { "instance_id": "OTHER0000001", "access_token": "another-access-token" },
    });
    let request = world.backend(Method::POST, "/v1/connections");
    let other = world.send(request.json(&asked)).await.json(201);
    let other = format!("/v1/connections/{}/pass", other["id"].as_str().unwrap());
    world.issued().await;
    let request = world.backend(Method::POST, &other);
    let issued = world
        .send(request.json(&json!({ "method": "link" })))
        .await
        .json(201);
    assert_eq!(issued["replaced"], false);
    assert_eq!(world.simulator.ledger().len(), 2);
    world.revoke().await;
    let alive = world.simulator.ledger();
    assert_eq!(alive.len(), 1);
    assert_eq!(alive[0].account, "OTHER0000001");
    let read = world.send(world.backend(Method::GET, &other)).await;
    assert_eq!(read.json(200)["pass"], issued["pass"]);
}

#[tokio::test]
async fn a_revocation_without_a_pass_still_asks_the_provider() {
    let world = World::start().await;
    assert_eq!(world.revoke().await["revocation"], "upstream");
    assert_eq!(world.calls(wawp::REVOKE), 1);
}

/// Paints a drawing as a browser would, ten pixels for a module, and decodes what is to be seen.
fn scan(drawing: &Value) -> String {
    const SCALE: usize = 10;
    let modules: usize = drawing["modules"].to_string().parse().unwrap();
    let mut dark = vec![false; modules * modules];
    for bar in drawing["path"].as_str().unwrap().split_terminator('z') {
        let (x, rest) = bar.strip_prefix('M').unwrap().split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _back) = rest.split_once("v1H").unwrap();
        let [x, y, length] = [x, y, length].map(|number| number.parse::<usize>().unwrap());
        dark[y * modules + x..][..length].fill(true);
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(modules * SCALE, modules * SCALE, |x, y| {
            u8::from(!dark[y / SCALE * modules + x / SCALE]) * 255
        });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn what_is_scanned_is_drawn_for_whoever_asks() {
    let world = World::start().await;
    let token = world.embed_token(&["read", "issue", "revoke"]).await;
    let drawn = async || {
        let page = world.page(Method::GET, "/v1/pass?drawing=true", &token);
        let backend = world.of_connection(Method::GET, "/pass?drawing=true");
        let page = world.send(page).await;
        page.is_private();
        let (page, backend) = (page.json(200), world.send(backend).await.json(200));
        assert_eq!(page["pass"], backend["pass"]);
        page["pass"].clone()
    };
    assert_eq!(drawn().await, Value::Null);
    for (asked, shown) in [("link", "url"), ("qr", "payload")] {
        let issue = world.page(Method::POST, "/v1/pass", &token);
        let issue = issue.json(&json!({ "method": asked }));
        world.send(issue).await.json(201);
        let pass = drawn().await;
        assert_eq!(pass["method"], asked);
        assert!(pass[shown] == scan(&pass["drawing"]).as_str(), "{asked}");
        for path in ["/v1/pass", "/v1/pass?drawing=false"] {
            let plain = world.page(Method::GET, path, &token);
            let plain = world.send(plain).await.json(200);
            assert!(plain["pass"].get("drawing").is_none(), "{path}");
        }
    }
    let issue = world.page(Method::POST, "/v1/pass", &token);
    let issue = issue.json(&json!({ "method": "code", "phone_number": "447400123456" }));
    world.send(issue).await.json(201);
    let pass = drawn().await;
    assert_eq!(pass["method"], "code");
    assert!(pass.get("drawing").is_none());

    for (query, field) in [("drawings=true", "drawings"), ("drawing=perhaps", "query")] {
        let path = format!("/v1/pass?{query}");
        let refused = world.send(world.page(Method::GET, &path, &token)).await;
        refused.problem_of("invalid_field", field);
    }
}
