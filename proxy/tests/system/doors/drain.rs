//! Telling a proxy to end while many pages listen.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::harness::world::{ORIGIN, client};
use crate::harness::{answer, in_time, program::Program};
use pairlink_simulator::Simulator;

/// How many pages listen. `PAIRLINK_DRAIN_STREAMS` asks for more, as far as the system lets files be open.
fn streams() -> usize {
    let asked = std::env::var("PAIRLINK_DRAIN_STREAMS");
    asked.map_or(400, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measures how long the end takes, and says it"
)]
async fn every_stream_ends_at_once_with_a_word_on_when_to_come_again() {
    let simulator = Simulator::start().await.unwrap();
    let program = Program::new();
    let connection = program.connection(&simulator).await;
    let key = program.api_key().await;
    let mut running = program
        .serve_with(&[
            ("PAIRLINK_LIMIT_STREAMS_PER_EMBED_TOKEN", "100000"),
            ("PAIRLINK_LIMIT_STREAMS_PER_CONNECTION", "100000"),
            ("PAIRLINK_LIMIT_REQUESTS_PER_EMBED_TOKEN", "1000000"),
            ("PAIRLINK_LOG", "info"),
        ])
        .await;
    let path = format!("{}/v1/connections/{connection}/embed-tokens", running.url);
    let request = client().request(Method::POST, path).bearer_auth(&key);
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN], "ttl_seconds": 3600 });
    let given = answer::send(request.json(&asked)).await.json(201);
    let token = given["token"].as_str().unwrap();
    let said = format!(
        "GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\norigin: {ORIGIN}\r\n\r\n"
    );
    let address = running.url.strip_prefix("http://").unwrap().to_owned();
    let mut pages = Vec::new();
    while pages.len() < streams() {
        // So many at a time, so that nobody waits in vain for the store.
        let mut opened = Vec::new();
        for _ in 0..50.min(streams() - pages.len()) {
            let mut page = TcpStream::connect(&address).await.unwrap();
            page.write_all(said.as_bytes()).await.unwrap();
            opened.push(page);
        }
        // All of them have heard something before the end begins.
        for page in &mut opened {
            let mut beginning = [0; 12];
            let reading = page.read_exact(&mut beginning);
            in_time("a stream", reading).await.unwrap();
            assert_eq!(&beginning, b"HTTP/1.1 200");
        }
        pages.append(&mut opened);
    }
    let mut listening: JoinSet<String> = JoinSet::new();
    for mut page in pages {
        listening.spawn(async move {
            let mut heard = Vec::new();
            page.read_to_end(&mut heard).await.unwrap();
            String::from_utf8(heard).unwrap()
        });
    }
    let begun = Instant::now();
    running.ask_to_end().await;
    let heard = in_time("every end", listening.join_all()).await;
    let code = in_time("its end", running.child.wait())
        .await
        .unwrap()
        .code();
    let took = begun.elapsed();
    assert_eq!(code, Some(0));
    let mut pauses = Vec::new();
    for heard in &heard {
        assert!(heard.ends_with("\r\n0\r\n\r\n"), "not a plain end: {heard}");
        let (_, last) = heard.rsplit_once("retry: ").unwrap();
        pauses.push(last.lines().next().unwrap().trim().parse::<u32>().unwrap());
    }
    assert!(
        took < Duration::from_secs(5),
        "{} ended in {took:?}",
        heard.len()
    );
    println!("{} streams ended in {took:?}", heard.len());
    // They do not come back all at once.
    pauses.sort_unstable();
    let spread = pauses.last().unwrap() - pauses.first().unwrap();
    assert!(spread > 5_000, "{spread}");
}
