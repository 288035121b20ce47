//! The server of a built example: its files, a security policy, and the token endpoint, which is the demo host's.

#![expect(
    clippy::unwrap_used,
    reason = "only tests use this server, and one that cannot serve has failed"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use pairlink_e2e::{Browser, Page, System};
use tokio::net::TcpListener;

/// Where the examples expect the proxy: `cargo xtask demo` runs it there, and a test somewhere else.
const PROXY_OF_THE_DEMO: &str = "http://127.0.0.1:8401";

/// A page without anything, for tests that bring everything themselves.
const BLANK: &str =
    "<!doctype html><html lang=\"en\"><title>Blank</title><body><main></main></body></html>";

/// A site, the system behind it, and a browser in front of it.
pub(crate) struct Site {
    pub(crate) system: System,
    browser: Browser,
    address: String,
}

/// What the server needs to know; where the system is turns out after the site has its address.
struct Serving {
    files: PathBuf,
    policy: &'static str,
    places: OnceLock<Places>,
}

struct Places {
    host: String,
    proxy: String,
    http: reqwest::Client,
}

/// Which markup a framework needs to make from strings.
#[derive(Clone, Copy)]
pub(crate) enum Markup {
    /// None: Trusted Types forbid it.
    None,
    /// Its own templates: the policy leaves it alone.
    Strings,
}

impl Site {
    /// Serves the example of that name.
    pub(crate) async fn open(name: &str, markup: Markup) -> Self {
        let files = examples().join(name).join("dist");
        assert!(
            files.join("index.html").is_file(),
            "{} is not built: run `cargo xtask test --only examples`",
            files.display()
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::new(Serving {
            files,
            policy: match markup {
                Markup::None => "; require-trusted-types-for 'script'; trusted-types 'none'",
                Markup::Strings => "",
            },
            places: OnceLock::new(),
        });
        let system = System::start_for_pages_of(&address).await;
        let places = Places {
            host: system.origin().to_owned(),
            proxy: system.proxy().to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        assert!(serving.places.set(places).is_ok());
        let router = Router::new()
            .route("/api/pairlink-token", post(token))
            .fallback(file)
            .with_state(serving);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let browser = Browser::chosen();
        Self {
            system,
            browser,
            address,
        }
    }

    /// The example's page.
    pub(crate) async fn page(&self) -> Page {
        self.browser.open(&format!("{}/", self.address)).await
    }

    /// A page of the same site with nothing on it.
    pub(crate) async fn blank(&self) -> Page {
        self.browser.open(&format!("{}/blank", self.address)).await
    }
}

/// `PAIRLINK_EXAMPLES_DIR`, or where `cargo xtask test` builds them.
fn examples() -> PathBuf {
    env::var_os("PAIRLINK_EXAMPLES_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/examples"),
        PathBuf::from,
    )
}

/// What the development servers of the examples do as well: the demo host answers, and it sees who asks.
async fn token(State(serving): State<Arc<Serving>>, headers: HeaderMap, body: Bytes) -> Response {
    let places = serving.places.get().unwrap();
    let mut request = places
        .http
        .post(format!("{}/api/pairlink-token", places.host))
        .body(body);
    for name in [ORIGIN.as_str(), "sec-fetch-site"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let json = [(CONTENT_TYPE, "application/json")];
    (status, json, answer.bytes().await.unwrap()).into_response()
}

async fn file(State(serving): State<Arc<Serving>>, uri: Uri) -> Response {
    let proxy = &serving.places.get().unwrap().proxy;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self' {proxy}; base-uri 'none'; form-action 'none'{}",
        serving.policy
    );
    let path = match uri.path() {
        "/" => "index.html",
        "/favicon.ico" => return StatusCode::NO_CONTENT.into_response(),
        path => path.trim_start_matches('/'),
    };
    let content = if path == "blank" {
        BLANK.into()
    } else {
        match std::fs::read(serving.files.join(path)) {
            Ok(content) => content,
            Err(_) => return StatusCode::NOT_FOUND.into_response(),
        }
    };
    let (kind, content) = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("wasm") => ("application/wasm", content),
        Some("css") => ("text/css", content),
        Some("json") => ("application/json", content),
        Some("js") => ("text/javascript", with_proxy(content, proxy)),
        _page => ("text/html", with_proxy(content, proxy)),
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, content).into_response()
}

fn with_proxy(content: Vec<u8>, proxy: &str) -> Vec<u8> {
    let text = String::from_utf8(content).unwrap();
    text.replace(PROXY_OF_THE_DEMO, proxy).into_bytes()
}
