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

/// How a page embeds Pairlink.
#[derive(Clone, Copy)]
enum Way {
    /// By the element.
    Element,
    /// In a frame.
    Frame,
    /// Both, to show them side by side.
    Both,
}

/// The address of each page, its file, and how it embeds Pairlink.
const PAGES: [(&str, &str, Way); 5] = [
    ("/", "index.html", Way::Element),
    ("/onboarding", "onboarding.html", Way::Element),
    ("/theme", "theme.html", Way::Element),
    ("/frame", "frame.html", Way::Frame),
    ("/reference", "reference.html", Way::Both),
];

/// The pages, and what they load from `/assets`.
pub(crate) fn router(folder: &Path, pairlink: &Url, simulator: &Url) -> Result<Router, PagesError> {
    let assets = Router::new().nest_service("/assets", ServeDir::new(folder.join("assets")));
    let mut router = with_headers(assets, headers(pairlink, Way::Element)?);
    for (address, file, way) in PAGES {
        let page = page(&folder.join(file), pairlink, simulator)?;
        let page = Router::new().route(address, get(page));
        router = router.merge(with_headers(page, headers(pairlink, way)?));
    }
    Ok(router)
}

fn with_headers(router: Router, headers: HeaderMap) -> Router {
    router.layer(map_response(move |mut response: Response| {
        response.headers_mut().extend(headers.clone());
        ready(response)
    }))
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
/// The policy is the strictest that an embedding page can have: the element needs Pairlink's origin for scripts and
/// calls, and leave to compile WebAssembly; a frame needs it for one script and the frame. No inline script or style, no
/// markup from strings, no frame around the page.
fn headers(pairlink: &Url, way: Way) -> Result<HeaderMap, InvalidHeaderValue> {
    let pairlink = pairlink.origin().ascii_serialization();
    let (script, connect, frame) = match way {
        Way::Element => (" 'wasm-unsafe-eval'", pairlink.as_str(), "'none'"),
        Way::Frame => ("", "", pairlink.as_str()),
        Way::Both => (" 'wasm-unsafe-eval'", pairlink.as_str(), pairlink.as_str()),
    };
    let policy = [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' {pairlink}{script}"),
        format!("connect-src 'self' {connect}")
            .trim_end()
            .to_owned(),
        format!("frame-src {frame}"),
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
