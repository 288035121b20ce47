//! The host through its router, against a proxy that answers as it is told.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
};
use axum::http::{HeaderMap, Request, Response, StatusCode, Uri};
use axum::response::IntoResponse as _;
use http_body_util::BodyExt as _;
use pairlink_demo::{Channel, Settings, router};
use pairlink_protocol::{Action, Sensitive};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

const PAGE_ORIGIN: &str = "http://127.0.0.1:8400";
const API_KEY: &str = "plk_example";
const TEAM_ENDPOINT: &str = "/api/channels/orders/pairlink-token";
const INVITED_ENDPOINT: &str = "/api/pairlink-token";

/// What reached the proxy.
struct Call {
    path: String,
    authorization: String,
    body: Value,
}

/// A proxy that gives every request the same answer.
struct StubProxy {
    address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl StubProxy {
    async fn start(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        let answer: Bytes = body.into();
        let handler = move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
            seen.lock().unwrap().push(Call {
                path: uri.path().to_owned(),
                authorization: headers[AUTHORIZATION].to_str().unwrap().to_owned(),
                body: serde_json::from_slice(&body).unwrap_or_default(),
            });
            (status, [(LOCATION, "/elsewhere")], answer).into_response()
        };
        let app = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, calls }
    }
}

/// The visitor's workspace has two channels, and somebody else has one that is called as one of theirs.
fn channels() -> Vec<Channel> {
    use Action::{Issue, Read, Revoke, Token};
    [
        ("juniper-bakery", "counter", "con_counter", vec![Read]),
        (
            "juniper-bakery",
            "orders",
            "con_orders",
            vec![Read, Issue, Revoke, Token],
        ),
        ("harbour-books", "orders", "con_foreign", vec![Read]),
        ("harbour-books", "till", "con_till", vec![Read, Issue]),
    ]
    .into_iter()
    .map(|(workspace, name, connection, actions)| Channel {
        workspace: workspace.to_owned(),
        name: name.to_owned(),
        connection: connection.to_owned(),
        actions,
    })
    .collect()
}

fn settings(pairlink_url: &str) -> Settings {
    // Whichever test comes first in a process installs it for all.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    Settings {
        pairlink_url: pairlink_url.parse().unwrap(),
        simulator_url: "http://127.0.0.1:8402".parse().unwrap(),
        channels: channels(),
        invitation: "counter".to_owned(),
        api_key: Sensitive::new(API_KEY),
        pages: PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../www/demo"),
        origins: vec![PAGE_ORIGIN.to_owned()],
    }
}

fn host(pairlink_url: &str) -> Router {
    router(settings(pairlink_url)).unwrap()
}

async fn post(host: Router, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::post(path);
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    host.oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn get(host: Router, path: &str) -> Response<Body> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    host.oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

fn token() -> Value {
    json!({"token": "ple_example", "expires_at": "2026-06-19T19:10:00.000Z"})
}

#[tokio::test]
async fn trades_a_request_of_its_own_page_for_an_embed_token() {
    for (endpoint, connection, actions) in [
        (
            TEAM_ENDPOINT,
            "con_orders",
            &["read", "issue", "revoke", "token"][..],
        ),
        (
            INVITED_ENDPOINT,
            "con_counter",
            &["read", "issue", "revoke"],
        ),
    ] {
        let proxy = StubProxy::start(StatusCode::CREATED, token().to_string()).await;

        let response = post(
            host(&proxy.address),
            endpoint,
            &[("origin", PAGE_ORIGIN), ("sec-fetch-site", "same-origin")],
        )
        .await;

        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        let body: Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!(body, token());
        let calls = proxy.calls.lock().unwrap();
        assert_eq!(calls.len(), 1);
        let path = format!("/v1/connections/{connection}/embed-tokens");
        assert_eq!(calls[0].path, path);
        assert_eq!(calls[0].authorization, format!("Bearer {API_KEY}"));
        assert_eq!(
            calls[0].body,
            json!({"actions": actions, "origins": [PAGE_ORIGIN], "view": true})
        );
    }
}

#[tokio::test]
async fn takes_a_browser_that_sends_no_fetch_metadata() {
    for endpoint in [TEAM_ENDPOINT, INVITED_ENDPOINT] {
        let proxy = StubProxy::start(StatusCode::CREATED, token().to_string()).await;
        let host = host(&proxy.address);
        let response = post(host, endpoint, &[("origin", PAGE_ORIGIN)]).await;
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn refuses_every_other_page_without_asking_the_proxy() {
    let proxy = StubProxy::start(StatusCode::CREATED, "").await;
    for endpoint in [TEAM_ENDPOINT, INVITED_ENDPOINT] {
        for headers in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "null"), ("sec-fetch-site", "same-origin")],
            &[("origin", "http://127.0.0.1:8401")],
            &[("origin", "http://127.0.0.1:84000")],
            &[("origin", PAGE_ORIGIN), ("sec-fetch-site", "same-site")],
            &[("origin", PAGE_ORIGIN), ("sec-fetch-site", "cross-site")],
            &[("origin", PAGE_ORIGIN), ("sec-fetch-site", "none")],
        ] {
            let response = post(host(&proxy.address), endpoint, headers).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
            assert_eq!(text(response).await, "", "{headers:?}");
        }
    }
    assert!(proxy.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_the_visitors_own_does_not_exist() {
    let proxy = StubProxy::start(StatusCode::CREATED, token().to_string()).await;
    for name in [
        // Somebody else's, by its name, by whose it is, and by what Pairlink calls it.
        "till",
        "harbour-books%2Ftill",
        "..%2Fharbour-books%2Ftill",
        "con_till",
        // Their own, but not by the name that it has here.
        "con_orders",
        "Orders",
        "orders%20",
        "nothing",
    ] {
        let path = format!("/api/channels/{name}/pairlink-token");
        let response = post(host(&proxy.address), &path, &[("origin", PAGE_ORIGIN)]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        assert_eq!(text(response).await, "", "{name}");
    }
    assert!(proxy.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_to_what_is_not_there_opens_nothing() {
    let proxy = StubProxy::start(StatusCode::CREATED, token().to_string()).await;
    let host = router(Settings {
        invitation: "till".to_owned(),
        ..settings(&proxy.address)
    });
    let headers = [("origin", PAGE_ORIGIN)];
    let response = post(host.unwrap(), INVITED_ENDPOINT, &headers).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(proxy.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn passes_on_nothing_of_what_the_proxy_says_went_wrong() {
    for (status, body) in [
        (StatusCode::UNAUTHORIZED, "{\"code\":\"unauthenticated\"}"),
        (StatusCode::INTERNAL_SERVER_ERROR, "a stack trace"),
        (StatusCode::CREATED, "<html>not a token</html>"),
        (StatusCode::TEMPORARY_REDIRECT, ""),
    ] {
        for endpoint in [TEAM_ENDPOINT, INVITED_ENDPOINT] {
            let proxy = StubProxy::start(status, body).await;
            let host = host(&proxy.address);
            let response = post(host, endpoint, &[("origin", PAGE_ORIGIN)]).await;
            assert_eq!(response.status(), StatusCode::BAD_GATEWAY, "{status}");
            assert_eq!(text(response).await, "", "{status}");
            assert_eq!(proxy.calls.lock().unwrap().len(), 1, "{status}");
        }
    }
}

/// An address where nobody listens.
async fn nowhere() -> String {
    let freed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", freed.local_addr().unwrap())
}

#[tokio::test]
async fn answers_though_no_proxy_listens() {
    let host = host(&nowhere().await);
    let response = post(host, TEAM_ENDPOINT, &[("origin", PAGE_ORIGIN)]).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn lists_the_visitors_channels_and_no_others() {
    let connection = json!({
        "id": "con_any", "provider": "wawp", "tenant": "default", "label": "Bakery counter", "base_url": null,
        "state": "connected", "methods": ["link"], "policy": {"lifetime": "never"}, "attention": null,
        "created_at": "2026-06-19T19:10:00.000Z",
    });
    let proxy = StubProxy::start(StatusCode::OK, connection.to_string()).await;
    let response = get(host(&proxy.address), "/api/channels").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    let listed: Value = serde_json::from_str(&text(response).await).unwrap();
    let expected = json!([
        {"name": "counter", "state": "connected"},
        {"name": "orders", "state": "connected"},
    ]);
    assert_eq!(listed, expected);
    let calls = proxy.calls.lock().unwrap();
    let mut paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
    paths.sort_unstable();
    let expected = ["/v1/connections/con_counter", "/v1/connections/con_orders"];
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn lists_channels_though_nobody_knows_how_they_do() {
    let response = get(host(&nowhere().await), "/api/channels").await;
    let listed: Value = serde_json::from_str(&text(response).await).unwrap();
    let expected = json!([
        {"name": "counter", "state": "unknown"},
        {"name": "orders", "state": "unknown"},
    ]);
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn fills_the_pages_and_guards_them() {
    for (path, endpoint) in [
        ("/", TEAM_ENDPOINT),
        ("/onboarding", INVITED_ENDPOINT),
        ("/theme", INVITED_ENDPOINT),
    ] {
        let response = get(host("http://127.0.0.1:8401/"), path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.contains("script-src 'self' http://127.0.0.1:8401 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let page = text(response).await;
        assert!(page.contains("src=\"http://127.0.0.1:8401/widget.js\""));
        assert!(page.contains(&format!("token-endpoint=\"{endpoint}\"")));
        assert!(!page.contains("__"), "a placeholder is left in {path}");
        assert!(!page.contains(API_KEY));
    }
}

#[tokio::test]
async fn a_page_with_a_frame_lets_pairlink_do_less() {
    let response = get(host("http://127.0.0.1:8401"), "/frame").await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    let rules: Vec<&str> = policy.split("; ").collect();
    for rule in [
        "default-src 'none'",
        "script-src 'self' http://127.0.0.1:8401",
        "connect-src 'self'",
        "frame-src http://127.0.0.1:8401",
        "require-trusted-types-for 'script'",
    ] {
        assert!(rules.contains(&rule), "{rule} in {policy}");
    }
    let page = text(response).await;
    assert!(page.contains("src=\"http://127.0.0.1:8401/embed.js\""));
    assert!(!page.contains("/widget.js"));
}

#[tokio::test]
async fn the_reference_has_all_that_the_types_have() {
    let types = include_str!("../../www/widget.d.ts");
    let page = text(get(host("http://127.0.0.1:8401"), "/reference").await).await;
    let events: Vec<&str> = types
        .split('"')
        .filter(|name| name.starts_with("pairlink:"))
        .collect();
    assert!(events.len() >= 7, "{events:?}");
    for event in events {
        assert!(page.contains(&format!("<code>{event}</code>")), "{event}");
    }
    let attributes = types.split("* Attributes: ").nth(1).unwrap();
    let attributes = attributes.split('(').next().unwrap();
    for attribute in attributes.split('`').skip(1).step_by(2) {
        let named = format!("<code>{attribute}</code></th>");
        assert!(page.contains(&named), "{attribute}");
    }
    for member in ["fetchToken", "issue()", "revoke()", "destroy()"] {
        let named = format!("<code>{member}</code></th>");
        assert!(page.contains(&named), "{member}");
        let name = member.trim_end_matches("()");
        assert!(types.contains(name), "{member}");
    }
    for element in ["<pair-link ", "<pair-link-frame "] {
        assert!(page.contains(element), "{element}");
    }
}

#[tokio::test]
async fn every_asset_that_a_page_names_is_there() {
    for path in ["/", "/onboarding", "/theme", "/frame", "/reference"] {
        let page = text(get(host("http://127.0.0.1:8401"), path).await).await;
        let assets: Vec<&str> = page
            .split('"')
            .filter(|value| value.starts_with("/assets/"))
            .collect();
        assert!(assets.len() > 2, "{path} names its assets");
        for asset in assets {
            let response = get(host("http://127.0.0.1:8401"), asset).await;
            assert_eq!(response.status(), StatusCode::OK, "{asset}");
        }
    }
}

#[tokio::test]
async fn says_which_folder_it_misses() {
    let error = router(Settings {
        pages: "no-such-folder".into(),
        ..settings("http://127.0.0.1:8401")
    })
    .map(|_router| ())
    .unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("no-such-folder"), "{source}");
}
