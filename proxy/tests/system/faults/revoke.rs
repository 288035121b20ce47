//! Revoking: nothing is called revoked that is alive.

use pairlink_simulator::{Fault, FaultKind, wawp};

use super::play;
use crate::harness::{World, eventually};

#[tokio::test]
async fn it_is_done_in_the_end_and_never_called_done_before() {
    play(async |world, case| {
        for after in [false, true] {
            world.issued().await;
            let fault = if after { Fault::after } else { Fault::before };
            let fault = fault(case.kind.clone());
            world.simulator.inject(wawp::REVOKE, fault).unwrap();
            let revoked = world.revoke().await;
            assert_eq!(revoked["revoked"], true);
            let alive = world.simulator.ledger().len();
            match revoked["revocation"].as_str().unwrap() {
                "upstream" => assert_eq!(alive, 0, "{}: called dead, and alive", case.name),
                "pending" => world.assert_covered(&case.name).await,
                other => panic!("{}: {other}", case.name),
            }
            assert!(world.live().await.is_null(), "{}", case.name);
            world.agreement(&case.name).await;
            assert!(world.simulator.ledger().is_empty(), "{}", case.name);
        }
    })
    .await;
}

#[tokio::test]
async fn as_long_as_it_lasts_it_is_pending_and_given_out_no_more() {
    play(async |world, case| {
        let issued = world.send(world.issue()).await.json(201);
        let fault = Fault::before(case.kind.clone()).until_cleared();
        world.simulator.inject(wawp::REVOKE, fault).unwrap();
        for _twice in 0..2 {
            let revoked = world.revoke().await;
            assert_eq!(revoked["revocation"], "pending", "{}", case.name);
            assert_eq!(revoked["dead_by"], issued["pass"]["expires_at"]);
            assert!(world.live().await.is_null(), "{}", case.name);
            assert_eq!(world.simulator.ledger().len(), 1);
            world.assert_covered(&case.name).await;
        }
        world.simulator.clear_faults();
        world.agreement(&case.name).await;
        assert!(world.simulator.ledger().is_empty(), "{}", case.name);
        assert_eq!(world.revoke().await["revocation"], "upstream");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_could_revoke_is_dead_when_its_time_is_over() {
    let world = World::start().await;
    world.issued().await;
    let fault = Fault::before(FaultKind::Disconnect).until_cleared();
    world.simulator.inject(wawp::REVOKE, fault).unwrap();
    assert_eq!(world.revoke().await["revocation"], "pending");
    world.simulator.advance(std::time::Duration::from_mins(31));
    let mut books = world.books().await;
    eventually("time settles it", async || {
        books.agree_with(&world.simulator).await
    })
    .await;
}
