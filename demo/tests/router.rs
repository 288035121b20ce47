//! The host through its router, against a proxy that answers as it is told.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
};
use axum::http::{HeaderMap, Request, Response, StatusCode, Uri};
use axum::response::IntoResponse as _;
use http_body_util::BodyExt as _;
use pairlink_demo::{Settings, router};
use pairlink_protocol::Sensitive;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

const PAGE_ORIGIN: &str = "http://127.0.0.1:8400";
const API_KEY: &str = "plk_example";

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
                body: serde_json::from_slice(&body).unwrap(),
            });
            (status, [(LOCATION, "/elsewhere")], answer).into_response()
        };
        let app = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, calls }
    }
}

fn host(pairlink_url: &str) -> Router {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    router(Settings {
        pairlink_url: pairlink_url.parse().unwrap(),
        simulator_url: "http://127.0.0.1:8402".parse().unwrap(),
        connection: "con_example".to_owned(),
        api_key: Sensitive::new(API_KEY),
        pages: Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/demo"),
        origins: vec![PAGE_ORIGIN.to_owned()],
    })
    .unwrap()
}

async fn ask_for_token(host: Router, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::post("/api/pairlink-token");
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    host.oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn text(response: Response<Body>) -> String {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn trades_a_request_of_its_own_page_for_an_embed_token() {
    let token = json!({"token": "ple_example", "expires_at": "2026-06-19T19:10:00.000Z"});
    let proxy = StubProxy::start(StatusCode::CREATED, token.to_string()).await;

    let response = ask_for_token(
        host(&proxy.address),
        &[("origin", PAGE_ORIGIN), ("sec-fetch-site", "same-origin")],
    )
    .await;

    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(
        serde_json::from_str::<Value>(&text(response).await).unwrap(),
        token
    );
    let calls = proxy.calls.lock().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].path, "/v1/connections/con_example/embed-tokens");
    assert_eq!(calls[0].authorization, format!("Bearer {API_KEY}"));
    assert_eq!(
        calls[0].body,
        json!({"actions": ["read", "issue", "revoke"], "origins": [PAGE_ORIGIN]})
    );
}

#[tokio::test]
async fn takes_a_browser_that_sends_no_fetch_metadata() {
    let token = json!({"token": "ple_example", "expires_at": "2026-06-19T19:10:00.000Z"});
    let proxy = StubProxy::start(StatusCode::CREATED, token.to_string()).await;
    let response = ask_for_token(host(&proxy.address), &[("origin", PAGE_ORIGIN)]).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn refuses_every_other_page_without_asking_the_proxy() {
    let proxy = StubProxy::start(StatusCode::CREATED, "").await;
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
        let response = ask_for_token(host(&proxy.address), headers).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(text(response).await, "", "{headers:?}");
    }
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
        let proxy = StubProxy::start(status, body).await;
        let response = ask_for_token(host(&proxy.address), &[("origin", PAGE_ORIGIN)]).await;
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY, "{status}");
        assert_eq!(text(response).await, "", "{status}");
        assert_eq!(proxy.calls.lock().unwrap().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn answers_though_no_proxy_listens() {
    let freed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", freed.local_addr().unwrap());
    drop(freed);
    let response = ask_for_token(host(&address), &[("origin", PAGE_ORIGIN)]).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn fills_the_pages_and_guards_them() {
    for path in ["/", "/onboarding"] {
        let response = host("http://127.0.0.1:8401/")
            .oneshot(Request::get(path).body(Body::empty()).unwrap())
            .await
            .unwrap();
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
        assert!(page.contains("token-endpoint=\"/api/pairlink-token\""));
        assert!(!page.contains("__"), "a placeholder is left in {path}");
        assert!(!page.contains(API_KEY));
    }
}

#[tokio::test]
async fn every_asset_that_a_page_names_is_there() {
    for path in ["/", "/onboarding"] {
        let page = host("http://127.0.0.1:8401")
            .oneshot(Request::get(path).body(Body::empty()).unwrap())
            .await
            .unwrap();
        let page = text(page).await;
        let assets: Vec<&str> = page
            .split('"')
            .filter(|value| value.starts_with("/assets/"))
            .collect();
        assert!(assets.len() > 2, "{path} names its assets");
        for asset in assets {
            let response = host("http://127.0.0.1:8401")
                .oneshot(Request::get(asset).body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{asset}");
        }
    }
}

#[tokio::test]
async fn says_which_folder_it_misses() {
    let error = router(Settings {
        pairlink_url: "http://127.0.0.1:8401".parse().unwrap(),
        simulator_url: "http://127.0.0.1:8402".parse().unwrap(),
        connection: "con_example".to_owned(),
        api_key: Sensitive::new(API_KEY),
        pages: "no-such-folder".into(),
        origins: Vec::new(),
    })
    .map(|_router| ())
    .unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("no-such-folder"), "{source}");
}
