//! Carries HTTP between sockets and the router.
//!
//! It stands in for a ready-made server because it must be able to close a connection instead of answering, and
//! because a stop must not wait for calls that never end.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::middleware::{self, Next};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::answer::HangUp;
use crate::clock::{Clock, http_date};

/// How long a stop waits for answers that are on their way.
const GRACE: Duration = Duration::from_secs(1);

/// How long to leave the system alone when it cannot accept, as when it is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Instead of an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without an answer")]
struct Closed;

/// Serves until `shutdown`, and returns when every connection is closed.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    clock: Clock,
    shutdown: CancellationToken,
) {
    let router = router
        .route_layer(middleware::from_fn(log))
        .layer(middleware::map_response_with_state(clock, date));
    let mut connections = JoinSet::new();
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _peer)) => {
                connections.spawn(attend(stream, router.clone(), shutdown.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, drained).await.is_err() {
        connections.shutdown().await;
    }
}

async fn attend(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    let service = service_fn(|request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            match response.extensions().get::<HangUp>() {
                Some(HangUp) => Err(Closed),
                None => Ok(response),
            }
        }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection closed early");
    }
}

/// Who learns the time from an answer learns the simulated one, by which the answer's own instants are to be read.
async fn date(State(clock): State<Clock>, mut response: Response) -> Response {
    if let Ok(date) = HeaderValue::try_from(http_date(clock.now())) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// Logs the route's template, never the address itself: secrets stand in paths and queries here.
async fn log(route: MatchedPath, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    if response.extensions().get::<HangUp>().is_some() {
        tracing::info!(%method, route = route.as_str(), "hung up");
    } else {
        tracing::info!(%method, route = route.as_str(), status = response.status().as_u16());
    }
    response
}
