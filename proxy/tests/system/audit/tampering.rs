//! Somebody changes the audit in the database's own file, and is found out.

use serde_json::{Value, json};

use crate::harness::books::{Books, meddle};
use crate::harness::eventually;
use crate::harness::program::Program;

/// Somebody who can write to the database can do this too.
const DISARM: &str = "DROP TRIGGER audit_is_never_shortened; DROP TRIGGER audit_is_sealed_once;
                      DROP INDEX audit_by_position; CREATE TEMP TABLE former AS SELECT * FROM audit;";

/// A store whose audit has ten rows. Heads of the first one and of the first eight were
/// shipped.
async fn ten_rows() -> Program {
    let program = Program::new();
    program.api_key().await;
    let proxy = program.serve().await;
    eventually("the first head", async || program.heads().exists()).await;
    for _key in 0..7 {
        program.api_key().await;
    }
    let mut books = Books::open(program.directory()).await;
    eventually("eight sealed rows", async || {
        books
            .column("SELECT 'x' FROM audit WHERE position > 0")
            .await
            .len()
            == 8
    })
    .await;
    assert_eq!(proxy.signal("-TERM").await, Some(0));
    for _key in 0..2 {
        program.api_key().await;
    }
    program
}

/// What `audit verify` says, and with which exit code.
async fn verdict(program: &Program, heads: bool) -> (i32, Value) {
    let file = program.heads();
    let mut arguments = vec!["audit", "verify", "--json"];
    if heads {
        arguments.extend(["--heads", file.to_str().unwrap()]);
    }
    let output = program.run(&arguments).await;
    let said = serde_json::from_slice(&output.stdout).unwrap_or_else(|_none| panic!("{output:?}"));
    (output.status.code().unwrap(), said)
}

/// What is found after these statements: the kind, the position, and where it ends.
async fn found(program: &Program, statements: &str, heads: bool) -> Value {
    let copy = program.copy();
    let statements = format!("{DISARM} {statements}");
    meddle(copy.directory(), statements.leak()).await;
    let (code, said) = verdict(&copy, heads).await;
    if said["ok"] == true {
        assert_eq!(code, 0);
        return json!(["ok", said["count"]]);
    }
    assert_eq!(code, 1);
    json!([said["finding"], said["position"], said["until"]])
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a table of cases is longer than code"
)]
async fn whatever_is_done_to_a_row_is_named() {
    let program = ten_rows().await;
    let (code, said) = verdict(&program, true).await;
    assert_eq!(
        (code, &said["ok"], &said["count"]),
        (0, &json!(true), &json!(10))
    );
    assert_eq!((&said["heads"], &said["unsealed"]), (&json!(2), &json!(0)));
    let shift = |from: u32, by: &str| {
        format!("UPDATE audit SET position = position {by} WHERE position > {from};")
    };
    let swap = |columns: &str, one: u32, other: u32| {
        format!(
            "UPDATE audit SET ({columns}) = (SELECT {columns} FROM former WHERE former.position = {one} + {other} - audit.position)
             WHERE position IN ({one}, {other});"
        )
    };
    let swap_words = |one: u32, other: u32| {
        // No two rows may have one sequence, not even in between.
        let words = "at, tenant, actor_kind, actor, action, object, outcome, request, sequence";
        let aside =
            format!("UPDATE audit SET sequence = -sequence WHERE position IN ({one}, {other});");
        aside + &swap(words, one, other)
    };
    let invent = |position: &str, mac: &str| {
        format!(
            "INSERT INTO audit (at, actor_kind, actor, action, object, outcome, position, sealed_by, mac)
             SELECT at, actor_kind, actor, action, 'key_invented', outcome, {position}, sealed_by, {mac}
             FROM audit WHERE sequence = 3;"
        )
    };
    let macs = "mac";
    let cases = [
        (
            "UPDATE audit SET object = 'key_another' WHERE position = 4;".to_owned(),
            json!(["edited", 4, null]),
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE position = 1;".to_owned(),
            json!(["edited", 1, null]),
        ),
        (
            "UPDATE audit SET request = '' WHERE position = 10;".to_owned(),
            json!(["edited", 10, null]),
        ),
        (
            "UPDATE audit SET sealed_by = 'dek_none' WHERE position = 5;".to_owned(),
            json!(["edited", 5, null]),
        ),
        (
            "UPDATE audit SET mac = NULL WHERE position = 5;".to_owned(),
            json!(["edited", 5, null]),
        ),
        (swap(macs, 4, 5), json!(["edited", 4, null])),
        (swap(macs, 4, 9), json!(["edited", 4, null])),
        (
            "DELETE FROM audit WHERE position = 4;".to_owned(),
            json!(["missing", 4, 4]),
        ),
        (
            "DELETE FROM audit WHERE position IN (4, 5, 6);".to_owned(),
            json!(["missing", 4, 6]),
        ),
        (
            format!("DELETE FROM audit WHERE position = 4; {}", shift(4, "- 1")),
            json!(["missing", 4, 4]),
        ),
        (
            format!(
                "DELETE FROM audit WHERE position IN (4, 5); {}",
                shift(5, "- 2")
            ),
            json!(["missing", 4, 5]),
        ),
        (
            "DELETE FROM audit WHERE position <= 3;".to_owned(),
            json!(["missing", 1, 3]),
        ),
        (
            format!("DELETE FROM audit WHERE position <= 3; {}", shift(3, "- 3")),
            json!(["missing", 1, 3]),
        ),
        (swap("position", 4, 5), json!(["out_of_order", 4, null])),
        (swap("position", 2, 9), json!(["out_of_order", 2, null])),
        (swap_words(4, 5), json!(["out_of_order", 4, null])),
        (swap_words(2, 9), json!(["out_of_order", 2, null])),
        (
            "UPDATE audit SET position = 11 WHERE position = 4;".to_owned(),
            json!(["out_of_order", 11, null]),
        ),
        (
            format!("{} {}", shift(4, "+ 1"), invent("5", "mac")),
            json!(["inserted", 5, null]),
        ),
        (
            format!(
                "{} {}",
                shift(4, "+ 2"),
                invent("5", "mac") + &invent("6", "'x'")
            ),
            json!(["inserted", 5, null]),
        ),
        (invent("5", "mac"), json!(["inserted", 5, null])),
        (invent("0", "mac"), json!(["inserted", 0, null])),
        (
            invent("11", "(SELECT mac FROM audit WHERE position = 10)"),
            json!(["inserted", 11, null]),
        ),
        (invent("NULL", "NULL"), json!(["unsealed", null, null])),
        (
            "DELETE FROM audit WHERE position > 6;".to_owned(),
            json!(["tail_cut", 6, 10]),
        ),
        ("DELETE FROM audit;".to_owned(), json!(["tail_cut", 0, 10])),
    ];
    for (statements, expected) in cases {
        // A row without a place is written a moment ago unless it says otherwise.
        let statements = statements + "UPDATE audit SET at = at - 60000 WHERE position IS NULL;";
        let finding = found(&program, &statements, false).await;
        assert_eq!(finding, expected, "{statements}");
    }
}

/// Cuts the chain, and writes down that it ends there.
fn cut(after: u32) -> String {
    format!(
        "DELETE FROM audit WHERE position > {after};
         UPDATE audit_sealing SET position = {after}, mac = (SELECT mac FROM audit WHERE position = {after});"
    )
}

#[tokio::test]
async fn a_cut_that_leaves_no_trace_is_shown_by_the_heads() {
    let program = ten_rows().await;
    assert_eq!(found(&program, &cut(6), false).await, json!(["ok", 6]));
    assert_eq!(
        found(&program, &cut(6), true).await,
        json!(["tail_cut", 6, 8])
    );
    // What no head has seen yet is gone without a trace.
    assert_eq!(found(&program, &cut(8), true).await, json!(["ok", 8]));

    let regrown = program.copy();
    let statements = format!("{DISARM} {}", cut(6));
    meddle(regrown.directory(), statements.leak()).await;
    for _key in 0..4 {
        regrown.api_key().await;
    }
    let (_code, said) = verdict(&regrown, false).await;
    assert_eq!((&said["ok"], &said["count"]), (&json!(true), &json!(10)));
    let (code, said) = verdict(&regrown, true).await;
    assert_eq!((code, &said["finding"]), (1, &json!("replaced")));
    assert_eq!((&said["position"], &said["until"]), (&json!(1), &json!(8)));
}

#[tokio::test]
async fn heads_are_signed_private_and_hold_against_forgery() {
    let program = ten_rows().await;
    let heads = std::fs::read_to_string(program.heads()).unwrap();
    let head: Value = serde_json::from_str(heads.lines().last().unwrap()).unwrap();
    assert_eq!((&head["position"], &head["count"]), (&json!(8), &json!(8)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(program.heads())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let log = String::from_utf8(program.log()).unwrap();
    let signature = head["signature"].as_str().unwrap();
    assert!(log.contains("pairlink_proxy::audit::head") && log.contains(signature));

    let public = program.answer(&["audit", "key"]).await;
    assert_eq!(public.trim().len(), 43);
    let said = program.answer(&["audit", "key", "--json"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["public"], &said["key"]),
        (&json!(public.trim()), &head["key"])
    );

    for (field, value) in [
        ("position", json!(9)),
        ("count", json!(9)),
        ("at", json!("2026-01-01T00:00:00.000Z")),
        ("mac", json!("A".repeat(43))),
        ("signature", json!("A".repeat(86))),
        ("signature", json!("")),
    ] {
        let mut forged = head.clone();
        forged[field] = value;
        std::fs::write(program.heads(), format!("{heads}{forged}\n")).unwrap();
        let (code, said) = verdict(&program, true).await;
        assert_eq!(
            (code, &said["finding"]),
            (1, &json!("forged_head")),
            "{field}"
        );
        assert_eq!(said["line"], heads.lines().count() + 1);
    }
    // A file without heads shows nothing, and does not pass for one that does.
    std::fs::write(program.heads(), "{}\n").unwrap();
    let file = program.heads();
    let arguments = ["audit", "verify", "--heads", file.to_str().unwrap()];
    let output = program.run(&arguments).await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[tokio::test]
async fn a_finding_is_said_in_words() {
    let program = ten_rows().await;
    let output = program.run(&["audit", "verify"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("OK  10 rows  head "), "{said}");
    let statements =
        format!("{DISARM} UPDATE audit SET object = 'key_another' WHERE position = 4;");
    meddle(program.directory(), statements.leak()).await;
    let output = program.run(&["audit", "verify"]).await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    let words = "position 4, row 4 about \"key_another\": edited";
    assert!(said.contains(words), "{said}");
}
