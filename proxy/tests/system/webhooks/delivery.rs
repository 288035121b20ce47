//! What happens is posted, and posted again until it arrives.

use std::time::Duration;

use pairlink_protocol::Timestamp;
use pairlink_proxy::outbound::AddressPolicy;
use reqwest::Method;
use serde_json::{Value, json};

use super::Hook;
use crate::harness::receiver::{Answers, Receiver};
use crate::harness::{PATIENCE, Setup, World, eventually};
use crate::operation::assert_golden;

/// More than any pause between two attempts.
const DAYS: Duration = Duration::from_hours(30);

/// The one delivery of a webhook; null before it was made.
async fn only_delivery(world: &World, hook: &Hook) -> Value {
    let mut all = world.deliveries(hook, "").await;
    assert!(all.len() <= 1, "{all:?}");
    all.pop().unwrap_or_default()
}

/// Waits until the one delivery is in a state.
async fn until(world: &World, hook: &Hook, state: &str) -> Value {
    eventually(state, async || {
        only_delivery(world, hook).await["state"] == state
    })
    .await;
    only_delivery(world, hook).await
}

/// Waits until that attempt of the one delivery has ended in that way. While one is under way the last outcome is that of
/// the attempt before, so each attempt of a test must end in another way.
async fn attempted(world: &World, hook: &Hook, attempts: u64, outcome: &str) -> Value {
    eventually("the attempt's end", async || {
        let delivery = only_delivery(world, hook).await;
        delivery["attempts"] == attempts && delivery["last_outcome"] == outcome
    })
    .await;
    only_delivery(world, hook).await
}

#[tokio::test]
async fn the_state_of_a_login_is_posted_signed_and_without_a_secret() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until_state("waiting").await;
    let link = world.issued().await;
    world.simulator.wawp().scan(&world.instance_id).unwrap();
    events.until_state("connected").await;

    let posted = receiver.receives(2).await;
    let mut messages: Vec<Value> = posted
        .iter()
        .map(|one| one.verified(&hook.secret))
        .collect();
    // The order of arrival is not promised; the timestamps tell.
    messages.sort_by_key(|message| message["timestamp"].as_str().unwrap().to_owned());
    for (message, state) in messages.iter().zip(["waiting", "connected"]) {
        assert_eq!(message["type"], "connection.state");
        let expected = json!({
            "connection": world.connection, "tenant": "default", "provider": "wawp",
            "label": "Acme support line", "state": state,
        });
        assert_eq!(message["data"], expected);
    }
    assert_golden("webhook_message_state.json", &messages[0]);
    assert_ne!(posted[0].id(), posted[1].id());
    for one in &posted {
        assert!(one.id().starts_with("msg_"));
        assert!(one.header("user-agent").starts_with("pairlink/"));
        assert!(one.body.len() < 1024, "small");
        let all = format!("{one:?}");
        let token = link.rsplit('/').next().unwrap();
        for secret in [token, &world.access_token, &world.key, &hook.secret] {
            assert!(!all.contains(secret));
        }
    }
    eventually("they are written down as delivered", async || {
        let delivered = world.deliveries(&hook, "?state=delivered").await;
        delivered.len() == 2
            && delivered
                .iter()
                .all(|one| one["last_outcome"] == "delivered")
    })
    .await;
    world.assert_log_is_clean(&[("webhook secret", &hook.secret[6..])]);
}

#[tokio::test]
async fn who_asked_for_it_is_told_and_nobody_else() {
    let world = World::start().await;
    let acme_line = world.connect("acme").await;
    // What happened before they asked is not for them.
    world.changes(&acme_line, 3).await;
    let receiver = Receiver::open().await;
    let url = |path: &str| format!("{}/{path}", receiver.url);
    for asked in [
        json!({ "url": url("all") }),
        json!({ "url": url("acme"), "tenant": "acme" }),
        json!({ "url": url("other"), "tenant": "other" }),
        json!({ "url": url("state"), "events": ["connection.recovered", "connection.state"] }),
        json!({ "url": url("trouble"), "events": ["connection.needs_attention"] }),
    ] {
        world.hook_as(&world.key, asked).await;
    }
    world.changes(&acme_line, 1).await;
    receiver.receives(3).await;
    world.changes(&world.connection, 1).await;
    let posted = receiver.receives(5).await;
    let mut paths: Vec<&str> = posted.iter().map(|one| one.path.as_str()).collect();
    paths.sort_unstable();
    let expected = [
        "/hook/acme",
        "/hook/all",
        "/hook/all",
        "/hook/state",
        "/hook/state",
    ];
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn what_fails_is_attempted_again_under_the_same_name() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    receiver.answer(Answers::With(503));
    world.changes(&world.connection, 1).await;
    let failed = attempted(&world, &hook, 1, "status_503").await;
    assert_eq!(failed["state"], "pending");
    let due: Timestamp = failed["next_attempt_at"].as_str().unwrap().parse().unwrap();
    // The label may change meanwhile; the message may not.
    let renamed = world.of_connection(Method::PATCH, "");
    let renamed = renamed.json(&json!({ "label": "Another" }));
    world.send(renamed).await.json(200);
    receiver.answer(Answers::With(200));
    world.simulator.advance(Duration::from_secs(7));
    let delivered = until(&world, &hook, "delivered").await;
    assert_eq!(
        (&delivered["attempts"], &delivered["next_attempt_at"]),
        (&json!(2), &Value::Null)
    );
    let posted = receiver.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[0].id(), posted[1].id());
    assert_eq!(posted[0].body, posted[1].body);
    let sent: i64 = posted[1].header("webhook-timestamp").parse().unwrap();
    assert!(
        sent >= due.unix_millis() / 1000,
        "signed anew, and not too soon"
    );
    posted[1].verified(&hook.secret);
}

#[tokio::test]
async fn after_ten_attempts_it_is_given_up_until_somebody_wants_it_retried() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    receiver.answer(Answers::With(451));
    world.changes(&world.connection, 1).await;
    for number in 1..=10 {
        let status = 450 + number;
        attempted(
            &world,
            &hook,
            u64::from(number),
            &format!("status_{status}"),
        )
        .await;
        receiver.answer(Answers::With(status + 1));
        world.simulator.advance(DAYS);
    }
    let dead = until(&world, &hook, "dead").await;
    assert_eq!(
        (&dead["attempts"], &dead["last_outcome"]),
        (&json!(10), &json!("status_460"))
    );
    assert_eq!(world.deliveries(&hook, "?state=dead").await.len(), 1);
    assert_eq!(world.deliveries(&hook, "?state=pending").await.len(), 0);
    let id = dead["id"].as_str().unwrap();

    // Once more, and no more than that.
    assert_eq!(world.retry(&hook, id).await.json(200)["state"], "pending");
    receiver.receives(11).await;
    until(&world, &hook, "dead").await;
    receiver.answer(Answers::With(200));
    world.retry(&hook, id).await.json(200);
    until(&world, &hook, "delivered").await;
    let again = world.retry(&hook, id).await.json(200);
    assert_eq!(again["state"], "delivered", "left as it is");
    world.retry(&hook, "msg_none").await.problem("not_found");
    let posted = receiver.posted();
    assert_eq!(posted.len(), 12);
    assert!(posted.iter().all(|one| one.id() == id));
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_posted_nothing_more() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    receiver.answer(Answers::With(410));
    world.changes(&world.connection, 1).await;
    let dead = until(&world, &hook, "dead").await;
    assert_eq!(
        (&dead["attempts"], &dead["last_outcome"]),
        (&json!(1), &json!("gone"))
    );
    let path = format!("/v1/webhooks/{}/deliveries", hook.id);
    let all = world.send(world.backend(Method::GET, &path)).await;
    assert_golden("webhook_delivery_list.json", &all.json(200));
    let list = world.send(world.backend(Method::GET, "/v1/webhooks")).await;
    assert!(list.json(200)["webhooks"][0]["disabled_at"].is_string());
    let refused = world.retry(&hook, dead["id"].as_str().unwrap()).await;
    refused.problem("webhook_disabled");

    receiver.answer(Answers::With(200));
    let other = Receiver::open().await;
    world.hook(&other).await;
    world.changes(&world.connection, 1).await;
    other.receives(1).await;
    assert_eq!(world.deliveries(&hook, "").await.len(), 1);
    assert_eq!(receiver.posted().len(), 1);
    let mut books = world.books().await;
    let disabled = "SELECT actor_kind FROM audit WHERE action = 'webhook.disable'";
    assert_eq!(books.column(disabled).await, ["pairlink"]);
}

#[tokio::test]
async fn nothing_that_a_receiver_answers_leads_anywhere_or_is_read_to_its_end() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    receiver.answer(Answers::Elsewhere("/elsewhere"));
    world.changes(&world.connection, 1).await;
    attempted(&world, &hook, 1, "status_307").await;
    receiver.answer(Answers::Endlessly);
    world.simulator.advance(DAYS);
    until(&world, &hook, "delivered").await;
    let paths: Vec<String> = receiver.posted().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/hook", "/hook"]);
}

#[tokio::test]
async fn one_that_never_answers_is_given_up_in_time_and_holds_nobody_up() {
    let mut setup = Setup::default();
    setup.courier.deadline = PATIENCE * 2;
    let world = World::start_with(setup).await;
    let (slow, quick) = (Receiver::open().await, Receiver::open().await);
    slow.answer(Answers::Never);
    world.hook(&slow).await;
    world.hook(&quick).await;
    world.changes(&world.connection, 40).await;
    quick.receives(40).await;
    assert!(slow.posted().len() <= 4, "few at a time");
    slow.answer(Answers::With(200));
    slow.receives(40).await;

    let mut setup = Setup::default();
    setup.courier.deadline = Duration::from_millis(200);
    let world = World::start_with(setup).await;
    slow.answer(Answers::Never);
    let hook = world.hook(&slow).await;
    world.changes(&world.connection, 1).await;
    attempted(&world, &hook, 1, "timeout").await;
}

#[tokio::test]
async fn one_that_cannot_be_reached_is_attempted_again() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    drop(receiver);
    world.changes(&world.connection, 1).await;
    let failed = attempted(&world, &hook, 1, "unreachable").await;
    assert_eq!(failed["state"], "pending");
}

#[tokio::test]
async fn removing_a_webhook_drops_what_was_on_its_way() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    receiver.answer(Answers::Never);
    world.changes(&world.connection, 9).await;
    receiver.receives(4).await;
    let path = format!("/v1/webhooks/{}", hook.id);
    let removed = world.send(world.backend(Method::DELETE, &path)).await;
    assert_eq!(removed.status, 204);
    let mut books = world.books().await;
    let left = "SELECT COUNT(*) FROM webhook_deliveries";
    assert_eq!(books.column(left).await, ["0"]);
    receiver.answer(Answers::With(500));
    let other = Receiver::open().await;
    world.hook(&other).await;
    world.changes(&world.connection, 1).await;
    other.receives(1).await;
    eventually("the last is done", async || {
        books.column("SELECT state FROM webhook_deliveries").await == ["delivered"]
    })
    .await;
    assert_eq!(receiver.posted().len(), 4);
}

#[tokio::test]
async fn once_private_addresses_are_forbidden_those_registered_before_are_not_called() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    let mut household = world.household.clone();
    world.service.close();
    household.setup.addresses = AddressPolicy::PublicOnly;
    let careful = household.open().await;
    careful.start().await.unwrap();
    world.changes(&world.connection, 1).await;
    let mut books = world.books().await;
    let outcome = "SELECT COALESCE(outcome, '') FROM webhook_deliveries";
    eventually("it is refused", async || {
        books.column(outcome).await == ["address_not_allowed"]
    })
    .await;
    assert!(receiver.posted().is_empty() && !hook.id.is_empty());
}

#[tokio::test]
async fn what_ended_long_ago_is_forgotten_and_the_dead_a_month_later() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let hook = world.hook(&receiver).await;
    world.changes(&world.connection, 1).await;
    until(&world, &hook, "delivered").await;
    receiver.answer(Answers::With(410));
    world.changes(&world.connection, 1).await;
    eventually("one of each", async || {
        world.deliveries(&hook, "?state=dead").await.len() == 1
    })
    .await;
    let store = world.household.store().await;
    let later = |days: i64| world.service.now().plus_millis(days * 24 * 3600 * 1000);
    store.forget_before(later(-1)).await.unwrap();
    assert_eq!(world.deliveries(&hook, "").await.len(), 2);
    store.forget_before(later(1)).await.unwrap();
    assert_eq!(world.deliveries(&hook, "").await.len(), 1);
    store.forget_before(later(28)).await.unwrap();
    assert_eq!(world.deliveries(&hook, "?state=dead").await.len(), 1);
    store.forget_before(later(30)).await.unwrap();
    assert_eq!(world.deliveries(&hook, "").await.len(), 0);
}
