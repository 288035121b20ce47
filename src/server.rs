//! Pages as a server draws them, for browsers without JavaScript and for the moment before it is there.
//!
//! The card is drawn by the views that the element has, into a declarative shadow root: one look, one set of words. What
//! could be pressed is a slot there, and forms of the document stand in it; the element, once it runs, has no such slot,
//! and the forms are gone from sight. Pure: what is known comes in, a document goes out. Not part of the module that
//! browsers load.

mod card;
mod connect;
mod document;
mod forms;
mod notices;

use std::sync::{Arc, OnceLock};

use pairlink_protocol::{Method, PassView, ProblemCode, Sensitive, Timestamp};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use yew::ServerRenderer;
use yew::platform::Runtime;

use self::document::{Document, Shown};
pub use pairlink_words::hosted::HostedWords;

/// The element's style sheet, for a server that has no build of the element beside it.
pub const CARD_STYLE: &str = include_str!("../www/widget.css");

/// Where the page and its forms lead.
pub mod paths {
    use pairlink_protocol::Method;

    /// The page that shows the code.
    pub const CONNECT: &str = "/connect";

    /// The same, with a method in view.
    pub fn connect(method: Option<Method>) -> String {
        match method {
            Some(method) => [CONNECT, "?method=", method.as_str()].concat(),
            None => CONNECT.to_owned(),
        }
    }

    /// Makes a pass.
    pub const PASS: &str = "/connect/pass";
    /// Ends everything.
    pub const REFUSE: &str = "/connect/refuse";
    /// Gives the element its tokens.
    pub const TOKEN: &str = "/connect/token";
}

/// What all pages have around them.
#[derive(Clone)]
pub struct Frame {
    /// The language.
    pub words: &'static HostedWords,
    /// The pages' own style sheet, whole: a page that comes with it is painted a round trip sooner. Neither this nor what
    /// follows may hold `</`.
    pub style: Arc<str>,
    /// The element's style sheet, whole.
    pub card_style: Arc<str>,
    /// The script of the page with the code, whole. It finds the element by its `token-endpoint`.
    pub script: Arc<str>,
    /// Whether the element is there to take the card over.
    pub with_element: bool,
}

/// What a page shows.
pub enum Page {
    /// Asks before anything is opened.
    Consent(Consent),
    /// Shows the code.
    Connect(Box<Connect>),
    /// Says that an account of that name needs no phone.
    NoPhone(String),
    /// Says that the link was closed for everybody.
    Closed,
    /// Says that the link opens nothing any more.
    Ended,
    /// Says that it was opened in too many browsers.
    TooMany,
    /// Says that there is no such link.
    Unknown,
    /// Says that another site's page may not ask for this.
    Foreign,
    /// Says that something failed, and what the request is called in the log.
    Failed(String),
}

/// Who asks, what for, and until when.
pub struct Consent {
    /// What the host calls the connection.
    pub label: String,
    /// Whose it is, where the host tells customers apart.
    pub tenant: Option<String>,
    /// The host of the page's address.
    pub host: String,
    /// Until then the link opens something.
    pub ends_at: Timestamp,
    /// The server's time.
    pub now: Timestamp,
    /// Where the refusal is sent. The consent is sent to the page's own address.
    pub refuse: String,
}

/// A browser that opened a link, and what it is shown.
pub struct Connect {
    /// What a page sees of the connection.
    pub view: PassView,
    /// Until then the page works.
    pub ends_at: Timestamp,
    /// Whether it is on a phone, which cannot scan its own screen.
    pub handheld: bool,
    /// The method that the visitor chose.
    pub chosen: Option<Method>,
    /// Whether another number is to be typed, though a code is alive.
    pub asks_anew: bool,
    /// What was asked for and not done.
    pub failed: Option<FailedIssue>,
    /// Names what the next press asks for, so that pressing twice makes one.
    pub key: String,
}

/// A pass that was asked for and not made.
pub struct FailedIssue {
    /// Of this method.
    pub method: Method,
    /// For this number: as it was typed, or with a plus if it could be read.
    pub number: Option<Sensitive>,
    /// Why.
    pub code: ProblemCode,
    /// What the request is called in the log.
    pub request_id: String,
    /// Seconds after which trying again may help.
    pub retry_after_seconds: Option<u32>,
}

/// Draws a page: a whole document.
pub async fn render(page: Page, frame: Frame) -> String {
    let shown = Shown::new(page, frame);
    let renderer = ServerRenderer::<Document>::with_props(move || {
        keep_quiet();
        shown
    })
    .hydratable(false);
    let renderer = match runtime() {
        Some(runtime) => renderer.with_runtime(runtime),
        None => renderer,
    };
    let mut text = "<!doctype html>".to_owned();
    text.push_str(&renderer.render().await);
    text
}

/// Yew draws in threads of its own, because what it draws with stays in one. A page takes far less than a millisecond,
/// so one thread does for a whole server.
fn runtime() -> Option<Runtime> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| Runtime::builder().worker_threads(1).build().ok())
        .clone()
}

/// Yew's trace events hold whatever is drawn, codes and links with it: what is logged in its threads is nobody's.
fn keep_quiet() {
    thread_local! {
        static QUIET: DefaultGuard = tracing::subscriber::set_default(NoSubscriber::new());
    }
    QUIET.with(|_kept| ());
}

#[cfg(test)]
mod tests;
