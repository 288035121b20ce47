//! Connections: how many, how long a request may take to come and an answer to go, and how they end.
//!
//! HTTP/1 alone. Whoever wants more speaks it to the reverse proxy, which holds a few connections to here; so floods of
//! HTTP/2 resets and streams end there.

mod pipe;
mod socket;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Extensions;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::pipe::Pipe;
use super::limits::Limits;
use crate::metrics::{self, Refusal};

/// How long to wait when no connection can be accepted, as when there are no more file descriptors.
const BREATH: Duration = Duration::from_millis(100);

/// What is said to a connection that is one too many. Nothing of it is read.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Bounds of one connection.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, and how long a connection may wait for its next one.
    pub head: Duration,
    /// How long a body may take that is read whole, and each piece of one that is passed on.
    pub body: Duration,
    /// How long a peer may take nothing of what is there for it.
    pub write: Duration,
    /// The longest head of a request, give or take what comes in one piece; also how much is held of an answer that nobody takes.
    pub head_bytes: usize,
    /// The most headers of a request.
    pub headers: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            body: Duration::from_secs(10),
            write: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            headers: 64,
        }
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// How long the body of a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyDeadline(pub(super) Duration);

impl BodyDeadline {
    pub(super) fn of(extensions: &Extensions) -> Duration {
        let set = extensions.get::<Self>();
        set.map_or_else(
            || ConnectionLimits::default().body,
            |Self(deadline)| *deadline,
        )
    }
}

/// Answers on a listener until `closing`; returns when the last connection has come to its end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    callers: Arc<Limits>,
    closing: CancellationToken,
) {
    let server = Server {
        router,
        limits,
        closing: closing.clone(),
        connections: TaskTracker::new(),
        room: Arc::new(Semaphore::new(callers.most_connections())),
        callers,
    };
    let connections = server.connections.clone();
    closing
        .run_until_cancelled(accept_all(&listener, server))
        .await;
    // From here on the system turns new connections away.
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn accept_all(listener: &TcpListener, server: Server) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => server.take(stream, peer),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

struct Server {
    router: Router,
    limits: ConnectionLimits,
    callers: Arc<Limits>,
    closing: CancellationToken,
    connections: TaskTracker,
    room: Arc<Semaphore>,
}

impl Server {
    /// Serves a connection, if there is room for it.
    fn take(&self, stream: TcpStream, peer: SocketAddr) {
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            return turn_away(&stream, Refusal::Connections);
        };
        let Ok(of_address) = self.callers.connection_from(peer.ip()) else {
            return turn_away(&stream, Refusal::ConnectionsOfAddress);
        };
        socket::prepare(&stream, self.limits.write);
        let serving = self.converse(stream, peer);
        self.connections.spawn(async move {
            let _held: (OwnedSemaphorePermit, _) = (room, of_address);
            serving.await;
        });
    }

    /// Reads requests and answers them, until either side has had enough.
    fn converse(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> impl Future<Output = ()> + Send + 'static {
        let mut protocol = http1::Builder::new();
        protocol
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            .max_buf_size(self.limits.head_bytes)
            .max_headers(self.limits.headers);
        let router = self.router.clone();
        let within = BodyDeadline(self.limits.body);
        let answer = service_fn(move |request| answer(router.clone(), peer, within, request));
        let pipe = TokioIo::new(Pipe::new(stream, self.limits.write));
        let closing = self.closing.clone();
        async move {
            let mut conversation = std::pin::pin!(protocol.serve_connection(pipe, answer));
            let ended = tokio::select! {
                ended = conversation.as_mut() => ended,
                () = closing.cancelled() => {
                    // What is being answered is answered to its end; nothing else is begun.
                    conversation.as_mut().graceful_shutdown();
                    conversation.await
                }
            };
            if let Err(error) = ended {
                // Peers that speak something else, are too slow, or are gone. The message is of the protocol alone.
                tracing::debug!(%error, "a connection broke off");
            }
        }
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    within: BodyDeadline,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    request.extensions_mut().insert(within);
    router.oneshot(request).await
}

/// Says that there is no room, as far as that can be said at once, and closes.
fn turn_away(stream: &TcpStream, reason: Refusal) {
    metrics::refused(reason);
    // A peer that does not hear it sees that it is closed.
    stream.try_write(FULL).ok();
}
