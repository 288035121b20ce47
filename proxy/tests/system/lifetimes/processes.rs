//! Several processes on one database, and what a crash or a pause leaves.

use std::time::Duration;

use pairlink_proxy::service::{Freshness, Service};
use pairlink_simulator::{Fault, FaultKind, enablex, wazzup};

use super::{MINUTE, Scene};
use crate::harness::{eventually, in_time};

async fn token_by(service: &Service, scene: &Scene, wanted: Freshness) -> i64 {
    let token = service.api_token(&scene.connection, wanted).await.unwrap();
    assert!(scene.works(&token));
    token.serial
}

#[tokio::test]
async fn two_processes_renew_once() {
    let scene = Scene::at("wazzup").await;
    let other = scene.world.household.open().await;
    other.start().await.unwrap();
    let mut serial = 0;
    for round in 1..6 {
        // Held so that both surely ask while it is under way.
        let call = if round == 1 {
            wazzup::MACHINE_TOKEN
        } else {
            wazzup::REFRESH
        };
        let hold = Fault::before(FaultKind::Hold);
        scene.world.simulator.inject(call, hold).unwrap();
        let wanted = Freshness::NewerThan(serial);
        let here = (0..10).map(|_caller| token_by(scene.service(), &scene, wanted));
        let there = (0..10).map(|_caller| token_by(&other, &scene, wanted));
        let all = futures_util::future::join_all(here.chain(there).map(|asked| {
            // Both kinds of caller in one list.
            Box::pin(asked) as std::pin::Pin<Box<dyn Future<Output = i64>>>
        }));
        let (serials, ()) = tokio::join!(all, async {
            scene.world.simulator.held(call).await.unwrap();
            scene.world.simulator.release();
        });
        assert!(serials.iter().all(|one| *one == round), "{serials:?}");
        serial = round;
    }
    let made = [wazzup::MACHINE_TOKEN, wazzup::EXCHANGE, wazzup::REFRESH];
    assert_eq!(made.map(|call| scene.world.calls(call)), [1, 1, 4]);
    assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
    other.close();
    other.finish(crate::harness::PATIENCE).await;
}

#[tokio::test]
async fn who_was_paused_and_comes_late_changes_nothing() {
    let scene = Scene::at("enablex").await;
    let other = scene.world.household.open().await;
    let hold = Fault::after(FaultKind::Hold);
    scene.world.simulator.inject(enablex::TOKEN, hold).unwrap();
    let (first, newest) = tokio::join!(scene.token(), async {
        scene.world.simulator.held(enablex::TOKEN).await.unwrap();
        // Longer than any lease, with the answer on its way.
        scene.advance(MINUTE * 2);
        let newest = other.api_token(&scene.connection, Freshness::Valid).await;
        scene.world.simulator.release();
        newest.unwrap()
    });
    // The late one is told what counts, and what it bought is nobody's.
    let first = first.unwrap();
    assert!(first.token.expose() == newest.token.expose());
    assert_eq!((first.serial, newest.serial), (1, 1));
    assert_eq!(scene.given_out("token").len(), 2);
    let now = scene.token().await.unwrap();
    assert!(now.token.expose() == newest.token.expose());
    other.close();
    other.finish(crate::harness::PATIENCE).await;
}

#[test]
fn killed_between_sending_a_refresh_token_and_its_answer_it_exchanges_anew() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let scene = Scene::at("wazzup").await;
        scene.token().await.unwrap();
        let hold = Fault::after(FaultKind::Hold);
        scene.world.simulator.inject(wazzup::REFRESH, hold).unwrap();
        // A process of its own is a runtime of its own: dropping it drops everything in the middle.
        let doomed = tokio::runtime::Runtime::new().unwrap();
        let household = scene.world.household.clone();
        let connection = scene.connection.clone();
        doomed.spawn(async move {
            let service = household.open().await;
            drop(
                service
                    .api_token(&connection, Freshness::NewerThan(1))
                    .await,
            );
        });
        let sent = scene.world.simulator.held(wazzup::REFRESH);
        in_time("the refresh", sent).await.unwrap();
        doomed.shutdown_background();
        scene.world.simulator.release();
        // Its lease ends by itself.
        scene.advance(Duration::from_secs(61));
        let wanted = Freshness::NewerThan(1);
        let token = scene.service().api_token(&scene.connection, wanted).await;
        assert!(scene.works(&token.unwrap()));
        let made = [wazzup::MACHINE_TOKEN, wazzup::EXCHANGE, wazzup::REFRESH];
        assert_eq!(made.map(|call| scene.world.calls(call)), [1, 2, 1]);
        assert_eq!(scene.world.simulator.wazzup().refresh_token_reuses(), 0);
    });
}

#[tokio::test]
async fn new_credentials_overtake_a_renewal_that_is_under_way() {
    let scene = Scene::at("enablex").await;
    let hold = Fault::after(FaultKind::Hold);
    scene.world.simulator.inject(enablex::TOKEN, hold).unwrap();
    let enablex = scene.world.simulator.enablex();
    enablex.add_app("another-app", "another-key-of-it").unwrap();
    let (token, ()) = tokio::join!(scene.token(), async {
        scene.world.simulator.held(enablex::TOKEN).await.unwrap();
        let another =
            serde_json::json!({ "app_id": "another-app", "app_key": "another-key-of-it" });
        scene.rotate(&another).await;
        scene.world.simulator.release();
    });
    // The token of the earlier account is given to nobody.
    let token = token.unwrap();
    let ledger = scene.world.simulator.ledger();
    let account = ledger
        .iter()
        .find(|alive| alive.secret == token.token.expose());
    assert_eq!(account.unwrap().account, "another-app");
    eventually("nothing is under way", async || {
        let mut books = crate::harness::books::Books::open(scene.world.directory()).await;
        let leased = books
            .column("SELECT connection FROM renewals WHERE leased_until IS NOT NULL")
            .await;
        leased.is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_removed_connection_keeps_no_token() {
    let scene = Scene::at("wazzup").await;
    scene.token().await.unwrap();
    let path = format!("/v1/connections/{}", scene.connection.id);
    let request = scene.world.backend(reqwest::Method::DELETE, &path);
    assert_eq!(scene.world.send(request).await.status, 204);
    let mut books = crate::harness::books::Books::open(scene.world.directory()).await;
    assert!(
        books
            .column("SELECT kind FROM credentials")
            .await
            .is_empty()
    );
    let error = scene.token().await.err().unwrap();
    assert_eq!(error.code().as_str(), "not_found");
}
