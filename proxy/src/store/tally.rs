//! What a store counts for operators.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::Timestamp;

/// So many of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Of what, as it is called in metrics.
    pub name: &'static str,
    /// Of which kind. The values are names of ours: of a provider, a method, a state.
    pub labels: Vec<(&'static str, String)>,
    /// How many.
    pub count: i64,
}

impl Tally {
    /// What is counted, and in what words.
    pub const NAMES: &[(&str, &str)] = &[
        (
            Self::CONNECTIONS,
            "Connections, by what was last heard of the login",
        ),
        (Self::LIVE_PASSES, "Passes that are given out"),
        (
            Self::UNSETTLED_PASSES,
            "Passes of which nobody knows yet what is alive at the provider",
        ),
        (
            Self::OLDEST_REVOCATION,
            "Seconds since the oldest revocation that its provider has not confirmed",
        ),
        (
            Self::CREDENTIALS,
            "Tokens that are held for connections, whoever they were bought from",
        ),
        (Self::ATTENTION, "Connections that somebody must look at"),
        (
            Self::DELIVERIES,
            "Messages to webhooks that are not delivered yet, or given up",
        ),
        (
            Self::LOST_TIMES,
            "Connections of which a restored store has to find out what is alive",
        ),
        (
            Self::RETIRED_KEYS,
            "Data keys that were replaced and are there still",
        ),
    ];
    /// By provider and state.
    pub const CONNECTIONS: &str = "pairlink_connections";
    /// By provider and method.
    pub const LIVE_PASSES: &str = "pairlink_live_passes";
    /// By provider and state.
    pub const UNSETTLED_PASSES: &str = "pairlink_unsettled_passes";
    /// By provider; in seconds, and 0 where every revocation is confirmed.
    pub const OLDEST_REVOCATION: &str = "pairlink_oldest_unconfirmed_revocation_seconds";
    /// By provider and kind.
    pub const CREDENTIALS: &str = "pairlink_credentials";
    /// By provider and reason.
    pub const ATTENTION: &str = "pairlink_attention";
    /// By state.
    pub const DELIVERIES: &str = "pairlink_webhook_deliveries";
    /// All of them.
    pub const LOST_TIMES: &str = "pairlink_connections_to_find_out";
    /// All of them.
    pub const RETIRED_KEYS: &str = "pairlink_retired_data_keys";
}

/// Counting.
#[async_trait]
pub trait TallyStore {
    /// Counts everything that is counted.
    async fn tally(&self, now: Timestamp) -> Result<Vec<Tally>, StoreError>;
}
