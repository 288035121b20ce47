//! Methods and headers.

use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::changing_nothing;
use crate::harness::stream::Events;
use crate::harness::{World, in_time};

#[tokio::test]
async fn a_path_takes_its_methods_and_says_which() {
    changing_nothing(async |world| {
        let of = |rest: &str| format!("/v1/connections/{}{rest}", world.connection);
        for (path, allowed) in [
            ("/healthz".to_owned(), "GET,HEAD"),
            ("/openapi.json".to_owned(), "GET,HEAD"),
            ("/v1/connections".to_owned(), "GET,HEAD,POST"),
            (of(""), "GET,HEAD,PATCH,DELETE"),
            (of("/health"), "GET,HEAD"),
            (of("/embed-tokens"), "POST"),
            (of("/pass"), "GET,HEAD,POST,DELETE"),
            (of("/share-link"), "GET,HEAD,POST,DELETE"),
        ] {
            for method in ["PUT", "TRACE", "OPTIONS", "CONNECTX", "get"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let request = world.backend(method, &path);
                let answer = world.send(request).await;
                answer.problem("method_not_allowed");
                let mut said: Vec<_> = answer.header("allow").split(',').collect();
                let mut allowed: Vec<_> = allowed.split(',').collect();
                said.sort_unstable();
                allowed.sort_unstable();
                assert_eq!(said, allowed, "{path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_header_makes_one_method_another() {
    changing_nothing(async |world| {
        for name in [
            "x-http-method-override",
            "x-method-override",
            "x-http-method",
        ] {
            let request = world.of_connection(Method::GET, "");
            let request = request.header(name, "DELETE");
            world.send(request).await.json(200);
        }
        for query in ["action=revoke", "_method=DELETE"] {
            let request = world.of_connection(Method::GET, &format!("/pass?{query}"));
            world.send(request).await.problem("invalid_field");
        }
    })
    .await;
}

#[tokio::test]
async fn no_header_of_a_stranger_says_who_or_where_he_is() {
    changing_nothing(async |world| {
        for (name, value) in [
            ("x-forwarded-uri", "/healthz"),
            ("x-original-url", "/healthz"),
            ("x-forwarded-user", "admin"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "for=127.0.0.1;host=evil.example"),
        ] {
            let request = world.at(Method::GET, "/v1/connections").header(name, value);
            world.send(request).await.problem("unauthenticated");
        }
    })
    .await;
    let world = World::start().await;
    let request = world.of_connection(Method::POST, "/share-link");
    let request = request.header("x-forwarded-host", "evil.example");
    let answer = world.send(request.header("host", "evil.example")).await;
    let link = answer.json(201)["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with(&world.url), "a link to elsewhere");
}

/// Says something that no client says, and reads the answer.
async fn raw(world: &World, said: &[u8]) -> Vec<u8> {
    let address = world.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(said).await.unwrap();
    let mut heard = Vec::new();
    // A server that closes at once may reset the connection after its answer.
    let reading = stream.read_to_end(&mut heard);
    drop(in_time("the end", reading).await);
    heard
}

#[tokio::test]
async fn what_is_not_http_is_no_request() {
    changing_nothing(async |world| {
        for said in [
            "nonsense\r\n\r\n".to_owned(),
            "GET /v1/pass HTTP/9.9\r\n\r\n".to_owned(),
            "GET /v1/pass HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n".to_owned(),
            "POST /v1/connections HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n".to_owned(),
            "POST /v1/connections HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}".to_owned(),
            format!("GET /v1/pass HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(1 << 20)),
        ] {
            let heard = raw(world, said.as_bytes()).await;
            let heard = String::from_utf8_lossy(&heard);
            let status = heard.split(' ').nth(1).and_then(|text| text.parse::<u16>().ok());
            // No answer is an answer, too.
            if let Some(status) = status {
                let status = StatusCode::from_u16(status).unwrap();
                assert!(status.is_client_error(), "{status}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn old_http_with_a_length_is_understood_and_without_one_has_no_body() {
    changing_nothing(async |world| {
        let ask = async |more: &str, body: &str| {
            let said = format!(
                "POST /v1/connections/{}/pass HTTP/1.0\r\nauthorization: Bearer {}\r\n\
                 content-type: application/json\r\n{more}\r\n{body}",
                world.connection, world.key
            );
            String::from_utf8(raw(world, said.as_bytes()).await).unwrap()
        };
        let body = "{\"method\": \"none\"}";
        let heard = ask("content-length: 18\r\n", body).await;
        assert!(
            heard.contains(" 422 ") && heard.contains("invalid_field"),
            "{heard}"
        );
        let heard = ask("", body).await;
        assert!(
            heard.contains(" 400 ") && heard.contains("invalid_json"),
            "{heard}"
        );
        // It does not know chunks.
        let heard = ask("transfer-encoding: chunked\r\n", "0\r\n\r\n").await;
        assert!(heard.is_empty() || heard.contains(" 400 "), "{heard}");
    })
    .await;
}

#[tokio::test]
async fn a_last_event_that_was_none_begins_anew() {
    let world = World::start().await;
    let token = world.embed_token(&["read"]).await;
    for id in [
        "x",
        "",
        "-1",
        "0",
        "1e3",
        "99999999",
        "18446744073709551616",
        "1 2",
        "\u{e9}",
    ] {
        let request = world
            .events_request(&token)
            .header("last-event-id", id.as_bytes());
        let mut stream = Events::open(request).await;
        let first = stream.next().await.unwrap();
        assert_eq!(first.kind, "resync", "{id}");
    }
}

#[tokio::test]
async fn a_body_that_is_shorter_than_promised_changes_nothing() {
    changing_nothing(async |world| {
        let address = world.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let said = format!(
            "POST /v1/connections/{}/pass HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: 99\r\n\r\n{{\"method\": \"link\"}}",
            world.connection, world.key
        );
        stream.write_all(said.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut heard = Vec::new();
        drop(in_time("the end", stream.read_to_end(&mut heard)).await);
        let heard = String::from_utf8_lossy(&heard);
        assert!(
            heard.is_empty() || heard.starts_with("HTTP/1.1 400"),
            "{heard}"
        );
    })
    .await;
}
