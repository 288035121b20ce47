//! Counting.

use async_trait::async_trait;
use sqlx::Row as _;

use super::SqlStore;
use crate::domain::Timestamp;
use crate::store::{StoreError, Tally, TallyStore};

/// What is counted: its name, its labels, and a statement whose first columns are the labels' values and whose last is
/// the number; `$1` is the instant. A table that operators want to see counted has its line here.
const COUNTED: &[(&str, &[&str], &str)] = &[
    (
        Tally::CONNECTIONS,
        &["provider", "state"],
        "-- count_connections
         SELECT provider, session, COUNT(*) FROM connections
         WHERE removed_at IS NULL AND created_at <= $1 GROUP BY provider, session",
    ),
    (
        Tally::LIVE_PASSES,
        &["provider", "method"],
        "-- count_live_passes
         SELECT c.provider, p.method, COUNT(*) FROM passes p JOIN connections c ON c.id = p.connection
         WHERE p.state = 'live' AND p.expires_at > $1 GROUP BY c.provider, p.method",
    ),
    (
        Tally::UNSETTLED_PASSES,
        &["provider", "state"],
        "-- count_unsettled_passes
         SELECT c.provider, p.state, COUNT(*) FROM passes p JOIN connections c ON c.id = p.connection
         WHERE p.state IN ('minting', 'revoking') AND p.requested_at <= $1 GROUP BY c.provider, p.state",
    ),
    (
        Tally::OLDEST_REVOCATION,
        &["provider"],
        "-- oldest_revocation
         SELECT c.provider, ($1 - MIN(p.ended_at)) / 1000 FROM passes p JOIN connections c ON c.id = p.connection
         WHERE p.state = 'revoking' GROUP BY c.provider",
    ),
    (
        Tally::CREDENTIALS,
        &["provider", "kind"],
        "-- count_credentials
         SELECT c.provider, k.kind, COUNT(*) FROM credentials k JOIN connections c ON c.id = k.connection
         WHERE k.expires_at IS NULL OR k.expires_at > $1 GROUP BY c.provider, k.kind",
    ),
    (
        Tally::ATTENTION,
        &["provider", "reason"],
        "-- count_attention
         SELECT provider, attention, COUNT(*) FROM connections
         WHERE attention IS NOT NULL AND removed_at IS NULL AND attention_since <= $1 GROUP BY provider, attention",
    ),
    (
        Tally::DELIVERIES,
        &["state"],
        "-- count_deliveries
         SELECT state, COUNT(*) FROM webhook_deliveries
         WHERE state IN ('pending', 'dead') AND created_at <= $1 GROUP BY state",
    ),
    (
        Tally::LOST_TIMES,
        &[],
        "-- count_lost_times\nSELECT COUNT(*) FROM lost_times WHERE ended_at <= $1",
    ),
    (
        Tally::RETIRED_KEYS,
        &[],
        "-- count_retired_keys\nSELECT COUNT(*) FROM data_keys WHERE purpose = 'seal' AND retired_at <= $1",
    ),
];

#[async_trait]
impl TallyStore for SqlStore {
    async fn tally(&self, now: Timestamp) -> Result<Vec<Tally>, StoreError> {
        let mut tallies = Vec::new();
        for (name, labels, statement) in COUNTED {
            let rows = sqlx::query(*statement)
                .bind(now.unix_millis())
                .fetch_all(&self.reader)
                .await
                .map_err(StoreError::Database)?;
            for row in rows {
                let mut values = Vec::new();
                for (at, label) in labels.iter().enumerate() {
                    values.push((*label, row.try_get(at).map_err(StoreError::Database)?));
                }
                tallies.push(Tally {
                    name,
                    labels: values,
                    count: row.try_get(labels.len()).map_err(StoreError::Database)?,
                });
            }
        }
        Ok(tallies)
    }
}
