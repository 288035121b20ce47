//! The API document against a running proxy: requests made of it, right and wrong ones, and the answers held against it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};

use super::count::Count;
use crate::demo::{Stage, build_programs, free_ports};
use crate::tools::{on_path, schemathesis};
use crate::workspace::Workspace;
use crate::{process, say};

/// Where the servers look for three free ports.
const FIRST_PORT: u16 = 9100;

/// No server's fault, and nothing that the document does not say: status, type, headers, body.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

const ORIGIN: &str = "https://app.example";
const ACCOUNT: &str =
    r#"{"instance_id": "DEMO00000001", "access_token": "demo-access-token-not-a-secret"}"#;

/// Runs it as a backend and as a page, for about a minute each. Without Python it is left out on a person's machine, with
/// words; where `CI` is set that is a failure.
pub(super) fn run(workspace: &Workspace) -> Result<Count> {
    if on_path("python3").is_none() {
        let words = "Schemathesis needs Python 3.10 or newer (https://python.org)";
        if std::env::var_os("CI").is_some() {
            bail!(words);
        }
        say(format!("the API document is left out: {words}"));
        return Ok([].into_iter().sum());
    }
    let program = schemathesis::provide()?;
    let mut stage = Stage::claim(workspace, "schema", free_ports(FIRST_PORT)?)?;
    let programs = build_programs(workspace, false)?;
    // No element: its files are not in the document.
    let nothing = stage.state.join("nothing");
    fs::create_dir(&nothing)?;
    stage.furnish(programs, nothing);
    stage.start_simulator()?;
    let key = stage.create_api_key()?;
    let connections = [connection(&stage)?, connection(&stage)?];
    stage.start_proxy_without_limits()?;
    let [for_backend, for_page] = &connections;
    let token = embed_token(&stage, &key, for_page)?;
    let settings = stage.state.join("schemathesis.toml");
    fs::write(
        &settings,
        format!(
            "[[operations]]\ninclude-path-regex = '^/v1/connections/\\{{id\\}}'\n\
             parameters = {{ \"path.id\" = \"{for_backend}\" }}\n"
        ),
    )?;
    let command = |bearer: &str| {
        let mut command = process::command(&program);
        command
            .arg("--config-file")
            .arg(&settings)
            .arg("run")
            .arg(format!("{}/openapi.json", stage.ports.proxy.url()))
            .args(["--checks", CHECKS])
            .args(["--phases", "examples,coverage,fuzzing"])
            .args(["--max-examples", "25", "--request-timeout", "20"])
            .args(["--no-color", "--header"])
            .arg(format!("Authorization: Bearer {bearer}"))
            .current_dir(&stage.state);
        command
    };
    let mut backend = command(&key);
    backend
        .args(["--max-time", "45"])
        // What providers answer is theirs; and the connection is needed to the end.
        .args([
            "--exclude-path-regex",
            "/upstream/|^/v1/(pass|events|session|share-link)",
        ])
        .args(["--exclude-name", "DELETE /v1/connections/{id}"]);
    let mut page = command(&token);
    page.args(["--max-time", "25", "--header"])
        .arg(format!("Origin: {ORIGIN}"))
        // Events do not come to an end.
        .args(["--include-path-regex", "^/v1/(pass|session|share-link)"]);
    let counts = [
        judged("as a backend", &mut backend)?,
        judged("as a page", &mut page)?,
    ];
    Ok(counts.into_iter().sum())
}

fn judged(who: &str, command: &mut Command) -> Result<Count> {
    say(format!("requests made of the API document, {who}"));
    let (status, output) = process::tee(command)?;
    // A run that reached nothing would find nothing.
    let reached = output.contains("Test cases:");
    Ok(if status.success() && reached {
        Count::SUCCESS
    } else {
        Count::FAILURE
    })
}

fn connection(stage: &Stage) -> Result<String> {
    let mut add = stage.pairlink();
    add.args(["connection", "add", "--provider", "wawp", "--base-url"])
        .arg(stage.ports.simulator.url())
        .args(["--credentials-file", "-"]);
    let id = process::output_with_input(&mut add, ACCOUNT.as_bytes())?;
    Ok(id.trim().to_owned())
}

/// By one request, for which no client is worth its weight.
fn embed_token(stage: &Stage, key: &str, connection: &str) -> Result<String> {
    let body = json!({
        "actions": ["read", "issue", "revoke", "logout"], "origins": [ORIGIN], "ttl_seconds": 3600,
    })
    .to_string();
    let mut stream = TcpStream::connect(stage.ports.proxy.authority())?;
    write!(
        stream,
        "POST /v1/connections/{connection}/embed-tokens HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\
         authorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| anyhow!("no answer to a request for an embed token"))?;
    let given: Value = serde_json::from_str(body).context("an embed token")?;
    given
        .get("token")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .context("no embed token")
}
