//! The chain grows: over a rotation of keys, by several at once, and over a crash.

use std::time::Duration;

use pairlink_proxy::domain::{Actor, ChainEnd, ChainMac, TenantScope};
use pairlink_proxy::service::{Finding, Heads, Service, Verified};
use serde_json::Value;

use crate::harness::eventually;
use crate::harness::program::Program;
use crate::harness::world::{Setup, World};

async fn verified(service: &Service) -> Result<Verified, Finding> {
    service.verify_audit(&Heads::default()).await.unwrap()
}

/// Something that is written down.
async fn act(service: &Service) {
    let actor = Actor::operator();
    service
        .create_api_key(TenantScope::All, &actor)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_chain_is_verified_over_a_rotation_of_keys() {
    let program = Program::new();
    for _rotation in 0..2 {
        program.api_key().await;
        program.answer(&["key", "rotate"]).await;
    }
    program.api_key().await;
    let said = program.answer(&["audit", "verify", "--json"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["ok"], true, "{said}");
    let mut books = crate::harness::books::Books::open(program.directory()).await;
    let keys = books.column("SELECT DISTINCT sealed_by FROM audit").await;
    assert!(keys.len() >= 2, "{keys:?}");
    let signers = "SELECT id FROM data_keys WHERE purpose = 'audit_head'";
    assert_eq!(
        books.column(signers).await.len(),
        1,
        "heads are signed by one key"
    );
}

#[tokio::test]
async fn a_store_of_an_earlier_version_gets_the_keys_and_a_chain() {
    let program = Program::new();
    program.api_key().await;
    // As it was: no keys for this, nothing sealed.
    crate::harness::books::meddle(
        program.directory(),
        "DELETE FROM data_keys WHERE purpose IN ('audit', 'audit_head');
         DROP TRIGGER audit_is_sealed_once; UPDATE audit SET position = NULL, sealed_by = NULL, mac = NULL;
         UPDATE audit_sealing SET position = 0, mac = NULL;",
    )
    .await;
    program.api_key().await;
    let said = program.answer(&["audit", "verify", "--json"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["ok"], &said["count"]),
        (&true.into(), &2.into()),
        "{said}"
    );
}

#[tokio::test]
async fn several_seal_one_chain() {
    let world = World::start_bare(Setup::default()).await;
    let others = [world.household.open().await, world.household.open().await];
    let write = async {
        for _row in 0..60 {
            act(&world.service).await;
        }
    };
    let seal = async |service: &Service| {
        for _round in 0..60 {
            service.seal_audit().await.unwrap();
        }
    };
    tokio::join!(write, seal(&others[0]), seal(&others[1]));
    eventually("every row sealed", async || {
        others[0].seal_audit().await.unwrap()
            && verified(&others[1])
                .await
                .is_ok_and(|verified| verified.fresh == 0)
    })
    .await;
    let rows = world
        .books()
        .await
        .column("SELECT 'x' FROM audit")
        .await
        .len();
    let chain = verified(&world.service).await.unwrap();
    assert_eq!(chain.end.position, i64::try_from(rows).unwrap());
}

#[tokio::test]
async fn whoever_was_paused_seals_nothing_any_more() {
    let world = World::start_bare(Setup::default()).await;
    eventually("a sealed row", async || {
        verified(&world.service).await.unwrap().end.position > 0
    })
    .await;
    let store = world.household.store().await;
    let now = world.service.now();
    let claim = async |until| {
        let mut turn = None;
        eventually("the turn", async || {
            turn = store.claim_sealing(now, until).await.unwrap();
            turn.is_some()
        })
        .await;
        turn.unwrap()
    };
    let paused = claim(now).await;
    let later = claim(now.plus_millis(60_000)).await;
    assert!(later.fence > paused.fence);
    assert!(
        store.claim_sealing(now, now).await.unwrap().is_none(),
        "it is held"
    );
    let end = ChainEnd {
        position: paused.end.position + 1,
        mac: ChainMac([1; 32]),
    };
    assert!(!store.seal_audit(&paused, &[], end).await.unwrap());
    assert_eq!(store.chain_end().await.unwrap(), paused.end);
    store.release_sealing(paused.fence).await.unwrap();
    assert!(
        store.claim_sealing(now, now).await.unwrap().is_none(),
        "it is held still"
    );
}

#[tokio::test]
async fn what_a_crash_left_unsealed_is_sealed_when_its_turn_has_run_out() {
    let world = World::start_bare(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    let store = world.household.store().await;
    let now = world.service.now();
    // It took the turn, and died.
    eventually("the turn", async || {
        let turn = store.claim_sealing(now, now.plus_millis(30_000)).await;
        turn.unwrap().is_some()
    })
    .await;
    for _row in 0..3 {
        act(&world.service).await;
    }
    let fresh = verified(&world.service).await.unwrap().fresh;
    assert!(fresh >= 3, "{fresh}");
    world.simulator.advance(Duration::from_secs(11));
    let finding = verified(&world.service).await.unwrap_err();
    assert_eq!(finding.tampering.as_str(), "unsealed");
    world.simulator.advance(Duration::from_secs(20));
    eventually("everything sealed", async || {
        verified(&world.service)
            .await
            .is_ok_and(|verified| verified.fresh == 0)
    })
    .await;
}

#[tokio::test]
async fn heads_are_shipped_when_a_minute_has_passed_and_something_was_done() {
    let setup = Setup {
        still: true,
        ..Setup::default()
    };
    let world = World::start_bare(setup).await;
    let heads = || std::fs::read_to_string(&world.household.heads).unwrap_or_default();
    let lines = || heads().lines().count();
    eventually("the first head", async || lines() == 1).await;
    act(&world.service).await;
    eventually("the row sealed", async || {
        verified(&world.service).await.unwrap().fresh == 0
    })
    .await;
    assert_eq!(lines(), 1, "not before a minute has passed");
    world.simulator.advance(Duration::from_secs(61));
    eventually("the second head", async || lines() == 2).await;
    let heads = world.service.read_heads(heads().as_bytes()).unwrap();
    let compared = world.service.verify_audit(&heads).await.unwrap().unwrap();
    assert_eq!(compared.heads, 2);
}
