//! The provider does not accept the token.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use reqwest::{Body, Method};
use serde_json::json;
use tokio::sync::{Notify, mpsc};

use super::Scene;
use super::station::{read, refusal};
use crate::harness::in_time;
use crate::harness::world::Setup;

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_request_sent_once_more() {
    for status in [200, 400, 401, 403, 500] {
        let scene = Scene::open().await;
        scene.station.answer(move |before, request| async move {
            let body = read(request).await;
            if before == 0 {
                refusal(status)
            } else {
                (StatusCode::ACCEPTED, body).into_response()
            }
        });
        let body = json!({ "to": "441134960000", "text": "hello" }).to_string();
        let request = scene.pass(Method::POST, "whatsapp/v1/messages?a=b");
        let answer = scene.world.send(request.body(body.clone())).await;
        assert_eq!(answer.status, 202, "{status}");
        assert_eq!(answer.text, body);
        assert_eq!(answer.header("pairlink-upstream"), "1");
        assert!(!answer.headers.contains_key("pairlink-send-again"));
        let heard = scene.station.heard();
        assert_eq!(heard.len(), 2, "{status}");
        assert_ne!(heard[0].bearer(), heard[1].bearer());
        for one in &heard {
            assert_eq!(one.body, body);
            assert_eq!(one.target, "/whatsapp/v1/messages?a=b");
            let length = body.len().to_string();
            assert_eq!(one.header("content-length"), Some(length.as_str()));
        }
        scene.assert_log_is_clean();
    }
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_the_callers_to_see() {
    let scene = Scene::open().await;
    scene
        .station
        .answer(|_before, _request| async { refusal(401) });
    for method in [Method::GET, Method::POST] {
        let before = scene.station.heard().len();
        let request = scene.pass(method, "whatsapp/v1/messages");
        let answer = scene.world.send(request).await;
        assert_eq!(answer.json(401)["status"], "Unauthorized");
        assert_eq!(answer.header("pairlink-upstream"), "1");
        assert_eq!(scene.station.heard().len() - before, 2, "no third call");
    }
}

#[tokio::test]
async fn wazzups_words_are_understood_whatever_their_status() {
    for (code, status, calls) in [
        ("OAUTH_TOKEN_INVALID_OR_EXPIRED", 400, 2),
        ("OAUTH_TOKEN_UNKNOWN_OR_REVOKED", 403, 2),
        ("ANYTHING", 401, 2),
        ("OAUTH_SCOPE_FORBIDDEN", 403, 1),
        ("VALIDATION_FAILED", 400, 1),
    ] {
        let scene = Scene::open_at("wazzup", Setup::default()).await;
        scene.station.answer(move |_before, _request| async move {
            let body = json!({ "errors": [{ "code": code }] });
            let status = StatusCode::from_u16(status).unwrap();
            (status, axum::Json(body)).into_response()
        });
        let request = scene.pass(Method::GET, "v2/channels");
        let answer = scene.world.send(request).await;
        assert_eq!(answer.json(status)["errors"][0]["code"], code);
        assert_eq!(scene.station.heard().len(), calls, "{code}");
    }
}

#[tokio::test]
async fn what_was_too_long_to_keep_is_the_callers_to_send_again() {
    let scene = Scene::open().await;
    scene.station.answer(|before, request| async move {
        read(request).await;
        if before == 0 {
            refusal(401)
        } else {
            StatusCode::OK.into_response()
        }
    });
    let long = vec![b'x'; 300 * 1024];
    let send = async || {
        let request = scene.pass(Method::POST, "whatsapp/v1/media");
        scene.world.send(request.body(long.clone())).await
    };
    let first = send().await;
    first.json(401);
    assert_eq!(first.header("pairlink-send-again"), "1");
    assert_eq!(scene.station.heard().len(), 1, "it was sent once");
    // There is a new token by now.
    assert_eq!(send().await.status, 200);
    let heard = scene.station.heard();
    assert_eq!(heard.len(), 2);
    assert_ne!(heard[0].bearer(), heard[1].bearer());
    assert_eq!(heard[1].body, long);
}

/// The provider refuses as soon as it sees the token; the rest of the body is still to come.
#[tokio::test]
async fn a_body_that_is_still_arriving_is_sent_whole_to_the_new_token() {
    let scene = Scene::open().await;
    let refused = Arc::new(Notify::new());
    let refusing = Arc::clone(&refused);
    scene.station.answer(move |before, request| {
        let refused = Arc::clone(&refusing);
        async move {
            if before == 0 {
                refused.notify_one();
                return refusal(401);
            }
            read(request).await.into_response()
        }
    });
    let (pieces, arriving) = mpsc::channel::<Bytes>(1);
    let body = stream::unfold(arriving, |mut arriving| async {
        let piece = arriving.recv().await?;
        let piece = Ok::<_, std::io::Error>(http_body::Frame::data(piece));
        Some((piece, arriving))
    });
    let request = scene.pass(Method::POST, "whatsapp/v1/messages");
    let request = request.body(Body::wrap(StreamBody::new(body)));
    let (answer, ()) = tokio::join!(scene.world.send(request), async {
        pieces.send(Bytes::from_static(b"one ")).await.unwrap();
        in_time("the refusal", refused.notified()).await;
        scene.station.hears(2).await;
        pieces.send(Bytes::from_static(b"two ")).await.unwrap();
        pieces.send(Bytes::from_static(b"three")).await.unwrap();
        drop(pieces);
    });
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (200, "one two three")
    );
}

#[tokio::test]
async fn a_renewal_that_fails_is_told() {
    let scene = Scene::open().await;
    let tokens = scene.station.tokens_desk();
    scene.station.answer(move |_before, _request| {
        tokens.close();
        async { refusal(401) }
    });
    let request = scene.pass(Method::GET, "whatsapp/v1/messages");
    let failed = scene.world.send(request).await;
    failed.problem("needs_credentials");
    assert!(!failed.headers.contains_key("pairlink-upstream"));
    assert_eq!(scene.station.heard().len(), 1);
}
