//! Pages of some other origin, as a test writes them: hosts that mean well, and hosts that do not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it serves, by path.
type Pages = Arc<Mutex<BTreeMap<String, String>>>;

/// A web server with an origin of its own. `POST /token` answers with what it was given, and is counted.
pub struct Host {
    origin: String,
    pages: Pages,
    token: Arc<Mutex<Desk>>,
    serving: JoinHandle<std::io::Result<()>>,
}

#[derive(Default)]
struct Desk {
    /// None while it gives none.
    token: Option<String>,
    asked: usize,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Host {
    /// Starts without any page.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (pages, token) = (Pages::default(), Arc::new(Mutex::new(Desk::default())));
        let desk = Arc::clone(&token);
        let router = Router::new()
            .route("/favicon.ico", get(StatusCode::NO_CONTENT))
            .route("/token", axum::routing::post(async move || give(&desk)))
            .fallback(page)
            .with_state(Arc::clone(&pages));
        Self {
            origin,
            pages,
            token,
            serving: tokio::spawn(axum::serve(listener, router).into_future()),
        }
    }

    /// Its origin, as browsers send it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Serves this page from now on, and returns its address.
    pub fn put(&self, path: &str, html: &str) -> String {
        let mut pages = self.pages.lock().unwrap();
        pages.insert(path.to_owned(), html.to_owned());
        format!("{}{path}", self.origin)
    }

    /// What the token endpoint answers with from now on.
    pub fn give_token(&self, token: &str) {
        self.token.lock().unwrap().token = Some(token.to_owned());
    }

    /// How often it was asked for a token.
    pub fn asked(&self) -> usize {
        self.token.lock().unwrap().asked
    }
}

async fn page(State(pages): State<Pages>, address: Uri) -> Response {
    match pages.lock().unwrap().get(address.path()) {
        Some(html) => Html(html.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn give(desk: &Mutex<Desk>) -> Response {
    let mut desk = desk.lock().unwrap();
    desk.asked += 1;
    match &desk.token {
        Some(token) => axum::Json(serde_json::json!({ "token": token })).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
