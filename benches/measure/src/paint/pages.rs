//! The pages that are measured, all from one server on this machine, compressed as they would be in production.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use axum::extract::{RawQuery, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Args;
use futures_util::stream::{self, Stream, StreamExt as _};
use pairlink_protocol::{
    Action, ConnectionView, DrawnPass, DrawnPassView, EmbedToken, EventKind, Method, Pass,
    PassContent, PassDrawing, PassView, Revocation, RevokedPasses, Sensitive, SessionState,
    Timestamp,
};
use qrcode::QrCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::load::system::{client, tell, text};

/// Where the peers stand among the pages.
pub(super) const REACT: usize = 1;
pub(super) const PREACT: usize = 2;

/// What gives a page a process of its own, as the hosted pages are given one: browsers start it at the press.
const ISOLATED: [(&str, &str); 4] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
];

const LINK: &str =
    "https://app.wawp.net/temp-qr/4f0c2a9e7b31d85f6a0e4c7d92b1358e6f4a0c7d2b9e8135f6c4a07d9b2e1358";
const THIRTY_MINUTES: i64 = 30 * 60 * 1000;

/// A running proxy, for the page that has everything.
#[derive(Args)]
pub(super) struct RealSystem {
    /// The proxy, which may reach the simulator.
    #[arg(long)]
    pairlink_url: String,
    /// The simulated provider, with its default instance.
    #[arg(long)]
    simulator_url: String,
    /// An API key for all tenants.
    #[arg(long, env = "PAIRLINK_API_KEY", hide_env_values = true)]
    api_key: String,
}

/// One page.
pub(super) struct Page {
    pub(super) name: &'static str,
    pub(super) way: Way,
    /// What it loads besides itself, compressed; the answers of the API are not in it.
    pub(super) bytes: usize,
}

/// How one gets there.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// By its address.
    Address(String),
    /// By a press of the button on the page with this address.
    Pressed(String),
    /// By a share link of its own, and a press of its button.
    Shared,
}

/// All of them, being served.
pub(super) struct Pages {
    all: Vec<Page>,
    origin: String,
    site: Arc<Site>,
}

/// A file and its compressed sibling.
struct Asset {
    content_type: &'static str,
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
}

struct Site {
    assets: HashMap<String, Asset>,
    http: reqwest::Client,
    /// The connection's address in the API, and the key that opens it.
    connection: String,
    api_key: String,
    origin: String,
    /// Whether the page that was opened last has revoked what it saw.
    revoked: AtomicBool,
}

impl Pages {
    /// Starts the server.
    pub(super) async fn serve(
        widget: &Path,
        [react_peer, preact_peer]: [&Path; 2],
        system: &RealSystem,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let mut assets = HashMap::new();
        let element = add_directory(&mut assets, widget, "/")?
            + add_directory(&mut assets, &widget.join("assets"), "/assets/")?;
        let react = add_directory(&mut assets, react_peer, "/react/")?;
        let preact = add_directory(&mut assets, preact_peer, "/preact/")?;
        for (path, body) in [
            ("/static", static_code()?),
            ("/before-static", button("/static")),
            ("/isolated/static", static_code()?),
            ("/isolated/before-static", button("/isolated/static")),
            ("/peer", peer("/react")),
            ("/lighter-peer", peer("/preact")),
            (
                "/empty",
                r#"<script type="module" src="/widget.js"></script>"#.to_owned(),
            ),
            ("/element", embed("/widget.js", "/token")),
            (
                "/whole",
                embed(&format!("{}/widget.js", system.pairlink_url), "/real-token"),
            ),
        ] {
            assets.insert(path.to_owned(), html(&body));
        }
        let site = Arc::new(Site {
            assets,
            http: client()?,
            connection: connect(system, &origin).await?,
            api_key: system.api_key.clone(),
            origin: origin.clone(),
            revoked: AtomicBool::new(false),
        });
        let router = Router::new()
            .route("/api/link", get(link))
            .route("/token", post(token))
            .route("/v1/pass", get(pass).delete(revoke))
            .route("/v1/events", get(events))
            .route("/real-token", post(real_token))
            .fallback(asset)
            .with_state(Arc::clone(&site));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let page = |name, path: &str, bytes| Page {
            name,
            way: Way::Address(format!("{origin}{path}")),
            bytes,
        };
        let all = vec![
            page("static HTML with the SVG in it", "/static", 0),
            page("React 19 + qrcode.react", "/peer", react),
            page("Preact + qrcode.react", "/lighter-peer", preact),
            page(
                "<pair-link>, same server, canned answers",
                "/element",
                element,
            ),
            page(
                "<pair-link>, real proxy on another origin",
                "/whole",
                element,
            ),
            Page {
                name: "static HTML, from the press of a button",
                way: Way::Pressed(format!("{origin}/before-static")),
                bytes: 0,
            },
            Page {
                name: "the same, isolated as the hosted page is",
                way: Way::Pressed(format!("{origin}/isolated/before-static")),
                bytes: 0,
            },
            Page {
                name: "hosted page, from the press of its button",
                way: Way::Shared,
                bytes: element,
            },
        ];
        Ok(Self { all, origin, site })
    }

    pub(super) fn all(&self) -> &[Page] {
        &self.all
    }

    /// The page with the element and canned answers.
    pub(super) fn element(&self) -> String {
        format!("{}/element", self.origin)
    }

    /// A page with the loader and nothing else.
    pub(super) fn empty(&self) -> String {
        format!("{}/empty", self.origin)
    }

    /// Makes a share link, which ends the earlier one.
    pub(super) async fn share(&self) -> Result<String> {
        let Site {
            http,
            connection,
            api_key,
            ..
        } = &*self.site;
        let asked = http
            .post(format!("{connection}/share-link"))
            .bearer_auth(api_key);
        let shared = tell(asked, &json!({})).await?;
        Ok(text(&shared, "link")?.clone())
    }
}

/// Adds a connection to the default instance, issues its link, and returns its address in the API.
async fn connect(system: &RealSystem, origin: &str) -> Result<String> {
    let http = client()?;
    let connections = format!("{}/v1/connections", system.pairlink_url);
    let credentials =
        json!({"instance_id": "DEMO00000001", "access_token": "demo-access-token-not-a-secret"});
    let connection = tell(
        http.post(&connections).bearer_auth(&system.api_key),
        &json!({"provider": "wawp", "label": "Support desk", "base_url": system.simulator_url, "credentials": credentials}),
    )
    .await
    .context("adding a connection")?;
    let one = format!("{connections}/{}", text(&connection, "id")?);
    tell(
        http.post(format!("{one}/pass"))
            .bearer_auth(&system.api_key)
            .header("origin", origin),
        &json!({"method": "link"}),
    )
    .await
    .context("issuing a link")?;
    Ok(one)
}

fn peer(directory: &str) -> String {
    format!(
        r#"<link rel="stylesheet" href="{directory}/main.css"><div id="root"></div><script type="module" src="{directory}/main.js"></script>"#
    )
}

fn embed(script: &str, token_endpoint: &str) -> String {
    format!(
        r#"<script type="module" src="{script}"></script><pair-link token-endpoint="{token_endpoint}"></pair-link>"#
    )
}

fn button(leads_to: &str) -> String {
    format!(r#"<form method="post" action="{leads_to}"><button>Continue</button></form>"#)
}

fn static_code() -> Result<String> {
    let code = QrCode::with_error_correction_level(LINK, qrcode::EcLevel::M)?;
    Ok(code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(264, 264)
        .build())
}

fn html(body: &str) -> Asset {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Link</title><link rel=\"icon\" href=\"data:,\"><body>{body}</body></html>"
    );
    Asset {
        content_type: "text/html; charset=utf-8",
        plain: page.into_bytes(),
        brotli: None,
    }
}

/// Adds the files that a page loads and returns their compressed size together.
fn add_directory(
    assets: &mut HashMap<String, Asset>,
    directory: &Path,
    prefix: &str,
) -> Result<usize> {
    let mut bytes = 0;
    let entries = fs::read_dir(directory);
    for entry in entries.with_context(|| format!("reading {}", directory.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            // The languages, of which the measured pages load English.
            for entry in fs::read_dir(&path)? {
                let file = entry?.path();
                if file.file_name().is_some_and(|name| name == "en.json") {
                    let folder = path.file_name().and_then(|name| name.to_str());
                    let name = format!("{prefix}{}/en.json", folder.unwrap_or_default());
                    bytes += add_file(assets, name, &file, "application/json")?;
                }
            }
            continue;
        }
        let content_type = match path.extension().and_then(|extension| extension.to_str()) {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            Some(_) | None => continue,
        };
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if ["embed.js", "manifest.json"].contains(&name) || name.starts_with("frame-") {
            continue;
        }
        bytes += add_file(assets, format!("{prefix}{name}"), &path, content_type)?;
    }
    Ok(bytes)
}

/// Adds a file under a name and returns its compressed size.
fn add_file(
    assets: &mut HashMap<String, Asset>,
    name: String,
    path: &Path,
    content_type: &'static str,
) -> Result<usize> {
    let mut compressed = path.as_os_str().to_owned();
    compressed.push(".br");
    let asset = Asset {
        content_type,
        plain: fs::read(path)?,
        brotli: fs::read(compressed).ok(),
    };
    let bytes = asset.brotli.as_ref().unwrap_or(&asset.plain).len();
    assets.insert(name, asset);
    Ok(bytes)
}

async fn asset(State(site): State<Arc<Site>>, address: Uri, headers: HeaderMap) -> Response {
    let Some(asset) = site.assets.get(address.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes_brotli = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("br"));
    let mut about: Vec<(HeaderName, &str)> = vec![
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "no-cache"),
    ];
    if address.path().starts_with("/isolated/") {
        about.extend(ISOLATED.map(|(name, value)| (HeaderName::from_static(name), value)));
    }
    let body = match &asset.brotli {
        Some(brotli) if takes_brotli => {
            about.push((CONTENT_ENCODING, "br"));
            brotli.clone()
        }
        Some(_) | None => asset.plain.clone(),
    };
    let mut response = body.into_response();
    for (name, value) in about {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn link() -> Json<Value> {
    let now = timestamp();
    Json(json!({"link": LINK, "expires_at": now.plus_millis(THIRTY_MINUTES), "server_time": now}))
}

async fn token(State(site): State<Arc<Site>>) -> Json<EmbedToken> {
    site.revoked.store(false, Ordering::Relaxed);
    Json(EmbedToken {
        token: Sensitive::new("ple_measured"),
        expires_at: timestamp().plus_millis(THIRTY_MINUTES / 2),
        view: Some(drawn(site.view())),
    })
}

async fn real_token(State(site): State<Arc<Site>>) -> Result<Json<Value>, (StatusCode, String)> {
    tell(
        site.http
            .post(format!("{}/embed-tokens", site.connection))
            .bearer_auth(&site.api_key),
        &json!({"actions": ["read", "issue", "revoke"], "origins": [site.origin], "view": true}),
    )
    .await
    .map(Json)
    .map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))
}

async fn events(
    State(site): State<Arc<Site>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let first = Event::default().event(EventKind::Resync.as_str()).id("1");
    let view = serde_json::to_string(&site.view());
    let first = view.map_or(first.clone(), |view| first.data(view));
    Sse::new(stream::once(async { Ok(first) }).chain(stream::pending()))
}

/// As the proxy answers, with the picture if it is wanted.
async fn pass(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    if query.is_some_and(|query| query.contains("drawing=true")) {
        Json(drawn(site.view())).into_response()
    } else {
        Json(site.view()).into_response()
    }
}

fn drawn(view: PassView) -> DrawnPassView {
    DrawnPassView {
        connection: view.connection,
        pass: view.pass.map(|pass| DrawnPass {
            drawing: drawing(),
            pass,
        }),
        issuing: view.issuing,
        server_time: view.server_time,
    }
}

fn drawing() -> Option<PassDrawing> {
    let drawing = pairlink_qr::draw(LINK).ok()?;
    Some(PassDrawing {
        modules: u32::try_from(drawing.size).ok()?,
        path: Sensitive::new(drawing.path),
    })
}

async fn revoke(State(site): State<Arc<Site>>) -> Json<RevokedPasses> {
    site.revoked.store(true, Ordering::Relaxed);
    let now = timestamp();
    Json(RevokedPasses {
        revoked: true,
        revocation: Revocation::Upstream,
        dead_by: now,
        server_time: now,
    })
}

impl Site {
    fn view(&self) -> PassView {
        let mut view = view();
        if self.revoked.load(Ordering::Relaxed) {
            view.pass = None;
        }
        view
    }
}

fn view() -> PassView {
    let now = timestamp();
    PassView {
        connection: ConnectionView {
            label: "Support desk".to_owned(),
            provider: "wawp".to_owned(),
            state: SessionState::Waiting,
            methods: vec![Method::Link],
            actions: vec![Action::Read, Action::Issue, Action::Revoke],
            wrong_phone: false,
        },
        pass: Some(Pass {
            id: "pas_measured".to_owned(),
            issued_at: now,
            expires_at: now.plus_millis(THIRTY_MINUTES),
            content: PassContent::Link {
                url: Sensitive::new(LINK),
            },
        }),
        issuing: None,
        server_time: now,
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring needs the real clock")]
fn timestamp() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_unix_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
