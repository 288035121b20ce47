//! `/embed`: our page for frames of other pages.
//!
//! It holds nothing that is anybody's: its script waits for the page around it, which brings a token. The address says
//! which origin that page has, and a browser shows the frame to pages of that origin alone.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use pairlink_protocol::ProblemCode;
use serde::Deserialize;

use super::body::StrictQuery;
use super::problem::Failure;
use crate::domain::Origin;
use crate::service::Service;

/// Who is around the frame.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmbedQuery {
    origin: String,
}

/// What the widget's build says of its files.
#[derive(Deserialize)]
struct Manifest {
    frame: String,
}

/// The page, where there is a widget to show; not part of the API document.
pub(super) fn router(directory: Option<PathBuf>) -> Router<Service> {
    let Some(directory) = directory else {
        return Router::new();
    };
    Router::new().route(
        "/embed",
        get(async move |service, query| page(&directory, service, query).await),
    )
}

async fn page(
    directory: &Path,
    State(service): State<Service>,
    StrictQuery(query): StrictQuery<EmbedQuery>,
) -> Result<Response, Failure> {
    let malformed = || Failure::field(ProblemCode::InvalidField, "origin");
    let origin = Origin::parse(&query.origin).map_err(|_cause| malformed())?;
    if !is_source(&origin) {
        return Err(malformed());
    }
    let ancestors = if service.serves_origin(&origin).await? {
        origin.as_str()
    } else {
        "'none'"
    };
    let script = script(directory)
        .await
        .ok_or(Failure::new(ProblemCode::Internal))?;
    // The script comes first: it has to be there when the widget begins.
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>Connect WhatsApp</title>\
         <script type=\"module\" src=\"/{script}\"></script>\
         <link rel=\"modulepreload\" href=\"/widget.js\"></head>\
         <body><noscript><p>Connecting needs JavaScript here.</p></noscript></body></html>"
    );
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(ancestors)?);
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    Ok(response)
}

/// What the page says of itself besides its policy. `X-Frame-Options` is left out: it knows no origins, and every browser
/// that runs the widget goes by the policy.
const HEADERS: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("x-robots-tag", "noindex, nofollow, noarchive, nosnippet"),
    // For whoever opens it as a page of its own.
    ("cross-origin-opener-policy", "same-origin"),
    // Pages that are isolated from other origins show only frames that agree to both.
    ("cross-origin-resource-policy", "cross-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    (
        "permissions-policy",
        "clipboard-write=(self), clipboard-read=(), camera=(), microphone=(), geolocation=(), display-capture=(), \
         payment=(), usb=()",
    ),
];

fn policy(ancestors: &str) -> Result<HeaderValue, Failure> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::from_str(&policy).map_err(|_cause| Failure::new(ProblemCode::Internal))
}

/// Whether a policy can name the origin. Hosts may hold a semicolon or a comma, which would end the rule.
fn is_source(origin: &Origin) -> bool {
    origin
        .as_str()
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(&byte))
}

/// The page's script, by the name that says its content. Read each time, so that a widget that was built anew is found.
async fn script(directory: &Path) -> Option<String> {
    let path = directory.join("manifest.json");
    let manifest = match tokio::fs::read(&path).await {
        Ok(manifest) => manifest,
        Err(error) => {
            tracing::error!(%error, "the widget's manifest cannot be read");
            return None;
        }
    };
    match serde_json::from_slice::<Manifest>(&manifest) {
        Ok(manifest) => Some(manifest.frame),
        Err(error) => {
            tracing::error!(%error, "the widget's manifest names no script for frames");
            None
        }
    }
}
