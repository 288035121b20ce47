//! A host of Pairlink in small: a web product that lets its customers connect WhatsApp.
//!
//! It serves pages that embed `<pair-link>` or `<pair-link-frame>`, and the endpoints that they need. It holds an API key of
//! Pairlink and knows nothing of providers and their credentials; the browser holds neither.

mod channel_list;
mod channels;
mod pages;
mod pairlink;
mod token_endpoint;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use pairlink_protocol::Sensitive;
use url::Url;

pub use channels::Channel;
use channels::Channels;
pub use pages::PagesError;
use pairlink::Pairlink;

/// What the host is told when it starts.
pub struct Settings {
    /// Where browsers and this backend reach the Pairlink proxy.
    pub pairlink_url: Url,
    /// Where a browser finds the simulator, which plays the phones.
    pub simulator_url: Url,
    /// Whose connection is whose.
    pub channels: Vec<Channel>,
    /// The name of the channel that the customer's page is for.
    pub invitation: String,
    /// The API key of the proxy: `plk_…`.
    pub api_key: Sensitive,
    /// The folder of the pages.
    pub pages: PathBuf,
    /// The origins that the pages are opened from, such as `http://127.0.0.1:8400`.
    pub origins: Vec<String>,
}

/// Why the host cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The pages cannot be served.
    #[error("the pages cannot be served")]
    Pages(#[from] PagesError),
    /// No HTTP client for calls to the proxy.
    #[error("no HTTP client for calls to {pairlink_url}")]
    Client {
        /// The proxy's address.
        pairlink_url: Url,
        /// What the client says.
        source: reqwest::Error,
    },
}

/// What every endpoint needs.
struct Host {
    pairlink: Pairlink,
    channels: Channels,
    invitation: String,
    origins: Vec<String>,
}

/// Everything that the host serves.
pub fn router(settings: Settings) -> Result<Router, StartError> {
    let pages = pages::router(
        &settings.pages,
        &settings.pairlink_url,
        &settings.simulator_url,
    )?;
    let pairlink = Pairlink::new(&settings.pairlink_url, settings.api_key).map_err(|source| {
        StartError::Client {
            pairlink_url: settings.pairlink_url,
            source,
        }
    })?;
    let endpoints = Router::new()
        .route("/api/channels", get(channel_list::list))
        .route(
            "/api/channels/{name}/pairlink-token",
            post(token_endpoint::for_team),
        )
        .route("/api/pairlink-token", post(token_endpoint::for_invited))
        .with_state(Arc::new(Host {
            pairlink,
            channels: Channels::new(settings.channels),
            invitation: settings.invitation,
            origins: settings.origins,
        }));
    Ok(pages.merge(endpoints))
}
