//! `pairlink key rotate`, as an operator types it, and killed as the power does.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pairlink_simulator::Simulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::in_time;
use crate::harness::leaks::found;
use crate::harness::program::{Program, Running};
use crate::harness::world::client;

fn key_file(program: &Program) -> PathBuf {
    program.directory().join("pairlink.key")
}

/// The names of the files that hold master keys.
fn key_files(program: &Program) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(program.directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("pairlink.key"))
        .collect();
    names.sort();
    names
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// The link that the proxy gives out, so that it has opened credentials and content.
async fn live(running: &Running, key: &str, connection: &str) -> Value {
    let path = format!("{}/v1/connections/{connection}/pass", running.url);
    let request = client().request(Method::GET, path).bearer_auth(key);
    send(request).await.json(200)["pass"].take()
}

#[tokio::test]
async fn both_keys_are_replaced_while_it_runs() {
    let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
    let (api_key, connection) = (
        program.api_key().await,
        program.connection(&simulator).await,
    );
    let running = program.serve().await;
    let path = format!("{}/v1/connections/{connection}/pass", running.url);
    let request = client().post(&path).bearer_auth(&api_key);
    let issued = send(request.json(&json!({ "method": "link" })))
        .await
        .json(201);
    let former = read(&key_file(&program));

    let rotated = program.run(&["key", "rotate", "--json"]).await;
    assert_eq!(rotated.status.code(), Some(0));
    let said: Value = serde_json::from_slice(&rotated.stdout).unwrap();
    assert_eq!(said["resealed"], 2);
    assert_eq!(
        (&said["unopened"], &said["keys_kept"]),
        (&json!(0), &json!(1))
    );
    let new = read(&key_file(&program));
    assert_ne!(new, former);
    let mode = std::fs::metadata(key_file(&program))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        key_files(&program),
        ["pairlink.key"],
        "nothing is left of the former one"
    );

    // The running proxy, and one that starts now.
    assert_eq!(live(&running, &api_key, &connection).await, issued["pass"]);
    let again = send(
        client()
            .post(&path)
            .bearer_auth(&api_key)
            .json(&json!({ "method": "link" })),
    )
    .await;
    let again = again.json(201)["pass"].take();
    running.kill().await;
    let running = program.serve().await;
    assert_eq!(live(&running, &api_key, &connection).await, again);
    running.kill().await;

    // The former key opens nothing, and what is said of it names a data key and no more.
    std::fs::write(key_file(&program), &former).unwrap();
    let refused = program.run(&["api-key", "list"]).await;
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        words.contains("the master key does not open data key dek_"),
        "{words}"
    );
    let secrets = [
        ("former", former.trim()),
        ("new", new.trim()),
        ("API key", &api_key),
    ];
    assert_eq!(found(&secrets, words.as_bytes()), [""; 0]);
    assert_eq!(found(&secrets, &program.log()), [""; 0]);
    assert!(rotated.stderr.len() > 1000, "it logs at the finest level");
    assert_eq!(found(&secrets, &rotated.stderr), [""; 0]);
}

#[tokio::test]
async fn one_kind_of_key_can_be_replaced_alone_and_the_former_master_key_kept() {
    let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
    program.connection(&simulator).await;
    let former = read(&key_file(&program));
    let said = program
        .answer(&["key", "rotate", "--data-only", "--json"])
        .await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["master_key"], &said["resealed"]),
        (&Value::Null, &json!(1))
    );
    assert_eq!(read(&key_file(&program)), former);

    let arguments = ["key", "rotate", "--master-only", "--keep-former", "--json"];
    let said: Value = serde_json::from_str(&program.answer(&arguments).await).unwrap();
    assert_eq!(
        (&said["data_key"], &said["resealed"]),
        (&Value::Null, &json!(0))
    );
    let kept = said["master_key"]["kept_in"].as_str().unwrap();
    assert_eq!(read(Path::new(kept)), former);
    assert_eq!(key_files(&program).len(), 2);
    program.answer(&["connection", "list"]).await;
    let both = program
        .run(&["key", "rotate", "--master-only", "--data-only"])
        .await;
    assert_eq!(both.status.code(), Some(2));
}

#[tokio::test]
async fn every_state_of_the_key_files_opens_and_comes_to_its_end() {
    let other = "11".repeat(32);
    // What stands beside the key when somebody was interrupted, and whether the key itself is the new one by then.
    for (beside, replaced) in [
        (vec![("new", "half")], false),
        (vec![("new", other.as_str())], false),
        (vec![("new", other.as_str()), ("old", "former")], false),
        (vec![("old", "former")], true),
    ] {
        let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
        program.connection(&simulator).await;
        let file = key_file(&program);
        let former = read(&file);
        let case = format!("{beside:?}");
        for (ending, text) in &beside {
            let text = if *text == "former" {
                former.as_str()
            } else {
                text
            };
            let path = program.directory().join(format!("pairlink.key.{ending}"));
            std::fs::copy(&file, &path).unwrap();
            std::fs::write(path, text).unwrap();
        }
        if replaced {
            std::fs::write(&file, &other).unwrap();
        }
        // It opens as it is.
        assert_ne!(program.answer(&["connection", "list"]).await, "", "{case}");
        program.answer(&["key", "rotate", "--master-only"]).await;
        assert_ne!(program.answer(&["connection", "list"]).await, "", "{case}");
        assert_eq!(key_files(&program), ["pairlink.key"], "{case}");
        let resumed = beside.iter().any(|(ending, _text)| *ending == "old");
        assert_eq!(read(&file).trim() == other, resumed, "{case}");
        assert_ne!(read(&file), former, "{case}");
    }
}

#[tokio::test]
async fn killed_at_any_time_it_opens_and_goes_on() {
    let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
    let (api_key, connection) = (
        program.api_key().await,
        program.connection(&simulator).await,
    );
    let running = program.serve().await;
    let path = format!("{}/v1/connections/{connection}/pass", running.url);
    let request = client().post(path).bearer_auth(&api_key);
    let issued = send(request.json(&json!({ "method": "link" })))
        .await
        .json(201);
    let hook = json!({ "url": "https://hooks.example/a" });
    for _number in 0..20 {
        let request = client()
            .post(format!("{}/v1/webhooks", running.url))
            .bearer_auth(&api_key);
        send(request.json(&hook)).await.json(201);
    }
    let mut completed = 0;
    for micros in [0, 10_000, 20_000, 30_000, 45_000, 60_000, 80_000, 120_000] {
        let mut child = program.command(&["key", "rotate"]).spawn().unwrap();
        let ended = tokio::time::timeout(Duration::from_micros(micros), child.wait()).await;
        in_time("its end", child.kill()).await.unwrap();
        completed += usize::from(ended.is_ok());
        let case = format!("killed after {micros} µs");
        assert_eq!(
            live(&running, &api_key, &connection).await,
            issued["pass"],
            "{case}"
        );
        assert_ne!(program.answer(&["connection", "list"]).await, "", "{case}");
    }
    assert!(completed < 8, "it was killed at least once");
    // Twice: the first may come to the end of what was interrupted, and no more.
    for _twice in 0..2 {
        program.answer(&["key", "rotate"]).await;
    }
    assert_eq!(key_files(&program), ["pairlink.key"]);
    let mut books = Books::open(program.directory()).await;
    let wrapped = books
        .column("SELECT DISTINCT wrapped_by FROM data_keys")
        .await;
    assert_eq!(wrapped.len(), 1, "one master key wraps all");
    books.close().await;
    assert_eq!(live(&running, &api_key, &connection).await, issued["pass"]);
    running.kill().await;
}
