//! What the pages load: their style sheet, and what the element's build put into its directory.

use std::path::Path;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use pairlink::server::{CARD_STYLE, Frame, HostedWords};
use serde::Deserialize;

use crate::service::Service;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = include_str!("hosted.css");
const SCRIPT: &str = include_str!("hosted.js");

/// The names of what a page loads.
pub(super) struct Assets {
    /// The element's style sheet: the very file that the element loads, where it is there.
    card_style: String,
    script: Option<String>,
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
        let hashed = widget.and_then(|directory| hashed_style(&directory.join("manifest.json")));
        Self {
            card_style: hashed.unwrap_or_else(|| versioned("/hosted/card.css", CARD_STYLE)),
            script: script.map(|_directory| "/widget.js".to_owned()),
        }
    }

    /// What a page has around it.
    pub(super) fn frame(&self, words: &'static HostedWords) -> Frame {
        Frame {
            words,
            style: versioned("/hosted.css", STYLE),
            card_style: self.card_style.clone(),
            own_script: versioned("/hosted.js", SCRIPT),
            script: self.script.clone(),
        }
    }
}

fn hashed_style(manifest: &Path) -> Option<String> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    let name = manifest.css.strip_prefix("assets/")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.bytes()
        .all(plain)
        .then(|| format!("/{}", manifest.css))
}

/// Another address with other content, so that browsers may keep it.
fn versioned(path: &str, content: &str) -> String {
    format!("{path}?v={:08x}", crc32fast::hash(content.as_bytes()))
}

/// Serves the pages' own files.
pub(super) fn router() -> Router<Service> {
    Router::new()
        .route("/hosted.css", get(async || file(CSS, STYLE)))
        .route("/hosted.js", get(async || file(JAVASCRIPT, SCRIPT)))
        .route("/hosted/card.css", get(async || file(CSS, CARD_STYLE)))
}

fn file(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, media_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        content,
    )
}
