//! Webhooks are registered, listed and removed, by those whom they concern.

use pairlink_proxy::outbound::AddressPolicy;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::leaks::found;
use crate::harness::receiver::Receiver;
use crate::harness::{Setup, World};
use crate::operation::assert_golden;

const PATH: &str = "/v1/webhooks";

#[tokio::test]
async fn a_webhook_is_registered_listed_and_removed_and_its_secret_is_shown_once() {
    let world = World::start().await;
    let url = "https://backend.example/hook?token=a-secret-of-the-receiver";
    let asked = json!({ "url": url, "tenant": "acme", "events": ["connection.state"] });
    let request = world.backend(Method::POST, PATH).json(&asked);
    let made = world.send(request).await;
    made.is_private();
    let made = made.json(201);
    let secret = made["secret"].as_str().unwrap();
    assert_eq!((secret.len(), &secret[..6]), (6 + 44, "whsec_"));
    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("secret");
    assert_eq!(listed["url"], url);
    assert_eq!(listed["events"], json!(["connection.state"]));

    let list = async || {
        let answer = world.send(world.backend(Method::GET, PATH)).await;
        answer.is_private();
        answer.json(200)
    };
    assert_eq!(list().await, json!({ "webhooks": [listed], "next": null }));
    assert_golden("new_webhook.json", &made);
    assert_golden("webhook_list.json", &list().await);

    let secrets = [
        ("secret", &secret[6..]),
        ("address", "a-secret-of-the-receiver"),
    ];
    let mut books = world.books().await;
    let rows = books.everything().await.join("\n");
    books.close().await;
    assert_eq!(found(&secrets, rows.as_bytes()), [""; 0], "in a table");
    for entry in std::fs::read_dir(world.directory()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(found(&secrets, &bytes), [""; 0], "in {}", path.display());
    }
    world.assert_log_is_clean(&secrets);

    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    let removed = world.send(world.backend(Method::DELETE, &path)).await;
    assert_eq!((removed.status.as_u16(), removed.text.as_str()), (204, ""));
    assert_eq!(list().await["webhooks"], json!([]));
    let again = world.send(world.backend(Method::DELETE, &path)).await;
    again.problem("not_found");

    let mut books = world.books().await;
    let audit =
        "SELECT action || ' ' || tenant || ' ' || outcome FROM audit WHERE action LIKE 'webhook%'";
    let expected = ["webhook.create acme done", "webhook.remove acme done"];
    assert_eq!(books.column(audit).await, expected);
}

#[tokio::test]
async fn what_is_left_out_means_everything_within_reach() {
    let world = World::start().await;
    let acme = world.key_of("acme").await;
    for (key, tenant) in [
        (world.key.as_str(), Value::Null),
        (acme.token.expose(), json!("acme")),
    ] {
        let request = world.at(Method::POST, PATH).bearer_auth(key);
        let asked = json!({ "url": "https://backend.example/hook" });
        let made = world.send(request.json(&asked)).await.json(201);
        assert_eq!((&made["tenant"], &made["events"]), (&tenant, &Value::Null));
    }
}

#[tokio::test]
async fn a_key_of_one_tenant_reaches_that_tenants_webhooks_only() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    let (acme, other) = (world.key_of("acme").await, world.key_of("other").await);
    let (acme, other) = (acme.token.expose(), other.token.expose());
    let url = &receiver.url;
    let own = world.hook_as(acme, json!({ "url": url })).await;
    let general = world.hook(&receiver).await;

    let asked = json!({ "url": url, "tenant": "acme" });
    let request = world.at(Method::POST, PATH).bearer_auth(other);
    let refused = world.send(request.json(&asked)).await;
    refused.problem_of("action_not_allowed", "tenant");

    let seen_by = async |key: &str| {
        let answer = world
            .send(world.at(Method::GET, PATH).bearer_auth(key))
            .await;
        let webhooks = answer.json(200)["webhooks"].take();
        let ids = webhooks.as_array().unwrap().iter();
        let mut ids: Vec<String> = ids
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![own.id.clone(), general.id.clone()];
    both.sort_unstable();
    assert_eq!(seen_by(&world.key).await, both);
    assert_eq!(seen_by(acme).await, std::slice::from_ref(&own.id));
    assert_eq!(seen_by(other).await, [""; 0]);

    let mut books = world.books().await;
    let before = books.everything().await;
    for (key, hook) in [(acme, &general), (other, &general), (other, &own)] {
        for (method, rest) in [
            (Method::DELETE, ""),
            (Method::GET, "/deliveries"),
            (Method::POST, "/deliveries/msg_none/retry"),
        ] {
            let path = format!("{PATH}/{}{rest}", hook.id);
            let request = world.at(method, &path).bearer_auth(key);
            world.send(request).await.problem("not_found");
        }
    }
    assert_eq!(books.everything().await, before);
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_by_its_name_and_changes_nothing() {
    let world = World::start().await;
    let mut books = world.books().await;
    let before = books.everything().await;
    let url = "https://backend.example/hook";
    let long = format!("{url}?{}", "x".repeat(2048));
    for (asked, field) in [
        (json!({}), "url"),
        (json!({ "url": 7 }), "url"),
        (json!({ "url": long }), "url"),
        (json!({ "url": url, "tenant": "a b" }), "tenant"),
        (json!({ "url": url, "events": [] }), "events"),
        (
            json!({ "url": url, "events": "connection.state" }),
            "events",
        ),
        (
            json!({ "url": url, "events": ["connection.born"] }),
            "events",
        ),
        (
            json!({ "url": url, "events": ["connection.state", "connection.state"] }),
            "events",
        ),
        (json!({ "url": url, "secret": "whsec_mine" }), "secret"),
    ] {
        let request = world.backend(Method::POST, PATH).json(&asked);
        world.send(request).await.problem_of("invalid_field", field);
    }
    for (query, field) in [("?afer=x", "afer"), ("?after=x&after=y", "after")] {
        let request = world.backend(Method::GET, &format!("{PATH}{query}"));
        world.send(request).await.problem_of("invalid_field", field);
    }
    assert_eq!(books.everything().await, before);
    let hook = world.hook_as(&world.key, json!({ "url": url })).await;
    let path = format!("{PATH}/{}/deliveries?state=lost", hook.id);
    let refused = world.send(world.backend(Method::GET, &path)).await;
    refused.problem_of("invalid_field", "state");
}

#[tokio::test]
async fn where_private_addresses_are_forbidden_none_can_be_registered() {
    let world = World::start_bare(Setup {
        addresses: AddressPolicy::PublicOnly,
        ..Setup::default()
    })
    .await;
    for url in [
        "http://backend.example/hook",
        "https://127.0.0.1/hook",
        "https://127.1/hook",
        "https://2130706433/",
        "https://[::1]/hook",
        "https://[::ffff:7f00:1]/hook",
        "https://169.254.169.254/latest",
        "https://localhost/hook",
        "https://metadata/hook",
        "https://user@backend.example/hook",
        "https://backend.example:22/hook",
        "https://backend.example/hook#fragment",
        "file:///etc/passwd",
        "backend.example/hook",
        "",
    ] {
        let request = world.backend(Method::POST, PATH);
        let refused = world.send(request.json(&json!({ "url": url }))).await;
        refused.problem("host_not_allowed");
    }
}

#[tokio::test]
async fn there_are_not_more_webhooks_than_anybody_needs() {
    let world = World::start().await;
    let asked = json!({ "url": "https://backend.example/hook", "tenant": "acme" });
    let register = async |asked: &Value| {
        let request = world.backend(Method::POST, PATH);
        world.send(request.json(asked)).await
    };
    for _ in 0..20 {
        register(&asked).await.json(201);
    }
    register(&asked).await.problem("too_many_webhooks");
    // Those of others are counted apart.
    register(&json!({ "url": "https://backend.example/hook" }))
        .await
        .json(201);
}
