//! What the tests stand on; no test is here.

pub(crate) mod answer;
pub(crate) mod books;
pub(crate) mod leaks;
#[cfg(feature = "failpoints")]
pub(crate) mod oracle;
pub(crate) mod place;
pub(crate) mod program;
pub(crate) mod receiver;
#[cfg(unix)]
pub(crate) mod scene;
pub(crate) mod stream;
pub(crate) mod world;

use std::time::Duration;

pub(crate) use world::{Setup, World};

/// Longer than anything takes that comes to its end, also on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "not in time: {what}");
}

/// Waits for something that must come.
pub(crate) async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_elapsed| panic!("not in time: {what}"))
}
