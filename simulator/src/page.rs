//! The look of the pages that play a customer's phone: words beside a drawn phone, without JavaScript.
//!
//! It knows no provider; a dialect brings the words, and what a button does is a form that the dialect answers.

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

/// Where the pages find their style.
const STYLE_PATH: &str = "/simulator.css";

const HEADERS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// One page. All text is plain; it is escaped here.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) status: StatusCode,
    /// Whose page it plays, above the title.
    pub(crate) provider: &'a str,
    pub(crate) title: &'a str,
    pub(crate) lead: &'a str,
    /// Names and values, as in `Instance` and its id.
    pub(crate) facts: &'a [(&'a str, &'a str)],
    pub(crate) screen: Screen,
    pub(crate) caption: &'a str,
    pub(crate) actions: &'a [Action<'a>],
}

/// What the drawn phone shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Screen {
    /// A camera that looks for a code.
    Viewfinder,
    /// A tick.
    Connected,
    /// A line through nothing.
    Idle,
    /// A key: programs come in with tokens.
    Key,
    /// A lock that is shut.
    Locked,
}

/// What can be done on a page.
#[derive(Debug)]
pub(crate) enum Action<'a> {
    /// A button that posts to the page's own address.
    Submit { label: &'a str },
    /// A button that posts elsewhere.
    SubmitTo { label: &'a str, path: &'a str },
    /// A quieter one.
    AlsoSubmitTo { label: &'a str, path: &'a str },
    /// A field for a pairing code, posted as `code`.
    EnterCode { label: &'a str, path: &'a str },
    /// A field for the text of a QR code, posted as `payload`; folded away behind its summary.
    PasteQr {
        summary: &'a str,
        label: &'a str,
        path: &'a str,
    },
    /// A way to another page.
    Go { label: &'a str, path: &'a str },
}

/// A whole document around a body that is markup already.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) title: &'a str,
    pub(crate) body: &'a str,
}

/// Serves what the pages load.
pub(crate) fn router() -> Router {
    let style = ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE);
    Router::new().route(STYLE_PATH, get(async move || style))
}

static STYLE: &str = include_str!("page.css");

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let title = format!("{} · {} simulator", self.title, self.provider);
        let document = Document {
            title: &escaped(&title),
            body: &self.html(),
        };
        (self.status, document).into_response()
    }
}

impl IntoResponse for Document<'_> {
    fn into_response(self) -> Response {
        let Self { title, body } = self;
        let html = format!(
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{STYLE_PATH}">
</head>
<body>
{body}
<footer>A simulated provider: no WhatsApp account is involved.</footer>
</body>
</html>
"#
        );
        (HEADERS, Html(html)).into_response()
    }
}

impl Page<'_> {
    fn html(&self) -> String {
        let [provider, title, lead, caption] =
            [self.provider, self.title, self.lead, self.caption].map(escaped);
        let facts: Vec<_> = self
            .facts
            .iter()
            .map(|(name, value)| {
                let (name, value) = (escaped(name), escaped(value));
                format!("<div><dt>{name}</dt><dd>{value}</dd></div>")
            })
            .collect();
        let facts = facts.concat();
        let (screen, bar) = (self.screen.html(), self.screen.bar());
        let actions: Vec<_> = self.actions.iter().map(Action::html).collect();
        let actions = actions.concat();
        format!(
            r#"<main>
<section class="words">
<p class="provider"><a href="/">Simulator</a> · {provider}</p>
<h1>{title}</h1>
<p class="lead">{lead}</p>
</section>
<section class="phone" aria-label="Simulated {provider}">
<p class="bar" aria-hidden="true">{bar}</p>
{screen}
<p class="caption" role="status">{caption}</p>
{actions}
</section>
<dl>{facts}</dl>
</main>"#
        )
    }
}

impl Screen {
    fn html(self) -> &'static str {
        match self {
            Self::Viewfinder => {
                r#"<svg class="scene viewfinder" viewBox="0 0 96 96" aria-hidden="true"><path d="M8 26V16a8 8 0 0 1 8-8h10M70 8h10a8 8 0 0 1 8 8v10M88 70v10a8 8 0 0 1-8 8H70M26 88H16a8 8 0 0 1-8-8V70"/><path class="beam" d="M18 48h60"/></svg>"#
            }
            Self::Connected => {
                r#"<svg class="scene connected" viewBox="0 0 96 96" aria-hidden="true"><circle cx="48" cy="48" r="40"/><path d="m31 49 12 12 23-25"/></svg>"#
            }
            Self::Idle => {
                r#"<svg class="scene idle" viewBox="0 0 96 96" aria-hidden="true"><circle cx="48" cy="48" r="40"/><path d="M34 48h28"/></svg>"#
            }
            Self::Key => {
                r#"<svg class="scene connected" viewBox="0 0 96 96" aria-hidden="true"><circle cx="34" cy="60" r="18"/><path d="M47 47 78 16M66 28l10 10"/></svg>"#
            }
            Self::Locked => {
                r#"<svg class="scene idle" viewBox="0 0 96 96" aria-hidden="true"><rect x="22" y="44" width="52" height="36" rx="8"/><path d="M34 44V32a14 14 0 0 1 28 0v12"/></svg>"#
            }
        }
    }

    /// What stands at the top of the drawn thing.
    fn bar(self) -> &'static str {
        match self {
            Self::Viewfinder | Self::Connected | Self::Idle => "Linked devices",
            Self::Key | Self::Locked => "API tokens",
        }
    }
}

impl Action<'_> {
    fn html(&self) -> String {
        match self {
            Self::Submit { label } => {
                let label = escaped(label);
                format!(r#"<form method="post"><button>{label}</button></form>"#)
            }
            Self::SubmitTo { label, path } => {
                let (label, path) = (escaped(label), escaped(path));
                format!(r#"<form method="post" action="{path}"><button>{label}</button></form>"#)
            }
            Self::AlsoSubmitTo { label, path } => {
                let (label, path) = (escaped(label), escaped(path));
                format!(
                    r#"<form method="post" action="{path}"><button class="quiet">{label}</button></form>"#
                )
            }
            Self::EnterCode { label, path } => {
                let (label, path) = (escaped(label), escaped(path));
                format!(
                    r#"<form method="post" action="{path}"><label>Pairing code <input name="code" required maxlength="16" autocomplete="off" autocapitalize="characters" spellcheck="false"></label><button>{label}</button></form>"#
                )
            }
            Self::PasteQr {
                summary,
                label,
                path,
            } => {
                let [summary, label, path] = [summary, label, path].map(|text| escaped(text));
                format!(
                    r#"<details><summary>{summary}</summary><form method="post" action="{path}"><label>Text of the QR code <textarea name="payload" required maxlength="1000" rows="3" autocomplete="off" spellcheck="false"></textarea></label><button class="quiet">{label}</button></form></details>"#
                )
            }
            Self::Go { label, path } => {
                let (label, path) = (escaped(label), escaped(path));
                format!(r#"<a class="button quiet" href="{path}">{label}</a>"#)
            }
        }
    }
}

/// Text as it stands in markup and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let hostile = r#"<script>"&"</script>"#;
        let page = Page {
            status: StatusCode::OK,
            provider: hostile,
            title: hostile,
            lead: hostile,
            facts: &[(hostile, hostile)],
            screen: Screen::Idle,
            caption: hostile,
            actions: &[
                Action::Go {
                    label: hostile,
                    path: hostile,
                },
                Action::EnterCode {
                    label: hostile,
                    path: hostile,
                },
                Action::PasteQr {
                    summary: hostile,
                    label: hostile,
                    path: hostile,
                },
            ],
        };
        let html = page.html();
        assert!(!html.contains("<script"));
        assert!(html.contains("&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;"));
    }
}
