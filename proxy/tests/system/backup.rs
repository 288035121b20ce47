//! A copy of a running store, and what becomes of one that is put back.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use pairlink_proxy::domain::Actor;
use pairlink_simulator::{Fault, FaultKind, Simulator, wawp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::leaks::found;
use crate::harness::program::{Program, Running};
use crate::harness::stream::Events;
use crate::harness::world::{ORIGIN, client};
use crate::harness::{World, eventually};

/// A program, the provider behind it, and a backup of it.
struct Scene {
    program: Program,
    simulator: Simulator,
    client: Client,
    key: String,
    connection: String,
}

impl Scene {
    async fn set() -> Self {
        let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
        let key = program.api_key().await;
        let connection = program.connection(&simulator).await;
        Self {
            program,
            simulator,
            client: client(),
            key,
            connection,
        }
    }

    fn backup(&self) -> PathBuf {
        self.program.directory().join("saved")
    }

    async fn back_up(&self) {
        let file = self.backup();
        self.program
            .answer(&["backup", file.to_str().unwrap()])
            .await;
    }

    /// Loses the store, and puts the backup in its place.
    async fn restore(&self, more: &[&str]) -> String {
        self.lose();
        let file = self.backup();
        let arguments = [&["restore", file.to_str().unwrap()], more].concat();
        self.program.answer(&arguments).await
    }

    fn lose(&self) {
        for ending in ["", "-wal", "-shm"] {
            let file = self.database(ending);
            drop(std::fs::remove_file(file));
        }
    }

    fn database(&self, ending: &str) -> PathBuf {
        self.program
            .directory()
            .join(format!("pairlink.db{ending}"))
    }

    fn of(&self, running: &Running, method: Method, rest: &str) -> RequestBuilder {
        let path = format!("{}/v1/connections/{}{rest}", running.url, self.connection);
        self.client.request(method, path).bearer_auth(&self.key)
    }

    async fn issued(&self, running: &Running) -> Value {
        let request = self.of(running, Method::POST, "/pass");
        let request = request.json(&json!({ "method": "link" }));
        send(request).await.json(201)["pass"].take()
    }

    async fn live(&self, running: &Running) -> Value {
        let request = self.of(running, Method::GET, "/pass");
        send(request).await.json(200)["pass"].take()
    }

    async fn embed_token(&self, running: &Running) -> String {
        let asked = json!({ "actions": ["read", "issue"], "origins": [ORIGIN] });
        let request = self.of(running, Method::POST, "/embed-tokens");
        let given = send(request.json(&asked)).await.json(201);
        given["token"].as_str().unwrap().to_owned()
    }

    async fn share_link(&self, running: &Running) -> String {
        let request = self.of(running, Method::POST, "/share-link");
        let made = send(request).await.json(201);
        made["link"].as_str().unwrap().to_owned()
    }

    /// What is alive at the provider.
    fn alive(&self) -> Vec<String> {
        let ledger = self.simulator.ledger();
        ledger.into_iter().map(|alive| alive.secret).collect()
    }

    /// Waits until everything that was lost is found out.
    async fn found_out(&self) {
        let mut books = Books::open(self.program.directory()).await;
        eventually("everything is found out", async || {
            let lost = books.column("SELECT connection FROM lost_times").await;
            lost.is_empty() && books.passes_in(&["minting", "revoking"]).await == 0
        })
        .await;
        books.close().await;
    }
}

#[track_caller]
fn assert_refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    assert!(said.contains(words), "{said}");
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_store_is_copied_while_it_is_written_to() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    let issuing = async {
        for _again in 0..20 {
            scene.issued(&running).await;
        }
    };
    let ((), ()) = tokio::join!(issuing, scene.back_up());
    let file = scene.backup();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        !names(scene.program.directory())
            .iter()
            .any(|name| name.starts_with("saved."))
    );
    // Nothing is overwritten, and nothing is harmed by trying.
    let before = std::fs::read(&file).unwrap();
    let again = scene.program.run(&["backup", file.to_str().unwrap()]).await;
    assert_refused(&again, "is there already");
    assert!(std::fs::read(&file).unwrap() == before);
    let key = std::fs::read_to_string(scene.program.directory().join("pairlink.key")).unwrap();
    let secrets = [
        ("access token", wawp::DEMO_ACCESS_TOKEN),
        ("API key", scene.key.as_str()),
        ("master key", key.trim()),
    ];
    assert_eq!(found(&secrets, &before), [""; 0]);
    running.kill().await;
    let said = scene.restore(&["--json"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["connections"], &said["api_keys"]),
        (&json!(1), &json!(1))
    );
    assert_ne!(scene.program.answer(&["connection", "list"]).await, "");
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_and_leaves_nothing_behind() {
    let scene = Scene::set().await;
    scene.back_up().await;
    let file = scene.backup();
    let restore = async |name: &str| scene.program.run(&["restore", name]).await;
    let there = restore(file.to_str().unwrap()).await;
    assert_refused(&there, "is there already");
    scene.lose();

    let before = names(scene.program.directory());
    let whole = std::fs::read(&file).unwrap();
    let bad = scene.program.directory().join("bad");
    let damaged = {
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0x5a);
        bytes
    };
    for (bytes, words) in [
        (Vec::new(), "is not a backup of Pairlink"),
        (
            b"not a database at all, by any means".to_vec(),
            "is not a backup",
        ),
        (whole[..whole.len() / 2].to_vec(), "pairlink: "),
        (damaged, "pairlink: "),
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let refused = restore(bad.to_str().unwrap()).await;
        assert_refused(&refused, words);
        std::fs::remove_file(&bad).unwrap();
        assert_eq!(names(scene.program.directory()), before);
    }
    let missing = restore("/nowhere/at/all").await;
    assert_refused(&missing, "cannot read /nowhere/at/all");

    // Another master key does not open it, and what is said names a data key and no more.
    let key = scene.program.directory().join("pairlink.key");
    let right = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "22".repeat(32)).unwrap();
    let refused = restore(file.to_str().unwrap()).await;
    assert_refused(&refused, "does not open data key dek_");
    std::fs::remove_file(&key).unwrap();
    assert_refused(&restore(file.to_str().unwrap()).await, "there is no");
    assert!(!key.exists(), "none is made for it");
    std::fs::write(&key, right).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(restore(file.to_str().unwrap()).await.status.code(), Some(0));
}

#[tokio::test]
async fn a_restored_store_gives_out_nothing_and_acts_on_nothing_until_it_may() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    scene.issued(&running).await;
    let token = scene.embed_token(&running).await;
    let share_link = scene.share_link(&running).await;
    let hook = json!({ "url": "https://hooks.example/a" });
    let request = scene.client.post(format!("{}/v1/webhooks", running.url));
    send(request.bearer_auth(&scene.key).json(&hook))
        .await
        .json(201);
    scene.back_up().await;
    running.kill().await;
    let alive = scene.alive();
    scene.restore(&[]).await;
    let said = scene.program.answer(&["observe", "status"]).await;
    assert!(said.starts_with("observing since"));

    let running = scene.program.serve().await;
    let changes = || [wawp::MINT, wawp::REVOKE].map(|call| scene.simulator.calls(call).unwrap());
    let before = changes();
    assert!(scene.live(&running).await.is_null(), "nothing old is shown");
    let request = scene.client.get(format!("{}/v1/pass", running.url));
    let request = request.bearer_auth(&token).header("origin", ORIGIN);
    send(request).await.problem("unauthenticated");
    let path = share_link.split_once("/l/").unwrap().1;
    let page = send(scene.client.get(format!("{}/l/{path}", running.url))).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    let share = send(scene.of(&running, Method::GET, "/share-link")).await;
    assert!(share.json(200)["link"].is_null());
    for (rest, body) in [
        ("/pass", json!({ "method": "link" })),
        ("/share-link", json!({})),
    ] {
        let request = scene.of(&running, Method::POST, rest).json(&body);
        let refused = send(request).await;
        assert_eq!(refused.status, 503);
        refused.problem("observing");
    }
    // States are read: a new token is for reading.
    let token = scene.embed_token(&running).await;
    let request = scene.client.get(format!("{}/v1/events", running.url));
    let request = request.bearer_auth(&token).header("origin", ORIGIN);
    let mut events = Events::open(request).await;
    events.until("state").await;
    assert_eq!(changes(), before);
    assert_eq!(scene.alive(), alive);

    scene.program.answer(&["observe", "end"]).await;
    scene.found_out().await;
    assert!(scene.alive().is_empty(), "it was ours");
    assert_eq!(
        scene.program.answer(&["observe", "status"]).await,
        "acting\n"
    );
    scene.program.answer(&["observe", "end"]).await;
    scene.issued(&running).await;
    running.kill().await;
}

#[tokio::test]
async fn a_person_can_revoke_while_it_observes() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    scene.issued(&running).await;
    scene.program.kill_at_rest(running).await;
    scene.back_up().await;
    scene.restore(&[]).await;
    let running = scene.program.serve().await;
    let revoked = send(scene.of(&running, Method::DELETE, "/pass"))
        .await
        .json(200);
    assert_eq!(revoked["revocation"], "upstream");
    assert!(scene.alive().is_empty());
    running.kill().await;
}

#[tokio::test]
async fn what_was_issued_or_revoked_since_the_backup_is_found_out() {
    for since in ["nothing", "replaced", "revoked", "issued anew"] {
        let scene = Scene::set().await;
        let running = scene.program.serve().await;
        if since != "issued anew" {
            scene.issued(&running).await;
        }
        scene.back_up().await;
        match since {
            "replaced" | "issued anew" => drop(scene.issued(&running).await),
            "revoked" => {
                let request = scene.of(&running, Method::DELETE, "/pass");
                send(request).await.json(200);
            }
            _nothing => {}
        }
        running.kill().await;
        scene.restore(&[]).await;
        let running = scene.program.serve().await;
        // The provider cannot be asked at first: nothing is forgotten by that.
        let lasting = Fault::before(FaultKind::Disconnect).until_cleared();
        scene.simulator.inject(wawp::READ, lasting).unwrap();
        scene.program.answer(&["observe", "end"]).await;
        let asked = scene.simulator.calls(wawp::READ).unwrap();
        eventually("the provider is asked", async || {
            scene.simulator.calls(wawp::READ).unwrap() > asked
        })
        .await;
        scene.simulator.clear_faults();
        scene.found_out().await;
        assert_eq!(scene.alive(), [""; 0], "{since}");
        let issued = scene.issued(&running).await;
        assert_eq!(scene.live(&running).await, issued, "{since}");
        running.kill().await;
    }
}

#[tokio::test]
async fn what_somebody_else_made_before_or_after_is_left_alone() {
    // Longer than the clocks may differ.
    let long = Duration::from_mins(5);
    for before in [true, false] {
        let world = World::start().await;
        let mint_elsewhere = async || {
            let address = format!(
                "{}/v2/session/temp-link?instance_id={}&access_token={}",
                world.simulator.base_url(),
                world.instance_id,
                world.access_token
            );
            send(client().post(address)).await.json(200);
        };
        world.issued().await;
        if before {
            mint_elsewhere().await;
            world.simulator.advance(long);
        }
        let file = world.directory().join("saved");
        std::fs::File::create(&file).unwrap();
        let operator = Actor::operator();
        world.service.copy_into(&file, &operator).await.unwrap();
        world
            .service
            .begin_observing(false, &operator)
            .await
            .unwrap();
        if !before {
            world.simulator.advance(long);
            mint_elsewhere().await;
        }
        world.service.end_observing(&operator).await.unwrap();
        let mut books = world.books().await;
        eventually("everything is found out", async || {
            let lost = books.column("SELECT connection FROM lost_times").await;
            lost.is_empty() && books.passes_in(&["minting", "revoking"]).await == 0
        })
        .await;
        books.close().await;
        let alive = world.simulator.ledger();
        assert_eq!(alive.len(), 1, "before: {before}");
        assert_eq!(world.calls(wawp::REVOKE), 0);
        assert!(world.live().await.is_null());
    }
}

#[tokio::test]
async fn a_connection_that_was_removed_while_it_observed_is_found_out_too() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    scene.issued(&running).await;
    scene.back_up().await;
    scene.issued(&running).await;
    running.kill().await;
    scene.restore(&[]).await;
    let running = scene.program.serve().await;
    let removed = send(scene.of(&running, Method::DELETE, "")).await;
    assert!(removed.status.is_success());
    assert_eq!(scene.alive().len(), 1, "not yet");
    scene.program.answer(&["observe", "end"]).await;
    scene.found_out().await;
    assert!(scene.alive().is_empty());
    let mut books = Books::open(scene.program.directory()).await;
    eventually("the credentials are forgotten", async || {
        let kept = books
            .column("SELECT id FROM connections WHERE credentials IS NOT NULL")
            .await;
        kept.is_empty()
    })
    .await;
    books.close().await;
    running.kill().await;
}

#[tokio::test]
async fn api_keys_of_the_backup_are_counted_and_can_be_revoked() {
    let scene = Scene::set().await;
    scene.back_up().await;
    let said = scene.restore(&["--json", "--revoke-api-keys"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["api_keys"], 0);
    let running = scene.program.serve().await;
    let request = scene.of(&running, Method::GET, "");
    send(request).await.problem("unauthenticated");
    running.kill().await;
}

#[tokio::test]
async fn pages_of_the_old_world_are_told_to_read_everything_anew() {
    let scene = Scene::set().await;
    let running = scene.program.serve().await;
    scene.back_up().await;
    let open = async |running: &Running, last: Option<&str>| {
        let token = scene.embed_token(running).await;
        let request = scene.client.get(format!("{}/v1/events", running.url));
        let mut request = request.bearer_auth(&token).header("origin", ORIGIN);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Events::open(request).await
    };
    let mut events = open(&running, None).await;
    scene.issued(&running).await;
    let last = events.until("pass").await.id;
    running.kill().await;
    scene.restore(&[]).await;
    let running = scene.program.serve().await;
    scene.program.answer(&["observe", "end"]).await;
    scene.found_out().await;
    // As many as the page has seen, and more.
    for _again in 0..3 {
        scene.issued(&running).await;
    }
    let mut events = open(&running, Some(&last)).await;
    assert_eq!(events.next().await.unwrap().kind, "resync");
    running.kill().await;
}
