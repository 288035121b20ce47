//! Suspended tenants: nothing is given out for them, anywhere, from the commit on.

use std::time::{Duration, Instant};

use pairlink_proxy::domain::{Actor, Tenant};
use pairlink_proxy::service::Service;
use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::program::Program;
use crate::harness::world::{ORIGIN, Setup, World};
use crate::harness::{eventually, in_time};
use crate::operation::assert_golden;

const SUSPENSION: &str = "/v1/tenants/acme/suspension";

/// A world whose connection belongs to acme.
async fn world_of_acme() -> World {
    let mut world = World::start_bare(Setup::default()).await;
    world.connection = world.connect("acme").await;
    world
}

async fn suspend(service: &Service) {
    let acme = Tenant::parse("acme").unwrap();
    service
        .suspend_tenant(&acme, &Actor::operator())
        .await
        .unwrap();
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "measures how long it takes")]
async fn what_one_process_suspends_ends_in_every_other() {
    let world = world_of_acme().await;
    let other = world.household.open().await;
    let link = world.issued().await;
    assert_eq!(world.simulator.ledger().len(), 1);
    let token = world.embed_token(&["read", "issue"]).await;
    let request = world.of_connection(Method::POST, "/share-link");
    let shared = world.send(request).await.json(201);
    let (_, path) = shared["link"].as_str().unwrap().split_once("/l/").unwrap();
    let mut page = world.events(&token).await;
    let first = page.next().await.unwrap();
    assert_eq!(first.data["pass"]["url"], link.as_str());

    let begun = Instant::now();
    suspend(&other).await;
    // The page is told to take away what it shows; then its stream ends, although its token would live for long.
    let told = page.until("revoked").await;
    assert_eq!(
        (&told.data["pass"], &told.data["connection"]["actions"]),
        (&Value::Null, &json!([]))
    );
    page.end().await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");

    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("tenant_suspended");
    world
        .send(world.events_request(&token))
        .await
        .problem("tenant_suspended");
    let answer = world
        .send(world.at(Method::GET, &format!("/l/{path}")))
        .await;
    assert_eq!(answer.status, 410, "{}", answer.text);
    eventually("nothing alive upstream", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    world.agreement("suspended").await;
}

#[tokio::test]
async fn nothing_is_given_out_and_reading_stays() {
    let world = world_of_acme().await;
    let token = world.embed_token(&["read", "issue"]).await;
    let put = async || {
        world
            .send(world.backend(Method::PUT, SUSPENSION))
            .await
            .json(200)
    };
    let suspended = put().await;
    assert_golden("tenant_suspension.json", &suspended);
    assert_eq!(
        (&suspended["suspended"], &suspended["tenant"]),
        (&json!(true), &json!("acme"))
    );
    assert_eq!(put().await["since"], suspended["since"], "twice is once");

    let embed = json!({ "actions": ["read"], "origins": [ORIGIN] });
    for request in [
        world.issue(),
        world.of_connection(Method::POST, "/share-link"),
        world
            .of_connection(Method::POST, "/embed-tokens")
            .json(&embed),
        world.of_connection(Method::POST, "/api-token"),
        world.of_connection(Method::GET, "/upstream/v2/session/info"),
        world
            .page(Method::POST, "/v1/pass", &token)
            .json(&json!({ "method": "link" })),
        world.page(Method::POST, "/v1/share-link", &token),
        world.page(Method::GET, "/v1/pass", &token),
    ] {
        let refused = world.send(request).await.problem("tenant_suspended");
        assert_eq!(refused["status"], 403);
    }
    assert!(world.simulator.ledger().is_empty());
    for rest in ["", "/health", "/pass", "/share-link"] {
        world
            .send(world.of_connection(Method::GET, rest))
            .await
            .json(200);
    }
    assert_eq!(world.revoke().await["revoked"], true);
    // Others go on.
    let other = world.connect("globex").await;
    let path = format!("/v1/connections/{other}/share-link");
    world
        .send(world.backend(Method::POST, &path))
        .await
        .json(201);

    let delete = async || {
        world
            .send(world.backend(Method::DELETE, SUSPENSION))
            .await
            .json(200)
    };
    let resumed = delete().await;
    assert_eq!(
        (&resumed["suspended"], &resumed["since"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(delete().await["suspended"], false, "twice is once");
    // What had ended stays ended.
    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("token_expired");
    assert!(world.live().await.is_null());
    let link = world.of_connection(Method::GET, "/share-link");
    assert!(world.send(link).await.json(200)["link"].is_null());
    world.issued().await;
    let audited =
        "SELECT action || ' ' || tenant FROM audit WHERE action LIKE 'tenant.%' ORDER BY sequence";
    let audited = world.books().await.column(audited).await;
    assert_eq!(audited, ["tenant.suspend acme", "tenant.resume acme"]);
}

#[tokio::test]
async fn only_a_key_for_all_tenants_suspends() {
    let world = world_of_acme().await;
    let (own, other) = (world.key_of("acme").await, world.key_of("globex").await);
    let before = world.books().await.everything().await;
    for key in [&own, &other] {
        for method in [Method::PUT, Method::DELETE] {
            let request = world.at(method, SUSPENSION).bearer_auth(key.token.expose());
            world.send(request).await.problem("action_not_allowed");
        }
    }
    assert_eq!(world.books().await.everything().await, before);
    let read = |key: &str| world.at(Method::GET, SUSPENSION).bearer_auth(key);
    assert_eq!(
        world.send(read(own.token.expose())).await.json(200)["suspended"],
        false
    );
    world
        .send(read(other.token.expose()))
        .await
        .problem("not_found");
    let nobody = world.backend(Method::PUT, "/v1/tenants/no%20body/suspension");
    world.send(nobody).await.problem("not_found");
}

#[tokio::test]
async fn a_link_that_is_being_made_is_taken_back() {
    let world = world_of_acme().await;
    let hold = Fault::after(FaultKind::Hold);
    world.simulator.inject(wawp::MINT, hold).unwrap();
    let issuing = tokio::spawn(world.issue().send());
    eventually("the link at the provider", async || {
        world.simulator.ledger().len() == 1
    })
    .await;
    suspend(&world.service).await;
    world.simulator.release();
    let answer = in_time("the answer", issuing).await.unwrap().unwrap();
    assert_eq!(answer.status(), 409);
    eventually("nothing alive upstream", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    world.agreement("suspended while issuing").await;
}

#[tokio::test]
async fn what_slipped_through_beside_a_suspension_is_ended() {
    let world = world_of_acme().await;
    world.issued().await;
    let token = world.embed_token(&["read"]).await;
    world
        .send(world.of_connection(Method::POST, "/share-link"))
        .await
        .json(201);
    // As if all three had been written by a process that had not heard of it yet.
    world
        .meddle("INSERT INTO suspended_tenants (tenant, since) VALUES ('acme', 1)")
        .await;
    let mut books = world.books().await;
    eventually("everything ended", async || {
        let open = "SELECT id FROM passes WHERE state = 'live' UNION ALL SELECT id FROM share_links WHERE state = 'live'";
        books.column(open).await.is_empty() && world.simulator.ledger().is_empty()
    })
    .await;
    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("tenant_suspended");
    world
        .send(world.backend(Method::DELETE, SUSPENSION))
        .await
        .json(200);
    world
        .send(world.page(Method::GET, "/v1/pass", &token))
        .await
        .problem("token_expired");
}

#[tokio::test]
async fn operators_suspend_by_a_command() {
    let program = Program::new();
    program.api_key().await;
    let said = program.answer(&["tenant", "suspend", "acme"]).await;
    assert!(said.starts_with("acme  suspended since 20"), "{said}");
    let listed = program.answer(&["tenant", "list", "--json"]).await;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["tenant"], "acme");
    for _twice in 0..2 {
        program.answer(&["tenant", "resume", "acme"]).await;
    }
    assert_eq!(program.answer(&["tenant", "list"]).await, "");
    let refused = program.run(&["tenant", "suspend", "no body"]).await;
    assert_eq!(refused.status.code(), Some(1));
}
