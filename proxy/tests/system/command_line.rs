//! What operators type.
#![cfg(unix)]

mod credentials;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use pairlink_simulator::Simulator;
use serde_json::Value;

use crate::harness::answer::send;
use crate::harness::in_time;
use crate::harness::leaks::found;
use crate::harness::program::Program;
use crate::harness::world::{client, random};

/// One clear line, and exit code 1.
#[track_caller]
fn assert_refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    let complaint = said.lines().find(|line| line.starts_with("pairlink: "));
    assert!(complaint.is_some_and(|line| line.contains(words)), "{said}");
}

#[tokio::test]
async fn api_keys_are_made_listed_and_revoked_while_it_runs() {
    let program = Program::new();
    let running = program.serve().await;
    let said = program
        .answer(&["api-key", "create", "--tenant", "acme"])
        .await;
    let key = said.strip_suffix('\n').unwrap();
    assert!(key.starts_with("plk_") && key.len() == 53, "the key alone");
    let works = async || {
        let request = client().get(format!("{}/v1/connections", running.url));
        send(request.bearer_auth(key)).await
    };
    works().await.json(200);

    let list = program.answer(&["api-key", "list"]).await;
    let last_four = &key[key.len() - 4..];
    assert!(list.contains(last_four) && list.contains("acme") && list.contains("active"));
    assert!(!list.contains(key));
    let rows = program.answer(&["api-key", "list", "--json"]).await;
    let row: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&row["tenant"], &row["revoked_at"]),
        (&"acme".into(), &Value::Null)
    );
    assert_eq!(row["last_four"], last_four);
    let id = row["id"].as_str().unwrap();

    for _twice in 0..2 {
        assert_eq!(program.answer(&["api-key", "revoke", id]).await, "");
    }
    works().await.problem("unauthenticated");
    assert!(
        program
            .answer(&["api-key", "list"])
            .await
            .contains("revoked")
    );
    let unknown = program.run(&["api-key", "revoke", "key_unknown"]).await;
    assert_refused(&unknown, "key_unknown");
    let bad = program.run(&["api-key", "create", "--tenant", "a b"]).await;
    assert_refused(&bad, "tenant");
    // Which tenants is never guessed.
    let neither = program.run(&["api-key", "create"]).await;
    assert_eq!(neither.status.code(), Some(2));
    assert_eq!(found(&[("API key", key)], &program.log()), [""; 0]);
    running.kill().await;
}

#[tokio::test]
async fn connections_are_added_listed_and_removed() {
    let program = Program::new();
    let simulator = Simulator::start().await.unwrap();
    let id = program.connection(&simulator).await;
    assert!(id.starts_with("con_") && id.len() == 24, "the name alone");
    let list = program.answer(&["connection", "list"]).await;
    assert!(list.contains(&id) && list.contains("Acme support line"));
    let rows = program
        .answer(&["connection", "list", "--json", "--tenant", "default"])
        .await;
    let row: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(row["id"], id.as_str());
    assert_eq!(row["provider"], "wawp");
    let others = program
        .answer(&["connection", "list", "--tenant", "acme"])
        .await;
    assert_eq!(others, "");
    assert_eq!(program.answer(&["connection", "remove", &id]).await, "");
    assert_eq!(program.answer(&["connection", "list"]).await, "");
}

#[tokio::test]
async fn a_connection_is_added_with_the_phone_that_it_expects() {
    let program = Program::new();
    let file = program.directory().join("credentials.json");
    let credentials = serde_json::json!({ "instance_id": random(12), "access_token": random(30) });
    std::fs::write(&file, credentials.to_string()).unwrap();
    let add = async |number: &str| {
        let file = file.to_str().unwrap();
        let options = ["--provider", "wawp", "--credentials-file", file];
        let arguments = [
            &["connection", "add", "--expected-phone", number],
            &options[..],
        ];
        program.run(&arguments.concat()).await
    };
    assert_refused(
        &add("0044").await,
        "--expected-phone: not an international phone number",
    );
    let added = add("+44 113 496 0000").await;
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    let id = String::from_utf8(added.stdout).unwrap();
    let (key, running) = (program.api_key().await, program.serve().await);
    let path = format!("{}/v1/connections/{}", running.url, id.trim());
    let read = send(client().get(path).bearer_auth(&key)).await.json(200);
    assert_eq!(read["expected_phone"], "\u{2026}0000");
    running.kill().await;
}

#[tokio::test]
async fn removing_a_connection_at_the_command_line_revokes_what_it_gave_out() {
    let program = Program::new();
    let simulator = Simulator::start().await.unwrap();
    let id = program.connection(&simulator).await;
    let key = program.api_key().await;
    let running = program.serve().await;
    let path = format!("{}/v1/connections/{id}/pass", running.url);
    let request = client().post(path).bearer_auth(&key);
    let issued = send(request.json(&serde_json::json!({ "method": "link" }))).await;
    issued.json(201);
    running.kill().await;
    assert_eq!(simulator.ledger().len(), 1);
    program.answer(&["connection", "remove", &id]).await;
    assert!(simulator.ledger().is_empty());
}

#[tokio::test]
async fn settings_that_are_not_known_are_refused_by_name() {
    let program = Program::new();
    for (name, value, words) in [
        ("PAIRLINK_LISEN", "x", "lisen"),
        ("PAIRLINK_LISTEN", "nowhere", "listen"),
        ("PAIRLINK_LOG", "info,pairlink=loud", "log"),
        ("PAIRLINK_DATABASE_URL", "mysql://x", "database_url"),
        (
            "PAIRLINK_PUBLIC_URL",
            "https://x.example/path",
            "public_url",
        ),
    ] {
        let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
        let output = in_time(name, command.env(name, value).output()).await;
        assert_refused(&output.unwrap(), words);
    }
    let file = program.directory().join("pairlink.toml");
    std::fs::write(&file, "database = \"x\"\n").unwrap();
    let output = program
        .run(&["--config", file.to_str().unwrap(), "serve"])
        .await;
    assert_refused(&output, "database");
    let missing = program.run(&["--config", "/nowhere/pairlink.toml", "serve"]);
    assert_refused(&missing.await, "/nowhere/pairlink.toml");
}

#[tokio::test]
async fn a_port_in_use_is_told_in_one_line() {
    let program = Program::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = program.run(&["serve", "--listen", &address]).await;
    assert_refused(&output, &address);
    drop(taken);
}

fn set_mode(file: &Path, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(file, permissions).unwrap();
}

#[tokio::test]
async fn the_master_key_is_made_once_and_for_its_owner_alone() {
    let program = Program::new();
    let file = program.directory().join("pairlink.key");
    let key = program.api_key().await;
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.trim().len(), 64);
    program.answer(&["api-key", "list"]).await;
    assert!(std::fs::read_to_string(&file).unwrap() == text, "made anew");

    for mode in [0o640, 0o604, 0o660] {
        set_mode(&file, mode);
        let output = program.run(&["api-key", "list"]).await;
        assert_refused(&output, "chmod 600");
        let running = program.run(&["serve", "--listen", "127.0.0.1:0"]).await;
        assert_refused(&running, "pairlink.key");
    }
    set_mode(&file, 0o600);

    for other in [
        "0".repeat(64),
        "f".repeat(64),
        "x".repeat(64),
        "00".to_owned(),
        String::new(),
    ] {
        std::fs::write(&file, &other).unwrap();
        let output = program.run(&["serve", "--listen", "127.0.0.1:0"]).await;
        assert_refused(&output, "pairlink.key");
        let said = output.stderr;
        assert_eq!(
            found(&[("key", text.trim()), ("API key", &key)], &said),
            [""; 0]
        );
    }
    std::fs::write(&file, &text).unwrap();
    program.answer(&["api-key", "list"]).await;

    // Lost, it is not quietly made again for a database that was sealed with it.
    std::fs::remove_file(&file).unwrap();
    let output = program.run(&["api-key", "list"]).await;
    assert_refused(&output, "there is no");
    assert!(!file.exists());
}

#[tokio::test]
async fn the_api_document_can_be_printed() {
    let program = Program::new();
    let printed = program.answer(&["openapi"]).await;
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let document = serde_json::to_value(pairlink_proxy::http::document()).unwrap();
    assert_eq!(printed, document);
    assert!(!program.directory().join("pairlink.db").exists());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_crash_leaves_no_memory_in_a_file() {
    use std::os::unix::process::ExitStatusExt as _;

    let program = Program::new();
    let mut running = program.serve().await;
    let id = running.child.id().unwrap().to_string();
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");

    let sent = tokio::process::Command::new("kill")
        .args(["-ABRT", &id])
        .status()
        .await;
    assert!(sent.unwrap().success());
    let ended = in_time("its end", running.child.wait()).await.unwrap();
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped());
}

#[tokio::test]
async fn a_master_key_is_made_on_request_and_never_over_another() {
    let program = Program::new();
    let file = program.directory().join("made.key");
    let name = file.to_str().unwrap();
    let said = program.answer(&["key", "create", name]).await;
    assert!(said.starts_with(name) && said.contains("mk_"), "{said}");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!said.contains(text.trim()), "the key itself");
    assert_refused(&program.run(&["key", "create", name]).await, "already");
    assert!(std::fs::read_to_string(&file).unwrap() == text);
}

#[tokio::test]
async fn the_address_of_a_server_is_in_no_complaint() {
    const PASSWORD: &str = "a-password-of-the-database";
    let program = Program::new();
    for address in [
        // Nobody listens there.
        format!("postgres://pairlink:{PASSWORD}@127.0.0.1:1/pairlink"),
        format!("postgres://pairlink:{PASSWORD}@127.0.0.1:port/pairlink"),
        format!("postgresql://pairlink:{PASSWORD}@127.0.0.1/pairlink?sslmode={PASSWORD}"),
        format!("mysql://pairlink:{PASSWORD}@127.0.0.1/pairlink"),
    ] {
        let mut command = program.command(&["api-key", "list"]);
        command.env("PAIRLINK_DATABASE_URL", &address);
        let output = in_time("the command's end", command.output())
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        for said in [&output.stdout, &output.stderr] {
            assert_eq!(found(&[("password", PASSWORD)], said), [""; 0]);
        }
    }
}

#[tokio::test]
async fn backups_of_a_server_are_left_to_its_own_tools() {
    let program = Program::new();
    for arguments in [["backup", "saved"], ["restore", "saved"]] {
        let mut command = program.command(&arguments);
        command.env("PAIRLINK_DATABASE_URL", "postgres://127.0.0.1:1/pairlink");
        let output = in_time("the command's end", command.output())
            .await
            .unwrap();
        assert_refused(&output, "pg_");
    }
}

#[tokio::test]
async fn the_master_key_can_come_from_a_program_and_be_replaced() {
    let program = Program::new();
    let script = program.directory().join("ask");
    let (former, new) = ("ab".repeat(32), "cd".repeat(32));
    let says = |keys: &[&str]| {
        let lines = keys.join("\necho ");
        std::fs::write(&script, format!("#!/bin/sh\necho {lines}\n")).unwrap();
        set_mode(&script, 0o700);
    };
    let run = async |arguments: &[&str]| {
        let mut command = program.command(arguments);
        command
            .env_remove("PAIRLINK_MASTER_KEY_FILE")
            .env("PAIRLINK_MASTER_KEY_COMMAND", &script);
        in_time("the command's end", command.output())
            .await
            .unwrap()
    };
    let done = |output: &Output| assert_eq!(output.status.code(), Some(0), "{output:?}");
    says(&[&former]);
    done(&run(&["api-key", "create", "--all-tenants"]).await);
    // There is nothing to replace it by yet.
    let rotate = ["key", "rotate", "--master-only"];
    assert_refused(&run(&rotate).await, "second line");
    says(&[&new, &former]);
    done(&run(&["api-key", "list"]).await);
    done(&run(&rotate).await);
    says(&[&new]);
    done(&run(&["api-key", "list"]).await);
    done(&run(&["key", "rotate", "--data-only"]).await);
    says(&[&former]);
    assert_refused(&run(&["api-key", "list"]).await, "is not the key");
    says(&["a-secret-that-is-no-key"]);
    let refused = run(&["api-key", "list"]).await;
    assert_refused(&refused, "does not say the master key");
    for said in [&refused.stdout, &refused.stderr] {
        assert_eq!(
            found(&[("secret", "a-secret-that-is-no-key")], said),
            [""; 0]
        );
    }
}
