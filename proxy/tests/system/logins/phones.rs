//! Only the expected phone may be linked.

use pairlink_simulator::{Fault, FaultKind, StatusCode, green_api};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::eventually;
use crate::harness::world::{Green, Setup, World};

/// The phone that scans at the simulator.
const SCANNING: &str = "+44 1134 960 000";
const ANOTHER: &str = "+44 1134 960 001";

/// A world whose connection expects that phone.
async fn world_for(phone: &str) -> (World, Green) {
    let (world, green) = World::start_green(Setup::default()).await;
    let changed = expect(&world, json!(phone)).await;
    let end = &phone[phone.len() - 3..];
    assert!(
        changed["expected_phone"].as_str().unwrap().ends_with(end),
        "{changed}"
    );
    (world, green)
}

async fn expect(world: &World, phone: Value) -> Value {
    let request = world.of_connection(Method::PATCH, "");
    world
        .send(request.json(&json!({ "expected_phone": phone })))
        .await
        .json(200)
}

async fn read(world: &World, rest: &str) -> Value {
    world
        .send(world.of_connection(Method::GET, rest))
        .await
        .json(200)
}

/// Shows a QR code and scans it.
async fn scan(world: &World, green: &Green) {
    let request = world
        .of_connection(Method::POST, "/pass")
        .json(&json!({ "method": "qr" }));
    let issued = world.send(request).await.json(201);
    let payload = issued["pass"]["payload"].as_str().unwrap().to_owned();
    world
        .simulator
        .green_api()
        .scan_qr(&green.id_instance, &payload)
        .unwrap();
}

fn is_logged_out(world: &World, green: &Green) -> bool {
    let state = world
        .simulator
        .green_api()
        .state(&green.id_instance)
        .unwrap();
    state == green_api::InstanceState::NotAuthorized
}

/// Whether anybody was ever told that a phone is connected.
async fn was_told_connected(world: &World) -> bool {
    let told = "SELECT 'x' FROM notices WHERE detail = 'connected'";
    !world.books().await.column(told).await.is_empty()
}

#[tokio::test]
async fn the_expected_phone_is_verified_and_connected() {
    let (world, green) = world_for(SCANNING).await;
    assert_eq!(read(&world, "/health").await["account"], "unverified");
    scan(&world, &green).await;
    // With no page open: nobody asks but Pairlink itself.
    eventually("connected", async || {
        read(&world, "").await["state"] == "connected"
    })
    .await;
    assert_eq!(read(&world, "/health").await["account"], "verified");
    assert_eq!(read(&world, "").await["attention"], Value::Null);
    let due = "SELECT 'x' FROM expected_phones WHERE check_until IS NOT NULL";
    let mut books = world.books().await;
    eventually("nobody looks any more", async || {
        books.column(due).await.is_empty()
    })
    .await;
}

#[tokio::test]
async fn another_phone_is_logged_out_and_never_called_connected() {
    let (world, green) = world_for(ANOTHER).await;
    let token = world.embed_token(&["read", "issue"]).await;
    let mut page = world.events(&token).await;
    page.next().await.unwrap();
    scan(&world, &green).await;
    eventually("the log-out", async || {
        is_logged_out(&world, &green) && read(&world, "/health").await["account"] == "mismatch"
    })
    .await;
    // Pages say why, rather than that somebody revoked what they showed.
    let revoked = page.until("revoked").await;
    assert_eq!(revoked.data["connection"]["wrong_phone"], true);
    let connection = read(&world, "").await;
    assert_eq!(connection["attention"]["reason"], "account_mismatch");
    assert_ne!(connection["state"], "connected");
    assert!(world.live().await.is_null());
    assert!(!was_told_connected(&world).await);
    let mut books = world.books().await;
    let notices = "SELECT detail FROM notices WHERE kind = 'connection.needs_attention'";
    assert_eq!(books.column(notices).await, ["account_mismatch"]);
    let audited = "SELECT actor_kind FROM audit WHERE action = 'account.mismatch'";
    assert_eq!(books.column(audited).await, ["pairlink"]);
    // Reading the login again does not make it forget; the right phone does.
    read(&world, "/health").await;
    expect(&world, json!(SCANNING)).await;
    scan(&world, &green).await;
    eventually("connected", async || {
        read(&world, "").await["state"] == "connected"
    })
    .await;
    assert_eq!(read(&world, "").await["attention"], Value::Null);
    let request = world.page(Method::GET, "/v1/pass", &token);
    let view = world.send(request).await.json(200);
    assert!(view["connection"].get("wrong_phone").is_none(), "{view}");
}

#[tokio::test]
async fn a_log_out_that_fails_is_tried_until_it_succeeds() {
    let (world, green) = world_for(ANOTHER).await;
    let failing = Fault::before(FaultKind::Status {
        status: StatusCode::BAD_GATEWAY,
        retry_after: None,
    });
    let failing = failing.until_cleared();
    world.simulator.inject(green_api::LOGOUT, failing).unwrap();
    scan(&world, &green).await;
    eventually("three attempts", async || {
        world.calls(green_api::LOGOUT) >= 3
    })
    .await;
    assert_ne!(read(&world, "").await["state"], "connected");
    world.simulator.clear_faults();
    eventually("the log-out", async || is_logged_out(&world, &green)).await;
    assert!(!was_told_connected(&world).await);
}

#[tokio::test]
async fn a_phone_that_is_not_told_yet_is_not_connected_yet() {
    let (world, green) = world_for(SCANNING).await;
    let failing = Fault::before(FaultKind::Json(json!({ "wid": "" }))).until_cleared();
    world
        .simulator
        .inject(green_api::GET_SETTINGS, failing)
        .unwrap();
    scan(&world, &green).await;
    eventually("asked", async || world.calls(green_api::GET_SETTINGS) >= 1).await;
    assert_ne!(read(&world, "").await["state"], "connected");
    world.simulator.clear_faults();
    eventually("connected", async || {
        read(&world, "").await["state"] == "connected"
    })
    .await;
}

#[tokio::test]
async fn a_crash_between_the_link_and_the_look_leaves_no_wrong_phone() {
    let (world, green) = world_for(ANOTHER).await;
    // Nobody can look: as if the process died at once.
    let down = Fault::before(FaultKind::Disconnect).until_cleared();
    world.simulator.inject(green_api::STATE, down).unwrap();
    scan(&world, &green).await;
    world.service.close();
    world.simulator.clear_faults();
    let next = world.household.open().await;
    next.start().await.unwrap();
    eventually("the log-out", async || is_logged_out(&world, &green)).await;
    next.close();
}

#[tokio::test]
async fn a_code_for_another_phone_is_refused_before_anybody_is_asked() {
    let (world, _green) = world_for(SCANNING).await;
    let ask = |phone: &str| {
        let request = world.of_connection(Method::POST, "/pass");
        request.json(&json!({ "method": "code", "phone_number": phone }))
    };
    let refused = world.send(ask(ANOTHER)).await.problem("phone_not_allowed");
    assert_eq!(refused["status"], 403);
    assert_eq!(world.calls(green_api::AUTHORIZATION_CODE), 0);
    world.send(ask(SCANNING)).await.json(201);
}

#[tokio::test]
async fn a_number_is_read_shown_by_its_end_and_sealed() {
    let (world, green) = world_for(SCANNING).await;
    assert_eq!(read(&world, "").await["expected_phone"], "\u{2026}0000");
    let everything = world.books().await.everything().await.join("\n");
    assert!(!everything.contains("441134960000"));
    for number in ["", "0044", "+44 1134 96000x", "12", "+999 1234567890"] {
        let request = world.of_connection(Method::PATCH, "");
        let asked = request.json(&json!({ "expected_phone": number }));
        let problem = world.send(asked).await.problem("invalid_field");
        assert_eq!(problem["field"], "expected_phone");
    }
    let unset = expect(&world, Value::Null).await;
    assert!(unset.get("expected_phone").is_none(), "{unset}");
    assert!(read(&world, "/health").await.get("account").is_none());
    let asked = json!({
        "provider": "green-api", "base_url": world.simulator.base_url(), "expected_phone": ANOTHER,
        "credentials": { "id_instance": green.id_instance, "api_token_instance": green.token },
    });
    let request = world.backend(Method::POST, "/v1/connections");
    let added = world.send(request.json(&asked)).await.json(201);
    assert_eq!(added["expected_phone"], "\u{2026}0001");
}

#[tokio::test]
async fn a_connection_and_its_phone_are_written_together_or_not_at_all() {
    let (world, green) = world_for(SCANNING).await;
    let label = read(&world, "").await["label"].clone();
    world
        .meddle("ALTER TABLE expected_phones RENAME TO elsewhere")
        .await;
    let asked = json!({
        "provider": "green-api", "base_url": world.simulator.base_url(), "expected_phone": ANOTHER,
        "credentials": { "id_instance": green.id_instance, "api_token_instance": green.token },
    });
    let request = world.backend(Method::POST, "/v1/connections");
    world
        .send(request.json(&asked))
        .await
        .problem("store_unavailable");
    let request = world.of_connection(Method::PATCH, "");
    let asked = json!({ "label": "Another", "expected_phone": ANOTHER });
    world
        .send(request.json(&asked))
        .await
        .problem("store_unavailable");
    world
        .meddle("ALTER TABLE elsewhere RENAME TO expected_phones")
        .await;
    let request = world.backend(Method::GET, "/v1/connections");
    let all = world.send(request).await.json(200);
    assert_eq!(all["connections"].as_array().unwrap().len(), 1, "{all}");
    let kept = read(&world, "").await;
    assert_eq!(kept["label"], label);
    assert_eq!(kept["expected_phone"], "\u{2026}0000");
}

#[tokio::test]
async fn where_the_provider_does_not_tell_nobody_pretends_to_know() {
    let world = World::start().await;
    expect(&world, json!(ANOTHER)).await;
    world.issued().await;
    world.simulator.wawp().scan(&world.instance_id).unwrap();
    let token = world.embed_token(&["read"]).await;
    let mut page = world.events(&token).await;
    page.until_state("connected").await;
    assert_eq!(read(&world, "/health").await["account"], "unverified");
}
