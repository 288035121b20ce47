//! Share links, and the page behind them as browsers, previews and strangers meet it.

mod backend_link;
mod page_link;
mod robots;
mod without_script;

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use pairlink_proxy::domain::RequestId;
use pairlink_proxy::service::Opening;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use crate::harness::answer::Answer;
use crate::harness::{Setup, World, eventually};

/// Makes a share link and returns its path, `/l/…`.
pub(crate) async fn share(world: &World) -> String {
    let request = world.of_connection(Method::POST, "/share-link");
    path_of(world, &world.send(request).await.json(201))
}

fn path_of(world: &World, link: &Value) -> String {
    let link = link["link"].as_str().unwrap();
    let path = link.strip_prefix(world.service.public_url().as_str());
    format!("/{}", path.unwrap_or_else(|| panic!("another host")))
}

/// As the button of consent sends it, for the link with this path.
pub(crate) fn open(world: &World, path: &str) -> RequestBuilder {
    form(press(world, path), &[])
}

/// As another button of a page sends it.
pub(crate) fn press(world: &World, path: &str) -> RequestBuilder {
    world
        .at(Method::POST, path)
        .header("sec-fetch-site", "same-origin")
}

/// What a form of the page sends.
pub(crate) fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let kind = "application/x-www-form-urlencoded";
    request.header("content-type", kind).body(body.finish())
}

/// The cookie of a browser that opened the link with this path, and has not looked at its page: whoever looks has the
/// proxy look at the login.
pub(crate) async fn opened(world: &World, path: &str) -> String {
    let token = path.strip_prefix("/l/").unwrap();
    let request = RequestId::random(&mut rand::rng());
    let opening = world.service.open_share_link(token, None, request).await;
    let Opening::Opened { cookie, .. } = opening.unwrap() else {
        panic!("not opened")
    };
    format!("pairlink={}", cookie.expose())
}

pub(crate) fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

/// A page for people: not kept, not framed, not found by search machines.
#[track_caller]
pub(crate) fn assert_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    answer.is_private();
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    let policy = answer.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    for (name, value) in [
        ("content-language", "en"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("origin-agent-cluster", "?1"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let features = answer.header("permissions-policy");
    assert!(features.contains("camera=()") && features.contains("clipboard-read=()"));
    // A strict policy ignores them, and Trusted Types refuse them.
    for ignored in ["style=", "<style ", "onclick", "<script>", "<script src"] {
        assert!(!answer.text.contains(ignored), "{ignored}");
    }
    assert!(answer.text.contains("<style>") || answer.text.is_empty());
    for (start, end, rule) in [
        ("<style>", "</style>", "style-src"),
        ("<script type=\"module\">", "</script>", "script-src"),
    ] {
        let allowed = policy.split("; ").find(|known| known.starts_with(rule));
        for text in answer.text.split(start).skip(1) {
            let (text, _) = text.split_once(end).unwrap();
            let hash = STANDARD.encode(Sha256::digest(text.as_bytes()));
            assert!(
                allowed.unwrap().contains(&format!("'sha256-{hash}'")),
                "{policy}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn looking_at_the_page_changes_nothing() {
    let world = World::start().await;
    let path = share(&world).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    for (name, value) in [
        ("user-agent", "WhatsApp/2.23.20.0"),
        ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"),
        ("sec-purpose", "prefetch"),
        ("accept", "image/*"),
        ("range", "bytes=0-10"),
        ("if-none-match", "*"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let request = world.at(method.clone(), &path).header(name, value);
            let page = world.send(request).await;
            assert_page(&page, 200);
            assert!(!page.headers.contains_key("set-cookie"));
            assert_eq!(page.text.is_empty(), method == Method::HEAD);
        }
    }
    let page = world
        .send(world.at(Method::GET, &format!("{path}?utm=1")))
        .await;
    assert_page(&page, 200);
    assert!(page.text.contains("Acme support line") && page.text.contains("29 minutes"));
    assert!(!page.text.contains(&world.connection) && !page.text.contains("<script"));
    // To its own address, whatever a mailer has added to that.
    assert!(page.text.contains("<form method=\"post\"><button"));
    assert!(!page.text.contains("<input"));
    let refused = world.send(world.at(Method::OPTIONS, &path)).await;
    assert_eq!(refused.status, 405);
    assert_eq!(books.everything().await, before);
    assert_eq!(world.all_calls(), 0);
}

#[tokio::test]
async fn pages_are_compressed_for_whoever_takes_that() {
    let world = World::start().await;
    let path = share(&world).await;
    let plain = world.send(world.at(Method::GET, &path)).await;
    let packed = world.at(Method::GET, &path);
    let packed = packed.header("accept-encoding", "gzip, deflate, br");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let varies: Vec<_> = packed.headers().get_all("vary").iter().collect();
    assert!(
        varies.iter().any(|by| *by == "accept-encoding"),
        "{varies:?}"
    );
    let packed = packed.bytes().await.unwrap();
    let mut unpacked = String::new();
    GzDecoder::new(&*packed)
        .read_to_string(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.text);
    assert!(packed.len() * 2 < unpacked.len());
    // Nothing else of these routes is, least of all what answers with a token.
    let token = world.at(Method::POST, "/connect/token");
    let token = token.header("accept-encoding", "gzip").send();
    assert!(
        !token
            .await
            .unwrap()
            .headers()
            .contains_key("content-encoding")
    );
}

#[tokio::test]
async fn a_customer_opens_it_and_connects() {
    let world = World::start().await;
    let path = share(&world).await;
    let opened = world.send(open(&world, &path)).await;
    assert_page(&opened, 200);
    let attributes = opened.header("set-cookie");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=1"] {
        assert!(attributes.contains(attribute), "no {attribute}");
    }
    let cookie = cookie_of(&opened);
    let token_path = path.strip_prefix("/l/").unwrap();
    assert!(
        !cookie.contains(token_path),
        "the cookie is a token of its own"
    );

    let page = world
        .send(world.at(Method::GET, "/connect").header("cookie", &cookie))
        .await;
    assert_page(&page, 200);
    for page in [&opened, &page] {
        assert!(page.text.contains("<pair-link"));
        assert!(!page.text.contains(token_path) && !page.text.contains("ple_"));
    }

    let asked = || press(&world, "/connect/token").header("cookie", &cookie);
    let given = world.send(asked()).await;
    given.is_private();
    let given = given.json(200);
    let token = given["token"].as_str().unwrap();
    // The page is of the proxy's own origin; a browser leaves it out of a GET.
    let request = world.at(Method::POST, "/v1/pass").bearer_auth(token);
    let request = request.header("origin", &world.url);
    let issued = world
        .send(request.json(&json!({ "method": "link" })))
        .await
        .json(201);
    let request = world.at(Method::GET, "/v1/pass").bearer_auth(token);
    let read = world
        .send(request.header("sec-fetch-site", "same-origin"))
        .await
        .json(200);
    assert_eq!(read["pass"], issued["pass"]);
    // Who was sent a link may connect a phone, and not disconnect one.
    assert_eq!(
        read["connection"]["actions"],
        json!(["read", "issue", "revoke"])
    );

    let viewer = cookie.split_once('=').unwrap().1;
    world.assert_log_is_clean(&[
        ("share link", token_path),
        ("viewer", viewer),
        ("embed token", token),
    ]);

    // Revoking the link ends the page with all that it has.
    world
        .send(world.of_connection(Method::DELETE, "/share-link"))
        .await
        .json(200);
    world.send(asked()).await.problem("unauthenticated");
    let request = world.at(Method::GET, "/connect").header("cookie", &cookie);
    assert_page(&world.send(request).await, 410);
    let request = world.at(Method::GET, "/v1/pass").bearer_auth(token);
    world
        .send(request.header("origin", &world.url))
        .await
        .problem("unauthenticated");
}

#[tokio::test]
async fn who_did_not_ask_for_it_ends_it_for_everybody() {
    let world = World::start().await;
    let path = share(&world).await;
    let cookie = cookie_of(&world.send(open(&world, &path)).await);
    world.issued().await;
    let refused = world.send(press(&world, &format!("{path}/refuse"))).await;
    assert_page(&refused, 200);
    eventually("the link at the provider is dead", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    assert!(world.live().await.is_null());
    for request in [
        world.at(Method::GET, &path),
        open(&world, &path),
        press(&world, &format!("{path}/refuse")),
        world.at(Method::GET, "/connect").header("cookie", &cookie),
    ] {
        let answer = world.send(request).await;
        assert_page(&answer, 410);
        assert!(!answer.text.contains("Acme"), "says whose it was");
    }
}

/// As Safari does when it reads a page again that a form has brought, and that has changed its address since.
#[tokio::test]
async fn a_form_that_is_sent_again_to_where_the_page_is_leads_to_reading_it() {
    let world = World::start().await;
    let path = share(&world).await;
    let cookie = opened(&world, &path).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    let again = form(press(&world, "/connect"), &[]).header("cookie", cookie);
    let answer = world.send(again).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/connect");
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(books.everything().await, before);
}

#[tokio::test]
async fn only_a_few_browsers_can_open_one_link() {
    let world = World::start().await;
    let path = share(&world).await;
    let mut cookies = Vec::new();
    for _ in 0..3 {
        let opened = world.send(open(&world, &path)).await;
        assert_page(&opened, 200);
        cookies.push(cookie_of(&opened));
    }
    let fourth = world.send(open(&world, &path)).await;
    assert_page(&fourth, 410);
    assert!(!fourth.headers.contains_key("set-cookie"));
    assert!(fourth.text.contains("Opened elsewhere already"));
    assert!(!fourth.text.contains("Acme"), "says whose it was");
    // Going back and pressing again takes no place, and gives no other cookie.
    for cookie in &cookies {
        let again = world.send(open(&world, &path).header("cookie", cookie));
        let again = again.await;
        assert_page(&again, 200);
        assert!(again.text.contains("<pair-link"));
        assert!(!again.headers.contains_key("set-cookie"));
    }
    // The cookie of one link opens no other.
    let other = share(&world).await;
    let opened = open(&world, &other).header("cookie", &cookies[0]);
    assert!(world.send(opened).await.headers.contains_key("set-cookie"));
    for cookie in cookies {
        let request = world.at(Method::GET, "/connect").header("cookie", cookie);
        assert_page(&world.send(request).await, 410);
    }
}

#[tokio::test]
async fn a_browser_that_was_counted_has_its_cookie_even_if_its_page_fails() {
    let world = World::start().await;
    let path = share(&world).await;
    world.issued().await;
    let spoilt = "UPDATE passes SET content = 'x' || content RETURNING id";
    world.meddle(spoilt).await;
    let opened = world.send(open(&world, &path)).await;
    assert_page(&opened, 500);
    let cookie = cookie_of(&opened);

    let whole = "UPDATE passes SET content = substr(content, 2) RETURNING id";
    world.meddle(whole).await;
    let again = world.send(open(&world, &path).header("cookie", &cookie));
    let again = again.await;
    assert_page(&again, 200);
    assert!(again.text.contains("<pair-link") && !again.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn another_sites_form_does_nothing() {
    let world = World::start().await;
    let path = share(&world).await;
    let cookie = opened(&world, &path).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    let refuse = format!("{path}/refuse");
    let paths = ["/connect/token", "/connect/pass", "/connect/refuse"];
    for path in [path.as_str(), &refuse].into_iter().chain(paths) {
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            // What the browser says of the site counts, whatever the origin is.
            vec![("sec-fetch-site", "cross-site"), ("origin", &world.url)],
        ] {
            let request = world.at(Method::POST, path).header("cookie", &cookie);
            let request = form(request, &[("method", "link")]);
            let request = headers.iter().fold(request, |request, (name, value)| {
                request.header(*name, *value)
            });
            let answer = world.send(request).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert!(!answer.headers.contains_key("set-cookie"));
        }
    }
    assert_eq!(books.everything().await, before);
    // A browser without fetch metadata says its origin.
    let request = form(world.at(Method::POST, &path), &[]).header("origin", &world.url);
    assert_page(&world.send(request).await, 200);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let world = World::start_with(Setup {
        public_url: Some("https://pairlink.example"),
        ..Setup::default()
    })
    .await;
    let path = share(&world).await;
    let opened = world.send(open(&world, &path)).await;
    let cookie = opened.header("set-cookie");
    assert!(cookie.starts_with("__Host-pairlink="), "{}", cookie.len());
    assert!(cookie.contains("; Secure") && !cookie.contains("Domain"));
    let page = world.send(world.at(Method::GET, &path)).await;
    let secure = page.header("strict-transport-security");
    assert!(secure.starts_with("max-age=63072000"), "{secure}");
    assert!(page.text.contains("pairlink.example"), "where one is");
}

#[tokio::test]
async fn an_address_that_is_none_leads_nowhere() {
    let world = World::start().await;
    let path = share(&world).await;
    let token = path.strip_prefix("/l/").unwrap().to_owned();
    let mut unknown: Vec<String> = [
        &token[1..],
        &format!("{token}0"),
        &"0".repeat(64),
        &"é".repeat(32),
        &format!("{token};x"),
        &format!("{token}%00"),
        "x",
    ]
    .iter()
    .map(|token| format!("/l/{token}"))
    .collect();
    let upper = token.to_uppercase();
    if upper != token {
        unknown.push(format!("/l/{upper}"));
    }
    for path in &unknown {
        for request in [world.at(Method::GET, path), open(&world, path)] {
            let answer = world.send(request).await;
            assert_page(&answer, 404);
            assert!(!answer.text.contains("Acme"));
        }
    }
    for path in [
        format!("{path}/"),
        format!("{path}/x"),
        "/l/".to_owned(),
        "/l".to_owned(),
    ] {
        let answer = world.send(world.at(Method::GET, &path)).await;
        assert_eq!(answer.status, 404, "{}", path.len());
    }
    for cookie in [
        "",
        "pairlink=",
        "pairlink=0",
        "pairlink",
        "other=1; pairlink=x",
    ] {
        let request = world.at(Method::GET, "/connect").header("cookie", cookie);
        assert_page(&world.send(request).await, 410);
    }
    // The token of the address is no cookie.
    let request = world.at(Method::GET, "/connect");
    let request = request.header("cookie", format!("pairlink={token}"));
    assert_page(&world.send(request).await, 410);
}

#[tokio::test]
async fn what_the_host_calls_it_cannot_become_markup() {
    let world = World::start().await;
    let label = "<script>alert('x')</script>&\"";
    let request = world.of_connection(Method::PATCH, "");
    world
        .send(request.json(&json!({ "label": label })))
        .await
        .json(200);
    let path = share(&world).await;
    let page = world.send(world.at(Method::GET, &path)).await;
    assert_page(&page, 200);
    assert!(!page.text.contains("<script>alert"));
    let escaped = "&lt;script&gt;alert('x')&lt;/script&gt;&amp;\"";
    assert!(page.text.contains(escaped), "{}", page.text);
    let cookie = cookie_of(&world.send(open(&world, &path)).await);
    let request = world.at(Method::GET, "/connect").header("cookie", cookie);
    let page = world.send(request).await;
    assert!(page.text.contains(escaped), "{}", page.text);
}
