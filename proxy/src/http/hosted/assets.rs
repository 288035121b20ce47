//! What the pages are dressed in, and what starts the element: it all comes with them.

use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pairlink::server::{CARD_STYLE, Frame, HostedWords};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("hosted.css");
const SCRIPT: &str = include_str!("hosted.js");

/// What a page holds.
pub(super) struct Assets {
    style: Arc<str>,
    /// The element's style sheet: the very text that the element loads, where it is there.
    card_style: Arc<str>,
    script: Arc<str>,
    with_element: bool,
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
        let built = widget.and_then(built_style);
        let (style, card_style) = (STYLE, built.as_deref().unwrap_or(CARD_STYLE));
        Self {
            policy: policy(SCRIPT, &[style, card_style]),
            style: style.into(),
            card_style: card_style.into(),
            script: SCRIPT.into(),
            with_element: widget.is_some_and(|directory| directory.join("widget.js").is_file()),
        }
    }

    /// What a page has around it.
    pub(super) fn frame(&self, words: &'static HostedWords) -> Frame {
        Frame {
            words,
            style: Arc::clone(&self.style),
            card_style: Arc::clone(&self.card_style),
            script: Arc::clone(&self.script),
            with_element: self.with_element,
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

/// What stands in a page counts where it is known letter by letter; of everything else only what comes from here.
fn policy(script: &str, styles: &[&str]) -> HeaderValue {
    let hash = |text: &str| {
        format!(
            " 'sha256-{}'",
            STANDARD.encode(Sha256::digest(text.as_bytes()))
        )
    };
    let (script, styles) = (
        hash(script),
        styles.iter().copied().map(hash).collect::<String>(),
    );
    let policy = format!(
        "default-src 'none'; script-src 'self'{script} 'wasm-unsafe-eval'; style-src{styles}; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    // Base64 and what stands above fit into a header.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
