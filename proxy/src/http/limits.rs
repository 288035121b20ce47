//! How often callers may ask, and how much they may hold open.
//!
//! Each replica counts for itself. What must hold for all of them together is counted in the store, such as pairing codes
//! for one phone.

mod bucket;
mod door;
mod held;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use pairlink_protocol::ProblemCode;
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub(super) use self::door::Caller;
pub(super) use self::door::watch;
pub(super) use self::held::Held;

use self::bucket::Buckets;
use self::held::{Full, Holders};
use super::address::{ClientAddress, ForwardedHeader, TrustedProxies};
use super::problem::Failure;
use crate::domain::{ApiKeyId, ConnectionId, EmbedTokenId, Tenant};
use crate::metrics::{self, Refusal};

/// How soon a page that may open no more streams may try again.
const STREAMS_AGAIN: u32 = 10;

/// What an operator sets. Rates are a minute's, and can be used up in a moment.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Whose word on addresses is taken.
    pub trusted_proxies: TrustedProxies,
    /// Where they write it.
    pub forwarded_header: ForwardedHeader,
    /// Requests of one address.
    pub address: NonZeroU32,
    /// Requests of one address with a token or a link that opens nothing.
    pub failures: NonZeroU32,
    /// Requests with one embed token.
    pub embed_token: NonZeroU32,
    /// Requests with one API key.
    pub api_key: NonZeroU32,
    /// Requests about one tenant.
    pub tenant: NonZeroU32,
    /// Streams of events.
    pub streams: NonZeroU32,
    /// How long a stream lives, and up to half as long again.
    pub stream_age: Duration,
    /// Streams with one embed token.
    pub streams_of_embed_token: NonZeroU32,
    /// Streams of one connection.
    pub streams_of_connection: NonZeroU32,
    /// Streams of one tenant.
    pub streams_of_tenant: NonZeroU32,
    /// Streams of one address.
    pub streams_of_address: NonZeroU32,
    /// Connections of this process.
    pub connections: NonZeroU32,
    /// Connections of one address, where clients connect by themselves.
    pub connections_of_address: NonZeroU32,
}

const fn some(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Default for LimitSettings {
    /// Out of the way of people, pages and backends; in the way of loops.
    fn default() -> Self {
        Self {
            trusted_proxies: TrustedProxies::default(),
            forwarded_header: ForwardedHeader::default(),
            address: some(1_200),
            failures: some(60),
            embed_token: some(300),
            api_key: some(6_000),
            tenant: some(12_000),
            streams: some(12_000),
            stream_age: Duration::from_mins(10),
            streams_of_embed_token: some(5),
            streams_of_connection: some(100),
            streams_of_tenant: some(12_000),
            streams_of_address: some(100),
            connections: some(16_384),
            connections_of_address: some(256),
        }
    }
}

/// What was counted so far.
pub struct Limits {
    settings: LimitSettings,
    addresses: Buckets<ClientAddress>,
    failures: Buckets<ClientAddress>,
    embed_tokens: Buckets<EmbedTokenId>,
    api_keys: Buckets<ApiKeyId>,
    tenants: Buckets<Tenant>,
    streams: Holders<()>,
    streams_of_embed_token: Holders<EmbedTokenId>,
    streams_of_connection: Holders<ConnectionId>,
    streams_of_tenant: Holders<Tenant>,
    streams_of_address: Holders<ClientAddress>,
    connections_of_address: Holders<ClientAddress>,
}

/// A stream of events that is counted until it ends.
pub(super) struct HeldStream {
    /// When it ends at the latest: whoever goes on listening comes again, and is looked at anew.
    pub(super) ends: Instant,
    _all: Held<()>,
    _token: Held<EmbedTokenId>,
    _connection: Held<ConnectionId>,
    _tenant: Held<Tenant>,
    _address: Option<Held<ClientAddress>>,
}

impl Limits {
    /// Nothing was counted yet.
    pub fn new(settings: LimitSettings) -> Arc<Self> {
        Arc::new(Self {
            addresses: Buckets::new(settings.address),
            failures: Buckets::new(settings.failures),
            embed_tokens: Buckets::new(settings.embed_token),
            api_keys: Buckets::new(settings.api_key),
            tenants: Buckets::new(settings.tenant),
            streams: Holders::new(settings.streams),
            streams_of_embed_token: Holders::new(settings.streams_of_embed_token),
            streams_of_connection: Holders::new(settings.streams_of_connection),
            streams_of_tenant: Holders::new(settings.streams_of_tenant),
            streams_of_address: Holders::new(settings.streams_of_address),
            connections_of_address: Holders::new(settings.connections_of_address),
            settings,
        })
    }

    pub(super) fn most_connections(&self) -> usize {
        let most = usize::try_from(self.settings.connections.get());
        most.unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
    }

    /// A connection from there, if there is room; none is counted for a reverse proxy.
    pub(super) fn connection_from(
        &self,
        peer: IpAddr,
    ) -> Result<Option<Held<ClientAddress>>, Full> {
        let client = self.settings.trusted_proxies.client_at(peer);
        client
            .map(|client| self.connections_of_address.hold(client))
            .transpose()
    }

    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<ClientAddress> {
        let header = self.settings.forwarded_header;
        self.settings.trusted_proxies.client(peer, headers, header)
    }

    /// Lets an address ask, unless it asked too often or guessed too much.
    fn admit_address(&self, address: ClientAddress) -> Result<(), Failure> {
        let now = Instant::now();
        self.failures
            .look(&address, now)
            .map_err(|wait| refused(Refusal::Failures, wait))?;
        self.addresses
            .take(address, now)
            .map_err(|wait| refused(Refusal::Address, wait))
    }

    /// Remembers that an address came with what opens nothing.
    fn note_failure(&self, address: ClientAddress) {
        // That it is one too many is said to its next request.
        self.failures.take(address, Instant::now()).ok();
    }

    fn admit_embed_token(&self, token: &EmbedTokenId) -> Result<(), Failure> {
        self.embed_tokens
            .take(token.clone(), Instant::now())
            .map_err(|wait| refused(Refusal::EmbedToken, wait))
    }

    fn admit_api_key(&self, key: &ApiKeyId) -> Result<(), Failure> {
        self.api_keys
            .take(key.clone(), Instant::now())
            .map_err(|wait| refused(Refusal::ApiKey, wait))
    }

    fn admit_tenant(&self, tenant: &Tenant) -> Result<(), Failure> {
        self.tenants
            .take(tenant.clone(), Instant::now())
            .map_err(|wait| refused(Refusal::Tenant, wait))
    }

    fn open_stream(
        &self,
        token: &EmbedTokenId,
        connection: &ConnectionId,
        tenant: &Tenant,
        address: Option<ClientAddress>,
    ) -> Result<HeldStream, Failure> {
        let full = |Full| refused(Refusal::Streams, STREAMS_AGAIN);
        let age = self.settings.stream_age;
        Ok(HeldStream {
            // Those that began together do not end together.
            ends: Instant::now() + age.mul_f64(rand::random_range(1.0..1.5)),
            _token: self
                .streams_of_embed_token
                .hold(token.clone())
                .map_err(full)?,
            _connection: self
                .streams_of_connection
                .hold(connection.clone())
                .map_err(full)?,
            _tenant: self.streams_of_tenant.hold(tenant.clone()).map_err(full)?,
            _address: address
                .map(|address| self.streams_of_address.hold(address))
                .transpose()
                .map_err(full)?,
            _all: self.streams.hold(()).map_err(full)?,
        })
    }
}

fn refused(reason: Refusal, retry_after: u32) -> Failure {
    metrics::refused(reason);
    Failure::later(ProblemCode::RateLimited, retry_after)
}
