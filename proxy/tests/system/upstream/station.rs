//! A provider of a test's own: it gives out tokens, hears everything, and answers as a test wants.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use pairlink_protocol::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::harness::eventually;
use crate::harness::world::random;

/// A request that arrived.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) method: String,
    /// Path and query, as they came.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    /// As far as it was read.
    pub(super) body: Bytes,
}

type Answering = Arc<dyn Fn(usize, Request) -> BoxFuture<'static, Response> + Send + Sync>;

pub(crate) struct Station {
    pub(super) url: String,
    desk: Arc<Desk>,
    serving: AbortHandle,
}

/// Where tokens are to be had.
#[derive(Clone)]
pub(super) struct TokensDesk(Arc<Desk>);

impl TokensDesk {
    /// From now on nobody gets one.
    pub(super) fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
    }
}

struct Desk {
    closed: AtomicBool,
    heard: Mutex<Vec<Heard>>,
    tokens: Mutex<Vec<String>>,
    answering: Mutex<Option<Answering>>,
    expiry: i64,
}

impl Station {
    pub(super) async fn open(now: Timestamp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk {
            closed: AtomicBool::new(false),
            heard: Mutex::default(),
            tokens: Mutex::default(),
            answering: Mutex::default(),
            expiry: now.unix_millis() / 1000 + 3600,
        });
        let router = Router::new()
            .route("/whatsapp/v1/token", post(enablex_token))
            .route("/v2/oauth/token", post(wazzup_token))
            .fallback(hear)
            .with_state(Arc::clone(&desk));
        let serving = tokio::spawn(axum::serve(listener, router).into_future());
        Self {
            url,
            desk,
            serving: serving.abort_handle(),
        }
    }

    /// From now on it answers like this: told how many requests there were before, and the request.
    pub(crate) fn answer<F>(&self, answering: impl Fn(usize, Request) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let answering: Answering =
            Arc::new(move |before, request| Box::pin(answering(before, request)));
        *self.desk.answering.lock().unwrap() = Some(answering);
    }

    /// Everything that arrived but requests for tokens.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.desk.heard.lock().unwrap().clone()
    }

    /// The one request that arrived.
    #[track_caller]
    pub(super) fn the_one(&self) -> Heard {
        let heard = self.heard();
        assert_eq!(heard.len(), 1, "{heard:?}");
        heard[0].clone()
    }

    pub(super) async fn hears(&self, count: usize) {
        eventually("requests", async || self.heard().len() >= count).await;
    }

    pub(super) fn tokens_desk(&self) -> TokensDesk {
        TokensDesk(Arc::clone(&self.desk))
    }

    /// Every token that was given out.
    pub(super) fn tokens(&self) -> Vec<String> {
        self.desk.tokens.lock().unwrap().clone()
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn bearer(&self) -> &str {
        let value = self.header("authorization").unwrap();
        value.strip_prefix("Bearer ").unwrap()
    }
}

impl Desk {
    fn mint(&self) -> String {
        let token = random(64);
        self.tokens.lock().unwrap().push(token.clone());
        token
    }
}

async fn enablex_token(State(desk): State<Arc<Desk>>) -> Response {
    if desk.closed.load(Ordering::SeqCst) {
        return refusal(401);
    }
    Json(json!({ "token": desk.mint(), "expiry": desk.expiry })).into_response()
}

async fn wazzup_token(State(desk): State<Arc<Desk>>) -> Response {
    let data = json!({
        "access_token": desk.mint(), "refresh_token": desk.mint(), "token_type": "Bearer", "expires_in": 3600,
    });
    Json(json!({ "data": data })).into_response()
}

/// Keeps the request without its body, and lets the test answer; it reads the body whole where no test answers.
async fn hear(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let before = {
        let mut heard = desk.heard.lock().unwrap();
        heard.push(Heard {
            method: request.method().to_string(),
            target: request.uri().to_string(),
            headers: request.headers().clone(),
            body: Bytes::new(),
        });
        heard.len() - 1
    };
    let answering = desk.answering.lock().unwrap().clone();
    let Some(answering) = answering else {
        let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
        desk.heard.lock().unwrap()[before].body = body;
        return Json(json!({ "done": true })).into_response();
    };
    // What the test reads of the body is kept for it.
    let (parts, body) = request.into_parts();
    let kept = Arc::clone(&desk);
    let body = futures_util::StreamExt::map(body.into_data_stream(), move |piece| {
        if let Ok(piece) = &piece {
            let mut heard = kept.heard.lock().unwrap();
            heard[before].body = [heard[before].body.clone(), piece.clone()].concat().into();
        }
        piece
    });
    answering(before, Request::from_parts(parts, Body::from_stream(body))).await
}

/// Reads the body to its end.
pub(super) async fn read(request: Request) -> Bytes {
    to_bytes(request.into_body(), usize::MAX).await.unwrap()
}

/// What one of the providers says to a token that is not good any more.
pub(super) fn refusal(status: u16) -> Response {
    let body = json!({
        "message": "Authentication failed", "status": "Unauthorized",
        "reason": "invalid credentials or the account has been deactivated",
    });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}
