//! PostgreSQL goes away and comes back.

use std::time::Duration;

use super::Replica;
use crate::harness::{World, eventually, place};

const LISTENERS: &str = "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN%'";

#[tokio::test]
async fn who_hears_no_hints_reads_the_outbox_in_time_and_hears_again() {
    if !place::is_on_postgres() {
        return;
    }
    let mut setup = crate::harness::Setup::default();
    setup.pace.tick = Duration::from_secs(1);
    let world = World::start_with(setup).await;
    let other = Replica::join(&world).await;
    let token = world.embed_token(&["read"]).await;
    let mut events = world.events(&token).await;
    events.until("resync").await;
    let mut books = world.books().await;
    let mut listeners = Vec::new();
    eventually("both listen", async || {
        listeners = books.column(LISTENERS).await;
        listeners.len() == 2
    })
    .await;
    let ended = format!(
        "SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity
         WHERE pid IN ({})",
        listeners.join(", ")
    );
    assert_eq!(books.answers(ended).await, ["true", "true"]);
    world.send(other.issue(&world)).await.json(201);
    let told = tokio::time::timeout(Duration::from_millis(1_500), events.until("pass"));
    assert!(told.await.is_ok(), "too late");
    eventually("both listen again", async || {
        let now = books.column(LISTENERS).await;
        now.len() == 2 && now.iter().all(|one| !listeners.contains(one))
    })
    .await;
    books.close().await;
    other.leave().await;
}

#[tokio::test]
async fn when_every_connection_is_cut_it_is_ready_again_at_once() {
    if !place::is_on_postgres() {
        return;
    }
    let world = World::start().await;
    let link = world.issued().await;
    let mut books = world.books().await;
    drop(
        books
            .column(
                "SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await,
    );
    eventually("ready again", async || world.service.is_ready().await).await;
    eventually("it reads again", async || {
        let request = world.of_connection(reqwest::Method::GET, "/pass");
        let answer = crate::harness::answer::send(request).await;
        answer.status == 200 && answer.text.contains(&link)
    })
    .await;
    eventually("it writes again", async || {
        let request = world.of_connection(reqwest::Method::DELETE, "/pass");
        crate::harness::answer::send(request).await.status == 200
    })
    .await;
    world.agreement("after the cut").await;
    books.close().await;
}
