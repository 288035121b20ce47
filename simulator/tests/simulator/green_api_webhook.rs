//! The event by which Green-API tells a customer's backend about a change of state.

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::post;
use pairlink_simulator::green_api::{self, DEMO_ID_INSTANCE, InstanceState};
use pairlink_simulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::steps::{Playing, json, play};

/// What a backend was told: the `Authorization` header and the body.
type Told = (Option<String>, Value);

/// A backend that listens, its address, and what it hears.
async fn backend() -> (String, mpsc::UnboundedReceiver<Told>) {
    let (sender, told) = mpsc::unbounded_channel();
    let hear = async move |request: Request| {
        let header = request.headers().get("authorization");
        let header = header.map(|value| value.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(request.into_body(), 65_536).await;
        let body = serde_json::from_slice(&body.unwrap()).unwrap();
        sender.send((header, body)).unwrap();
        StatusCode::OK
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(hear));
    tokio::spawn(axum::serve(listener, router).into_future());
    (url, told)
}

impl Playing {
    fn authorize(&self) {
        self.simulator.green_api().scan(DEMO_ID_INSTANCE).unwrap();
    }
}

#[tokio::test]
async fn changes_of_state_are_posted_in_order_in_the_documented_form() {
    let playing = play().await;
    let (url, mut told) = backend().await;
    let settings = json!({ "webhookUrl": url, "webhookUrlToken": "hook-token", "stateWebhook": "yes", "delaySendMessagesMilliseconds": 500 });
    let request = playing.green(Method::POST, "setSettings").json(&settings);
    let answer = request.send().await.unwrap();
    assert_eq!(json(answer).await, json!({ "saveSettings": true }));

    playing.authorize();
    // No change, no event.
    playing.authorize();
    let logged_out = playing.green(Method::GET, "logout").send().await.unwrap();
    assert_eq!(logged_out.status(), 200);

    let (authorization, body) = told.recv().await.unwrap();
    assert_eq!(authorization.as_deref(), Some("Bearer hook-token"));
    assert_eq!(
        body,
        json!({
            "typeWebhook": "stateInstanceChanged",
            "instanceData": { "idInstance": 1_101_000_001, "wid": "441134960000@c.us", "typeInstance": "whatsapp" },
            "timestamp": 1_781_895_300,
            "stateInstance": "authorized",
        })
    );
    let (_, body) = told.recv().await.unwrap();
    assert_eq!(body["stateInstance"], "notAuthorized");
    assert!(told.try_recv().is_err());
}

#[tokio::test]
async fn settings_are_read_back_and_wrong_ones_refused() {
    let playing = play().await;
    let get = async || {
        let answer = playing.green(Method::GET, "getSettings").send().await;
        json(answer.unwrap()).await
    };
    assert_eq!(get().await["stateWebhook"], "no");
    for wrong in [
        json!({ "webhookUrl": 7 }),
        json!({ "webhookUrlToken": null, "stateWebhook": true }),
        json!({ "stateWebhook": "maybe" }),
        json!("yes"),
    ] {
        let request = playing.green(Method::POST, "setSettings").json(&wrong);
        assert_eq!(request.send().await.unwrap().status(), 400, "{wrong}");
    }
    assert_eq!(get().await["webhookUrl"], "");
    let some = json!({ "webhookUrl": "http://127.0.0.1:9/" });
    let request = playing.green(Method::POST, "setSettings").json(&some);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(get().await["webhookUrl"], "http://127.0.0.1:9/");
    assert_eq!(get().await["stateWebhook"], "no");
}

#[tokio::test]
async fn faults_befall_events_too_and_none_stops_the_next() {
    let playing = play().await;
    let (url, mut told) = backend().await;
    let green_api = playing.simulator.green_api();
    let hook = |url: &str| green_api.set_webhook(DEMO_ID_INSTANCE, url, "").unwrap();
    for nowhere in ["https://127.0.0.1:9/", "nonsense", "http://127.0.0.1:1/"] {
        hook(nowhere);
        playing.authorize();
        green_api.log_out(DEMO_ID_INSTANCE).unwrap();
    }
    hook(&url);
    playing.authorize();
    let (authorization, body) = told.recv().await.unwrap();
    assert_eq!(authorization, None);
    assert_eq!(body["stateInstance"], "authorized");
    assert_eq!(playing.simulator.calls(green_api::WEBHOOK).unwrap(), 7);

    let lost = Fault::before(FaultKind::Disconnect);
    playing.simulator.inject(green_api::WEBHOOK, lost).unwrap();
    green_api.log_out(DEMO_ID_INSTANCE).unwrap();
    let starting = InstanceState::Starting;
    green_api.set_state(DEMO_ID_INSTANCE, starting).unwrap();
    let (_, body) = told.recv().await.unwrap();
    assert_eq!(body["stateInstance"], "starting");

    hook("");
    green_api.log_out(DEMO_ID_INSTANCE).unwrap();
    playing.simulator.stop().await;
    assert!(told.try_recv().is_err());
}
