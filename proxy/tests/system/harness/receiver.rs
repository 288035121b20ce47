//! A host's backend that is told things: it keeps what it is posted, and answers as a test wants.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::eventually;

/// Something that was posted.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// How it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    With(u16),
    /// Only when it is told to answer otherwise.
    Never,
    /// With a body that does not end.
    Endlessly,
    /// By sending the caller elsewhere.
    Elsewhere(&'static str),
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    desk: Arc<Desk>,
    serving: AbortHandle,
}

struct Desk {
    posted: Mutex<Vec<Posted>>,
    answers: watch::Sender<Answers>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let desk = Arc::new(Desk {
            posted: Mutex::default(),
            answers: watch::Sender::new(Answers::With(204)),
        });
        let router = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&desk));
        let serving = tokio::spawn(axum::serve(listener, router).into_future());
        Self {
            url,
            desk,
            serving: serving.abort_handle(),
        }
    }

    /// From now on it answers like this, also to those who still wait.
    pub(crate) fn answer(&self, answers: Answers) {
        self.desk.answers.send_replace(answers);
    }

    /// Everything that was posted, in the order of its arrival.
    pub(crate) fn posted(&self) -> Vec<Posted> {
        self.desk.posted.lock().unwrap().clone()
    }

    /// Waits until so much was posted, and returns it.
    pub(crate) async fn receives(&self, count: usize) -> Vec<Posted> {
        eventually("messages", async || self.posted().len() >= count).await;
        self.posted()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn receive(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    desk.posted.lock().unwrap().push(Posted {
        path: uri.to_string(),
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let mut answers = desk.answers.subscribe();
    loop {
        let now = *answers.borrow_and_update();
        if let Some(response) = respond(now) {
            return response;
        }
        answers.changed().await.unwrap();
    }
}

fn respond(answers: Answers) -> Option<Response> {
    Some(match answers {
        Answers::Never => return None,
        Answers::With(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answers::Endlessly => {
            let chunk = || Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 1024]));
            Body::from_stream(futures_util::stream::repeat_with(chunk)).into_response()
        }
        Answers::Elsewhere(place) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
        }
    })
}

impl Posted {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The message's name, the same at every attempt.
    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    /// What it says, if the signature is the one that the standard asks for.
    #[track_caller]
    pub(crate) fn verified(&self, secret: &str) -> Value {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let signed = format!(
            "{}.{}.{}",
            self.id(),
            self.header("webhook-timestamp"),
            self.body
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(signed.as_bytes());
        let expected = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(self.header("webhook-signature"), format!("v1,{expected}"));
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_str(&self.body).unwrap()
    }
}
