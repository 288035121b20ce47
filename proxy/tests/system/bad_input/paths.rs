//! Addresses and queries.

use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{CANARY, changing_nothing};
use crate::harness::in_time;

#[tokio::test]
async fn an_address_that_is_none_is_not_found() {
    changing_nothing(async |world| {
        let id = &world.connection;
        for path in [
            "/v1".to_owned(),
            "/v1/".to_owned(),
            "/v2/connections".to_owned(),
            "//v1/connections".to_owned(),
            "/v1//connections".to_owned(),
            "/V1/connections".to_owned(),
            "/v1/connections/".to_owned(),
            "/v1/connections;x=y".to_owned(),
            format!("/v1/connections/{id}/"),
            format!("/v1/connections/{id};x=y"),
            format!("/v1/connections/{id}%00"),
            format!("/v1/connections/{id}%2fpass"),
            format!("/v1/connections/..%2f{id}"),
            format!("/v1/connections/%2e%2e%2fconnections%2f{id}"),
            format!("/v1/connections/{}", id.to_uppercase()),
            format!("/v1/connections/%20{id}"),
            "/v1/connections/%e2%80%ae".to_owned(),
            "/v1/connections/%ff".to_owned(),
            "/v1/connections/%ff/pass".to_owned(),
            "/v1/connections/%zz".to_owned(),
            format!("/v1/connections/{}", "x".repeat(4000)),
            format!("/v1/connections/{id}/passes"),
            "/etc/passwd".to_owned(),
            "/assets/%2e%2e/%2e%2e/etc/passwd".to_owned(),
            "/widget.js".to_owned(),
        ] {
            let answer = raw_get(world, &path).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
            assert!(
                answer.contains("application/problem+json"),
                "{path}: {answer}"
            );
            assert!(
                answer.contains("\"code\":\"not_found\""),
                "{path}: {answer}"
            );
        }
    })
    .await;
}

/// Clients tidy addresses up; this sends them as they are.
async fn raw_get(world: &crate::harness::World, path: &str) -> String {
    let address = world.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let said = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        world.key
    );
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    in_time("the end", stream.read_to_string(&mut heard))
        .await
        .unwrap();
    heard
}

#[tokio::test]
async fn a_query_says_what_is_known() {
    changing_nothing(async |world| {
        for (query, field) in [
            (format!("unknown={CANARY}"), "unknown"),
            (format!("after=x&after={CANARY}"), "after"),
            (format!("after=x&limit={CANARY}"), "limit"),
        ] {
            let path = format!("/v1/connections?{query}");
            let answer = world.send(world.backend(Method::GET, &path)).await;
            answer.problem_of("invalid_field", field);
            assert!(!answer.text.contains(CANARY));
        }
        for after in [CANARY, "%00", "%ff", "", "con_", "'%20OR%201=1--"] {
            let path = format!("/v1/connections?after={after}");
            let answer = world.send(world.backend(Method::GET, &path)).await;
            assert!(!answer.status.is_server_error(), "{after}");
            assert!(!answer.text.contains(CANARY));
        }
    })
    .await;
}
