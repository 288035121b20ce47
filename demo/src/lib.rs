//! A host of Pairlink in small: a web product that lets its customers connect WhatsApp.
//!
//! It serves two pages that embed `<pair-link>`, and the one endpoint that the element needs. It holds an API key of
//! Pairlink and knows nothing of providers and their credentials; the browser holds neither.

mod pages;
mod token_endpoint;

use std::path::PathBuf;

use axum::Router;
use axum::routing::post;
use pairlink_protocol::Sensitive;
use url::Url;

pub use pages::PagesError;
pub use token_endpoint::TokenEndpoint;

/// What the host is told when it starts.
pub struct Settings {
    /// Where browsers and this backend reach the Pairlink proxy.
    pub pairlink_url: Url,
    /// Where a browser finds the simulator, which plays the phone.
    pub simulator_url: Url,
    /// The connection that both pages show: `con_…`.
    pub connection: String,
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

/// Everything that the host serves.
pub fn router(settings: Settings) -> Result<Router, StartError> {
    let pages = pages::router(
        &settings.pages,
        &settings.pairlink_url,
        &settings.simulator_url,
    )?;
    let token_endpoint = TokenEndpoint::new(
        &settings.pairlink_url,
        &settings.connection,
        settings.api_key,
        settings.origins,
    )
    .map_err(|source| StartError::Client {
        pairlink_url: settings.pairlink_url,
        source,
    })?;
    let endpoint = Router::new()
        .route("/api/pairlink-token", post(token_endpoint::mint))
        .with_state(token_endpoint);
    Ok(pages.merge(endpoint))
}
