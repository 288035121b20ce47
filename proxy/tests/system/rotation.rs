//! Keys are replaced while the proxy runs, interrupted anywhere, and come to their end when asked again.

mod inventory;
#[cfg(unix)]
mod program;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use pairlink_proxy::domain::Actor;
use pairlink_proxy::service::{RETIRED_KEY_KEPT, Resealing, Service};
use pairlink_proxy::vault::Sealed;
use reqwest::Method;
use serde_json::json;

use crate::harness::{World, eventually};

/// Polls a future so often that it waits `pauses` times, and drops it then, as a crash would. Its result if it came to
/// its end before.
async fn interrupted<T>(pauses: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = pauses;
    std::future::poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

impl World {
    /// Something in every sealed column.
    async fn furnish(&self) {
        for number in 0..70 {
            self.connect(&format!("tenant-{number}")).await;
        }
        self.issued().await;
        let request = self.of_connection(Method::POST, "/share-link");
        self.send(request).await.json(201);
        let hook = json!({ "url": format!("{}/hook?token=s3cret", self.url) });
        let request = self.backend(Method::POST, "/v1/webhooks");
        self.send(request.json(&hook)).await.json(201);
    }

    /// Everything that is sealed can be read through the public door.
    async fn assert_opens(&self, case: &str) {
        let live = self.live().await;
        assert!(live["url"].is_string(), "{case}: the link");
        let share = self.of_connection(Method::GET, "/share-link");
        let share = self.send(share).await.json(200);
        assert!(share["link"].is_string(), "{case}: the share link");
        let hooks = self.backend(Method::GET, "/v1/webhooks");
        let hooks = self.send(hooks).await.json(200);
        let url = hooks["webhooks"][0]["url"].as_str().unwrap();
        assert!(url.ends_with("/hook?token=s3cret"), "{case}: the webhook");
        // The credentials: the provider is asked by them.
        self.service_reads(case).await;
    }

    async fn service_reads(&self, case: &str) {
        let request = self.of_connection(Method::GET, "/health");
        let health = self.send(request).await.json(200);
        assert!(health.is_object(), "{case}");
    }

    /// The data keys by which something is sealed.
    async fn keys_in_use(&self) -> Vec<String> {
        let mut books = self.books().await;
        let keys = books
            .column(
                "SELECT DISTINCT SUBSTR(sealed, 1, 20) FROM (
                     SELECT credentials AS sealed FROM connections UNION ALL SELECT content FROM passes
                     UNION ALL SELECT token FROM share_links UNION ALL SELECT url FROM webhooks
                     UNION ALL SELECT secret FROM webhooks) AS all_of_them WHERE sealed IS NOT NULL",
            )
            .await;
        books.close().await;
        keys
    }
}

async fn reseal(service: &Service) -> Resealing {
    let done = service.reseal(&Actor::operator(), |_done| {}).await;
    done.unwrap()
}

#[tokio::test]
async fn everything_is_sealed_anew_and_the_former_key_goes_after_a_while() {
    let world = World::start().await;
    world.furnish().await;
    let former = world.keys_in_use().await;
    assert_eq!(former.len(), 1);
    // Another process does it; the running one hears of it when it meets the new key.
    let other = world.household.open().await;
    let key = other.replace_data_key(&Actor::operator()).await.unwrap();
    let mut steps = Vec::new();
    let done = other
        .reseal(&Actor::operator(), |done| steps.push(done.resealed))
        .await
        .unwrap();
    assert!(done.resealed >= 75, "{done:?}");
    assert_eq!((done.unopened, done.removed, done.kept), (0, 0, 1));
    assert!(steps.len() > 4, "in several transactions");
    assert_eq!(
        world.keys_in_use().await,
        [Sealed::prefix(&key)[..20].to_owned()]
    );
    world.assert_opens("resealed").await;
    assert_eq!(reseal(&other).await.resealed, 0, "twice is once");

    world.simulator.advance(RETIRED_KEY_KEPT);
    assert_eq!(reseal(&other).await.removed, 1);
    let mut books = world.books().await;
    let keys = books
        .column("SELECT id FROM data_keys WHERE purpose = 'seal'")
        .await;
    assert_eq!(keys, [key]);
    books.close().await;
    world.issued().await;
    world.assert_opens("removed").await;
}

#[tokio::test]
async fn interrupted_anywhere_the_store_opens_and_the_next_run_comes_to_the_end() {
    let world = World::start().await;
    world.furnish().await;
    let mut pauses = 0;
    loop {
        let rotator = world.household.open().await;
        let new_key = !rotator.is_resealing_open().await.unwrap();
        let work = async {
            if new_key {
                rotator.replace_data_key(&Actor::operator()).await.unwrap();
            }
            reseal(&rotator).await
        };
        let done = interrupted(pauses, work).await;
        let case = format!("after {pauses} pauses");
        world.assert_opens(&case).await;
        // A process that starts now opens it as well.
        drop(world.household.open().await);
        if done.is_some() {
            break;
        }
        pauses += 3;
    }
    assert!(pauses > 6, "it was interrupted");
    world.simulator.advance(RETIRED_KEY_KEPT);
    let last = reseal(&world.household.open().await).await;
    assert_eq!((last.unopened, last.kept), (0, 0), "no former key is left");
    world.assert_opens("at the end").await;
}

#[tokio::test]
async fn requests_are_answered_while_everything_is_sealed_anew() {
    let world = World::start().await;
    world.furnish().await;
    let ended = AtomicBool::new(false);
    let rotating = async {
        let other = world.household.open().await;
        for _again in 0..5 {
            other.replace_data_key(&Actor::operator()).await.unwrap();
            reseal(&other).await;
        }
        ended.store(true, Ordering::Relaxed);
    };
    let asking = async {
        let mut asked = 0;
        while !ended.load(Ordering::Relaxed) {
            world.issued().await;
            world.assert_opens("meanwhile").await;
            asked += 1;
        }
        asked
    };
    let ((), asked) = tokio::join!(rotating, asking);
    assert!(asked > 0);
    // What the running proxy sealed by a key that it took for the newest is not lost.
    eventually("one key is left", async || {
        reseal(&world.household.open().await).await;
        world.keys_in_use().await.len() == 1
    })
    .await;
    world.assert_opens("at the end").await;
}

#[tokio::test]
async fn a_retired_key_stays_as_long_as_anything_needs_it() {
    let world = World::start().await;
    world.furnish().await;
    let other = world.household.open().await;
    other.replace_data_key(&Actor::operator()).await.unwrap();
    // A value that does not open is left as it is, and so is its key.
    world
        .meddle("UPDATE webhooks SET secret = SUBSTR(secret, 1, 20) || 'not what it was'")
        .await;
    world.simulator.advance(RETIRED_KEY_KEPT * 2);
    let done = reseal(&other).await;
    assert!(done.resealed > 70, "{done:?}");
    assert_eq!((done.unopened, done.kept, done.removed), (1, 1, 0));
    world.assert_opens("after that").await;
}
