//! Looking at the login while a page is open.

use pairlink_simulator::{Fault, wawp};
use reqwest::Method;

use super::play;
use crate::harness::eventually;

#[tokio::test]
async fn a_look_that_fails_is_repeated_and_then_sees() {
    play(async |world, case| {
        let token = world.embed_token(&["read"]).await;
        world.issued().await;
        let fault = Fault::before(case.kind.clone()).until_cleared();
        world.simulator.inject(wawp::INFO, fault).unwrap();
        let calls = world.calls(wawp::INFO);
        let mut events = world.events(&token).await;
        eventually("it is tried again", async || {
            world.calls(wawp::INFO) > calls + 1
        })
        .await;
        world.simulator.clear_faults();
        let phone = world.simulator.wawp();
        phone.scan(&world.instance_id).unwrap();
        events.until_state("connected").await;
        let request = world.of_connection(Method::GET, "/health");
        let health = world.send(request).await.json(200);
        assert_eq!(health["state"], "connected", "{}", case.name);
        assert!(health["state_checked_at"].is_string());
        eventually("what could link another phone is dead", async || {
            world.simulator.ledger().is_empty()
        })
        .await;
        phone.log_out(&world.instance_id).unwrap();
        events.until_state("waiting").await;
    })
    .await;
}
