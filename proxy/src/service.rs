//! The rules: one use case per file.
//!
//! Whoever calls has been let in by `access`; whatever changes something is done in a task of its own, so that it
//! comes to its end when the caller hangs up.

mod access;
mod ahead;
mod api_keys;
mod audit;
mod breakers;
mod code_limits;
mod connections;
mod dispatch;
mod elsewhere;
mod embed_tokens;
mod error;
mod events;
mod flights;
mod ground;
mod health;
mod import;
mod issue;
mod keys;
mod logout;
mod mint;
mod openings;
mod phones;
mod provider_events;
mod remind;
mod renew;
mod restored;
mod reuse;
mod revoke;
mod rounds;
mod settle;
mod share_links;
mod tally;
mod tenants;
mod tokens;
mod turns;
mod upkeep;
mod upstream;
mod view;
mod watch;
mod webhooks;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

pub use access::Authenticated;
pub use api_keys::NewApiKey;
pub use audit::{Finding, HeadError, Heads, SignedHead, Verified};
pub use connections::{ConnectionChange, NewConnection};
pub use embed_tokens::{EmbedTokenRequest, IssuedEmbedToken, LONGEST_EMBED_TTL};
pub use error::ServiceError;
pub use events::Subscription;
pub use health::{CredentialReport, Health};
pub use import::{ImportError, ImportedCredentials};
pub use issue::{Earlier, IssueOutcome};
pub use keys::{RETIRED_KEY_KEPT, ReplacedMaster, Resealing};
pub use openings::OpenedConnection;
pub use revoke::{Revocation, Revoked};
pub use share_links::{LiveShareLink, NewShareLink, Opening, ViewedLink, Viewer};
pub use tokens::{ApiToken, Freshness};
pub use upstream::{UpstreamAnswer, UpstreamRequest};
pub use view::{LivePass, View};
pub use watch::Watching;
pub use webhooks::{ListedWebhook, RegisteredWebhook, WebhookRequest};

use crate::clock::Clock;
use crate::domain::Timestamp;
use crate::outbound::AddressPolicy;
use crate::provider::Registry;
use crate::store::Store;
use crate::vault::Vault;
use crate::webhook::Courier;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a caller waits for a provider before it is told that the answer comes later.
    pub patience: Duration,
    /// How often the login is looked at while somebody looks at a live pass.
    pub watch_live: Duration,
    /// How often otherwise, while a page is open.
    pub watch_idle: Duration,
    /// How often ends are looked for, and the outbox is read without a hint; how often a provider is asked at most about
    /// a login of which it keeps posting.
    pub tick: Duration,
    /// How long after a failed attempt the next one is made to settle what is unsettled; doubled each time. A provider
    /// that failed again and again is left alone for five times as long at first.
    pub settle_again: Duration,
    /// For how long what is under way is left to who is at it, without a word from there.
    pub lease: Duration,
    /// How many API tokens are renewed ahead of their end at a time.
    pub renewals_at_once: usize,
    /// How many such renewals begin in a second.
    pub renewals_per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(5),
            watch_live: Duration::from_secs(2),
            watch_idle: Duration::from_secs(15),
            tick: Duration::from_secs(1),
            settle_again: Duration::from_secs(1),
            lease: Duration::from_secs(10),
            renewals_at_once: 8,
            renewals_per_second: 20,
        }
    }
}

/// What the rules work with.
pub struct Parts {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The unlocked data keys.
    pub vault: Vault,
    /// The providers.
    pub registry: Registry,
    /// Where connections and webhooks may point.
    pub addresses: AddressPolicy,
    /// Posts to webhooks.
    pub courier: Courier,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where browsers reach this proxy.
    pub public_url: Url,
    /// How long things may take.
    pub pace: Pace,
    /// Where signed heads of the audit are appended, beside the log.
    pub audit_head_file: Option<PathBuf>,
}

/// The use cases.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    parts: Parts,
    relay: events::Relay,
    dispatcher: dispatch::Dispatcher,
    flights: flights::Flights,
    renewals: tokens::Renewals,
    watchers: watch::Watchers,
    hints: provider_events::Hints,
    rounds: rounds::Rounds,
    sealer: audit::Sealer,
    /// Who this is among the processes on the store.
    process: String,
    breakers: breakers::Breakers,
    ground: ground::Ground,
    /// Work that must come to its end before the process does.
    tasks: TaskTracker,
    /// Says that the process is about to end.
    closing: CancellationToken,
}

impl Service {
    /// Puts the rules together; nothing runs yet.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            relay: events::Relay::default(),
            dispatcher: dispatch::Dispatcher::default(),
            flights: flights::Flights::default(),
            renewals: tokens::Renewals::default(),
            watchers: watch::Watchers::default(),
            hints: provider_events::Hints::default(),
            rounds: rounds::Rounds::default(),
            sealer: audit::Sealer::default(),
            process: format!("{:032x}", rand::random::<u128>()),
            breakers: breakers::Breakers::default(),
            ground: ground::Ground::default(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        }))
    }

    /// Starts what runs beside the requests: ends, events, webhooks, and settling what a crash or a lost answer left open.
    pub async fn start(&self) -> Result<(), ServiceError> {
        if let Some(since) = self.observing_since().await? {
            tracing::warn!(%since, "this store came out of a backup and only observes; see `pairlink observe`");
        }
        self.look_at_clock().await?;
        self.start_relay().await?;
        self.start_dispatch();
        self.start_upkeep();
        self.start_renewing();
        self.start_reminding();
        self.start_sealing();
        self.start_vouching();
        Ok(())
    }

    /// Tells open streams and background work to end. Running changes go on; see [`Service::finish`].
    pub fn close(&self) {
        self.0.closing.cancel();
        self.0.tasks.close();
    }

    /// Waits for running changes, then lets go of the store. After `at_most` the rest is left to the next start, which
    /// settles it.
    pub async fn finish(&self, at_most: Duration) {
        if tokio::time::timeout(at_most, self.0.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some changes have not come to their end; the next start settles them");
        }
        self.end_sealing().await;
        self.store().close().await;
    }

    /// Lets go of the store, and leaves it as it is: for whoever only looks at it.
    pub async fn let_go(&self) {
        self.store().close().await;
    }

    /// Does something to its end, also when the caller stops waiting for it.
    pub async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, ServiceError> {
        self.0
            .tasks
            .spawn(work)
            .await
            .map_err(|_panicked| ServiceError::GivenUp)
    }

    /// Ends when the process is about to.
    pub fn closing(&self) -> CancellationToken {
        self.0.closing.clone()
    }

    /// Whether requests can be answered.
    pub async fn is_ready(&self) -> bool {
        !self.0.closing.is_cancelled() && self.store().ping().await.is_ok()
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Where browsers reach this proxy.
    pub fn public_url(&self) -> &Url {
        &self.0.parts.public_url
    }

    fn store(&self) -> &dyn Store {
        self.0.parts.store.as_ref()
    }

    fn vault(&self) -> &Vault {
        &self.0.parts.vault
    }

    fn pace(&self) -> Pace {
        self.0.parts.pace
    }
}
