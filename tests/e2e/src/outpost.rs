//! A page with the element in it, and everything that the element asks for, from one server that a test steers: files
//! that are missing, corrupt or late, and how often each thing was asked for.
//!
//! What the proxy and the host's backend do is invented here, because the loader has to cope with what the real ones
//! never do.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use pairlink_protocol::{
    Action, ConnectionView, DrawnPass, DrawnPassView, Method as Way, Pass, PassContent,
    PassDrawing, Sensitive, SessionState, Timestamp,
};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::process::widget_folder;

/// What is shown as a QR code.
pub const LINK: &str =
    "https://app.wawp.net/temp-qr/4f0c2a9e7b31d85f6a0e4c7d92b1358e6f4a0c7d2b9e8135f6c4a07d9b2e1358";

/// The embed token that the host gives out.
pub const TOKEN: &str = "ple_outpost_canary";

/// What is wrong with what is asked for.
#[derive(Clone)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// It comes with something at its end that it was not built with.
    Corrupt,
    /// It does not come until the test lets it go.
    Late(Arc<Notify>),
}

/// The server.
#[derive(Clone)]
pub struct Outpost {
    address: String,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    troubles: HashMap<String, Damage>,
    asked: Vec<String>,
    body: String,
    policy: Option<String>,
    /// How long the pass lives.
    life: Duration,
    /// Whether no pass is alive any more.
    forgotten: bool,
}

impl Outpost {
    /// Starts one whose page is this, below a script that brings the loader.
    pub async fn start(body: &str) -> Self {
        // Another test of this process may have been first with the same provider.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            troubles: HashMap::new(),
            asked: Vec::new(),
            body: body.to_owned(),
            policy: None,
            life: Duration::from_mins(30),
            forgotten: false,
        };
        let outpost = Self {
            address,
            inner: Arc::new(Mutex::new(inner)),
        };
        let router = Router::new().fallback(answer).with_state(outpost.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        outpost
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// The page.
    pub fn page(&self) -> &str {
        &self.address
    }

    /// Puts the page under a security policy.
    pub fn under(&self, policy: &str) {
        self.inner().policy = Some(policy.to_owned());
    }

    /// Lets every pass live for so long from when it is read.
    pub fn let_passes_live(&self, life: Duration) {
        self.inner().life = life;
    }

    /// From now on no pass is alive.
    pub fn forget_the_pass(&self) {
        self.inner().forgotten = true;
    }

    /// Makes trouble with what ends like this: `.wasm`, `.js`, `.css`, `/token`, `/v1/pass`.
    pub fn trouble(&self, end: &str, trouble: Damage) {
        self.inner().troubles.insert(end.to_owned(), trouble);
    }

    /// Keeps it back until what is returned is notified.
    pub fn keep_back(&self, end: &str) -> Arc<Notify> {
        let gate = Arc::new(Notify::new());
        self.trouble(end, Damage::Late(Arc::clone(&gate)));
        gate
    }

    /// No more trouble with it.
    pub fn heal(&self, end: &str) {
        self.inner().troubles.remove(end);
    }

    /// How often something was asked for whose method and path end like this.
    pub fn times_asked(&self, end: &str) -> usize {
        let inner = self.inner();
        inner
            .asked
            .iter()
            .filter(|asked| asked.ends_with(end))
            .count()
    }
}

async fn answer(
    State(outpost): State<Outpost>,
    method: Method,
    address: Uri,
    headers: HeaderMap,
) -> Response {
    let path = address.path();
    let trouble = {
        let mut inner = outpost.inner();
        inner.asked.push(format!("{method} {path}"));
        let mut troubles = inner.troubles.iter();
        troubles
            .find(|(end, _)| path.ends_with(*end) && path != "/widget.js")
            .map(|(_, trouble)| trouble.clone())
    };
    match trouble {
        Some(Damage::Missing) => StatusCode::NOT_FOUND.into_response(),
        Some(Damage::Late(gate)) => {
            gate.notified().await;
            // Whoever else waits for it, too.
            gate.notify_one();
            outpost.right_answer(path, &headers, "").await
        }
        Some(Damage::Corrupt) => outpost.right_answer(path, &headers, "\n/* */").await,
        None => outpost.right_answer(path, &headers, "").await,
    }
}

impl Outpost {
    async fn right_answer(&self, path: &str, headers: &HeaderMap, more: &str) -> Response {
        let authorized = headers
            .get("authorization")
            .is_some_and(|shown| *shown == format!("Bearer {TOKEN}"));
        let json = |status: StatusCode, value: serde_json::Value| {
            (
                status,
                [(CONTENT_TYPE, "application/json")],
                value.to_string(),
            )
                .into_response()
        };
        match path {
            "/" => self.html(),
            "/token" => json(StatusCode::OK, json!({ "token": TOKEN })),
            "/token-with-view" => json(
                StatusCode::OK,
                json!({ "token": TOKEN, "view": self.view() }),
            ),
            "/bad-token-with-view" => {
                json(StatusCode::OK, json!({ "token": "", "view": self.view() }))
            }
            "/v1/pass" | "/v1/events" | "/v1/share-link" if !authorized => {
                json(StatusCode::UNAUTHORIZED, json!({}))
            }
            "/v1/pass" => json(StatusCode::OK, serde_json::to_value(self.view()).unwrap()),
            "/v1/share-link" => json(
                StatusCode::CREATED,
                json!({ "link": format!("{}/l/shared", self.address) }),
            ),
            "/l/shared" => ([(CONTENT_TYPE, "text/html")], "<h1>Shared</h1>").into_response(),
            "/v1/events" => {
                // It stays open and says nothing.
                std::future::pending::<()>().await;
                StatusCode::OK.into_response()
            }
            _ => file(path, more),
        }
    }

    fn html(&self) -> Response {
        let inner = self.inner();
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <title>Outpost</title><link rel=\"icon\" href=\"data:,\"><script type=\"module\" src=\"/widget.js\"></script>\
             <body>{}</body></html>",
            inner.body
        );
        let mut response = ([(CONTENT_TYPE, "text/html")], page).into_response();
        if let Some(policy) = &inner.policy {
            let headers = response.headers_mut();
            headers.insert(CONTENT_SECURITY_POLICY, policy.parse().unwrap());
        }
        response
    }

    fn view(&self) -> DrawnPassView {
        let now = now();
        let drawing = pairlink_qr::draw(LINK).unwrap();
        let forgotten = self.inner().forgotten;
        DrawnPassView {
            connection: ConnectionView {
                label: "Support desk".to_owned(),
                provider: "wawp".to_owned(),
                state: SessionState::Waiting,
                methods: vec![Way::Link, Way::Qr],
                actions: vec![Action::Read, Action::Issue, Action::Revoke],
                wrong_phone: false,
            },
            pass: (!forgotten).then(|| DrawnPass {
                pass: Pass {
                    id: "pas_outpost".to_owned(),
                    issued_at: now,
                    expires_at: now
                        .plus_millis(i64::try_from(self.inner().life.as_millis()).unwrap()),
                    content: PassContent::Link {
                        url: Sensitive::new(LINK),
                    },
                },
                drawing: Some(PassDrawing {
                    modules: u32::try_from(drawing.size).unwrap(),
                    path: Sensitive::new(drawing.path),
                }),
            }),
            issuing: None,
            server_time: now,
        }
    }
}

fn file(path: &str, more: &str) -> Response {
    let content_type = match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some(_) | None => return StatusCode::NOT_FOUND.into_response(),
    };
    let Ok(mut content) = fs::read(widget_folder().join(path.trim_start_matches('/'))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    content.extend(more.as_bytes());
    ([(CONTENT_TYPE, content_type)], content).into_response()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the page counts by what it is told here"
)]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_unix_millis(i64::try_from(since.unwrap().as_millis()).unwrap())
}
