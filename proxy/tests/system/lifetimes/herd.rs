//! Many tokens that end in the same second.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use pairlink_proxy::domain::{AccountPolicy, Actor, Connection, Tenant};
use pairlink_proxy::secret::Secret;
use pairlink_proxy::service::{Freshness, NewConnection};
use pairlink_simulator::enablex;

use super::still;
use crate::harness::books::Books;
use crate::harness::{World, eventually};

const MANY: usize = 1000;

#[expect(clippy::print_stdout, reason = "the figures are worth reading")]
/// A minted token lives an hour; all of these begin theirs in one instant.
#[tokio::test]
async fn a_thousand_that_end_in_the_same_second_are_no_herd() {
    let mut setup = still();
    setup.pace.tick = Duration::from_millis(5);
    let world = Arc::new(World::start_bare(setup).await);
    let connections: Vec<Connection> = futures_util::stream::iter(0..MANY)
        .map(|number| add(Arc::clone(&world), number))
        .buffered(16)
        .collect()
        .await;
    let ask = |connection: Connection| {
        let world = Arc::clone(&world);
        async move { world.service.api_token(&connection, Freshness::Valid).await }
    };
    let first: Vec<_> = futures_util::stream::iter(connections.clone())
        .map(ask)
        .buffered(16)
        .try_collect()
        .await
        .unwrap();
    let end = first[0].expires_at;
    assert!(first.iter().all(|token| token.expires_at == end));
    assert_eq!(world.calls(enablex::TOKEN), 1000);

    let store = world.household.store().await;
    let mut books = world.books().await;
    let (mut most, mut asked) = (0, 0);
    // Nothing is renewed before 60 % of the hour, and everything by 90 %.
    world.simulator.advance(Duration::from_mins(35));
    for _second in 35 * 60..55 * 60 {
        let before = world.calls(enablex::TOKEN);
        world.simulator.advance(Duration::from_secs(1));
        let now = world.service.now();
        while !store.due_renewals(now, 1).await.unwrap().is_empty() || is_leased(&mut books).await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let calls = world.calls(enablex::TOKEN);
        most = most.max(calls - before);
        // Somebody asks every second, gets what works, and does not wait for it.
        let token = ask(connections[asked % MANY].clone()).await.unwrap();
        assert!(token.expires_at > now);
        assert_eq!(world.calls(enablex::TOKEN), calls, "somebody waits");
        asked += 1;
    }
    assert_eq!(world.calls(enablex::TOKEN), 2000);
    // 18 minutes of room for a thousand: one in a second on average.
    assert!(most <= 10, "{most} calls in a second");
    println!(
        "{MANY} tokens that end together: at most {most} calls a second, {asked} asked, none had ended"
    );
    world.simulator.advance(Duration::from_mins(5));
    assert!(world.service.now() >= end);
    let last: Vec<_> = futures_util::stream::iter(connections)
        .map(ask)
        .buffered(16)
        .try_collect()
        .await
        .unwrap();
    assert!(last.iter().all(|token| token.expires_at > end));
    assert_eq!(world.calls(enablex::TOKEN), 2000);
}

/// After a long pause everything is due at once, and goes out at the rate that is set.
#[tokio::test]
async fn what_is_due_together_goes_out_at_a_rate() {
    let mut setup = still();
    setup.pace.renewals_per_second = 3;
    let world = Arc::new(World::start_bare(setup).await);
    let mut connections = Vec::new();
    for number in 0..12 {
        let connection = add(Arc::clone(&world), number).await;
        let asked = world.service.api_token(&connection, Freshness::Valid);
        asked.await.unwrap();
        connections.push(connection);
    }
    world.simulator.advance(Duration::from_mins(55));
    let mut books = world.books().await;
    for second in 1..=4_u64 {
        eventually("the renewals of a second", async || {
            world.calls(enablex::TOKEN) == 12 + 3 * second && !is_leased(&mut books).await
        })
        .await;
        world.simulator.advance(Duration::from_secs(1));
    }
}

async fn is_leased(books: &mut Books) -> bool {
    let query = "SELECT connection FROM renewals WHERE leased_until IS NOT NULL LIMIT 1";
    !books.column(query).await.is_empty()
}

async fn add(world: Arc<World>, number: usize) -> Connection {
    let (id, key) = (format!("app-{number}"), format!("key-of-app-{number}"));
    world.simulator.enablex().add_app(&id, &key).unwrap();
    let credentials = [("app_id", id), ("app_key", key)];
    let new = NewConnection {
        expected_phone: None,
        provider: "enablex".to_owned(),
        tenant: Tenant::single(),
        label: None,
        base_url: Some(world.simulator.base_url().to_owned()),
        credentials: credentials
            .map(|(name, text)| (name.to_owned(), Secret::new(text)))
            .into(),
        policy: AccountPolicy::Never,
    };
    let operator = Actor::operator();
    let added = world.service.add_connection(new, &operator);
    added.await.unwrap()
}
