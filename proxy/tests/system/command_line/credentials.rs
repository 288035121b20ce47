//! Credentials at the command line.

use pairlink_simulator::{Simulator, wawp};
use serde_json::Value;

use super::assert_refused;
use crate::harness::leaks::found;
use crate::harness::program::Program;
use crate::harness::world::random;

#[tokio::test]
async fn credentials_that_cannot_be_are_refused_and_not_repeated() {
    let program = Program::new();
    let file = program.directory().join("credentials.json");
    let name = file.to_str().unwrap().to_owned();
    let secret = random(30);
    let add = async |text: &str| {
        std::fs::write(&file, text).unwrap();
        let output = program
            .run(&[
                "connection",
                "add",
                "--provider",
                "wawp",
                "--credentials-file",
                &name,
            ])
            .await;
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        assert_eq!(found(&[("secret", &secret)], &said), [""; 0]);
        output
    };
    let id = wawp::DEMO_INSTANCE_ID;
    for (text, words) in [
        (String::new(), "JSON"),
        (format!("{{\"access_token\": \"{secret}\""), "JSON"),
        (format!("{{\"access_token\": [\"{secret}\"]}}"), "JSON"),
        (format!("[\"{secret}\"]"), "JSON"),
        (format!("{{\"access_token\": \"{secret}\"}}"), "instance_id"),
        (
            format!("{{\"instance_id\": \"{secret}\", \"access_token\": \"x\"}}"),
            "instance_id",
        ),
        (
            format!("{{\"instance_id\": \"{id}\", \"access_token\": \"{secret} \"}}"),
            "access_token",
        ),
    ] {
        assert_refused(&add(&text).await, words);
    }
    std::fs::remove_file(&file).unwrap();
    let output = program
        .run(&[
            "connection",
            "add",
            "--provider",
            "wawp",
            "--credentials-file",
            &name,
        ])
        .await;
    assert_refused(&output, &name);
}

#[tokio::test]
async fn credentials_are_listed_and_replaced() {
    let program = Program::new();
    let simulator = Simulator::start().await.unwrap();
    let id = program.connection(&simulator).await;
    let rows = program.answer(&["credentials", "list", "--json"]).await;
    let row: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(row["connection"], id.as_str());
    assert_eq!(
        (&row["kind"], &row["state"]),
        (&"account".into(), &"valid".into())
    );
    let list = program
        .answer(&["credentials", "list", "--tenant", "default"])
        .await;
    assert!(list.contains(&id) && list.contains("account") && list.contains("without end"));
    let others = program
        .answer(&["credentials", "list", "--tenant", "acme"])
        .await;
    assert_eq!(others, "");

    let file = program.directory().join("credentials.json");
    let name = file.to_str().unwrap().to_owned();
    let secret = random(40);
    let rotate = async |id: &str, text: String| {
        std::fs::write(&file, text).unwrap();
        let output = program
            .run(&["credentials", "rotate", id, "--credentials-file", &name])
            .await;
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        assert_eq!(found(&[("secret", &secret)], &said), [""; 0]);
        output
    };
    let instance = wawp::DEMO_INSTANCE_ID;
    let good = format!("{{\"instance_id\": \"{instance}\", \"access_token\": \"{secret}\"}}");
    let bad = format!("{{\"access_token\": \"{secret}\"}}");
    assert_refused(&rotate(&id, bad).await, "instance_id");
    assert_refused(&rotate("con_none", good.clone()).await, "con_none");
    assert_eq!(rotate(&id, good).await.status.code(), Some(0));
    let rows = program.answer(&["credentials", "list", "--json"]).await;
    let after: Value = serde_json::from_str(&rows).unwrap();
    assert!(after["issued_at"].as_str() > row["issued_at"].as_str());
    assert_eq!(found(&[("secret", &secret)], rows.as_bytes()), [""; 0]);
}

#[tokio::test]
async fn credentials_are_imported_with_their_age_all_or_none() {
    let program = Program::new();
    let simulator = Simulator::start().await.unwrap();
    let (one, other) = (
        program.connection(&simulator).await,
        program.connection(&simulator).await,
    );
    let file = program.directory().join("credentials.jsonl");
    let name = file.to_str().unwrap().to_owned();
    let secret = random(40);
    let import = async |lines: &[Value]| {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        std::fs::write(&file, lines.join("\n")).unwrap();
        let output = program
            .run(&["credentials", "import", "--file", &name])
            .await;
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        assert_eq!(found(&[("secret", &secret)], &said), [""; 0]);
        output
    };
    let line = |id: &str| {
        let made = "2026-01-01T00:00:00.000Z";
        serde_json::json!({
            "connection": id, "issued_at": made,
            "credentials": { "instance_id": wawp::DEMO_INSTANCE_ID, "access_token": secret },
            "policy": { "lifetime": "fixed", "expires_after_days": 3650 },
        })
    };
    let with = |key: &str, value: Value| {
        let mut line = line(&other);
        line[key] = value;
        line
    };
    let before = program.answer(&["credentials", "list", "--json"]).await;
    for (bad, words) in [
        (line("con_none"), "line 2"),
        (
            with("issued_at", "2999-01-01T00:00:00.000Z".into()),
            "issued_at",
        ),
        (with("issued_at", "yesterday".into()), "issued_at"),
        (with("isued_at", "x".into()), "isued_at"),
        (
            with("credentials", serde_json::json!({ "access_token": secret })),
            "credentials.instance_id",
        ),
        (
            with("credentials", serde_json::json!([secret])),
            "credentials",
        ),
        (
            with(
                "policy",
                serde_json::json!({ "lifetime": "fixed", "expires_after_days": 0 }),
            ),
            "policy.expires_after_days",
        ),
        (secret.clone().into(), "line 2"),
    ] {
        let output = import(&[line(&one), bad]).await;
        assert_refused(&output, words);
        assert_refused(&output, "line 2");
        // Not the good line either.
        assert_eq!(
            program.answer(&["credentials", "list", "--json"]).await,
            before
        );
    }
    let output = import(&[line(&one), line(&other)]).await;
    assert_eq!(String::from_utf8_lossy(&output.stdout), "imported 2\n");
    let rows = program.answer(&["credentials", "list", "--json"]).await;
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        assert_eq!(row["issued_at"], "2026-01-01T00:00:00.000Z");
        assert_eq!(row["lifetime"], "fixed");
    }
}
