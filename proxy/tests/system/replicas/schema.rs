//! Versions side by side on one database.

use pairlink_proxy::store::DatabaseAddress;

use crate::harness::World;
use crate::harness::place::{self, Place};

#[tokio::test]
async fn several_that_start_at_once_make_the_schema_once() {
    let place = Place::new();
    let address = DatabaseAddress::parse(place::address(place.path())).unwrap();
    if !place::is_on_postgres() {
        // A file has one writer, and its commands start one after another.
        return;
    }
    let opened = futures_util::future::join_all((0..4).map(|_process| address.open(2))).await;
    for store in opened {
        let store = store.unwrap();
        assert!(store.data_keys().await.unwrap().is_empty());
        store.close().await;
    }
}

#[tokio::test]
async fn a_version_goes_on_beside_the_next_one() {
    let world = World::start().await;
    let link = world.issued().await;
    // The next version has been there: it added what it needs, and took nothing away.
    for statement in [
        "ALTER TABLE passes ADD COLUMN of_the_next_version TEXT",
        "CREATE TABLE things_of_the_next_version (id TEXT PRIMARY KEY)",
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
         VALUES (9999, 'the next version', CURRENT_TIMESTAMP, TRUE, '\\x00', 1)",
    ] {
        world.meddle(statement).await;
    }
    assert!(world.live().await["url"] == link.as_str());
    let other = super::Replica::join(&world).await;
    let next = world.send(other.issue(&world)).await.json(201);
    assert_eq!(next["replaced"], true);
    assert_eq!(world.live().await, next["pass"]);
    world.revoke().await;
    world.agreement("after all").await;
    other.leave().await;
}
