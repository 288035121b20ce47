//! What providers post: `/v1/connections/{id}/provider-events/{secret}`.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, green_api};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::world::Green;
use crate::harness::{Setup, World, eventually, in_time};

/// So slow that nothing is found out by looking.
fn blind() -> Setup {
    let mut setup = Setup::default();
    let never = Duration::from_hours(1);
    setup.pace.watch_live = never;
    setup.pace.watch_idle = never;
    setup
}

/// The address that a connection's provider is to post to.
async fn address(world: &World, connection: &str) -> String {
    let path = format!("/v1/connections/{connection}/provider-events");
    let made = world.send(world.backend(Method::POST, &path)).await;
    made.is_private();
    made.json(201)["url"].as_str().unwrap().to_owned()
}

fn post(world: &World, url: &str, body: &Value) -> RequestBuilder {
    world.client.post(url).json(body)
}

fn secret(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

fn event(green: &Green, state: &str) -> Value {
    json!({
        "typeWebhook": "stateInstanceChanged",
        "instanceData": {
            "idInstance": green.id_instance.parse::<u64>().unwrap(),
            "wid": "441134960000@c.us",
            "typeInstance": "whatsapp",
        },
        "timestamp": 1_781_895_600,
        "stateInstance": state,
    })
}

async fn state(world: &World) -> String {
    let health = world.of_connection(Method::GET, "/health");
    let health = world.send(health).await.json(200);
    health["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_phone_that_takes_the_code_is_told_by_the_provider() {
    let (world, green) = World::start_green(blind()).await;
    let url = address(&world, &green.connection).await;
    let (id, token) = (green.id_instance.as_str(), "the-webhooks-own-token");
    let green_api = world.simulator.green_api();
    green_api.set_webhook(id, &url, token).unwrap();
    let phone_number = "+44 1134 960 001";
    let request = world.of_connection(Method::POST, "/pass");
    let asked = json!({ "method": "code", "phone_number": phone_number });
    let issued = world.send(request.json(&asked)).await.json(201);
    let page = world.embed_token(&["read"]).await;
    let mut events = world.events(&page).await;
    events.until_state("waiting").await;

    let code = issued["pass"]["code"].as_str().unwrap();
    green_api.enter_code(id, code).unwrap();
    events.until_state("connected").await;
    let revoked = events.until("revoked").await;
    assert!(revoked.data["pass"].is_null());
    assert!(world.live().await.is_null());
    assert_eq!(world.calls(green_api::WEBHOOK), 1);
    green_api.log_out(id).unwrap();
    events.until_state("waiting").await;
    world.assert_log_is_clean(&[
        ("the address", secret(&url)),
        ("its token", token),
        ("the instance's token", &green.token),
        ("the phone number", "441134960001"),
        ("the phone number as written", phone_number),
    ]);
}

#[tokio::test]
async fn nobody_needs_to_wait_for_it() {
    let (world, green) = World::start_green(blind()).await;
    let url = address(&world, &green.connection).await;
    world
        .simulator
        .green_api()
        .scan(&green.id_instance)
        .unwrap();
    let answer = world
        .send(post(&world, &url, &event(&green, "authorized")))
        .await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    eventually("it is known", async || state(&world).await == "connected").await;
}

#[tokio::test]
async fn what_it_says_is_not_believed() {
    let (world, green) = World::start_green(blind()).await;
    let url = address(&world, &green.connection).await;
    for said in ["authorized", "blocked", "nonsense"] {
        let calls = world.calls(green_api::STATE);
        let answer = world.send(post(&world, &url, &event(&green, said))).await;
        assert_eq!(answer.status, 200, "{said}");
        eventually("it was asked", async || {
            world.calls(green_api::STATE) > calls
        })
        .await;
        eventually("it is known", async || state(&world).await == "waiting").await;
    }
}

#[tokio::test]
async fn what_is_no_hint_is_taken_in_and_leads_to_nothing() {
    let (world, green) = World::start_green(blind()).await;
    let other = world.add_green("default").await;
    let url = address(&world, &green.connection).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    let mut message = event(&green, "authorized");
    message["typeWebhook"] = json!("incomingMessageReceived");
    let mut texts: Vec<String> = [
        event(&other, "authorized"),
        message,
        json!({}),
        json!([]),
        json!(null),
        json!({ "typeWebhook": "stateInstanceChanged" }),
        json!({ "typeWebhook": ["stateInstanceChanged"], "instanceData": 5 }),
        json!({ "typeWebhook": "stateInstanceChanged", "instanceData": { "idInstance": green.id_instance } }),
    ]
    .iter()
    .map(Value::to_string)
    .collect();
    texts.extend([String::new(), "{".to_owned(), "\u{0}".to_owned()]);
    texts.push(format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)));
    for text in texts {
        let request = world.client.post(&url).body(text);
        let answer = world
            .send(request.header("content-type", "application/json"))
            .await;
        assert_eq!(answer.status, 200);
    }
    // More than anybody reads, and the rest is not waited for.
    let long = format!("{}{}", event(&green, "authorized"), " ".repeat(1_000_000));
    if let Ok(answer) = world.client.post(&url).body(long).send().await {
        assert_eq!(answer.status(), 200);
    }
    assert_eq!(world.calls(green_api::STATE), 0);
    assert_eq!(books.everything().await, before);
}

#[tokio::test]
async fn whatever_is_wrong_with_an_address_is_not_told() {
    let (world, green) = World::start_green(blind()).await;
    let other = world.add_green("default").await;
    let replaced = address(&world, &green.connection).await;
    let url = address(&world, &green.connection).await;
    let of_other = address(&world, &other.connection).await;
    let path = |connection: &str, secret: &str| {
        format!(
            "{}/v1/connections/{connection}/provider-events/{secret}",
            world.url
        )
    };
    let gone = world.add_green("default").await;
    let of_gone = address(&world, &gone.connection).await;
    let request = format!("/v1/connections/{}", gone.connection);
    world.send(world.backend(Method::DELETE, &request)).await;
    let wrong = [
        replaced.clone(),
        of_gone,
        path(&green.connection, secret(&of_other)),
        path(&other.connection, secret(&url)),
        path("con_none", secret(&url)),
        path(&green.connection, &"0".repeat(64)),
        path(&green.connection, &secret(&url).to_uppercase()),
        path(&green.connection, &secret(&url)[..63]),
        path(&green.connection, "x"),
        path(&green.connection, "%ff"),
    ];
    let mut told = Vec::new();
    for url in &wrong {
        let answer = world
            .send(post(&world, url, &event(&green, "authorized")))
            .await;
        let mut problem = answer.problem("not_found");
        problem["request_id"].take();
        told.push(problem);
    }
    told.dedup();
    assert_eq!(told.len(), 1);
    // Nor does any other method find out more.
    let answer = world.send(world.client.get(&url)).await;
    answer.problem("method_not_allowed");
    assert_eq!(world.calls(green_api::STATE), 0);
    let everything = world.books().await.everything().await.join("\n");
    for url in [&url, &replaced, &of_other] {
        assert!(
            !everything.contains(secret(url)),
            "an address is in the store"
        );
    }
    world.assert_log_is_clean(&[
        ("an earlier address", secret(&replaced)),
        ("the address", secret(&url)),
        ("another address", secret(&of_other)),
    ]);
}

#[tokio::test]
async fn a_flood_is_one_question() {
    let mut setup = blind();
    setup.pace.tick = Duration::from_hours(1);
    let (world, green) = World::start_green(setup).await;
    let url = address(&world, &green.connection).await;
    for _replay in 0..50 {
        let answer = world
            .send(post(&world, &url, &event(&green, "authorized")))
            .await;
        assert_eq!(answer.status, 200);
    }
    eventually("it is known", async || state(&world).await == "waiting").await;
    assert_eq!(world.calls(green_api::STATE), 1);
}

#[tokio::test]
async fn what_comes_while_it_is_asked_is_asked_about_again() {
    let (world, green) = World::start_green(blind()).await;
    let url = address(&world, &green.connection).await;
    let late = Fault::after(FaultKind::Hold);
    world.simulator.inject(green_api::STATE, late).unwrap();
    world.send(post(&world, &url, &event(&green, "x"))).await;
    in_time("the question", world.simulator.held(green_api::STATE))
        .await
        .unwrap();
    world
        .simulator
        .green_api()
        .scan(&green.id_instance)
        .unwrap();
    let answer = world.send(post(&world, &url, &event(&green, "x"))).await;
    assert_eq!(
        answer.status, 200,
        "at once, though a question is on its way"
    );
    world.simulator.release();
    eventually("it is known", async || state(&world).await == "connected").await;
    assert_eq!(world.calls(green_api::STATE), 2);
}

#[tokio::test]
async fn a_provider_in_trouble_is_asked_again() {
    let (world, green) = World::start_green(blind()).await;
    let url = address(&world, &green.connection).await;
    world
        .simulator
        .green_api()
        .scan(&green.id_instance)
        .unwrap();
    let trouble = Fault::before(FaultKind::Disconnect).times(3);
    world.simulator.inject(green_api::STATE, trouble).unwrap();
    world.send(post(&world, &url, &event(&green, "x"))).await;
    eventually("it is known", async || state(&world).await == "connected").await;
}

#[tokio::test]
async fn an_address_is_made_by_whoever_reaches_the_connection_and_where_events_are_posted() {
    let (world, green) = World::start_green(blind()).await;
    let path = format!("/v1/connections/{}/provider-events", green.connection);
    world
        .send(world.at(Method::POST, &path))
        .await
        .problem("unauthenticated");
    let stranger = world.key_of("somebody-else").await;
    let request = world
        .at(Method::POST, &path)
        .bearer_auth(stranger.token.expose());
    world.send(request).await.problem("not_found");
    let page = world
        .embed_token(&["read", "issue", "revoke", "logout"])
        .await;
    let request = world.page(Method::POST, &path, &page);
    world.send(request).await.problem("unauthenticated");
    let asked = json!({
        "provider": "enablex", "base_url": world.simulator.base_url(),
        "credentials": { "app_id": "x", "app_key": "y" },
    });
    let request = world.backend(Method::POST, "/v1/connections").json(&asked);
    let added = world.send(request).await.json(201);
    let path = format!(
        "/v1/connections/{}/provider-events",
        added["id"].as_str().unwrap()
    );
    let refused = world.send(world.backend(Method::POST, &path)).await;
    refused.problem("method_not_offered");
}
