//! Minting, and reading what was minted.

use pairlink_simulator::{Fault, FaultKind, Simulator, wawp};
use reqwest::Method;
use serde_json::json;
use tokio::net::TcpListener;

use super::{Case, play, redirects, wait_out};
use crate::harness::answer::Answer;
use crate::harness::leaks::found;
use crate::harness::world::random;
use crate::harness::{World, eventually};

fn inject(world: &World, call: &str, fault: Fault) {
    world.simulator.inject(call, fault).unwrap();
}

#[track_caller]
fn assert_told(case: &Case, world: &World, answer: &Answer) {
    let problem = answer.problem(case.code);
    match case.code {
        "upstream_rate_limited" => assert_eq!(problem["retry_after"], 7),
        "needs_credentials" | "provider_refused" => {
            assert!(problem.get("retry_after").is_none(), "{}", case.name);
        }
        _waiting_helps => assert_eq!(problem["retry_after"], 5, "{}", case.name),
    }
    assert_eq!(found(&world.secrets(), answer.text.as_bytes()), [""; 0]);
}

#[tokio::test]
async fn before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on() {
    play(async |world, case| {
        let key = random(20);
        let earlier = world.issued().await;
        let minted = world.calls(wawp::MINT);
        inject(world, wawp::MINT, Fault::before(case.kind.clone()));
        let answer = world.send(world.issue_as(&key)).await;
        assert_told(case, world, &answer);
        let again = world.calls(wawp::MINT) - minted;
        assert_eq!(again, 1, "{}: minting is never repeated", case.name);
        world.assert_covered(&case.name).await;
        world.agreement(&case.name).await;
        let live = world.live().await;
        assert!(live["url"] == earlier.as_str(), "{}", case.name);

        // The same key may be used again: nothing came of it.
        wait_out(world);
        let next = world.send(world.issue_as(&key)).await.json(201);
        assert_eq!(next["replaced"], true, "{}", case.name);
        world.agreement(&case.name).await;
    })
    .await;
}

#[tokio::test]
async fn after_its_effect_the_link_is_found_and_given_out() {
    play(async |world, case| {
        for earlier in [false, true] {
            inject(world, wawp::MINT, Fault::after(case.kind.clone()));
            let answer = world.send(world.issue()).await;
            assert_eq!(answer.status, 201, "{}: {}", case.name, answer.text);
            let issued = answer.json(201);
            assert_eq!(issued["replaced"], earlier, "{}", case.name);
            world.agreement(&case.name).await;
            assert_eq!(world.live().await, issued["pass"], "{}", case.name);
            wait_out(world);
        }
    })
    .await;
}

#[tokio::test]
async fn after_its_effect_and_with_no_way_to_ask_it_is_settled_later() {
    play(async |world, case| {
        // A provider that refuses both is believed; there is nobody else to ask.
        let refused = matches!(
            case.code,
            "provider_refused" | "needs_credentials" | "upstream_rate_limited"
        );
        if refused || case.reads_as_nothing() {
            return;
        }
        let (first, second) = (random(20), random(20));
        let minted = world.calls(wawp::MINT);
        inject(world, wawp::MINT, Fault::after(case.kind.clone()));
        let unreadable = Fault::before(case.kind.clone()).until_cleared();
        inject(world, wawp::READ, unreadable);
        let answer = world.send(world.issue_as(&first)).await;
        assert_told(case, world, &answer);
        assert_eq!(world.simulator.ledger().len(), 1, "{}", case.name);
        world.assert_covered(&case.name).await;
        let mut books = world.books().await;
        assert_eq!(books.passes_in(&["minting"]).await, 1, "{}", case.name);
        assert!(world.live().await.is_null());

        // Who asks again is told the same, and nothing is minted beside it.
        let again = world.send(world.issue_as(&second)).await;
        assert_told(case, world, &again);
        assert_eq!(world.calls(wawp::MINT) - minted, 1, "{}", case.name);

        world.simulator.clear_faults();
        world.agreement(&case.name).await;
        let live = world.live().await;
        assert!(!live.is_null(), "{}", case.name);
        // The first key stands for it now.
        let repeated = world.send(world.issue_as(&first)).await;
        assert_eq!(repeated.header("idempotent-replayed"), "true");
        assert_eq!(repeated.json(201)["pass"], live, "{}", case.name);
    })
    .await;
}

#[tokio::test]
async fn as_long_as_it_lasts_every_attempt_is_told_and_then_all_is_well() {
    play(async |world, case| {
        for call in [wawp::MINT, wawp::READ, wawp::REVOKE, wawp::INFO] {
            let lasting = Fault::before(case.kind.clone()).until_cleared();
            inject(world, call, lasting);
        }
        for _attempt in 0..2 {
            let answer = world.send(world.issue()).await;
            assert_told(case, world, &answer);
            world.assert_covered(&case.name).await;
            assert!(world.live().await.is_null());
            wait_out(world);
        }
        eventually("the failure is written down", async || {
            let request = world.of_connection(Method::GET, "/health");
            world.send(request).await.json(200)["last_error"] == case.code
        })
        .await;
        world.simulator.clear_faults();
        wait_out(world);
        world.agreement(&case.name).await;
        world.issued().await;
        world.agreement(&case.name).await;
    })
    .await;
}

#[tokio::test]
async fn nobody_follows_it_elsewhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", elsewhere.local_addr().unwrap());
    let world = World::start().await;
    for case in redirects(&address) {
        for call in [wawp::MINT, wawp::READ, wawp::REVOKE, wawp::INFO] {
            inject(&world, call, Fault::before(case.kind.clone()).times(3));
        }
        world.send(world.issue()).await.problem(case.code);
        world.revoke().await;
        world.simulator.clear_faults();
        world.agreement(&case.name).await;
    }
    // A connection that was made waits here already.
    let mut accepting = std::pin::pin!(elsewhere.accept());
    let nobody = std::future::poll_fn(|context| {
        std::task::Poll::Ready(accepting.as_mut().poll(context).is_pending())
    });
    assert!(nobody.await, "the credentials travelled along");
}

#[tokio::test]
async fn a_provider_that_is_not_there_was_never_asked() {
    let world = World::start().await;
    let gone = Simulator::start().await.unwrap();
    let address = gone.base_url().to_owned();
    gone.stop().await;
    let asked =
        json!({ "provider": "wawp", "base_url": address, "credentials": world.credentials() });
    let request = world.backend(Method::POST, "/v1/connections");
    let added = world.send(request.json(&asked)).await.json(201);
    let path = format!("/v1/connections/{}/pass", added["id"].as_str().unwrap());
    let request = world.backend(Method::POST, &path);
    let answer = world.send(request.json(&json!({ "method": "link" }))).await;
    assert_eq!(answer.problem("upstream_unreachable")["retry_after"], 5);
    let mut books = world.books().await;
    assert_eq!(books.passes_in(&["failed"]).await, 1);
    let revoked = world.send(world.backend(Method::DELETE, &path)).await;
    assert_eq!(revoked.json(200)["revocation"], "pending");
    world.assert_log_is_clean(&[]);
}

#[tokio::test]
async fn where_private_addresses_are_forbidden_none_is_called() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let setup = crate::harness::Setup {
        addresses: pairlink_proxy::provider::AddressPolicy::PublicOnly,
        ..crate::harness::Setup::default()
    };
    let world = World::start_bare(setup).await;
    let mut books = world.books().await;
    let before = books.everything().await;
    for address in [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        "http://api.provider.example".to_owned(),
        "https://127.1".to_owned(),
        "https://[::ffff:7f00:1]".to_owned(),
        "https://[::1]".to_owned(),
        "https://2130706433".to_owned(),
        "https://user:password@api.provider.example".to_owned(),
        "https://api.provider.example:22".to_owned(),
        "https://metadata".to_owned(),
        "file:///etc/passwd".to_owned(),
        "not an address".to_owned(),
        String::new(),
    ] {
        let asked =
            json!({ "provider": "wawp", "base_url": address, "credentials": world.credentials() });
        let request = world.backend(Method::POST, "/v1/connections");
        world
            .send(request.json(&asked))
            .await
            .problem("host_not_allowed");
    }
    assert_eq!(books.everything().await, before);
}

#[tokio::test]
async fn the_limit_on_an_answer_is_exact() {
    let mut setup = crate::harness::Setup::default();
    let link = "https://app.wawp.net/temp-qr/abc";
    let body = json!({ "link": link, "expires_at": "2999-01-01T00:00:00.000Z" });
    let length = body.to_string().len();
    for (limit, fits) in [(length, true), (length - 1, false)] {
        setup.limits.body_bytes = limit;
        let world = World::start_with(setup).await;
        inject(
            &world,
            wawp::MINT,
            Fault::before(FaultKind::Json(body.clone())),
        );
        let answer = world.send(world.issue()).await;
        if fits {
            let issued = answer.json(201);
            assert_eq!(issued["pass"]["url"], link);
        } else {
            answer.problem("upstream_malformed");
        }
    }
}
