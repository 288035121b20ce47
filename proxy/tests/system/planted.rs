//! Leaks that are planted: the search for secrets must find each of them. A search that finds nothing proves nothing.
//!
//! One build holds them all; `BROKEN` chooses one for a life that a proxy leads.

use std::process::Stdio;

use pairlink_simulator::{Fault, FaultKind, Simulator, wawp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::harness::answer::{Answer, send};
use crate::harness::leaks::found;
use crate::harness::program::Program;
use crate::harness::receiver::Receiver;
use crate::harness::stream::Events;
use crate::harness::world::{ORIGIN, client};
use crate::harness::{eventually, in_time};

const NOT_A_FIELD: &str = "a-credential-in-a-field-that-is-not-there";

/// What was said where nothing secret may be said, and the secrets.
struct Life {
    said: Vec<(String, Vec<u8>)>,
    secrets: Vec<(String, String)>,
}

/// Everything that gives out a secret, and everything that must not, once.
#[expect(clippy::too_many_lines, reason = "one life, told in its order")]
async fn lead(defect: &'static str) -> Life {
    let mut program = Program::new();
    program.settings = vec![("BROKEN", defect.to_owned())];
    let simulator = Simulator::start().await.unwrap();
    let key = program.api_key().await;
    let connection = program.connection(&simulator).await;
    let mut child = program
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .env("PAIRLINK_ADMIN_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(program.open_log())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = async || {
        let line = in_time("the proxy's start", lines.next_line()).await;
        line.unwrap().unwrap()
    };
    let url = line()
        .await
        .strip_prefix("listening on ")
        .unwrap()
        .to_owned();
    let metrics = line().await.strip_prefix("metrics on ").unwrap().to_owned();
    let desk = Desk {
        client: client(),
        url,
        key: key.clone(),
        connection,
    };
    let receiver = Receiver::open().await;
    let mut answers = Vec::new();

    let asked = json!({ "url": receiver.url, "events": ["connection.state"] });
    let hook = desk.ask(Method::POST, "/v1/webhooks").json(&asked);
    let hook = send(hook).await.json(201);
    let hook_secret = hook["secret"].as_str().unwrap().to_owned();
    let asked = json!({ "actions": ["read"], "origins": [ORIGIN] });
    let page = send(desk.of("/embed-tokens").json(&asked)).await.json(201);
    let page = page["token"].as_str().unwrap().to_owned();
    let request = desk.client.get(format!("{}/v1/events", desk.url));
    let mut events = Events::open(request.bearer_auth(&page).header("origin", ORIGIN)).await;
    events.until_state("waiting").await;
    receiver.receives(1).await;

    // A call that breaks off, and one that does not.
    let breaks = Fault::before(FaultKind::Disconnect);
    simulator.inject(wawp::MINT, breaks).unwrap();
    for _ in 0..2 {
        let issued = send(desk.of("/pass").json(&json!({ "method": "link" }))).await;
        if issued.status != 201 {
            answers.push(issued);
        }
    }
    let minted = simulator.ledger().remove(0).secret;
    let made = send(desk.of("/share-link").json(&json!({})))
        .await
        .json(201);
    let share = made["link"].as_str().unwrap().to_owned();
    let share_path = share.rsplit_once("/l/").unwrap().1.to_owned();
    let opened = desk.client.get(format!("{}/l/{share_path}", desk.url));
    drop(send(opened).await);
    let asked = json!({ "provider": "wawp", "credential": NOT_A_FIELD });
    let refused = desk.ask(Method::POST, "/v1/connections").json(&asked);
    answers.push(send(refused).await);
    for path in ["/v1/connections", "/v1/webhooks", "/healthz"] {
        answers.push(send(desk.ask(Method::GET, path)).await);
    }
    let copy = program.directory().join("copy.db");
    program.answer(&["backup", copy.to_str().unwrap()]).await;

    let mut said = vec![
        ("an answer".to_owned(), heard(&answers)),
        (
            "the metrics".to_owned(),
            send(desk.client.get(metrics)).await.text.into_bytes(),
        ),
        (
            "a webhook".to_owned(),
            format!("{:?}", receiver.posted()).into_bytes(),
        ),
    ];
    eventually("the proxy writes its log", async || {
        program.log().len() > 1000
    })
    .await;
    in_time("its end", child.kill()).await.unwrap();
    let master = program.directory().join("pairlink.key");
    for entry in std::fs::read_dir(program.directory()).unwrap() {
        let path = entry.unwrap().path();
        if path != master {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            said.push((name, std::fs::read(path).unwrap()));
        }
    }
    let last = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    let secrets = [
        ("access token", wawp::DEMO_ACCESS_TOKEN.to_owned()),
        ("API key", key),
        (
            "master key",
            std::fs::read_to_string(master).unwrap().trim().to_owned(),
        ),
        ("webhook secret", hook_secret),
        ("embed token", page),
        ("link", last(&minted)),
        ("share link", share_path),
        ("refused value", NOT_A_FIELD.to_owned()),
    ];
    Life {
        said,
        secrets: secrets
            .map(|(name, secret)| (name.to_owned(), secret))
            .to_vec(),
    }
}

struct Desk {
    client: Client,
    url: String,
    key: String,
    connection: String,
}

impl Desk {
    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.bearer_auth(&self.key)
    }

    fn of(&self, rest: &str) -> RequestBuilder {
        let path = format!("/v1/connections/{}{rest}", self.connection);
        self.ask(Method::POST, &path)
    }
}

fn heard(answers: &[Answer]) -> Vec<u8> {
    let said: Vec<String> = answers
        .iter()
        .map(|answer| format!("{:?}\n{}\n", answer.headers, answer.text))
        .collect();
    said.join("\n").into_bytes()
}

/// What stands where it must not.
async fn leaks(defect: &'static str) -> Vec<String> {
    let life = lead(defect).await;
    let secrets: Vec<(&str, &str)> = life
        .secrets
        .iter()
        .map(|(name, secret)| (name.as_str(), secret.as_str()))
        .collect();
    let mut leaks = Vec::new();
    for (place, bytes) in &life.said {
        for name in found(&secrets, bytes) {
            leaks.push(format!("{name} in {place}"));
        }
    }
    leaks
}

#[tokio::test]
async fn nothing_is_planted_and_nothing_is_found() {
    assert_eq!(leaks("").await, [""; 0]);
}

macro_rules! planted {
    ($($test:ident: $defect:literal, $found:literal;)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                let found: Value = leaks($defect).await.into();
                let found = found.to_string();
                assert!(found.contains($found), "{found}");
            }
        )*
    };
}

planted! {
    planted_in_a_log_line_it_is_found: "leak-log", "access token in log";
    planted_in_an_error_of_a_library_it_is_found: "leak-error", "access token in log";
    planted_in_a_debug_print_it_is_found: "leak-debug", "access token in log";
    planted_in_an_address_that_is_logged_it_is_found: "leak-address", "share link in log";
    planted_in_a_body_that_is_logged_it_is_found: "leak-body", "refused value in log";
    planted_in_what_a_command_says_it_is_found: "leak-key", "API key in log";
    planted_in_a_label_of_a_metric_it_is_found: "leak-metric", "access token in the metrics";
    planted_in_an_audit_record_it_is_found: "leak-audit", "link in pairlink.db";
    planted_in_a_column_that_is_not_sealed_it_is_found: "leak-column", "link in pairlink.db";
    planted_in_a_webhook_it_is_found: "leak-webhook", "webhook secret in a webhook";
    planted_in_a_header_of_an_answer_it_is_found: "leak-header", "API key in an answer";
    planted_in_a_problem_it_is_found: "leak-answer", "refused value in an answer";
    planted_beside_a_backup_it_is_found: "leak-backup", "master key in copy.db.note";
}
