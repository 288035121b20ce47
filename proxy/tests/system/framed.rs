//! The page for frames: who may have it in one, and whose tokens work there.

use std::time::Duration;

use pairlink_proxy::http::router;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::harness::answer::{Answer, send};
use crate::harness::world::ORIGIN;
use crate::harness::{Setup, World};

const SCRIPT: &str = "assets/frame-0123456789abcdef.js";

/// One more door to a world's proxy, behind which the widget's files are.
struct Door {
    url: String,
    files: TempDir,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Door {
    async fn open(world: &World) -> Self {
        let files = tempfile::tempdir().unwrap();
        std::fs::create_dir(files.path().join("assets")).unwrap();
        for (name, text) in [
            (
                "manifest.json",
                json!({"frame": SCRIPT, "css": "x"}).to_string(),
            ),
            ("embed.js", "define();".to_owned()),
            (SCRIPT, "wait();".to_owned()),
        ] {
            std::fs::write(files.path().join(name), text).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = router(world.service.clone(), Some(files.path().to_owned()));
        Self {
            url,
            files,
            serving: tokio::spawn(axum::serve(listener, router).into_future()),
        }
    }

    async fn get(&self, world: &World, path: &str) -> Answer {
        send(world.client.get(format!("{}{path}", self.url))).await
    }

    /// The page for a frame in a page of that origin.
    async fn page(&self, world: &World, origin: &str) -> Answer {
        let address = format!("{}/embed", self.url);
        let address = Url::parse_with_params(&address, [("origin", origin)]).unwrap();
        send(world.client.get(address.as_str())).await
    }

    /// The rule of the page's policy that says who may have it in a frame.
    async fn ancestors(&self, world: &World, origin: &str) -> String {
        let page = self.page(world, origin).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let policy = page.header("content-security-policy").to_owned();
        let mut rules = policy.split(';').map(str::trim);
        let rule = rules.find_map(|rule| rule.strip_prefix("frame-ancestors "));
        rule.unwrap_or_else(|| panic!("{policy}")).to_owned()
    }
}

/// An embed token for pages of that origin.
async fn token_for(world: &World, origin: &str) -> String {
    let asked = json!({ "actions": ["read", "issue", "revoke"], "origins": [origin] });
    let request = world.of_connection(Method::POST, "/embed-tokens");
    let given = world.send(request.json(&asked)).await.json(201);
    given["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn only_pages_of_origins_with_a_living_token_may_have_it_in_a_frame() {
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    let door = Door::open(&world).await;
    assert_eq!(door.ancestors(&world, ORIGIN).await, "'none'");

    world.embed_token_for(&["read"], 60).await;
    assert_eq!(door.ancestors(&world, ORIGIN).await, ORIGIN);
    for other in [
        "https://evil.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://xapp.example",
        "https://pp.example",
        "http://localhost",
    ] {
        assert_eq!(door.ancestors(&world, other).await, "'none'", "{other}");
    }

    world.simulator.advance(Duration::from_secs(59));
    assert_eq!(door.ancestors(&world, ORIGIN).await, ORIGIN);
    world.simulator.advance(Duration::from_secs(1));
    assert_eq!(door.ancestors(&world, ORIGIN).await, "'none'");
}

#[tokio::test]
async fn each_origin_of_a_token_is_one_of_them() {
    let world = World::start().await;
    let door = Door::open(&world).await;
    let origins = [
        "https://one.example",
        "https://two.example:8443",
        "http://localhost:3000",
    ];
    let asked = json!({ "actions": ["read"], "origins": origins });
    let request = world.of_connection(Method::POST, "/embed-tokens");
    world.send(request.json(&asked)).await.json(201);
    for origin in origins {
        assert_eq!(door.ancestors(&world, origin).await, origin);
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_with_what_it_came_from_frames_nothing() {
    let world = World::start().await;
    let door = Door::open(&world).await;

    let key = world.key_of("default").await;
    let asked = json!({ "actions": ["read"], "origins": ["https://key.example"] });
    let path = format!("/v1/connections/{}/embed-tokens", world.connection);
    let request = world.at(Method::POST, &path).json(&asked);
    let request = request.bearer_auth(key.token.expose());
    world.send(request).await.json(201);
    assert_eq!(
        door.ancestors(&world, "https://key.example").await,
        "https://key.example"
    );
    let operator = pairlink_proxy::domain::Actor::operator();
    world
        .service
        .revoke_api_key(&key.key.id, &operator)
        .await
        .unwrap();
    assert_eq!(
        door.ancestors(&world, "https://key.example").await,
        "'none'"
    );

    token_for(&world, ORIGIN).await;
    assert_eq!(door.ancestors(&world, ORIGIN).await, ORIGIN);
    let removed = world.send(world.of_connection(Method::DELETE, "")).await;
    assert!(removed.status.is_success(), "{}", removed.text);
    assert_eq!(door.ancestors(&world, ORIGIN).await, "'none'");
}

#[tokio::test]
async fn the_page_is_nobodys_and_strict() {
    let world = World::start().await;
    let door = Door::open(&world).await;
    let token = token_for(&world, ORIGIN).await;
    let page = door.page(&world, ORIGIN).await;
    page.is_private();
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(!page.headers.contains_key("x-frame-options"));
    assert!(!page.headers.contains_key("set-cookie"));
    assert!(!page.headers.contains_key("access-control-allow-origin"));
    assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(page.header("cross-origin-embedder-policy"), "require-corp");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert!(page.header("x-robots-tag").contains("noindex"));
    let permissions = page.header("permissions-policy");
    assert!(permissions.contains("clipboard-write=(self)"));
    assert!(permissions.contains("camera=()"));
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        let mut rules = policy.split(';').map(str::trim);
        assert!(rules.any(|one| one == rule), "{rule} in {policy}");
    }
    assert!(page.text.contains(&format!("src=\"/{SCRIPT}\"")));
    for secret in [&token, &world.connection, &ORIGIN.to_owned()] {
        assert!(!page.text.contains(secret.as_str()));
    }
    // Every script that it names is there, and so is the one for the page around.
    for (path, cached) in [
        (format!("/{SCRIPT}"), "public, max-age=31536000, immutable"),
        ("/embed.js".to_owned(), "no-cache"),
    ] {
        let script = door.get(&world, &path).await;
        assert_eq!(script.status, 200, "{path}");
        assert_eq!(script.header("cache-control"), cached);
        assert_eq!(script.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn an_address_that_says_anything_else_is_refused_by_name() {
    let world = World::start().await;
    let door = Door::open(&world).await;
    for (query, field) in [
        ("", "origin"),
        ("?", "origin"),
        ("?origin=https://a.example&apiUrl=x", "apiUrl"),
        (
            "?origin=https://a.example&origin=https://b.example",
            "origin",
        ),
        ("?Origin=https://a.example", "Origin"),
    ] {
        let answer = door.get(&world, &format!("/embed{query}")).await;
        answer.problem_of("invalid_field", field);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    // A token in an address is spoilt.
    let spoilt = "/embed?origin=https://a.example&token=ple_x";
    door.get(&world, spoilt).await.problem("unauthenticated");
    for origin in [
        "",
        "*",
        "null",
        "https://",
        "https://app.example/",
        "https://APP.example",
        "https://app.example:443",
        "http://app.example",
        "https://user@app.example",
        "javascript:alert(1)",
        "https://a.example https://b.example",
        // Hosts as far as addresses go; in a policy they would be something else.
        "https://a.example;sandbox",
        "https://a.example,default-src",
        "https://a.example'",
        "https://*.example",
        "https://a.example\r\nset-cookie: x",
    ] {
        let answer = door.page(&world, origin).await;
        answer.problem_of("invalid_field", "origin");
    }
}

#[tokio::test]
async fn without_the_widgets_files_it_fails_and_shows_nothing() {
    let world = World::start().await;
    let door = Door::open(&world).await;
    token_for(&world, ORIGIN).await;
    let manifest = door.files.path().join("manifest.json");
    for text in ["{}", "[", ""] {
        std::fs::write(&manifest, text).unwrap();
        door.page(&world, ORIGIN).await.problem("internal");
    }
    std::fs::remove_file(&manifest).unwrap();
    door.page(&world, ORIGIN).await.problem("internal");
    // A proxy that was given no widget has no such page.
    world
        .send(world.at(Method::GET, "/embed?origin=https://app.example"))
        .await
        .problem("not_found");
}

const CALLS: [(&str, &str); 4] = [
    ("GET", "/v1/pass"),
    ("POST", "/v1/pass"),
    ("DELETE", "/v1/pass"),
    ("GET", "/v1/events"),
];

fn call(world: &World, (method, path): (&str, &str), token: &str) -> RequestBuilder {
    let request = world.at(method.parse().unwrap(), path).bearer_auth(token);
    match method {
        "POST" => request.json(&json!({ "method": "link" })),
        _without_body => request,
    }
}

/// As our own page sends it: what it reads goes without an origin.
fn own(world: &World, what: (&str, &str), token: &str) -> RequestBuilder {
    let request = call(world, what, token).header("sec-fetch-site", "same-origin");
    match what.0 {
        "GET" => request,
        _other => request.header("origin", &world.url),
    }
}

#[tokio::test]
async fn in_a_frame_a_token_works_for_the_page_around_it() {
    let world = World::start().await;
    let token = token_for(&world, ORIGIN).await;
    for what in &CALLS[..3] {
        let request = own(&world, *what, &token).header("pairlink-embedder", ORIGIN);
        let answer = world.send(request).await;
        assert!(answer.status.is_success(), "{what:?}: {}", answer.text);
    }
    let request = own(&world, CALLS[3], &token).header("pairlink-embedder", ORIGIN);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_token_of_another_page_does_not_work_in_a_frame() {
    let world = World::start().await;
    let stolen = token_for(&world, ORIGIN).await;
    // The thief has tokens of its own: it may have frames, and says truly who it is.
    token_for(&world, "https://thief.example").await;
    let own_origin = token_for(&world, &world.url).await;
    let calls = world.all_calls();
    for what in CALLS {
        for embedder in [
            "https://thief.example",
            "https://app.example/",
            "https://app.example:443",
            "https://APP.example",
            "https://app.example https://thief.example",
            "null",
            "*",
            "",
        ] {
            let request = own(&world, what, &stolen).header("pairlink-embedder", embedder);
            world.send(request).await.problem("origin_not_allowed");
        }
        // Our own page outside a frame is not that page either.
        let request = own(&world, what, &stolen);
        world.send(request).await.problem("origin_not_allowed");
        // Saying both is saying neither.
        let request = own(&world, what, &stolen)
            .header("pairlink-embedder", ORIGIN)
            .header("pairlink-embedder", "https://thief.example");
        world.send(request).await.problem("origin_not_allowed");
        // A token of our own page is not one of the page around the frame.
        let request = own(&world, what, &own_origin).header("pairlink-embedder", ORIGIN);
        world.send(request).await.problem("origin_not_allowed");
    }
    assert_eq!(world.all_calls(), calls);
}

#[tokio::test]
async fn pages_elsewhere_get_nothing_by_saying_that_they_are_a_frames() {
    let world = World::start().await;
    let token = token_for(&world, ORIGIN).await;
    for what in CALLS {
        for (origin, site) in [
            (Some("https://evil.example"), "cross-site"),
            (Some("https://evil.example"), "same-origin"),
            (Some("null"), "cross-site"),
            (Some("null"), "same-origin"),
            (None, "cross-site"),
            (None, "same-site"),
            (None, "none"),
            // Its own tokens work without that header only.
            (Some(ORIGIN), "cross-site"),
        ] {
            let mut request = call(&world, what, &token)
                .header("sec-fetch-site", site)
                .header("pairlink-embedder", ORIGIN);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            world.send(request).await.problem("origin_not_allowed");
        }
        let request = call(&world, what, &token).header("pairlink-embedder", ORIGIN);
        world.send(request).await.problem("origin_not_allowed");
    }
    // A browser that asks first is not told that it may send it.
    let preflight = world
        .at(Method::OPTIONS, "/v1/pass")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "GET")
        .header(
            "access-control-request-headers",
            "authorization, pairlink-embedder",
        );
    let answer = world.send(preflight).await;
    let allowed = answer.header("access-control-allow-headers").to_lowercase();
    assert!(!allowed.contains("embedder"), "{allowed}");
    assert_eq!(world.all_calls(), 0);
}
