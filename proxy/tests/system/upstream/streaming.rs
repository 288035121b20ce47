//! Bodies of any length, both ways, at the pace of whoever is slower; and what happens when somebody is too slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body as AxumBody;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, StreamBody};
use pairlink_proxy::http::{LimitSettings, Limits, PassingLimits, router_with};
use reqwest::{Body, Method};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::Scene;
use super::station::{read, refusal};
use crate::harness::world::Setup;
use crate::harness::{eventually, in_time};

const PIECE: usize = 64 * 1024;
const MEBIBYTE: usize = 1024 * 1024;
/// More than all buffers between two sockets hold together, and much less than what is sent.
const IN_BUFFERS: usize = 40 * MEBIBYTE;

/// The piece at this place of a long body; no two are the same.
fn piece(at: usize) -> Bytes {
    let mut bytes = vec![u8::try_from(at % 251).unwrap(); PIECE];
    bytes[..8].copy_from_slice(&(at as u64).to_be_bytes());
    bytes.into()
}

fn digest(count: usize) -> String {
    let mut hasher = Sha256::new();
    (0..count).for_each(|at| hasher.update(piece(at)));
    hex::encode(hasher.finalize())
}

/// A body of so many pieces, which counts how many were taken.
fn pieces(count: usize, taken: Arc<AtomicUsize>) -> Body {
    let pieces = stream::iter(0..count).map(move |at| {
        taken.fetch_add(PIECE, Ordering::SeqCst);
        Ok::<_, std::io::Error>(http_body::Frame::data(piece(at)))
    });
    Body::wrap(StreamBody::new(pieces))
}

/// Says when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn quick() -> Setup {
    let mut setup = Setup::default();
    setup.limits.passage.head = Duration::from_millis(300);
    setup.limits.passage.idle = Duration::from_millis(300);
    setup
}

/// Waits until a count has not moved for a while, and returns it.
async fn comes_to_rest(count: &AtomicUsize) -> usize {
    let (mut last, mut same) = (0, 0);
    eventually("a count at rest", async || {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = count.load(Ordering::SeqCst);
        same = if now == last && now > 0 { same + 1 } else { 0 };
        last = now;
        same > 10
    })
    .await;
    last
}

#[tokio::test]
async fn twenty_mebibytes_go_up_and_down_unchanged() {
    let scene = Scene::open().await;
    let count = 20 * MEBIBYTE / PIECE;
    scene.station.answer(move |_before, request| async move {
        let mut hasher = Sha256::new();
        let mut body = request.into_body().into_data_stream();
        while let Some(piece) = body.next().await {
            hasher.update(piece.unwrap());
        }
        let digest = hex::encode(hasher.finalize());
        let answer = stream::iter(0..count).map(|at| Ok::<_, std::io::Error>(piece(at)));
        ([("x-digest", digest)], AxumBody::from_stream(answer)).into_response()
    });
    let request = scene.pass(Method::POST, "whatsapp/v1/media");
    let request = request.body(pieces(count, Arc::default()));
    let mut response = in_time("an answer", request.send()).await.unwrap();
    assert_eq!(response.status(), 200);
    let expected = digest(count);
    assert_eq!(response.headers()["x-digest"], expected.as_str());
    let mut hasher = Sha256::new();
    while let Some(piece) = in_time("a piece", response.chunk()).await.unwrap() {
        hasher.update(piece);
    }
    assert_eq!(hex::encode(hasher.finalize()), expected);
}

#[tokio::test]
async fn nothing_is_heaped_up_for_a_backend_that_does_not_read() {
    let scene = Scene::open().await;
    let (sent, gone) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let (counting, leaving) = (Arc::clone(&sent), Arc::clone(&gone));
    scene.station.answer(move |_before, _request| {
        let (sent, gone) = (Arc::clone(&counting), Dropped(Arc::clone(&leaving)));
        async move {
            let endless = stream::unfold((0, gone), move |(at, gone)| {
                sent.fetch_add(PIECE, Ordering::SeqCst);
                async move { Some((Ok::<_, std::io::Error>(piece(at)), (at + 1, gone))) }
            });
            let octets = [("content-type", "application/octet-stream")];
            (octets, AxumBody::from_stream(endless)).into_response()
        }
    });
    let request = scene.pass(Method::GET, "whatsapp/v1/media");
    let mut response = in_time("an answer", request.send()).await.unwrap();
    in_time("a piece", response.chunk()).await.unwrap().unwrap();
    let at_rest = comes_to_rest(&sent).await;
    assert!(at_rest < IN_BUFFERS, "{at_rest}");
    assert!(!gone.load(Ordering::SeqCst));
    // Who leaves ends it at the provider, too.
    drop(response);
    eventually("the provider's end", async || gone.load(Ordering::SeqCst)).await;
}

#[tokio::test]
async fn nothing_is_heaped_up_for_a_provider_that_does_not_read() {
    let scene = Scene::open().await;
    scene.station.answer(|_before, request| async move {
        let _unread = request;
        std::future::pending().await
    });
    let taken = Arc::new(AtomicUsize::new(0));
    let request = scene.pass(Method::POST, "whatsapp/v1/media");
    let request = request.body(pieces(60 * MEBIBYTE / PIECE, Arc::clone(&taken)));
    let sending = tokio::spawn(request.send());
    let at_rest = comes_to_rest(&taken).await;
    assert!(at_rest < IN_BUFFERS, "{at_rest}");
    sending.abort();
}

#[tokio::test]
async fn who_leaves_ends_the_call_whatever_the_method() {
    for method in [Method::GET, Method::POST] {
        let scene = Scene::open().await;
        let gone = Arc::new(AtomicBool::new(false));
        let leaving = Arc::clone(&gone);
        scene.station.answer(move |_before, _request| {
            let gone = Dropped(Arc::clone(&leaving));
            async move {
                let _gone = gone;
                std::future::pending().await
            }
        });
        let request = scene.pass(method.clone(), "whatsapp/v1/messages");
        let sending = tokio::spawn(request.body("{}").send());
        scene.station.hears(1).await;
        assert!(!gone.load(Ordering::SeqCst));
        sending.abort();
        eventually("the call's end", async || gone.load(Ordering::SeqCst)).await;
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_given_up() {
    let scene = Scene::open_at("enablex", quick()).await;
    scene.station.answer(|_before, request| async move {
        read(request).await;
        std::future::pending().await
    });
    let request = scene.pass(Method::POST, "whatsapp/v1/messages");
    let answer = scene.world.send(request.body("{}")).await;
    answer.problem("upstream_timeout");
    assert!(!answer.headers.contains_key("pairlink-upstream"));
    assert_eq!(scene.station.heard().len(), 1, "sent once");
}

#[tokio::test]
async fn an_answer_that_falls_silent_is_broken_off() {
    let scene = Scene::open_at("enablex", quick()).await;
    scene.station.answer(|_before, _request| async {
        let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"begun"))]);
        let octets = [("content-type", "application/octet-stream")];
        (
            octets,
            AxumBody::from_stream(begun.chain(stream::pending())),
        )
            .into_response()
    });
    let request = scene.pass(Method::GET, "whatsapp/v1/media");
    let mut response = in_time("an answer", request.send()).await.unwrap();
    assert_eq!(response.status(), 200);
    let begun = in_time("a piece", response.chunk()).await.unwrap();
    assert_eq!(begun.unwrap(), "begun");
    assert!(in_time("the end", response.chunk()).await.is_err());
}

/// What could be a refusal is looked at; what trickles is passed on all the same.
#[tokio::test]
async fn an_answer_that_trickles_arrives_as_it_comes() {
    let scene = Scene::open().await;
    let (pieces, arriving) = tokio::sync::mpsc::channel::<Bytes>(1);
    let arriving = Arc::new(tokio::sync::Mutex::new(arriving));
    scene.station.answer(move |_before, _request| {
        let arriving = Arc::clone(&arriving);
        async move {
            let body = stream::unfold(arriving, |arriving| async move {
                let piece = arriving.lock().await.recv().await?;
                Some((Ok::<_, std::io::Error>(piece), arriving))
            });
            let events = [("content-type", "application/json")];
            (events, AxumBody::from_stream(body)).into_response()
        }
    });
    let request = scene.pass(Method::GET, "whatsapp/v1/events");
    let sending = tokio::spawn(request.send());
    pieces
        .send(Bytes::from_static(b"{\"first\""))
        .await
        .unwrap();
    let mut response = in_time("an answer", sending).await.unwrap().unwrap();
    let mut next = async || in_time("a piece", response.chunk()).await.unwrap();
    assert_eq!(next().await.unwrap(), "{\"first\"");
    pieces.send(Bytes::from_static(b":1}")).await.unwrap();
    assert_eq!(next().await.unwrap(), ":1}");
    drop(pieces);
    assert_eq!(next().await, None);
}

#[tokio::test]
async fn a_backend_that_stops_in_the_middle_is_told() {
    let scene = Scene::open_at("enablex", quick()).await;
    let heard = scene.raw_half(
        "POST",
        "whatsapp/v1/messages",
        "content-length: 10\r\n",
        "abc",
    );
    let heard = heard.await;
    assert!(heard.starts_with("HTTP/1.1 400"), "{heard}");
    assert!(heard.contains("\"code\":\"invalid_request\""), "{heard}");
}

#[tokio::test]
async fn a_body_that_is_too_long_goes_no_further() {
    let scene = Scene::open().await;
    scene.station.answer(|_before, request| async move {
        drop(request.into_body().collect().await);
        refusal(401)
    });
    let limits = PassingLimits { body_bytes: 1000 };
    let callers = Limits::new(LimitSettings::default());
    let router = router_with(scene.world.service.clone(), None, limits, callers);
    let path = format!(
        "/v1/connections/{}/upstream/whatsapp/v1/media",
        scene.world.connection
    );
    let ask = async |length: usize, announced: bool| {
        let mut request = axum::http::Request::post(&path)
            .header("authorization", format!("Bearer {}", scene.world.key));
        let body = if announced {
            request = request.header("content-length", length);
            AxumBody::from(vec![b'x'; length])
        } else {
            let single = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"x")));
            let single = single.take(length);
            AxumBody::from_stream(single)
        };
        let answer = router.clone().oneshot(request.body(body).unwrap()).await;
        let answer = answer.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    for announced in [true, false] {
        let (status, text) = ask(1001, announced).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{announced}");
        assert!(text.contains("\"code\":\"too_large\""), "{text}");
        let (status, _text) = ask(1000, announced).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{announced}");
    }
    // What is known to be too long is not even begun.
    let lengths: Vec<_> = scene
        .station
        .heard()
        .iter()
        .map(|one| one.body.len())
        .collect();
    assert!(lengths.iter().all(|length| *length <= 1000), "{lengths:?}");
}
