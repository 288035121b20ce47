//! A real process is killed or paused in the middle, and another takes over.

use pairlink_simulator::{Fault, FaultKind, Simulator, wawp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;
use tokio::process::Command;

use crate::harness::answer::send;
use crate::harness::books::Books;
use crate::harness::place;
use crate::harness::program::{Program, Running};
use crate::harness::world::client;
use crate::harness::{eventually, in_time};

struct Scene {
    program: Program,
    simulator: Simulator,
    client: Client,
    key: String,
    connection: String,
}

impl Scene {
    async fn set() -> Self {
        let client = client();
        let (program, simulator) = (Program::new(), Simulator::start().await.unwrap());
        let key = program.api_key().await;
        let connection = program.connection(&simulator).await;
        Self {
            program,
            simulator,
            client,
            key,
            connection,
        }
    }

    fn pass(&self, running: &Running, method: Method) -> RequestBuilder {
        let path = format!("{}/v1/connections/{}/pass", running.url, self.connection);
        self.client.request(method, path).bearer_auth(&self.key)
    }

    fn issue(&self, running: &Running) -> RequestBuilder {
        let request = self.pass(running, Method::POST);
        request.json(&json!({ "method": "link" }))
    }

    async fn agreement(&self, case: &str) {
        let mut books = Books::open(self.program.directory()).await;
        eventually(case, async || books.agree_with(&self.simulator).await).await;
        books.close().await;
    }
}

async fn signal(running: &Running, name: &str) {
    let id = running.child.id().unwrap().to_string();
    let sent = Command::new("kill").args([name, &id]).status().await;
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn what_one_was_killed_at_another_takes_over() {
    // A second proxy does not start on a file of SQLite.
    if !place::is_on_postgres() {
        return;
    }
    let scene = Scene::set().await;
    let (one, two) = (scene.program.serve().await, scene.program.serve().await);
    let hold = Fault::after(FaultKind::Hold);
    scene.simulator.inject(wawp::MINT, hold).unwrap();
    let asked = tokio::spawn(scene.issue(&one).send());
    in_time("the call", scene.simulator.held(wawp::MINT))
        .await
        .unwrap();
    one.kill().await;
    assert!(asked.await.unwrap().is_err());
    scene.simulator.release();
    scene.agreement("the other has settled it").await;
    let live = send(scene.pass(&two, Method::GET)).await.json(200)["pass"].take();
    let ledger = scene.simulator.ledger();
    assert!(live["url"] == ledger[0].secret.as_str(), "taken over");
    two.kill().await;
}

#[tokio::test]
async fn who_was_paused_past_its_lease_takes_back_what_it_made_late() {
    // A second proxy does not start on a file of SQLite.
    if !place::is_on_postgres() {
        return;
    }
    let scene = Scene::set().await;
    let (one, two) = (scene.program.serve().await, scene.program.serve().await);
    let hold = Fault::before(FaultKind::Hold);
    scene.simulator.inject(wawp::MINT, hold).unwrap();
    let asked = tokio::spawn(scene.issue(&one).send());
    in_time("the call", scene.simulator.held(wawp::MINT))
        .await
        .unwrap();
    signal(&one, "-STOP").await;
    // The other waits for it at first, then settles it, and makes one of its own.
    let mut issued = None;
    eventually("the other makes its own", async || {
        let answer = send(scene.issue(&two)).await;
        if answer.status == 201 {
            issued = Some(answer.json(201));
        }
        issued.is_some()
    })
    .await;
    // Now the provider does what it was asked first, and the other's dies by it.
    scene.simulator.release();
    eventually("the late one is made", async || {
        scene.simulator.ledger().iter().any(|alive| {
            issued
                .as_ref()
                .is_some_and(|issued| issued["pass"]["url"] != alive.secret.as_str())
        })
    })
    .await;
    signal(&one, "-CONT").await;
    let answered = asked.await.unwrap().unwrap();
    assert_ne!(answered.status(), 201, "nothing is given out: {answered:?}");
    scene.agreement("nothing is alive that nobody knows").await;
    // What is given out by either works.
    let next = send(scene.issue(&one)).await.json(201);
    let read = send(scene.pass(&two, Method::GET)).await.json(200);
    assert_eq!(read["pass"], next["pass"]);
    scene.agreement("after the next").await;
    one.kill().await;
    two.kill().await;
}
