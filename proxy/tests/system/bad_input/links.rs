//! Share links, asked for in ways in which no person does.

use reqwest::Method;

use crate::harness::World;
use crate::hosted::{assert_page, share};

#[tokio::test]
async fn what_messengers_add_to_an_address_does_no_harm() {
    let world = World::start().await;
    let path = share(&world).await;
    for query in [
        "utm_source=x",
        "fbclid=%00",
        "method=code",
        "x",
        "%ff",
        "&&=&",
    ] {
        let answer = world
            .send(world.at(Method::GET, &format!("{path}?{query}")))
            .await;
        assert_page(&answer, 200);
        assert!(answer.text.contains("Acme support line"), "{query}");
    }
}

#[tokio::test]
async fn a_page_is_given_whole_whatever_is_asked_for() {
    let world = World::start().await;
    let path = share(&world).await;
    let whole = world.send(world.at(Method::GET, &path)).await.text;
    for (name, value) in [
        ("range", "bytes=0-9"),
        ("if-none-match", "*"),
        ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
        ("if-range", "\"x\""),
        ("accept", "image/png"),
        ("accept-encoding", "gzip;q=0, *;q=0"),
    ] {
        let answer = world
            .send(world.at(Method::GET, &path).header(name, value))
            .await;
        assert_page(&answer, 200);
        assert_eq!(answer.text.len(), whole.len(), "{name}");
    }
}
