//! Doubt in the connections to the server that are kept open.
//!
//! A server that was started again has ended all of them, and each would fail whoever uses it next. The first that is
//! noticed to be gone casts doubt on the others: each is tried out before it is used again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::pool::PoolOptions;

use super::Db;

/// A connection that was not used for so long is tried out in any case.
const FRESH: Duration = Duration::from_secs(1);

/// When the last connection was noticed to be gone.
#[derive(Clone, Default)]
pub(super) struct Doubt(Arc<Mutex<Option<Instant>>>);

impl Doubt {
    /// Notes that a connection is gone.
    pub(super) fn cast(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now());
    }

    /// Whether a connection that was last used so long ago may be gone.
    fn is_about(&self, unused_for: Duration) -> bool {
        let cast = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cast.is_some_and(|cast| now().duration_since(cast) <= unused_for)
    }

    /// Has each connection tried out on which there is doubt.
    pub(super) fn heeded_by(&self, pool: PoolOptions<Db>) -> PoolOptions<Db> {
        let doubt = self.clone();
        pool.test_before_acquire(false)
            .before_acquire(move |connection, metadata| {
                let doubt = doubt.clone();
                Box::pin(async move {
                    if metadata.idle_for > FRESH || doubt.is_about(metadata.idle_for) {
                        connection.ping().await.inspect_err(|_gone| doubt.cast())?;
                    }
                    Ok(true)
                })
            })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pool measures by this clock, and nothing else is decided by it"
)]
fn now() -> Instant {
    Instant::now()
}
