//! Connections whose account the provider opens first.

use std::time::Duration;

use pairlink_protocol::ProblemCode;
use pairlink_simulator::{Fault, FaultKind, wazzup};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::answer::{Answer, send};
use crate::harness::world::Setup;
use crate::harness::{World, in_time};
use crate::operation::assert_golden;

/// A request that is right.
fn right(world: &World) -> Value {
    json!({
        "provider": "wazzup", "tenant": "acme", "base_url": world.simulator.base_url(),
        "credentials": {
            "email": wazzup::DEMO_EMAIL, "password": wazzup::DEMO_PASSWORD, "scope": "transport",
        },
        "account": {
            "name": "Acme Corporation", "lang": "en", "currency": "EUR", "country": "EU", "timezone": 3,
        },
    })
}

async fn open(world: &World, asked: &Value, key: Option<&str>) -> Answer {
    let mut request = world.backend(Method::POST, "/v1/connections").json(asked);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    world.send(request).await
}

/// What the connection's account is good for.
async fn api_token(world: &World, id: &str) -> Answer {
    let path = format!("/v1/connections/{id}/api-token");
    world.send(world.backend(Method::POST, &path)).await
}

async fn count(world: &World) -> usize {
    let list = world.send(world.backend(Method::GET, "/v1/connections"));
    let list = list.await.json(200);
    list["connections"].as_array().unwrap().len()
}

fn id(connection: &Value) -> String {
    connection["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_account_is_opened_and_works_at_once() {
    for account_id_form in [
        wazzup::AccountIdForm::Number,
        wazzup::AccountIdForm::Text,
        wazzup::AccountIdForm::Dashed,
    ] {
        let world = World::start_bare(Setup::default()).await;
        world.simulator.wazzup().set_manner(wazzup::Manner {
            account_id_form,
            ..wazzup::Manner::default()
        });
        let added = open(&world, &right(&world), None).await.json(201);
        assert!(added.get("missing").is_none());
        assert_eq!(added["tenant"], "acme");
        api_token(&world, &id(&added)).await.json(200);
        assert_eq!(world.calls(wazzup::ACCOUNTS), 1);
        let mut books = world.books().await;
        let written =
            "SELECT outcome FROM audit WHERE action = 'connection.open_account' ORDER BY sequence";
        assert_eq!(books.column(written).await, ["started", "done"]);
        world.assert_log_is_clean(&[("password", wazzup::DEMO_PASSWORD)]);
    }
}

#[tokio::test]
async fn a_key_never_opens_two() {
    let world = World::start_bare(Setup::default()).await;
    let right = right(&world);
    let hold = Fault::before(FaultKind::Hold);
    world.simulator.inject(wazzup::ACCOUNTS, hold).unwrap();
    // The second comes while the first is under way, and waits for its end.
    let (first, second) = tokio::join!(open(&world, &right, Some("one")), async {
        let under_way = world.simulator.held(wazzup::ACCOUNTS);
        in_time("a held call", under_way).await.unwrap();
        let request = world.backend(Method::POST, "/v1/connections").json(&right);
        let second = tokio::spawn(send(request.header("idempotency-key", "one")));
        for _request in 0..30 {
            count(&world).await;
        }
        assert!(!second.is_finished(), "answered before the first");
        world.simulator.release();
        second.await.unwrap()
    });
    let third = open(&world, &right, Some("one")).await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    for repeated in [&second, &third] {
        assert_eq!(repeated.header("idempotent-replayed"), "true");
        assert_eq!(repeated.json(201), first.json(201));
    }
    for (part, name, other) in [
        ("account", "name", json!("Another")),
        ("account", "timezone", json!(4)),
        ("credentials", "password", json!("another")),
    ] {
        let mut asked = right.clone();
        asked[part][name] = other;
        let reused = open(&world, &asked, Some("one")).await;
        reused.problem("idempotency_key_reused");
    }
    assert_eq!(world.calls(wazzup::ACCOUNTS), 1);
    let another = open(&world, &right, Some("two")).await.json(201);
    assert_ne!(id(&another), id(&first.json(201)));
    assert_eq!((world.calls(wazzup::ACCOUNTS), count(&world).await), (2, 2));
    let mut invalid = world.backend(Method::POST, "/v1/connections").json(&right);
    invalid = invalid.header("idempotency-key", "a b");
    let refused = world.send(invalid).await;
    refused.problem_of("invalid_request", "idempotency-key");
}

#[tokio::test]
async fn who_refuses_opened_nothing() {
    for (refusal, code) in [
        ("VALIDATION_FAILED", "provider_refused"),
        ("OAUTH_PARTNER_INACTIVE", "needs_credentials"),
    ] {
        let world = World::start_bare(Setup::default()).await;
        let refused = Fault::before(FaultKind::refusal(refusal));
        world.simulator.inject(wazzup::ACCOUNTS, refused).unwrap();
        open(&world, &right(&world), Some("one"))
            .await
            .problem(code);
        assert_eq!(count(&world).await, 0);
        // The key is free again.
        let added = open(&world, &right(&world), Some("one")).await.json(201);
        api_token(&world, &id(&added)).await.json(200);
        assert_eq!((world.calls(wazzup::ACCOUNTS), count(&world).await), (2, 1));
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_a_connection_that_says_so_and_can_be_completed() {
    let losses = [
        Fault::after(FaultKind::Disconnect),
        Fault::before(FaultKind::Disconnect),
        Fault::after(FaultKind::Malformed),
        Fault::after(FaultKind::Hang),
        Fault::after(FaultKind::Json(json!({ "data": { "account": {} } }))),
    ];
    for (at, loss) in losses.into_iter().enumerate() {
        let mut setup = Setup::default();
        setup.limits.deadline = Duration::from_secs(1);
        let world = World::start_bare(setup).await;
        let right = right(&world);
        world.simulator.inject(wazzup::ACCOUNTS, loss).unwrap();
        let added = open(&world, &right, Some("one")).await.json(202);
        assert_eq!(added["missing"], json!(["account_id"]), "{at}");
        let mut golden = added.clone();
        golden["base_url"] = Value::Null;
        assert_golden("connection_missing.json", &golden);
        let again = open(&world, &right, Some("one")).await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.json(202), added);
        assert_eq!(world.calls(wazzup::ACCOUNTS), 1, "{at}: asked twice");

        let of = |method| world.backend(method, &format!("/v1/connections/{}", id(&added)));
        assert_eq!(world.send(of(Method::GET)).await.json(200), added);
        api_token(&world, &id(&added))
            .await
            .problem("needs_credentials");
        // Another process, as after a crash, knows it as well.
        let other = world.household.open().await;
        let missing = other.all_missing().await.unwrap();
        assert_eq!(missing.into_values().collect::<Vec<_>>(), ["account_id"]);

        let complete =
            |credentials: Value| of(Method::PATCH).json(&json!({ "credentials": credentials }));
        let refused = world.send(complete(json!({ "scope": "crm" }))).await;
        assert_eq!(refused.status, ProblemCode::InvalidField.status());
        let partner = world.simulator.wazzup();
        partner.add_account(wazzup::DEMO_EMAIL, "87654321").unwrap();
        let completed = complete(json!({ "account_id": 87_654_321 }));
        let completed = world.send(completed).await.json(200);
        assert!(completed.get("missing").is_none(), "{completed}");
        api_token(&world, &id(&added)).await.json(200);
        let last = open(&world, &right, Some("one")).await.json(201);
        assert_eq!(id(&last), id(&added));
        // From now on it is a connection like any other.
        let refused = world.send(complete(json!({ "account_id": 1 }))).await;
        assert_eq!(refused.status, ProblemCode::InvalidField.status());
        assert_eq!(world.calls(wazzup::ACCOUNTS), 1);
    }
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_by_name() {
    let world = World::start_bare(Setup::default()).await;
    let stranger = world.key_of("stranger").await;
    let mut books = world.books().await;
    let before = books.everything().await;
    for (field, part, name, value) in [
        ("account.name", "account", "name", json!("ab")),
        ("account.name", "account", "name", json!(5)),
        ("account.name", "account", "name", json!("a\u{0}bc")),
        ("account.lang", "account", "lang", json!("english")),
        ("account.currency", "account", "currency", json!("")),
        ("account.country", "account", "country", json!("Europe")),
        ("account.timezone", "account", "timezone", json!("3")),
        ("account.timezone", "account", "timezone", json!(15)),
        ("account.owner", "account", "owner", json!("x")),
        (
            "credentials.account_id",
            "credentials",
            "account_id",
            json!("1"),
        ),
        ("credentials.email", "credentials", "email", json!("x")),
    ] {
        let mut asked = right(&world);
        asked[part][name] = value;
        open(&world, &asked, None)
            .await
            .problem_of("invalid_field", field);
    }
    let mut asked = right(&world);
    asked["account"] = json!({ "name": ["x"] });
    let refused = open(&world, &asked, None).await;
    assert_eq!(refused.status, ProblemCode::InvalidField.status());
    let mut asked = right(&world);
    asked["provider"] = json!("wawp");
    asked["credentials"] = world.credentials();
    open(&world, &asked, None)
        .await
        .problem_of("invalid_field", "account");
    let request = world
        .at(Method::POST, "/v1/connections")
        .bearer_auth(stranger.token.expose());
    let refused = world.send(request.json(&right(&world))).await;
    refused.problem_of("action_not_allowed", "tenant");
    assert_eq!(world.calls(wazzup::ACCOUNTS), 0);
    assert_eq!(books.everything().await, before);
}

#[tokio::test]
async fn an_account_is_named_by_a_number_or_a_text() {
    let world = World::start_bare(Setup::default()).await;
    for account_id in [json!(12_345_678), json!("12345678"), json!("1234-5678")] {
        let mut asked = right(&world);
        asked.as_object_mut().unwrap().remove("account");
        asked["credentials"]["account_id"] = account_id;
        let added = open(&world, &asked, None).await.json(201);
        api_token(&world, &id(&added)).await.json(200);
    }
}
