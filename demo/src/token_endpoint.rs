//! The one endpoint that a host adds to its backend: it trades the visitor's session for an embed token.
//!
//! This is the file to copy. It must never answer with anything that the proxy said, except the token
//! and what comes with it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use pairlink_protocol::{Action, CreateEmbedToken};

use crate::Host;
use crate::channels::{Channel, Visitor};

/// What somebody may do who was sent a link to the customer's page, and is nobody's colleague.
const INVITED: [Action; 3] = [Action::Read, Action::Issue, Action::Revoke];

/// `POST /api/channels/{name}/pairlink-token`: an embed token for the team's console.
///
/// The page says which channel it shows. Whether that is one of the visitor's own, and which connection it is, is
/// looked up here.
pub(crate) async fn for_team(
    State(host): State<Arc<Host>>,
    visitor: Visitor,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let origin = own_origin(&headers, &host.origins).ok_or(StatusCode::FORBIDDEN)?;
    let channel = host.channels.owned_by(&visitor, &name);
    let channel = channel.ok_or(StatusCode::NOT_FOUND)?;
    mint(&host, channel, &channel.actions, origin).await
}

/// `POST /api/pairlink-token`: an embed token for the customer's page.
///
/// The page has nothing to choose: the invitation says which channel it is for.
pub(crate) async fn for_invited(
    State(host): State<Arc<Host>>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let origin = own_origin(&headers, &host.origins).ok_or(StatusCode::FORBIDDEN)?;
    let channel = host.channels.owned_by(&visitor, &host.invitation);
    let channel = channel.ok_or(StatusCode::NOT_FOUND)?;
    mint(&host, channel, &INVITED, origin).await
}

async fn mint(
    host: &Host,
    channel: &Channel,
    actions: &[Action],
    origin: &str,
) -> Result<Response, StatusCode> {
    let wanted = CreateEmbedToken {
        actions: actions.to_vec(),
        origins: vec![origin.to_owned()],
        ttl_seconds: None,
        view: actions.contains(&Action::Read),
    };
    let created = host
        .pairlink
        .create_embed_token(&channel.connection, &wanted);
    let token = created.await.map_err(|error| {
        // The page learns that it failed; why is for the log.
        tracing::warn!(%error, channel = channel.name, "no embed token from Pairlink");
        StatusCode::BAD_GATEWAY
    })?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(token)).into_response())
}

/// The origin of the page that asks, if it is one of our own.
///
/// # Security
///
/// Cookies come along when another site posts here; these two headers tell it apart, and scripts cannot set them.
/// Browsers send `Origin` with every POST, and `Sec-Fetch-Site` if they are newer than 2023.
pub(crate) fn own_origin<'a>(headers: &HeaderMap, origins: &'a [String]) -> Option<&'a str> {
    let same_site = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).filter(|_origin| same_site)?;
    origins.iter().map(String::as_str).find(|own| origin == own)
}
