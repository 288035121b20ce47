//! A body that has to keep coming.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Breaks off when the next piece does not come in time.
pub(super) struct Paced {
    body: Body,
    patience: Duration,
    /// Runs while a piece is waited for.
    waiting: Option<Pin<Box<Sleep>>>,
}

/// Why it broke off.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// The sender fell silent.
    #[error("the body does not go on")]
    Silent,
    /// The sender is gone.
    #[error("the body was broken off")]
    Broken(#[source] axum::Error),
}

impl Paced {
    pub(super) const fn new(body: Body, patience: Duration) -> Self {
        Self {
            body,
            patience,
            waiting: None,
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = Stopped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Stopped>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(piece) = polled {
            self.waiting = None;
            return Poll::Ready(piece.map(|piece| piece.map_err(Stopped::Broken)));
        }
        let patience = self.patience;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        waiting
            .as_mut()
            .poll(context)
            .map(|()| Some(Err(Stopped::Silent)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
