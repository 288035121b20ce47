//! Leases: one change at a time, and whoever lost its turn changes nothing.

use pairlink_proxy::domain::ConnectionId;

use crate::harness::World;

#[tokio::test]
async fn a_turn_is_one_processs_until_it_lapses() {
    let world = World::start().await;
    let (one, two) = (world.household.store().await, world.household.store().await);
    let connection = ConnectionId::from_text("con_of_nobody");
    let now = world.service.now();
    let until = now.plus_millis(1_000);
    let first = one.claim_turn(&connection, now, until).await.unwrap();
    let first = first.unwrap();
    assert!(
        two.claim_turn(&connection, now, until)
            .await
            .unwrap()
            .is_none()
    );
    // Kept, it goes on.
    let later = until.plus_millis(1_000);
    assert!(one.keep_turn(&first, later).await.unwrap());
    assert!(
        two.claim_turn(&connection, until, later)
            .await
            .unwrap()
            .is_none()
    );
    // Lapsed, it is the next one's, and the former holder has no say any more.
    let next = two
        .claim_turn(&connection, later, later.plus_millis(1_000))
        .await;
    let next = next.unwrap().unwrap();
    assert!(next.fence > first.fence);
    assert!(!one.keep_turn(&first, later.plus_millis(9)).await.unwrap());
    one.end_turn(&first).await.unwrap();
    assert!(two.keep_turn(&next, later.plus_millis(9)).await.unwrap());
    two.end_turn(&next).await.unwrap();
    assert!(
        !two.keep_turn(&next, later).await.unwrap(),
        "given back is given back"
    );
    let again = one.claim_turn(&connection, now, until).await.unwrap();
    assert!(again.is_some());
    one.close().await;
    two.close().await;
}

#[tokio::test]
async fn one_process_looks_at_a_login_as_long_as_it_does() {
    let world = World::start().await;
    let store = world.household.store().await;
    let connection = ConnectionId::from_text(world.connection.as_str());
    let now = world.service.now();
    let claim = async |who: &str, at: i64| {
        let at = now.plus_millis(at);
        store
            .claim_look(&connection, who, at, at.plus_millis(-1_000))
            .await
            .unwrap()
    };
    assert!(claim("one", 0).await);
    assert!(!claim("two", 500).await);
    assert!(claim("one", 900).await);
    assert!(!claim("two", 1_899).await);
    assert!(claim("two", 1_900).await);
    assert!(!claim("one", 1_901).await);
    store.close().await;
}
