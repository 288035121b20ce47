//! The simulator as a process of its own.

use std::process::Stdio;

use pairlink_simulator::{green_api, wawp};
use reqwest::Client;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::steps::client;

fn simulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pairlink-simulator"));
    command
        .args(arguments)
        .env("PAIRLINK_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Reads the one line of standard output, and returns the address in it.
async fn address(child: &mut Child) -> String {
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    let address = line.strip_prefix("listening on ").unwrap();
    address.strip_suffix('\n').unwrap().to_owned()
}

/// Stands in the address of a webhook where nobody listens.
const WEBHOOK_SECRET: &str = "webhook-secret";

/// Gets a code from Green-API, whose credentials stand in the path, and types it, which is told to a webhook.
async fn pairing_code(client: &Client, url: &str) -> String {
    let id = green_api::DEMO_ID_INSTANCE;
    let method = format!(
        "{url}/waInstance{id}/getAuthorizationCode/{}",
        green_api::DEMO_API_TOKEN_INSTANCE
    );
    let body = json!({ "phoneNumber": 441_134_960_001_u64 });
    let answer = client.post(method).json(&body).send().await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let code = answer["code"].as_str().unwrap().to_owned();
    let hook = format!("http://127.0.0.1:1/{WEBHOOK_SECRET}");
    for (verb, body) in [
        (
            "webhook",
            json!({ "id_instance": id, "url": hook, "token": WEBHOOK_SECRET }),
        ),
        ("enter-code", json!({ "id_instance": id, "code": code })),
    ] {
        let path = format!("{url}/__control/green_api/{verb}");
        let told = client.post(path).json(&body).send().await.unwrap();
        assert_eq!(told.status(), 204, "{verb}");
    }
    code
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_where_it_listens_keeps_secrets_and_ends_on_a_signal_while_a_call_hangs() {
    for signal in ["-INT", "-TERM"] {
        let mut child = simulator(&["--listen", "127.0.0.1:0"]).spawn().unwrap();
        let url = address(&mut child).await;
        let link_url = format!(
            "{url}/v2/session/temp-link?instance_id={}&access_token={}",
            wawp::DEMO_INSTANCE_ID,
            wawp::DEMO_ACCESS_TOKEN
        );
        let client = client();
        let minted = client
            .post(&link_url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let minted: serde_json::Value = serde_json::from_str(&minted).unwrap();
        let link = minted["link"].as_str().unwrap();
        assert_eq!(client.get(link).send().await.unwrap().status(), 200);
        let code = pairing_code(&client, &url).await;

        let faults = format!("{url}/__control/faults");
        for fault in [
            json!({ "call": wawp::MINT, "when": "before", "kind": "hold" }),
            json!({ "call": wawp::MINT, "when": "after", "kind": "hang" }),
        ] {
            client.post(&faults).json(&fault).send().await.unwrap();
        }
        let hanging = tokio::spawn(client.post(&link_url).send());
        let held = format!("{url}/__control/held?call={}", wawp::MINT);
        assert_eq!(client.get(held).send().await.unwrap().status(), 204);
        client
            .post(format!("{url}/__control/release"))
            .send()
            .await
            .unwrap();

        let id = child.id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().await;
        assert!(sent.unwrap().success());
        let ended = child.wait_with_output().await.unwrap();
        assert_eq!(ended.status.code(), Some(0), "{signal}");
        assert!(hanging.await.unwrap().is_err());

        assert_eq!(ended.stdout, b"", "one line only");
        let log = String::from_utf8(ended.stderr).unwrap();
        assert!(
            log.contains("/v2/session/temp-link") && log.contains(wawp::MINT),
            "{log}"
        );
        let token = link.rsplit('/').next().unwrap();
        assert!(log.contains("getAuthorizationCode"), "{log}");
        for secret in [
            wawp::DEMO_ACCESS_TOKEN,
            token,
            "instance_id=",
            green_api::DEMO_API_TOKEN_INSTANCE,
            WEBHOOK_SECRET,
            &code,
        ] {
            assert!(!log.contains(secret), "{secret} in {log}");
        }
    }
}

#[tokio::test]
async fn it_says_in_one_line_why_it_cannot_start() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, words) in [
        (vec!["--listen", &taken], taken.as_str()),
        (
            vec!["--listen", "127.0.0.1:0", "--public-url", "nonsense"],
            "public URL",
        ),
    ] {
        let mut child = simulator(&arguments).spawn().unwrap();
        assert!(!child.wait().await.unwrap().success());
        let mut error = String::new();
        child
            .stderr
            .unwrap()
            .read_to_string(&mut error)
            .await
            .unwrap();
        let line = error.lines().find(|line| line.starts_with("error: "));
        assert!(line.is_some_and(|line| line.contains(words)), "{error}");
    }
}
