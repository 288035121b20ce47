//! Chains the audit: gives each row its place soon after it was written, and ships the chain's end out of reach of
//! whoever can write to the database.
//!
//! Whoever writes a row needs neither the key nor the chain's lock: changes do not wait for each other because of the
//! audit. The price is the moment until a row is sealed, in which it can be changed unseen.

mod heads;
mod verify;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

pub use heads::{HeadError, Heads, SignedHead};
pub use verify::{Finding, Verified};

use super::{Service, ServiceError};
use crate::domain::{AuditSeal, ChainEnd, ConnectionId, SealedEntry, TenantScope, Timestamp};
use crate::store::{AuditQuery, SealingTurn};
use crate::vault::VaultError;

/// How many rows are sealed in one transaction.
const BATCH: u32 = 256;
/// Longer than sealing a batch takes. Whoever has more to seal may be overtaken, and then leaves the rest to the other.
const LEASE_MILLIS: i64 = 5_000;
/// How often the chain's end is shipped, if it has moved.
const HEAD_EVERY_MILLIS: i64 = 60_000;
/// How often callers that were not let in are written down.
const REFUSALS_EVERY_MILLIS: i64 = 60_000;
/// How long sealing may hold up the end of the process.
const LAST_SEALING: Duration = Duration::from_secs(5);

/// What a process knows of its own sealing.
#[derive(Default)]
pub(super) struct Sealer {
    /// Whether it seals by itself and ships heads, as a proxy does, or only what it wrote itself, as a command does.
    runs: AtomicBool,
    /// Callers that were not let in since that was last written down.
    refused: AtomicU64,
}

impl Service {
    pub(super) fn start_sealing(&self) {
        self.0.sealer.runs.store(true, Ordering::Relaxed);
        tokio::spawn(self.clone().keep_sealing());
    }

    async fn keep_sealing(self) {
        let mut refusals_written_at = self.now();
        // Twice as often as needed, because writing takes its time as well.
        while self.pause(self.pace().tick / 2).await {
            if refusals_written_at.plus_millis(REFUSALS_EVERY_MILLIS) <= self.now() {
                self.write_refusals().await;
                refusals_written_at = self.now();
            }
            self.seal_or_report().await;
            self.ship_head(self.now().plus_millis(-HEAD_EVERY_MILLIS))
                .await;
        }
    }

    /// Seals what this process wrote last, and ships where the chain ends, before the store is let go of.
    pub(super) async fn end_sealing(&self) {
        let runs = self.0.sealer.runs.load(Ordering::Relaxed);
        let last = async {
            if runs {
                self.write_refusals().await;
            }
            self.seal_or_report().await;
            if runs {
                self.ship_head(self.now()).await;
            }
        };
        if tokio::time::timeout(LAST_SEALING, last).await.is_err() {
            tracing::warn!("rows of the audit are left for the next start to seal");
        }
    }

    async fn seal_or_report(&self) {
        if let Err(error) = self.seal_audit().await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "cannot seal the audit"
            );
        }
    }

    /// Gives every row that has none its place in the chain. False if another process is doing that.
    pub async fn seal_audit(&self) -> Result<bool, ServiceError> {
        if self.store().unsealed_audit(0, 1).await?.is_empty() {
            return Ok(true);
        }
        let now = self.now();
        let until = now.plus_millis(LEASE_MILLIS);
        let Some(mut turn) = self.store().claim_sealing(now, until).await? else {
            return Ok(false);
        };
        let sealed = self.seal_in_turn(&mut turn).await;
        self.store().release_sealing(turn.fence).await?;
        sealed
    }

    async fn seal_in_turn(&self, turn: &mut SealingTurn) -> Result<bool, ServiceError> {
        loop {
            let rows = self.store().unsealed_audit(0, BATCH).await?;
            if rows.is_empty() {
                return Ok(true);
            }
            let key = self.vault().audits_with();
            let mut end = turn.end;
            let mut seals = Vec::with_capacity(rows.len());
            for row in rows {
                let position = end.position + 1;
                let canonical = row.canonical(position, &key);
                let mac = self
                    .vault()
                    .audit_mac(&key, &canonical, end.mac)
                    .ok_or(VaultError::MissingKey)?;
                end = ChainEnd { position, mac };
                let seal = AuditSeal {
                    position,
                    key: key.clone(),
                    mac: Some(mac),
                };
                seals.push((row.sequence, seal));
            }
            if !self.store().seal_audit(turn, &seals, end).await? {
                return Ok(false);
            }
            turn.end = end;
        }
    }

    /// Rows about these tenants, a page at a time in the order of the chain.
    pub async fn audit(
        &self,
        scope: &TenantScope,
        after: i64,
        connection: Option<ConnectionId>,
        since: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, ServiceError> {
        let query = AuditQuery {
            scope: scope.clone(),
            after,
            connection,
            since,
        };
        Ok(self.store().audit_of(&query, limit).await?)
    }

    /// Counts a caller that was not let in.
    pub(super) fn note_refusal(&self) {
        self.0.sealer.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// One row for all of them: whoever tries keys must not fill the store by it.
    async fn write_refusals(&self) {
        let count = self.0.sealer.refused.swap(0, Ordering::Relaxed);
        if count == 0 {
            return;
        }
        if let Err(error) = self.store().record_refusals(count, self.now()).await {
            self.0.sealer.refused.fetch_add(count, Ordering::Relaxed);
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "cannot write down who was not let in"
            );
        }
    }
}
