//! A body that is sent on while it arrives, and that can be sent once more.
//!
//! What has arrived is kept as long as it is short. A second attempt begins with what was kept and goes on with what is
//! still to come, so a refusal that comes early does not cost the rest.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::watch;

/// Bounds of one body.
#[derive(Clone, Copy, Debug)]
pub struct ReplayLimits {
    /// The longest body that is sent on at all.
    pub longest: u64,
    /// The longest that is kept to be sent once more.
    pub kept: usize,
}

/// Why a body did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    /// It is longer than it may be.
    #[error("the body is too long")]
    TooLong,
    /// Whoever sends it broke it off.
    #[error("the body was broken off")]
    BrokenOff,
    /// A later attempt took over.
    #[error("the body is being sent once more")]
    TakenOver,
}

type Incoming = Pin<Box<dyn Body<Data = Bytes, Error = BodyFault> + Send>>;

/// The body of a request that is passed on.
pub struct Replay {
    shared: Arc<Mutex<Shared>>,
    /// Moves whenever a piece was sent on.
    progress: watch::Receiver<u64>,
}

struct Shared {
    incoming: Incoming,
    limits: ReplayLimits,
    /// The length of the whole body, where the sender said it.
    announced: Option<u64>,
    /// What has arrived; none if that is too long to be kept.
    kept: Option<Vec<Bytes>>,
    arrived: u64,
    ended: bool,
    /// Whether the next piece has been asked for and has not come.
    waits: bool,
    fault: Option<BodyFault>,
    /// Which attempt may read; an earlier one may still be held by a connection that is being closed.
    attempt: u32,
    progress: watch::Sender<u64>,
}

/// One attempt to send the body.
pub struct Attempt {
    shared: Arc<Mutex<Shared>>,
    number: u32,
    /// What was kept of the attempts before.
    again: VecDeque<Bytes>,
}

impl Replay {
    /// Takes a body in, unless it says itself that it is too long. Nothing is read yet.
    pub fn new<B>(body: B, limits: ReplayLimits) -> Result<Self, BodyFault>
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let hint = body.size_hint();
        if hint.lower() > limits.longest {
            return Err(BodyFault::TooLong);
        }
        let (sender, progress) = watch::channel(0);
        let shared = Shared {
            announced: hint.exact(),
            incoming: Box::pin(Plain(Box::pin(body))),
            limits,
            kept: Some(Vec::new()),
            arrived: 0,
            ended: false,
            waits: false,
            fault: None,
            attempt: 0,
            progress: sender,
        };
        Ok(Self {
            shared: Arc::new(Mutex::new(shared)),
            progress,
        })
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        lock(&self.shared).announced == Some(0)
    }

    /// Whether everything that has arrived was kept, so that it can be sent from its beginning.
    pub fn can_be_sent_again(&self) -> bool {
        let shared = lock(&self.shared);
        shared.kept.is_some() && shared.fault.is_none()
    }

    /// Begins to send it. An earlier attempt sends nothing any more.
    pub fn attempt(&self) -> Attempt {
        let mut shared = lock(&self.shared);
        shared.attempt += 1;
        Attempt {
            number: shared.attempt,
            again: shared.kept.clone().unwrap_or_default().into(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// What is wrong with it, if that is known.
    pub fn fault(&self) -> Option<BodyFault> {
        lock(&self.shared).fault
    }

    /// Whether the sender is who everybody waits for.
    pub fn waits_for_sender(&self) -> bool {
        let shared = lock(&self.shared);
        shared.waits && !shared.ended
    }

    /// Changes whenever a piece was sent on.
    pub fn progress(&self) -> watch::Receiver<u64> {
        self.progress.clone()
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// The next piece from the sender.
    fn poll_incoming(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyFault>>> {
        if let Some(fault) = self.fault {
            return Poll::Ready(Some(Err(fault)));
        }
        while !self.ended {
            self.waits = true;
            let frame = ready!(self.incoming.as_mut().poll_frame(context));
            self.waits = false;
            match frame {
                Some(Ok(frame)) => {
                    // Trailers belong to one hop.
                    if let Ok(piece) = frame.into_data()
                        && !piece.is_empty()
                    {
                        return Poll::Ready(Some(self.take_in(piece)));
                    }
                }
                Some(Err(fault)) => {
                    self.fault = Some(fault);
                    return Poll::Ready(Some(Err(fault)));
                }
                None => self.ended = true,
            }
        }
        Poll::Ready(None)
    }

    fn take_in(&mut self, piece: Bytes) -> Result<Bytes, BodyFault> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.arrived = self.arrived.saturating_add(length);
        if self.arrived > self.limits.longest {
            self.fault = Some(BodyFault::TooLong);
            return Err(BodyFault::TooLong);
        }
        if usize::try_from(self.arrived).is_ok_and(|arrived| arrived <= self.limits.kept) {
            if let Some(kept) = &mut self.kept {
                kept.push(piece.clone());
            }
        } else {
            self.kept = None;
        }
        self.progress.send_modify(|moves| *moves += 1);
        Ok(piece)
    }
}

impl Body for Attempt {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let attempt = self.get_mut();
        let mut shared = lock(&attempt.shared);
        if shared.attempt != attempt.number {
            return Poll::Ready(Some(Err(BodyFault::TakenOver)));
        }
        if let Some(piece) = attempt.again.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        shared
            .poll_incoming(context)
            .map(|next| next.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        match lock(&self.shared).announced {
            Some(length) => SizeHint::with_exact(length),
            None => SizeHint::default(),
        }
    }
}

/// A body whose errors say nothing but that it was broken off.
struct Plain<B>(Pin<Box<B>>);

impl<B: Body<Data = Bytes>> Body for Plain<B> {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let frame = self.get_mut().0.as_mut().poll_frame(context);
        frame.map(|next| next.map(|frame| frame.map_err(|_cause| BodyFault::BrokenOff)))
    }
}
