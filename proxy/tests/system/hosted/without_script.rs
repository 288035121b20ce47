//! `/connect` for a browser that runs no script: what is shown stands in the page, and forms do the rest.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use pairlink_proxy::http::router;
use pairlink_simulator::{Fault, FaultKind, enablex, green_api, wawp};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::answer::Answer;
use crate::harness::world::{Green, random};
use crate::harness::{Setup, World, eventually};
use crate::hosted::{assert_page, cookie_of, form, open, press, share};

const PHONE: &str = "+44 1134 960 001";

/// A browser that opened the connection's share link.
struct Visitor<'a> {
    world: &'a World,
    cookie: String,
    path: String,
}

impl<'a> Visitor<'a> {
    async fn come(world: &'a World) -> Self {
        let path = share(world).await;
        let cookie = cookie_of(&world.send(open(world, &path)).await);
        Self {
            world,
            cookie,
            path,
        }
    }

    async fn look(&self, path: &str) -> Answer {
        let request = self.world.at(Method::GET, path);
        self.world
            .send(request.header("cookie", &self.cookie))
            .await
    }

    /// The page, which is there.
    async fn page(&self, path: &str) -> String {
        let answer = self.look(path).await;
        assert_page(&answer, 200);
        answer.text
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let request = press(self.world, path).header("cookie", &self.cookie);
        form(request, fields)
    }

    /// Presses a button that makes something, and follows where it leads.
    async fn make(&self, fields: &[(&str, &str)]) -> String {
        let made = self.world.send(self.form("/connect/pass", fields)).await;
        assert_eq!(made.status, 303, "{}", made.text);
        made.is_private();
        self.page(made.header("location")).await
    }
}

/// What stands in the card, and what stands in its slots.
fn card_and_slots(page: &str) -> (&str, &str) {
    let (_, element) = page.split_once("<pair-link").unwrap();
    let (element, _) = element.split_once("</pair-link>").unwrap();
    let (_, card) = element
        .split_once("<template shadowrootmode=\"open\"")
        .unwrap();
    card.split_once("</template>").unwrap()
}

/// When a browser without script reads the page again, and where.
fn refresh(page: &str) -> (u32, &str) {
    let start = "<noscript><meta http-equiv=\"refresh\" content=\"";
    let (_, content) = page.split_once(start).unwrap();
    let (seconds, address) = content.split_once(";url=").unwrap();
    (seconds.parse().unwrap(), address.split('"').next().unwrap())
}

/// Reads the QR code of a page as a phone would, from what a browser would paint.
fn scanned(page: &str) -> String {
    const SCALE: usize = 8;
    let (_, drawing) = page.split_once("<svg role=\"img\"").unwrap();
    let (_, size) = drawing.split_once("viewBox=\"0 0 ").unwrap();
    let size: usize = size.split(' ').next().unwrap().parse().unwrap();
    let (_, path) = drawing.split_once("<path d=\"").unwrap();
    let mut dark = vec![false; size * size];
    for bar in path.split('"').next().unwrap().split_terminator('z') {
        let (x, rest) = bar.strip_prefix('M').unwrap().split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let [x, y, length] = [x, y, length].map(|text| text.parse::<usize>().unwrap());
        dark[y * size + x..y * size + x + length].fill(true);
    }
    let pixels = size * SCALE;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| {
        if dark[y / SCALE * size + x / SCALE] {
            0
        } else {
            255
        }
    });
    image.detect_grids()[0].decode().unwrap().1
}

#[tokio::test]
async fn a_link_stands_in_the_page_and_a_phone_reads_the_same() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let page = visitor.page("/connect").await;
    let (card, slots) = card_and_slots(&page);
    assert!(card.contains("data-stage=\"none\"") && card.contains("<slot name=\"switch\">"));
    assert!(!card.contains("<button"), "nobody would hear of it: {card}");
    for way in [
        "/connect?method=link",
        "/connect?method=qr",
        "/connect?method=code",
    ] {
        assert!(slots.contains(way), "{way}");
    }
    assert!(slots.contains("Make a link") && slots.contains("aria-current=\"true\""));
    assert_eq!(
        world.all_calls() - world.calls(wawp::INFO),
        0,
        "looking made something"
    );

    let page = visitor.make(&[("method", "link")]).await;
    let live = world.live().await;
    let url = live["url"].as_str().unwrap();
    let (card, slots) = card_and_slots(&page);
    assert_eq!(scanned(card), url);
    assert!(card.contains(&format!("href=\"{url}\"")) && card.contains("role=\"timer\""));
    assert!(!slots.contains(url) && slots.contains("New link"));
    assert_eq!(refresh(&page), (30, "/connect?method=link"));
    // What the page has of the server is not repeated by it.
    for secret in [visitor.path.as_str(), "ple_", visitor.cookie.as_str()] {
        assert!(!page.contains(secret.trim_start_matches("/l/")));
    }
    world.assert_log_is_clean(&[("share link", &visitor.path[3..])]);
}

#[tokio::test]
async fn pressing_twice_makes_one() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let page = visitor.page("/connect").await;
    let (before, _) = page.split_once("\" type=\"hidden\" name=\"key\"").unwrap();
    let key = before.rsplit('"').next().unwrap();
    assert!(key.len() > 10, "{key}");
    let fields = [("method", "link"), ("key", key)];
    let first = visitor.make(&fields).await;
    let second = visitor.make(&fields).await;
    assert_eq!(scanned(&first), scanned(&second));
    assert_eq!(world.calls(wawp::MINT), 1);
    let third = visitor
        .make(&[("method", "link"), ("key", "another")])
        .await;
    assert_ne!(scanned(&second), scanned(&third));
    assert_eq!(world.calls(wawp::MINT), 2);
}

#[tokio::test]
async fn qr_codes_follow_each_other_while_the_page_reads_itself_again() {
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    let visitor = Visitor::come(&world).await;
    let page = visitor.make(&[("method", "qr")]).await;
    let first = scanned(&page);
    assert_eq!(world.live().await["payload"], first.as_str());
    assert_eq!(refresh(&page), (10, "/connect?method=qr"));
    assert!(page.contains("refreshes itself every 10 seconds"));
    world.simulator.advance(Duration::from_secs(61));
    eventually("the next code", async || {
        let page = visitor.page("/connect?method=qr").await;
        let next = page.contains("role=\"img\"").then(|| scanned(&page));
        assert!(next.as_ref() != Some(&first), "a dead code is shown");
        next.is_some()
    })
    .await;
    // The phone reads it: nothing that could link another one is left in the page.
    let payload = scanned(&visitor.page("/connect").await);
    let linked = world.simulator.wawp().scan_qr(&world.instance_id, &payload);
    linked.unwrap();
    eventually("the page says so", async || {
        let page = visitor.page("/connect").await;
        page.contains("data-stage=\"connected\"") && !page.contains("role=\"img\"")
    })
    .await;
    let page = visitor.page("/connect").await;
    let (_, slots) = card_and_slots(&page);
    assert!(
        !slots.contains("<form") && refresh(&page).0 > 60,
        "nothing is waited for"
    );
    world.assert_log_is_clean(&[("QR code", &first), ("next QR code", &payload)]);
}

#[tokio::test]
async fn a_pairing_code_is_for_a_number_that_is_checked_here() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let page = visitor.page("/connect?method=code").await;
    let (_, slots) = card_and_slots(&page);
    assert!(slots.contains("name=\"phone_number\"") && slots.contains("type=\"tel\""));
    assert!(refresh(&page).0 > 600, "what is being typed would be gone");
    for (typed, shown) in [
        ("", ""),
        ("01134 960 001", "01134 960 001"),
        ("+44 1", "+44 1"),
        ("\"><script>", "&quot;&gt;&lt;script&gt;"),
    ] {
        let fields = [("method", "code"), ("phone_number", typed)];
        let refused = world.send(visitor.form("/connect/pass", &fields)).await;
        assert_page(&refused, 422);
        let (_, slots) = card_and_slots(&refused.text);
        assert!(slots.contains("aria-invalid=\"true\"") && slots.contains("role=\"alert\""));
        assert!(
            slots.contains(&format!("value=\"{shown}\"")),
            "{typed}: {slots}"
        );
    }
    assert_eq!(world.calls(wawp::REQUEST_CODE), 0);
    let page = visitor
        .make(&[("method", "code"), ("phone_number", PHONE)])
        .await;
    let live = world.live().await;
    let code = live["code"].as_str().unwrap();
    let (card, slots) = card_and_slots(&page);
    let (first, second) = code.split_at(4);
    assert!(card.contains(&format!("<span>{first}</span><span>{second}</span>")));
    assert!(!page.contains("960"), "the number is not needed any more");
    assert_eq!(refresh(&page), (15, "/connect?method=code"));
    // Another number can be typed in peace, and the code is said to be alive.
    assert!(slots.contains("/connect?method=code&amp;anew"), "{slots}");
    let page = visitor.page("/connect?method=code&anew").await;
    assert!(page.contains("name=\"phone_number\"") && refresh(&page).0 > 600);
    assert!(!page.contains(first), "what is not needed is not shown");
    world.assert_log_is_clean(&[("pairing code", code), ("number", "441134960001")]);
}

#[tokio::test]
async fn on_a_phone_the_pairing_code_comes_first() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 Safari/604.1";
    for (headers, code_first) in [
        (&[("user-agent", phone)][..], true),
        (&[("sec-ch-ua-mobile", "?1")], true),
        (&[("sec-ch-ua-mobile", "?0"), ("user-agent", phone)], false),
        (&[], false),
    ] {
        let request = world.at(Method::GET, "/connect");
        let request = request.header("cookie", &visitor.cookie);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let page = world.send(request).await;
        let shown = page.text.contains("name=\"phone_number\"");
        assert_eq!(shown, code_first, "{headers:?}");
    }
}

#[tokio::test]
async fn this_was_not_me_ends_everything_for_everybody() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let other = cookie_of(&world.send(open(&world, &visitor.path)).await);
    let page = visitor.make(&[("method", "link")]).await;
    assert!(page.contains("action=\"/connect/refuse\"") && page.contains("This wasn't me"));
    let closed = world.send(visitor.form("/connect/refuse", &[])).await;
    assert_page(&closed, 200);
    assert!(closed.header("set-cookie").contains("Max-Age=0"));
    assert!(closed.header("clear-site-data").contains("\"cache\""));
    eventually("the link at the provider is dead", async || {
        world.simulator.ledger().is_empty()
    })
    .await;
    assert!(world.live().await.is_null());
    assert_page(&world.send(world.at(Method::GET, &visitor.path)).await, 410);
    for cookie in [&visitor.cookie, &other] {
        let request = world.at(Method::GET, "/connect").header("cookie", cookie);
        assert_page(&world.send(request).await, 410);
    }
    // Pressed once more, on a page that was left open.
    for path in ["/connect/refuse", "/connect/pass"] {
        let again = visitor.form(path, &[("method", "link")]);
        assert_page(&world.send(again).await, 410);
    }
    assert!(world.simulator.ledger().is_empty());
}

#[tokio::test]
async fn what_fails_is_said_with_a_next_step_and_a_reference() {
    let world = World::start_with(Setup::hasty()).await;
    let visitor = Visitor::come(&world).await;
    let fault = Fault::before(FaultKind::Disconnect);
    world.simulator.inject(wawp::MINT, fault).unwrap();
    let failed = world
        .send(visitor.form("/connect/pass", &[("method", "link")]))
        .await;
    assert_page(&failed, 502);
    let (card, slots) = card_and_slots(&failed.text);
    assert!(card.contains("data-stage=\"error\"") && slots.contains("Try again"));
    assert!(card.contains(failed.header("x-request-id")));
    // What nobody's form sends is refused, and as a page too.
    for fields in [
        &[][..],
        &[("method", "fax")],
        &[("method", "link"), ("method2", "x")],
    ] {
        let refused = world.send(visitor.form("/connect/pass", fields)).await;
        assert_page(&refused, 422);
        assert!(refused.text.contains(refused.header("x-request-id")));
    }
    for fields in [
        &[("method", "token")][..],
        &[("method", "link"), ("phone_number", PHONE)],
    ] {
        let refused = world.send(visitor.form("/connect/pass", fields)).await;
        assert!(refused.status.is_client_error(), "{}", refused.status);
        assert!(refused.text.contains("<h2"), "{}", refused.text);
    }
    assert_eq!(world.calls(wawp::MINT), 1);
    assert!(
        visitor
            .make(&[("method", "link")])
            .await
            .contains("role=\"img\"")
    );
}

#[tokio::test]
async fn the_page_ends_with_the_link_and_says_when_a_pass_has_ended() {
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    let visitor = Visitor::come(&world).await;
    let phone = [("method", "code"), ("phone_number", PHONE)];
    let page = visitor.make(&phone).await;
    assert!(page.contains("data-stage=\"live\""));
    world.simulator.advance(Duration::from_secs(100));
    let page = visitor.page("/connect?method=code").await;
    assert!(page.contains("data-stage=\"expiring\""));
    world.simulator.advance(Duration::from_secs(50));
    let page = visitor.page("/connect?method=code").await;
    assert!(page.contains("data-stage=\"none\"") && !page.contains("<output"));
    assert!(page.contains("27 minutes"), "how long it still works");
    world.simulator.advance(Duration::from_mins(28));
    let ended = visitor.look("/connect").await;
    assert_page(&ended, 410);
    assert!(!ended.text.contains("Acme"));
    let late = world.send(visitor.form("/connect/pass", &phone)).await;
    assert_page(&late, 410);
}

#[tokio::test]
async fn a_provider_that_takes_long_is_waited_for() {
    let (world, Green { .. }) = World::start_green(Setup::impatient()).await;
    let visitor = Visitor::come(&world).await;
    let page = visitor.page("/connect").await;
    assert!(page.contains("Show the code") && !page.contains("method=link"));
    let call = green_api::AUTHORIZATION_CODE;
    let fault = Fault::before(FaultKind::Delay(Duration::from_millis(800)));
    world.simulator.inject(call, fault).unwrap();
    let fields = [("method", "code"), ("phone_number", PHONE)];
    let page = visitor.make(&fields).await;
    assert!(page.contains("data-stage=\"issuing\""), "{page}");
    assert_eq!(refresh(&page), (3, "/connect?method=code"));
    eventually("the code", async || {
        visitor
            .page("/connect?method=code")
            .await
            .contains("<output")
    })
    .await;
}

#[tokio::test]
async fn an_account_without_a_phone_says_that_there_is_nothing_to_scan() {
    let mut world = World::start_bare(Setup::default()).await;
    let (app_id, app_key) = (random(14), random(30));
    world
        .simulator
        .enablex()
        .add_app(&app_id, &app_key)
        .unwrap();
    let asked = json!({
        "provider": "enablex", "label": "Acme campaigns", "base_url": world.simulator.base_url(),
        "credentials": { "app_id": app_id, "app_key": app_key },
    });
    let request = world.backend(Method::POST, "/v1/connections").json(&asked);
    let added = world.send(request).await.json(201);
    world.connection = added["id"].as_str().unwrap().to_owned();
    let path = share(&world).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    for request in [world.at(Method::GET, &path), open(&world, &path)] {
        let page = world.send(request).await;
        assert_page(&page, 200);
        assert!(
            page.text.contains("Nothing to connect here") && page.text.contains("Acme campaigns")
        );
        assert!(!page.text.contains("<form") && !page.headers.contains_key("set-cookie"));
    }
    assert_eq!(books.everything().await, before);
    assert_eq!(world.calls(enablex::TOKEN), 0);
    // It can be closed all the same.
    assert_page(
        &world.send(press(&world, &format!("{path}/refuse"))).await,
        200,
    );
    assert_page(&world.send(world.at(Method::GET, &path)).await, 410);
}

#[tokio::test]
async fn the_element_takes_over_where_it_was_built() {
    let world = World::start().await;
    let visitor = Visitor::come(&world).await;
    let directory = tempfile::tempdir().unwrap();
    let page = async || {
        let router = router(world.service.clone(), Some(directory.path().to_owned()));
        let request = Request::get("/connect").header("cookie", &visitor.cookie);
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await;
        let body = answer.unwrap().into_body().collect().await.unwrap();
        String::from_utf8(body.to_bytes().to_vec()).unwrap()
    };
    let without = page().await;
    // The script asks for the attribute.
    assert!(!without.contains("token-endpoint="));
    // Once for the forms, and once in the card.
    let own = "/* The look of <pair-link>.";
    assert_eq!(without.matches(own).count(), 2);

    let write = |file: &str, text: &str| std::fs::write(directory.path().join(file), text).unwrap();
    let manifest = |css: &str| {
        let text = json!({ "glue": "x", "css": css }).to_string();
        write("manifest.json", &text);
    };
    write("widget.js", "");
    write("secret.css", ".secret{}");
    std::fs::create_dir(directory.path().join("assets")).unwrap();
    write("assets/pairlink-0123abcd.css", ".built > .so{}");
    write("assets/x", "</style>");
    manifest("assets/pairlink-0123abcd.css");
    let with = page().await;
    assert!(with.contains("token-endpoint=\"/connect/token\""));
    assert_eq!(with.matches("<style>.built > .so{}</style>").count(), 2);
    for wrong in [
        "../secret.css",
        "assets/../secret.css",
        "assets/x",
        "assets/missing.css",
        "https://evil.example/x.css",
        "assets/a\"b",
    ] {
        manifest(wrong);
        assert_eq!(page().await.matches(own).count(), 2, "{wrong}");
    }
}
