//! One change at a time at a provider, per connection, among all processes.
//!
//! Those of this process wait for each other in the order of asking; the first of them takes the turn from the store,
//! where it is a lease: whoever has it says again and again that it is at work. One that was killed, paused or cut off
//! loses it after a while. It cannot know that its call arrives late, so whatever is written after a call is guarded, and
//! what a late call made is taken back by whoever finds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::task::AbortHandle;

use super::{Service, ServiceError};
use crate::domain::{ConnectionId, PassId, Timestamp};
use crate::store::{Lease, StoreError};

/// So often within a lease its holder says that it is at work.
const BEATS: u32 = 4;
/// How soon, and how late at most, a turn of another process is looked at again.
const SOON: Duration = Duration::from_millis(10);
const LATE: Duration = Duration::from_millis(200);

/// The turn to change something of a connection at its provider, as long as this lives.
pub(super) struct Turn {
    service: Service,
    lease: Lease,
    /// Until when it is ours for sure.
    held_until: Arc<AtomicI64>,
    _heart: Heart,
    local: Option<OwnedMutexGuard<()>>,
}

/// Something that is said again and again, as long as this lives.
pub(super) struct Heart(AbortHandle);

impl Service {
    /// Waits for the turn to change something of the connection at the provider.
    pub(super) async fn turn(&self, connection: &ConnectionId) -> Result<Turn, ServiceError> {
        let local = self.0.flights.upstream(connection).await;
        let mut pause = SOON;
        loop {
            let until = self.lease_end();
            let store = self.store();
            if let Some(lease) = store.claim_turn(connection, self.now(), until).await? {
                return Ok(Turn::new(self.clone(), lease, until, local));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LATE);
        }
    }

    /// The end of a lease that begins now.
    pub(super) fn lease_end(&self) -> Timestamp {
        let millis = self.pace().lease.as_millis();
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        self.now().plus_millis(millis)
    }

    /// Says of an intent that this process is at it.
    pub(super) fn keep_intent(&self, pass: &PassId) -> Heart {
        let pass = pass.clone();
        self.keep(move |service| {
            let pass = pass.clone();
            async move {
                let until = service.lease_end();
                service.store().keep_intent(&pass, until).await
            }
        })
    }

    fn keep<F>(&self, beat: impl Fn(Self) -> F + Send + 'static) -> Heart
    where
        F: Future<Output = Result<bool, StoreError>> + Send,
    {
        let service = self.clone();
        let beating = tokio::spawn(async move {
            loop {
                tokio::time::sleep(service.pace().lease / BEATS).await;
                match beat(service.clone()).await {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "cannot say that something is under way"
                    ),
                }
            }
        });
        Heart(beating.abort_handle())
    }
}

impl Turn {
    fn new(service: Service, lease: Lease, until: Timestamp, local: OwnedMutexGuard<()>) -> Self {
        let held_until = Arc::new(AtomicI64::new(until.unix_millis()));
        let (kept, held) = (lease.clone(), Arc::clone(&held_until));
        let heart = service.keep(move |service| {
            let (lease, held) = (kept.clone(), Arc::clone(&held));
            async move {
                let until = service.lease_end();
                let kept = service.store().keep_turn(&lease, until).await?;
                if kept {
                    held.store(until.unix_millis(), Ordering::Release);
                }
                Ok(kept)
            }
        });
        Self {
            service,
            lease,
            held_until,
            _heart: heart,
            local: Some(local),
        }
    }

    /// Whether it is ours for sure, as far as this process can tell by itself: it may have been paused.
    pub(super) fn is_fresh(&self) -> bool {
        self.service.now().unix_millis() < self.held_until.load(Ordering::Acquire)
    }

    /// Whether nobody else has had it since. It is kept for another while.
    pub(super) async fn is_ours(&self) -> Result<bool, ServiceError> {
        let until = self.service.lease_end();
        Ok(self.service.store().keep_turn(&self.lease, until).await?)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (service, lease) = (self.service.clone(), self.lease.clone());
        let local = self.local.take();
        // Without a runtime the process is at its end, and the lease ends by itself.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        self.service.0.tasks.spawn_on(
            async move {
                if let Err(error) = service.store().end_turn(&lease).await {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "cannot give a turn back; it ends by itself"
                    );
                }
                // Only then the next of this process, which would have to wait for it.
                drop(local);
            },
            &runtime,
        );
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.0.abort();
    }
}
