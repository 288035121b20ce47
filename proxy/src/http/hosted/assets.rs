//! What the pages are dressed in and load: their style sheets, which come with them, and what the element's build put into
//! its directory.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pairlink::server::{CARD_STYLE, Frame, HostedWords};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::service::Service;

const STYLE: &str = include_str!("hosted.css");
const SCRIPT: &str = include_str!("hosted.js");

/// What a page holds and loads.
pub(super) struct Assets {
    style: Arc<str>,
    /// The element's style sheet: the very text that the element loads, where it is there.
    card_style: Arc<str>,
    script: Option<String>,
    policy: HeaderValue,
}

/// What the element's build says of its files.
#[derive(Deserialize)]
struct Manifest {
    css: String,
}

impl Default for Assets {
    fn default() -> Self {
        Self::of(None)
    }
}

impl Assets {
    /// Looks at the directory of the element's build. Without it there is no element, and the page does without.
    pub(super) fn of(widget: Option<&Path>) -> Self {
        let script = widget.filter(|directory| directory.join("widget.js").is_file());
        let built = widget.and_then(built_style);
        let (style, card_style) = (STYLE, built.as_deref().unwrap_or(CARD_STYLE));
        Self {
            policy: policy(&[style, card_style]),
            style: style.into(),
            card_style: card_style.into(),
            script: script.map(|_directory| "/widget.js".to_owned()),
        }
    }

    /// What a page has around it.
    pub(super) fn frame(&self, words: &'static HostedWords) -> Frame {
        Frame {
            words,
            style: Arc::clone(&self.style),
            card_style: Arc::clone(&self.card_style),
            own_script: versioned("/hosted.js", SCRIPT),
            script: self.script.clone(),
        }
    }

    /// The pages' security policy.
    pub(super) fn policy(&self) -> HeaderValue {
        self.policy.clone()
    }
}

/// The element's style sheet, as it was built.
fn built_style(directory: &Path) -> Option<String> {
    let text = std::fs::read_to_string(directory.join("manifest.json")).ok()?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    let name = manifest.css.strip_prefix("assets/")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.bytes().all(plain) {
        return None;
    }
    let style = std::fs::read_to_string(directory.join("assets").join(name)).ok()?;
    // What stands in a page must not end its place there.
    (!style.contains("</")).then_some(style)
}

/// Of styles exactly those that are known are applied, of everything else only what comes from here.
fn policy(styles: &[&str]) -> HeaderValue {
    let hashes = styles.iter().map(|style| {
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        format!(" 'sha256-{hash}'")
    });
    let hashes: String = hashes.collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src{hashes}; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    // Base64 and what stands above fit into a header.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Another address with other content, so that browsers may keep it.
fn versioned(path: &str, content: &str) -> String {
    format!("{path}?v={:08x}", crc32fast::hash(content.as_bytes()))
}

/// Serves the pages' own file.
pub(super) fn router() -> Router<Service> {
    Router::new().route("/hosted.js", get(script))
}

async fn script() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        SCRIPT,
    )
}
