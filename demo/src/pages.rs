//! The pages and their headers. Knows where the proxy and the simulator are; never sees a key or a token.

use std::fs;
use std::future::ready;
use std::io;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, InvalidHeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::{Html, Response};
use axum::routing::get;
use tower_http::services::ServeDir;
use url::Url;

/// Why the pages cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A page is not where it should be.
    #[error("cannot read {}: is --pages the folder www/demo of a Pairlink checkout?", path.display())]
    Unreadable {
        /// The page.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// The address of the proxy does not fit into a header.
    #[error("the address of Pairlink does not fit into a header")]
    Address(#[from] InvalidHeaderValue),
}

/// `/`, `/onboarding`, `/theme`, and what they load from `/assets`.
pub(crate) fn router(folder: &Path, pairlink: &Url, simulator: &Url) -> Result<Router, PagesError> {
    let dashboard = page(&folder.join("index.html"), pairlink, simulator)?;
    let onboarding = page(&folder.join("onboarding.html"), pairlink, simulator)?;
    let theme = page(&folder.join("theme.html"), pairlink, simulator)?;
    let headers = headers(pairlink)?;
    Ok(Router::new()
        .route("/", get(dashboard))
        .route("/onboarding", get(onboarding))
        .route("/theme", get(theme))
        .nest_service("/assets", ServeDir::new(folder.join("assets")))
        .layer(map_response(move |mut response: Response| {
            response.headers_mut().extend(headers.clone());
            ready(response)
        })))
}

/// Reads a page and fills in where the proxy and the simulator are.
fn page(path: &Path, pairlink: &Url, simulator: &Url) -> Result<Html<String>, PagesError> {
    let source = fs::read_to_string(path).map_err(|source| PagesError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    // `Url` writes no quotes and no angle brackets, so that these are safe in attributes.
    Ok(Html(
        source
            .replace("__PAIRLINK_URL__", pairlink.as_str().trim_end_matches('/'))
            .replace(
                "__SIMULATOR_URL__",
                simulator.as_str().trim_end_matches('/'),
            ),
    ))
}

/// What every page says of itself.
///
/// # Security
///
/// The policy is the strictest that an embedding page can have: Pairlink needs its own origin for scripts and calls,
/// and leave to compile WebAssembly. No inline script or style, no markup from strings, no frame around the page.
fn headers(pairlink: &Url) -> Result<HeaderMap, InvalidHeaderValue> {
    let pairlink = pairlink.origin().ascii_serialization();
    let policy = [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' {pairlink} 'wasm-unsafe-eval'"),
        format!("connect-src 'self' {pairlink}"),
        "style-src 'self'".to_owned(),
        "img-src 'self'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types 'none'".to_owned(),
    ]
    .join("; ");
    Ok(HeaderMap::from_iter([
        (CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy)?),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ]))
}
