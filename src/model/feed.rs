//! Live updates: a stream of events, and reads at intervals while there is none.

use pairlink_protocol::Timestamp;

use super::event::RequestId;
use super::failure::backoff_ms;

/// After so many streams in a row that delivered nothing, reads at intervals stand in for them.
const POLL_AFTER_FAILURES: u32 = 3;
/// The interval of those reads.
const POLL_MS: i64 = 5_000;

/// How news arrives.
#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug, PartialEq, Eq))]
pub(super) struct Feed {
    stream: Stream,
    /// Streams in a row that delivered nothing.
    failures: u32,
    last_poll: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stream {
    /// Not wanted yet.
    #[default]
    Closed,
    /// To be opened then.
    Waiting { due_at: Timestamp },
    /// Opened, or being opened.
    Open(RequestId),
}

impl Feed {
    /// Opens the first stream, once there is something to watch.
    pub(super) fn begin(&mut self, now: Timestamp) {
        if self.stream == Stream::Closed {
            self.stream = Stream::Waiting { due_at: now };
        }
    }

    pub(super) const fn connect(&mut self, stream: RequestId) {
        self.stream = Stream::Open(stream);
    }

    /// Whether it is the stream that counts; if so, streams work.
    pub(super) fn delivers(&mut self, stream: RequestId) -> bool {
        let current = self.stream == Stream::Open(stream);
        if current {
            self.failures = 0;
        }
        current
    }

    /// The stream that counts.
    #[cfg(test)]
    pub(super) const fn open(&self) -> Option<RequestId> {
        match self.stream {
            Stream::Open(stream) => Some(stream),
            Stream::Closed | Stream::Waiting { .. } => None,
        }
    }

    pub(super) fn ended(&mut self, stream: RequestId, die: u8, now: Timestamp) {
        if self.stream == Stream::Open(stream) {
            let wait = backoff_ms(self.failures);
            // Half of the wait is certain, half is drawn: pages that lost one server do not come back as one.
            let jittered = wait / 2 + wait / 2 * i64::from(die) / 255;
            self.failures = self.failures.saturating_add(1);
            self.stream = Stream::Waiting {
                due_at: now.plus_millis(jittered),
            };
        }
    }

    pub(super) fn hurry(&mut self, now: Timestamp) {
        if let Stream::Waiting { due_at } = &mut self.stream {
            *due_at = now;
        }
    }

    pub(super) const fn is_failing(&self) -> bool {
        self.failures >= POLL_AFTER_FAILURES
    }

    pub(super) fn wants_stream(&self, now: Timestamp) -> bool {
        matches!(self.stream, Stream::Waiting { due_at } if now >= due_at)
    }

    fn poll_due_at(&self) -> Option<Timestamp> {
        let last = self.last_poll.unwrap_or(Timestamp::from_unix_millis(0));
        self.is_failing().then(|| last.plus_millis(POLL_MS))
    }

    pub(super) fn wants_poll(&self, now: Timestamp) -> bool {
        self.poll_due_at().is_some_and(|due_at| now >= due_at)
    }

    pub(super) const fn polled(&mut self, now: Timestamp) {
        self.last_poll = Some(now);
    }

    pub(super) fn next_due(&self, visible: bool) -> Option<Timestamp> {
        let poll = if visible { self.poll_due_at() } else { None };
        match (&self.stream, poll) {
            (Stream::Waiting { due_at }, Some(poll)) => Some(poll.min(*due_at)),
            (Stream::Waiting { due_at }, None) => Some(*due_at),
            (Stream::Closed | Stream::Open(_), poll) => poll,
        }
    }
}
