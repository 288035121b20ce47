//! Where a request comes in: who asks is found out, and whoever asks too often is turned away.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use pairlink_protocol::ProblemCode;
use url::form_urlencoded;

use super::{HeldStream, Limits};
use crate::domain::{ApiKey, EmbedGrant, Tenant, TenantScope};
use crate::http::address::ClientAddress;
use crate::http::cors;
use crate::http::problem::Failure;
use crate::http::server::Peer;

/// Where something with a token in its address is told from something that is not there.
const GUESSED: [&str; 3] = [
    "/l/{token}",
    "/l/{token}/refuse",
    "/v1/connections/{id}/provider-events/{secret}",
];

/// Names of parameters by which a token would stand in an address, where logs and histories keep it.
const SECRET_PARAMETERS: [&str; 7] = [
    "token",
    "access_token",
    "api_key",
    "apikey",
    "key",
    "authorization",
    "bearer",
];

/// Who asks, and what is counted of him. In every request that came through [`watch`].
#[derive(Clone)]
pub(in crate::http) struct Caller {
    limits: Arc<Limits>,
    address: Option<ClientAddress>,
}

impl Caller {
    pub(in crate::http) fn of(extensions: &Extensions) -> Result<Self, Failure> {
        let caller = extensions.get::<Self>().cloned();
        caller.ok_or(Failure::new(ProblemCode::Internal))
    }

    /// By where he is.
    pub(in crate::http) fn admit_address(&self) -> Result<(), Failure> {
        match self.address {
            Some(address) => self.limits.admit_address(address),
            None => Ok(()),
        }
    }

    /// By his embed token.
    pub(in crate::http) fn admit_page(&self, grant: &EmbedGrant) -> Result<(), Failure> {
        self.limits.admit_embed_token(&grant.id)?;
        self.limits.admit_tenant(&grant.tenant)
    }

    /// By his API key.
    pub(in crate::http) fn admit_backend(&self, key: &ApiKey) -> Result<(), Failure> {
        self.limits.admit_api_key(&key.id)?;
        match &key.scope {
            TenantScope::One(tenant) => self.limits.admit_tenant(tenant),
            // Which tenant it is about is known later.
            TenantScope::All => Ok(()),
        }
    }

    /// By the tenant that he asks about with a key for all.
    pub(in crate::http) fn admit_about(
        &self,
        key: &ApiKey,
        tenant: &Tenant,
    ) -> Result<(), Failure> {
        match &key.scope {
            TenantScope::One(_counted) => Ok(()),
            TenantScope::All => self.limits.admit_tenant(tenant),
        }
    }

    /// Counts a stream of events until it ends.
    pub(in crate::http) fn open_stream(&self, grant: &EmbedGrant) -> Result<HeldStream, Failure> {
        let (token, connection, tenant) = (&grant.id, &grant.connection, &grant.tenant);
        self.limits
            .open_stream(token, connection, tenant, self.address)
    }
}

/// Finds out who asks, and turns away who asks too often from one address.
///
/// Not for what says nothing about anybody and costs next to nothing: health, and files of the element. Pages are looked at
/// later, where their browsers are told that they may read the answer.
pub(in crate::http) async fn watch(
    State(limits): State<Arc<Limits>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>();
    let address = peer.and_then(|Peer(peer)| limits.client(peer.ip(), request.headers()));
    let caller = Caller { limits, address };
    let route = request.extensions().get::<MatchedPath>();
    let kind = route.map_or(Kind::Counted, |route| Kind::of(route.as_str()));
    let can_be_guessed = route.is_some_and(|route| GUESSED.contains(&route.as_str()));
    // What browsers ask before they ask comes without a token.
    let is_counted_here = kind.is_counted_here() || request.method() == Method::OPTIONS;
    if is_counted_here && let Err(failure) = caller.admit_address() {
        return failure.into_response();
    }
    if kind.is_ours() && has_secret(request.uri().query()) {
        tracing::warn!(
            security.event = "token_in_url",
            "a token stood in an address: whoever sent it should replace it"
        );
        return Failure::new(ProblemCode::Unauthenticated).into_response();
    }
    request.extensions_mut().insert(caller.clone());
    let response = next.run(request).await;
    let failure = response.extensions().get::<Failure>();
    let opened_nothing = failure
        .is_some_and(|failure| failure.code() == ProblemCode::Unauthenticated)
        || (can_be_guessed && response.status() == StatusCode::NOT_FOUND);
    if opened_nothing && let Some(address) = caller.address {
        caller.limits.note_failure(address);
    }
    response
}

/// How a route is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Here.
    Counted,
    /// With its token.
    Page,
    /// Here; what its query means is the provider's affair.
    Upstream,
    /// Not at all.
    Free,
}

impl Kind {
    fn of(route: &str) -> Self {
        match route {
            _ if cors::PATHS.contains(&route) => Self::Page,
            "/v1/connections/{id}/upstream/{*path}" => Self::Upstream,
            "/healthz" | "/readyz" | "/widget.js" | "/embed.js" => Self::Free,
            _ if route.starts_with("/assets") || route.starts_with("/hosted") => Self::Free,
            _ => Self::Counted,
        }
    }

    const fn is_counted_here(self) -> bool {
        match self {
            Self::Counted | Self::Upstream => true,
            Self::Page | Self::Free => false,
        }
    }

    /// Whether its query would be read by us.
    const fn is_ours(self) -> bool {
        match self {
            Self::Counted | Self::Page => true,
            Self::Upstream | Self::Free => false,
        }
    }
}

fn has_secret(query: Option<&str>) -> bool {
    let parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut parameters = parameters.map(|(name, value)| (name.to_ascii_lowercase(), value));
    parameters.any(|(name, value)| {
        SECRET_PARAMETERS.contains(&name.as_str())
            || value.starts_with("plk_")
            || value.starts_with("ple_")
    })
}
