//! Which headers are passed on, which methods there are, and what a provider's answer may not do.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use reqwest::Method;

use super::Scene;
use crate::harness::receiver::Receiver;
use crate::harness::world::{ORIGIN, Setup};

/// Of a request: what the provider must not see.
const STAYS: &[(&str, &str)] = &[
    ("connection", "x-one-hop, keep-alive"),
    ("x-one-hop", "x"),
    ("keep-alive", "timeout=5"),
    ("te", "trailers"),
    ("trailer", "x-checksum"),
    ("proxy-authorization", "Basic x"),
    ("proxy-connection", "close"),
    ("cookie", "session=x"),
    ("access-token", "x"),
    ("apikey", "x"),
    ("x-api-key", "x"),
    ("x-forwarded-for", "10.0.0.1"),
    ("x-forwarded-host", "other.example"),
    ("forwarded", "for=10.0.0.1"),
    ("x-real-ip", "10.0.0.1"),
    ("x-original-url", "/whatsapp/v1/token"),
    ("x-rewrite-url", "/whatsapp/v1/token"),
    ("x-http-method-override", "DELETE"),
    ("origin", ORIGIN),
    ("referer", "https://app.example/customers/7"),
    ("sec-fetch-site", "same-origin"),
    ("via", "1.1 x"),
];

const GOES_ON: &[(&str, &str)] = &[
    ("accept", "text/plain"),
    ("accept-encoding", "br, gzip"),
    ("accept-language", "de"),
    (
        "content-type",
        "application/vnd.example+json; charset=utf-8",
    ),
    ("content-encoding", "identity"),
    ("idempotency-key", "7"),
    ("if-none-match", "\"x\""),
    ("range", "bytes=0-3"),
    ("user-agent", "backend/1.0"),
    ("x-custom", "x"),
];

#[tokio::test]
async fn a_request_brings_what_concerns_the_provider_and_nothing_else() {
    let scene = Scene::open().await;
    let mut request = scene.pass(Method::POST, "whatsapp/v1/messages");
    for (name, value) in STAYS.iter().chain(GOES_ON) {
        request = request.header(*name, *value);
    }
    let answer = scene.world.send(request.body("{}")).await;
    answer.json(200);
    let heard = scene.station.the_one();
    assert_eq!(heard.method, "POST");
    for (name, value) in STAYS {
        let given = heard.header(name);
        assert!(given.is_none_or(|given| !given.contains(value)), "{name}");
    }
    for (name, value) in GOES_ON {
        assert_eq!(heard.header(name), Some(*value), "{name}");
    }
    assert_eq!(heard.header("content-length"), Some("2"));
    assert_ne!(heard.bearer(), scene.world.key);
    let everything = format!("{:?}", heard.headers);
    assert!(!everything.contains(&scene.world.key));
    scene.assert_log_is_clean();
}

#[tokio::test]
async fn an_answer_brings_what_concerns_the_backend_and_nothing_else() {
    const STAYS: &[(&str, &str)] = &[
        ("connection", "x-one-hop"),
        ("x-one-hop", "x"),
        ("set-cookie", "session=x"),
        ("www-authenticate", "Bearer realm=\"x\""),
        ("proxy-authenticate", "Basic"),
        ("authorization", "Bearer x"),
        ("alt-svc", "h3=\":443\""),
        ("clear-site-data", "\"*\""),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("strict-transport-security", "max-age=1"),
        ("refresh", "0; url=https://other.example"),
        ("link", "<https://other.example>; rel=preload"),
        ("service-worker-allowed", "/"),
        ("pairlink-send-again", "1"),
        ("server", "x"),
    ];
    const REPLACED: &[(&str, &str, &str)] = &[
        ("cache-control", "public, max-age=60", "no-store"),
        ("x-content-type-options", "none", "nosniff"),
        ("pairlink-upstream", "2", "1"),
        (
            "content-security-policy",
            "default-src *",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    const GOES_ON: &[(&str, &str)] = &[
        ("content-type", "text/html; charset=utf-8"),
        ("content-encoding", "br"),
        ("content-disposition", "inline"),
        ("content-range", "bytes 0-3/9"),
        ("etag", "\"x\""),
        ("last-modified", "Fri, 19 Jun 2026 18:55:00 GMT"),
        ("retry-after", "7"),
        ("x-custom", "x"),
        ("x-ratelimit-remaining", "5"),
    ];
    let scene = Scene::open().await;
    scene.station.answer(|_before, _request| async {
        let page = "<script>alert(1)</script>";
        let mut response = (StatusCode::PARTIAL_CONTENT, page).into_response();
        let replaced = REPLACED.iter().map(|(name, value, _)| (*name, *value));
        for (name, value) in STAYS.iter().chain(GOES_ON).copied().chain(replaced) {
            let name = HeaderName::from_static(name);
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        let more = HeaderValue::from_static("y");
        response.headers_mut().append("x-custom", more);
        response
    });
    let answer = scene
        .world
        .send(scene.pass(Method::GET, "page").header("origin", ORIGIN))
        .await;
    assert_eq!(answer.status, 206);
    assert_eq!(answer.text, "<script>alert(1)</script>");
    for (name, _value) in STAYS {
        assert!(!answer.headers.contains_key(*name), "{name}");
    }
    for (name, _given, value) in REPLACED {
        assert_eq!(answer.header(name), *value);
        assert_eq!(answer.headers.get_all(*name).iter().count(), 1, "{name}");
    }
    for (name, value) in GOES_ON {
        assert_eq!(answer.header(name), *value);
    }
    assert_eq!(answer.headers.get_all("x-custom").iter().count(), 2);
    assert_eq!(answer.header("content-length"), "25");
    assert!(answer.header("x-request-id").starts_with("req_"));
    answer.is_private();
}

#[tokio::test]
async fn every_method_goes_on_as_it_is_and_what_changes_something_is_in_the_books() {
    let scene = Scene::open().await;
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] {
        let method: Method = method.parse().unwrap();
        let request = scene.pass(method.clone(), "whatsapp/v1/messages/441134960000?to=x");
        let answer = scene.world.send(request).await;
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.header("content-length"), "13", "{method}");
        assert_eq!(answer.text.is_empty(), method == Method::HEAD);
        let heard = scene.station.heard().last().unwrap().clone();
        assert_eq!(heard.method, method.as_str());
    }
    for method in ["TRACE", "CONNECT", "PROPFIND", "get"] {
        let heard = scene.raw(method, "whatsapp/v1/messages", "").await;
        let refused = heard.starts_with("HTTP/1.1 405") || heard.starts_with("HTTP/1.1 400");
        assert!(refused, "{method}: {heard}");
    }
    let mut books = scene.world.books().await;
    let written = "SELECT action || ' ' || outcome || ' ' || object || ' ' || CASE WHEN actor <> '' AND request LIKE 'req_%' THEN 'said by whom' ELSE 'by nobody' END
                   FROM audit WHERE action LIKE 'upstream%' ORDER BY sequence";
    let id = &scene.world.connection;
    let expected = ["post", "put", "patch", "delete"]
        .map(|method| format!("upstream.{method} started {id} said by whom"));
    assert_eq!(books.column(written).await, expected);
    let everything = books.everything().await.join("\n");
    assert!(!everything.contains("441134960000"));
}

#[tokio::test]
async fn no_request_becomes_anything_else() {
    let scene = Scene::open().await;
    for more in [
        "upgrade: websocket\r\nconnection: upgrade\r\n",
        "upgrade: h2c\r\n",
    ] {
        let heard = scene.raw("GET", "whatsapp/v1/messages", more).await;
        assert!(heard.starts_with("HTTP/1.1 400"), "{heard}");
        assert!(heard.contains("\"field\":\"upgrade\""), "{heard}");
    }
    assert_eq!(scene.station.heard().len(), 0);
    // Nor is one that upgrades unasked passed on.
    scene
        .station
        .answer(|_before, _request| async { StatusCode::NO_CONTENT.into_response() });
    let answer = scene.world.send(scene.pass(Method::DELETE, "x")).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
}

#[tokio::test]
async fn a_redirect_is_told_and_never_followed() {
    let elsewhere = Receiver::open().await;
    for (status, place) in [
        (301, elsewhere.url.clone()),
        (302, elsewhere.url.clone()),
        (307, elsewhere.url.clone()),
        (308, elsewhere.url.replace("http:", "")),
        (302, "https://user:password@127.0.0.1/".to_owned()),
        (302, "javascript:alert(1)".to_owned()),
    ] {
        let scene = Scene::open().await;
        scene.station.answer(move |_before, _request| {
            let place = HeaderValue::try_from(&place).unwrap();
            async move {
                let status = StatusCode::from_u16(status).unwrap();
                (status, [(header::LOCATION, place)]).into_response()
            }
        });
        let request = scene.pass(Method::POST, "whatsapp/v1/messages");
        let answer = scene.world.send(request.body("{}")).await;
        assert_eq!(answer.status, status);
        assert!(!answer.headers.contains_key("location"));
        assert_eq!(scene.station.heard().len(), 1);
    }
    assert_eq!(elsewhere.posted().len(), 0);

    // One that stays with the provider is told whole.
    let scene = Scene::open().await;
    scene.station.answer(|_before, _request| async {
        (StatusCode::FOUND, [(header::LOCATION, "../v2/x?y")]).into_response()
    });
    let answer = scene.world.send(scene.pass(Method::GET, "v1/a")).await;
    let place = format!("{}/v2/x?y", scene.station.url);
    assert_eq!(answer.header("location"), place);
}

#[tokio::test]
async fn a_provider_that_repeats_credentials_tells_nobody() {
    for provider in ["wawp", "green-api"] {
        let scene = Scene::open_at(provider, Setup::default()).await;
        scene.station.answer(|_before, request| async move {
            let target = request.uri().to_string();
            let place = HeaderValue::try_from(&target).unwrap();
            let mut response = Response::new(Body::from(format!("no such thing: {target}!")));
            *response.status_mut() = StatusCode::NOT_FOUND;
            response.headers_mut().insert("x-asked", place.clone());
            response.headers_mut().insert(header::LOCATION, place);
            response
        });
        let answer = scene
            .world
            .send(scene.pass(Method::GET, "getSettings"))
            .await;
        assert_eq!(answer.status, 404);
        let secret = scene.credentials["access_token"]
            .as_str()
            .or(scene.credentials["api_token_instance"].as_str())
            .unwrap();
        assert!(answer.text.starts_with("no such thing: /") && answer.text.ends_with('!'));
        assert!(answer.text.contains(&"*".repeat(40)), "{}", answer.text);
        let everything = format!("{} {:?}", answer.text, answer.headers);
        assert!(!everything.contains(secret), "{everything}");
        for name in ["x-asked", "location"] {
            assert!(!answer.headers.contains_key(name), "{name}");
        }
        scene.assert_log_is_clean();
    }
}
