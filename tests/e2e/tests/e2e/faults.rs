//! The provider fails in every way that it can: the page says so in plain words, with a next step, and nothing leaks.

use std::time::Duration;

use pairlink_e2e::Fault;

use crate::{MINT, Stage, button};

/// A fault of minting that lasts until it is cleared.
fn lasting(kind: &'static str, status: Option<u16>, retry_after: Option<u32>) -> Fault {
    Fault {
        call: MINT,
        kind,
        status,
        retry_after,
        times: 0,
    }
}

/// What no visitor should have to read.
const JARGON: [&str; 14] = [
    "http",
    "json",
    "html",
    "undefined",
    "null",
    "nan",
    "panick",
    "exception",
    "401",
    "429",
    "500",
    "502",
    "upstream",
    "_",
];

/// Issues against the fault, looks at what the page says, and issues again when the provider is well.
async fn survives(fault: Fault) {
    let stage = Stage::set().await;
    let simulator = stage.system.simulator();
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    simulator.fail(fault).await;

    page.widget().press(button::ISSUE).await;

    let problem = page.widget().problem().await;
    let lower = problem.to_lowercase();
    assert!(
        lower.split_whitespace().count() >= 5,
        "says little: {problem}"
    );
    for word in JARGON {
        assert!(!lower.contains(word), "{word:?} in {problem:?}");
    }
    // The next step; it may have to wait as long as the provider asks.
    page.widget().button(button::RETRY).await;
    page.widget().covers_its_code().await;
    assert_eq!(page.leaks(&stage.system.canaries().await).await, []);

    simulator.recover().await;
    page.widget().press(button::RETRY).await;
    let scanned = page.widget().scan().await;
    assert_eq!(scanned, simulator.live_link().await);
    page.close().await;
    assert_eq!(stage.system.leaks_in_logs().await, []);
}

#[tokio::test]
async fn refused_credentials() {
    survives(lasting("status", Some(401), None)).await;
}

#[tokio::test]
async fn too_many_requests() {
    survives(lasting("status", Some(429), Some(1))).await;
}

#[tokio::test]
async fn a_broken_provider() {
    survives(lasting("status", Some(500), None)).await;
}

#[tokio::test]
async fn garbage() {
    survives(lasting("malformed", None, None)).await;
}

#[tokio::test]
async fn a_web_page_instead_of_an_answer() {
    survives(lasting("html", None, None)).await;
}

#[tokio::test]
async fn nothing_instead_of_an_answer() {
    survives(lasting("empty", None, None)).await;
}

#[tokio::test]
async fn an_answer_without_end() {
    survives(lasting("huge", None, None)).await;
}

#[tokio::test]
async fn a_connection_that_breaks() {
    survives(lasting("disconnect", None, None)).await;
}

#[tokio::test]
async fn an_answer_that_comes_late_is_shown_all_the_same() {
    let stage = Stage::set().await;
    let simulator = stage.system.simulator();
    let page = stage.dashboard().await;
    page.widget().button(button::ISSUE).await;
    // Longer than the proxy keeps a page waiting.
    simulator.delay(MINT, Duration::from_secs(6)).await;

    page.widget().press(button::ISSUE).await;

    let scanned = page.widget().scan().await;
    assert_eq!(scanned, simulator.live_link().await);
    page.close().await;
}

#[tokio::test]
async fn no_answer_at_all() {
    survives(lasting("hang", None, None)).await;
}
