//! A process that dies loses no message and makes none up; several share the work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use pairlink_proxy::store::Store;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::changes;
use crate::harness::World;
use crate::harness::eventually;
use crate::harness::receiver::{Answers, Posted, Receiver};
use crate::harness::world::Household;

/// Longer than the lease of an attempt.
const LEASE: Duration = Duration::from_secs(61);

/// A process of its own, which can be ended wherever it is.
struct Process(Runtime);

impl Process {
    fn start(household: &Household) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let household = household.clone();
        runtime.spawn(async move {
            let service = household.open().await;
            service.start().await.unwrap();
            std::future::pending::<()>().await;
        });
        Self(runtime)
    }

    /// Nothing that it does goes on.
    fn kill(self) {
        self.0.shutdown_background();
    }
}

/// What was told, with the names under which it was told.
fn names_by_message(posted: &[Posted]) -> BTreeMap<String, BTreeSet<String>> {
    let mut names = BTreeMap::<String, BTreeSet<String>>::new();
    for one in posted {
        let message: Value = serde_json::from_str(&one.body).unwrap();
        let at = message["timestamp"].as_str().unwrap().to_owned();
        names.entry(at).or_default().insert(one.id().to_owned());
    }
    names
}

async fn nothing_is_left(world: &World) {
    let mut books = world.books().await;
    eventually("everything is delivered", async || {
        let open = "SELECT 1 FROM notices WHERE handed_out_at IS NULL
                    UNION ALL SELECT 1 FROM webhook_deliveries WHERE state <> 'delivered'";
        books.column(open).await.is_empty()
    })
    .await;
}

#[tokio::test]
async fn killed_at_whatever_moment_it_loses_none_and_makes_none_up() {
    const MESSAGES: usize = 60;
    let world = World::start().await;
    let receiver = Receiver::open().await;
    world.hook(&receiver).await;
    world.service.close();
    let store = world.household.store().await;
    changes(
        store.as_ref(),
        &world.connection,
        world.service.now(),
        MESSAGES,
    )
    .await;
    // Each is killed when a few more have arrived: while others are being posted, answered and written down.
    let mut arrived = 0;
    for round in 0..8 {
        let process = Process::start(&world.household);
        arrived = receiver.receives(arrived + 1 + round % 3).await.len();
        process.kill();
        world.simulator.advance(LEASE);
    }
    let last = Process::start(&world.household);
    nothing_is_left(&world).await;
    let names = names_by_message(&receiver.posted());
    assert_eq!(names.len(), MESSAGES);
    assert!(
        names.values().all(|names| names.len() == 1),
        "one name each"
    );
    last.kill();
    store.close().await;
}

#[tokio::test]
async fn killed_after_the_receiver_took_it_it_posts_it_again_under_the_same_name() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    world.hook(&receiver).await;
    world.service.close();
    receiver.answer(Answers::Never);
    let process = Process::start(&world.household);
    world.changes(&world.connection, 1).await;
    receiver.receives(1).await;
    process.kill();
    receiver.answer(Answers::With(200));

    let next = Process::start(&world.household);
    let mut books = world.books().await;
    eventually("the next one runs", async || {
        // Whatever it is told meanwhile comes at once, what another holds does not.
        world.changes(&world.connection, 1).await;
        receiver.posted().len() > 1
    })
    .await;
    let attempts = "SELECT attempts FROM webhook_deliveries ORDER BY notice LIMIT 1";
    assert_eq!(
        books.column(attempts).await,
        ["1"],
        "its lease has not ended"
    );
    world.simulator.advance(LEASE);
    nothing_is_left(&world).await;
    let posted = receiver.posted();
    let first = posted[0].id();
    assert_eq!(posted.iter().filter(|one| one.id() == first).count(), 2);
    next.kill();
}

#[tokio::test]
async fn what_is_handed_out_by_two_at_once_is_handed_out_once() {
    let world = World::start().await;
    let receiver = Receiver::open().await;
    world.hook(&receiver).await;
    world.service.close();
    let (one, two): (Arc<dyn Store>, Arc<dyn Store>) =
        (world.household.store().await, world.household.store().await);
    world.changes(&world.connection, 1).await;
    let notices = one.notices_to_hand_out(10).await.unwrap();
    let webhooks = one.listening_webhooks().await.unwrap();
    let delivery = |id: &str| pairlink_proxy::store::NewDelivery {
        id: pairlink_proxy::domain::DeliveryId::from_text(id),
        webhook: webhooks[0].id.clone(),
        body: "{}".to_owned(),
    };
    let now = world.service.now();
    assert!(
        one.hand_out(&notices[0], &[delivery("msg_1")], now)
            .await
            .unwrap()
    );
    assert!(
        !two.hand_out(&notices[0], &[delivery("msg_2")], now)
            .await
            .unwrap()
    );
    let lease = now.plus_millis(60_000);
    let begun = one
        .begin_attempts(&webhooks[0].id, 4, now, lease)
        .await
        .unwrap();
    assert_eq!(
        (begun.len(), begun[0].id.as_str(), begun[0].number),
        (1, "msg_1", 1)
    );
    assert!(
        two.begin_attempts(&webhooks[0].id, 4, now, lease)
            .await
            .unwrap()
            .is_empty()
    );
    // Who was too slow has no say any more.
    let again = two
        .begin_attempts(&webhooks[0].id, 4, lease, lease.plus_millis(1))
        .await;
    let again = again.unwrap();
    assert_eq!(again[0].number, 2);
    let actor = pairlink_proxy::domain::Actor::pairlink();
    let change = pairlink_proxy::store::Change {
        actor: &actor,
        at: lease,
    };
    let end = async |store: &Arc<dyn Store>, attempt| {
        let (outcome, then) = (
            pairlink_proxy::domain::DeliveryOutcome::Delivered,
            pairlink_proxy::domain::AfterAttempt::Delivered,
        );
        store
            .end_attempt(attempt, outcome, then, change)
            .await
            .unwrap()
    };
    assert!(!end(&one, &begun[0]).await);
    assert!(end(&two, &again[0]).await);
    assert!(!end(&two, &again[0]).await, "twice is once");
    one.close().await;
    two.close().await;
}

#[tokio::test]
async fn several_processes_share_the_work() {
    const MESSAGES: usize = 80;
    let world = World::start().await;
    let receiver = Receiver::open().await;
    world.hook(&receiver).await;
    let others = [
        Process::start(&world.household),
        Process::start(&world.household),
    ];
    world.changes(&world.connection, MESSAGES).await;
    nothing_is_left(&world).await;
    let posted = receiver.posted();
    assert_eq!(names_by_message(&posted).len(), MESSAGES);
    assert_eq!(posted.len(), MESSAGES, "each once");
    for other in others {
        other.kill();
    }
}
