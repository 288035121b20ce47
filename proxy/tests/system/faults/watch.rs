//! Looking at the login while a page is open.

use pairlink_simulator::{Fault, wawp};
use reqwest::Method;

use super::every;
use crate::harness::eventually;

#[tokio::test]
async fn a_look_that_fails_is_repeated_and_then_sees() {
    for case in every() {
        let world = case.world().await;
        let token = world.embed_token(&["read"]).await;
        world.issued().await;
        let fault = Fault::before(case.kind.clone()).until_cleared();
        world.simulator.inject(wawp::INFO, fault).unwrap();
        let mut events = world.events(&token).await;
        let calls = world.calls(wawp::INFO);
        eventually("it is tried again", async || {
            world.calls(wawp::INFO) > calls + 1
        })
        .await;
        world.simulator.clear_faults();
        world.simulator.wawp().scan(&world.instance_id).unwrap();
        loop {
            let event = events.until("state").await;
            if event.data["connection"]["state"] == "connected" {
                break;
            }
        }
        let request = world.of_connection(Method::GET, "/health");
        let health = world.send(request).await.json(200);
        assert_eq!(health["state"], "connected", "{}", case.name);
        assert!(health["state_checked_at"].is_string());
        eventually("what could link another phone is dead", async || {
            world.simulator.ledger().is_empty()
        })
        .await;
        world.agreement(&case.name).await;
        world.assert_log_is_clean(&[("embed token", &token)]);
    }
}
