//! Events of PostgreSQL: numbers are given out before commits, and commits may come in another order.

use std::time::Duration;

use pairlink_proxy::secret::Secret;
use pairlink_proxy::store::postgres::PostgresStore;
use pairlink_proxy::store::{ConnectionStore as _, Store as _};
use sqlx::{Connection as _, PgConnection};

use crate::harness::{World, place};

/// As `publish` does.
const PUBLISH: &str =
    "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(7310034283826791026))
     INSERT INTO outbox (connection, kind, at) SELECT $1, 'state', 0 FROM turn RETURNING sequence";

async fn publish(database: &mut PgConnection, connection: &str) -> i64 {
    sqlx::query_scalar(PUBLISH)
        .bind(connection)
        .fetch_one(database)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_event_that_is_committed_late_is_not_passed_over() {
    if !place::is_on_postgres() {
        return;
    }
    let world = World::start().await;
    let store = world.household.store().await;
    let address = place::address(world.directory());
    let before = store.newest_event().await.unwrap();
    let mut early = PgConnection::connect(&address).await.unwrap();
    let mut late = PgConnection::connect(&address).await.unwrap();
    let mut first = early.begin().await.unwrap();
    let mut second = late.begin().await.unwrap();
    let one = publish(&mut first, &world.connection).await;
    let two = publish(&mut second, &world.connection).await;
    assert!(one < two);
    second.commit().await.unwrap();
    // Whoever reads now would pass the first over: so it waits.
    let mut reading = Box::pin(store.events_after(before, 32));
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut reading).await;
    assert!(waited.is_err(), "{waited:?}");
    first.commit().await.unwrap();
    let read = reading.await.unwrap();
    let read: Vec<i64> = read.iter().map(|event| event.sequence).collect();
    let mine: Vec<i64> = read
        .into_iter()
        .filter(|sequence| [one, two].contains(sequence))
        .collect();
    assert_eq!(mine, [one, two]);

    // One that is given up is waited for, and then passed over.
    let before = store.newest_event().await.unwrap();
    let mut given_up = early.begin().await.unwrap();
    let one = publish(&mut given_up, &world.connection).await;
    given_up.rollback().await.unwrap();
    let mut second = late.begin().await.unwrap();
    let two = publish(&mut second, &world.connection).await;
    second.commit().await.unwrap();
    let read = store.events_after(before, 32).await.unwrap();
    assert!(read.iter().any(|event| event.sequence == two));
    assert!(read.iter().all(|event| event.sequence != one));
    early.close().await.unwrap();
    late.close().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_caller_that_gives_up_leaves_no_transaction_behind() {
    if !place::is_on_postgres() {
        return;
    }
    let world = World::start().await;
    // Two connections: one that reads, and the only one that writes.
    let address = Secret::new(place::address(world.directory()));
    let store = PostgresStore::open(&address, 2).await.unwrap();
    let connection = pairlink_proxy::domain::ConnectionId::from_text(world.connection.as_str());
    let actor = pairlink_proxy::domain::Actor::pairlink();
    for round in 0..200_u64 {
        let change = pairlink_proxy::store::Change {
            actor: &actor,
            at: world.service.now(),
        };
        let used = store.record_use(
            &connection,
            "test.use",
            pairlink_proxy::domain::Outcome::Done,
            change,
        );
        drop(tokio::time::timeout(Duration::from_micros(round * 20), used).await);
    }
    let mut books = world.books().await;
    crate::harness::eventually("nobody is in a transaction", async || {
        books
            .column(
                "SELECT pid FROM pg_stat_activity
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
            )
            .await
            .is_empty()
    })
    .await;
    // And the one that writes is there for the next.
    let change = pairlink_proxy::store::Change {
        actor: &actor,
        at: world.service.now(),
    };
    store
        .record_use(
            &connection,
            "test.use",
            pairlink_proxy::domain::Outcome::Done,
            change,
        )
        .await
        .unwrap();
    store.close().await;
}
