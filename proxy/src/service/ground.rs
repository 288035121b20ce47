//! When the ground gives way: no room for a revocation, a clock that went back.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId};
use crate::metrics;
use crate::store::{Change, PassRow, StoreError};

/// By how much a clock may be behind what the store has seen: clocks are set.
const CLOCK_LEEWAY_MILLIS: i64 = 30_000;

/// What is known of the ground, by this process.
#[derive(Default)]
pub(super) struct Ground {
    /// Connections whose passes are given out no more, though that could not be written down.
    denied: Mutex<HashSet<ConnectionId>>,
    clock_is_suspect: AtomicBool,
    ballast_is_gone: AtomicBool,
}

impl Ground {
    fn denied(&self) -> MutexGuard<'_, HashSet<ConnectionId>> {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing of a connection may be given out, whatever the store says.
    pub(super) fn denies(&self, connection: &ConnectionId) -> bool {
        self.is_clock_suspect() || self.denied().contains(connection)
    }

    /// Whether the clock is behind what the store has seen: nobody knows what has expired.
    pub(super) fn is_clock_suspect(&self) -> bool {
        self.clock_is_suspect.load(Ordering::Relaxed)
    }
}

impl Service {
    /// Looks at the clock. One that was set back would revive what has ended: until the next start, which looks again,
    /// nothing is issued then, and nothing old is given out.
    pub(super) async fn look_at_clock(&self) -> Result<(), ServiceError> {
        let (now, last) = (self.now(), self.store().last_change().await?);
        let suspect = last.is_some_and(|last| last.millis_since(now) > CLOCK_LEEWAY_MILLIS);
        if suspect {
            tracing::error!(%now, last_change = ?last.map(|last| last.to_string()), "the clock of this machine is behind what the store has seen: nothing is issued or given out. Set it right and start again");
        }
        metrics::clock_suspect(suspect);
        self.0
            .ground
            .clock_is_suspect
            .store(suspect, Ordering::Relaxed);
        Ok(())
    }

    /// Keeps room for revocations; a disk that has none is told of, and no more.
    pub async fn keep_ballast(&self) {
        match self.store().keep_ballast().await {
            Ok(()) => self
                .0
                .ground
                .ballast_is_gone
                .store(false, Ordering::Relaxed),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "no room is kept for revocations: the disk is full, or will be"
            ),
        }
    }

    /// The same, if it was given up.
    pub(super) async fn keep_ballast_again(&self) {
        if self.0.ground.ballast_is_gone.load(Ordering::Relaxed) {
            self.keep_ballast().await;
        }
    }

    /// Withdraws what is live of a connection. When there is no room for that, some is made.
    pub(super) async fn withdraw(
        &self,
        connection: &ConnectionId,
        actor: &Actor,
    ) -> Result<Vec<PassRow>, StoreError> {
        let at = self.now();
        let change = Change { actor, at };
        let withdrawn = match self.store().begin_revoke(connection, change).await {
            Err(error) if error.is_full() && self.store().drop_ballast().await => {
                tracing::error!(
                    "the disk is full: the room that was kept for revocations is given up"
                );
                self.0.ground.ballast_is_gone.store(true, Ordering::Relaxed);
                self.store().begin_revoke(connection, change).await
            }
            other => other,
        }?;
        self.0.ground.denied().remove(connection);
        Ok(withdrawn)
    }

    /// Revokes though it cannot be written down: from now on this process gives nothing out, and the provider takes
    /// back what it can. The caller is told that a restart would forget it.
    pub(super) async fn revoke_unwritten(
        &self,
        connection: &Connection,
        error: StoreError,
    ) -> ServiceError {
        tracing::error!(connection.id = %connection.id, error = &error as &dyn std::error::Error, "a revocation cannot be written down; until it is, this process gives nothing out");
        self.0.ground.denied().insert(connection.id.clone());
        self.hint();
        let (service, id) = (self.clone(), connection.id.clone());
        // It goes on when this is not waited for any longer.
        let asked = self.to_its_end(async move {
            let _turn = service.0.flights.upstream(&id).await;
            let (_, provider, account) = service.account(&id).await?;
            Ok::<_, ServiceError>(service.revoke_upstream(provider.as_ref(), &account).await?)
        });
        match tokio::time::timeout(self.pace().patience, asked).await {
            Ok(Ok(Ok(()))) | Err(_) => {}
            Ok(Ok(Err(error)) | Err(error)) => {
                tracing::warn!(connection.id = %connection.id, error.code = error.code().as_str(), "nor has the provider confirmed it");
            }
        }
        ServiceError::RevokeNotDurable
    }

    /// Writes down what could not be before.
    pub(super) async fn write_down_denied(&self) {
        let denied: Vec<ConnectionId> = self.0.ground.denied().iter().cloned().collect();
        for connection in denied {
            if self.withdraw(&connection, &Actor::pairlink()).await.is_ok() {
                self.hint();
                self.settle_soon(connection);
            }
        }
    }

    /// Before anything is issued, an earlier revocation is written down: it would take the new pass down with it.
    pub(super) async fn write_down_denied_of(
        &self,
        connection: &ConnectionId,
    ) -> Result<(), ServiceError> {
        let denied = self.0.ground.denied().contains(connection);
        if denied {
            self.withdraw(connection, &Actor::pairlink()).await?;
            self.settle_soon(connection.clone());
        }
        Ok(())
    }
}
