//! Every transition, driven as the component drives it: one event, one moment.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test picks out one effect of many"
)]

mod clocks;
mod feed;
mod issuing;
mod leaving;
mod methods;
mod renewing;
mod revoking;
mod showing;

use pairlink_protocol::{
    Action, ConnectionView, EventKind, IssuedPass, Method, Pass, PassContent, PassView,
    ProblemCode, Revocation, RevokedPasses, Sensitive, SessionState, Timestamp,
};

use super::*;

const START: i64 = 1_781_895_300_000;
const MINUTE: i64 = 60_000;

/// A widget without a browser: its state, the time, and what it asked for and was not yet answered.
struct Widget {
    state: State,
    now: Timestamp,
    effects: Vec<Effect>,
    told: Vec<Announcement>,
}

impl Widget {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let page = Page {
            visible: true,
            online: true,
            handheld: false,
            country: None,
        };
        Self::on(page, settings)
    }

    fn on(page: Page, settings: Settings) -> Self {
        let (state, effects) = State::start(settings, page);
        Self {
            state,
            now: Timestamp::from_unix_millis(START),
            effects,
            told: Vec::new(),
        }
    }

    /// A widget that shows a link with so many milliseconds to live, its stream open.
    fn live(left: i64) -> Self {
        let mut widget = Self::new();
        let view = widget.view(Some(widget.pass("pas_1", left)));
        widget.answer_read(Ok(view));
        widget.open_stream();
        widget.told.clear();
        widget
    }

    /// A widget that knows that there is no pass, its stream open.
    fn idle() -> Self {
        let mut widget = Self::new();
        let view = widget.view(None);
        widget.answer_read(Ok(view));
        widget.open_stream();
        widget.told.clear();
        widget
    }

    fn happen(&mut self, event: Event) {
        let (state, effects) = step(std::mem::take(&mut self.state), event, self.now);
        self.state = state;
        for effect in effects {
            match effect {
                Effect::Announce(announcement) => self.told.push(announcement),
                effect => self.effects.push(effect),
            }
        }
    }

    /// Lets time pass as the timer would: wakes exactly when the model asked to be woken.
    fn wait(&mut self, millis: i64) {
        let end = self.now.plus_millis(millis);
        while let Some(at) = self.state.next_wake(self.now).filter(|at| *at <= end) {
            assert!(at > self.now, "a timer that is due at once spins");
            self.now = at;
            self.happen(Event::Tick);
        }
        self.now = end;
    }

    fn stage(&self) -> Stage {
        self.state.stage(self.now)
    }

    fn pass(&self, id: &str, left: i64) -> Pass {
        Pass {
            id: id.to_owned(),
            issued_at: self.now.plus_millis(left - 30 * MINUTE),
            expires_at: self.now.plus_millis(left),
            content: PassContent::Link {
                url: Sensitive::new(format!("https://provider.example/temp-qr/{id}")),
            },
        }
    }

    fn view(&self, pass: Option<Pass>) -> PassView {
        PassView {
            connection: ConnectionView {
                label: "Acme".to_owned(),
                provider: "wawp".to_owned(),
                state: SessionState::Waiting,
                methods: vec![Method::Link],
                actions: vec![Action::Read, Action::Issue, Action::Revoke],
                wrong_phone: false,
            },
            pass,
            issuing: None,
            server_time: self.now,
        }
    }

    fn connected(&self, pass: Option<Pass>) -> PassView {
        let mut view = self.view(pass);
        view.connection.state = SessionState::Connected;
        view
    }

    /// Takes out the newest effect of a kind.
    fn take<T>(&mut self, kind: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let at = self
            .effects
            .iter()
            .rposition(|effect| kind(effect).is_some())?;
        kind(&self.effects.remove(at))
    }

    fn asked_to_read(&mut self) -> Option<RequestId> {
        self.take(|effect| match effect {
            Effect::Read(request) => Some(*request),
            _ => None,
        })
    }

    fn asked_to_issue(&mut self) -> Option<(RequestId, IdempotencyKey)> {
        self.take(|effect| match effect {
            Effect::Issue { request, key, .. } => Some((*request, key.clone())),
            _ => None,
        })
    }

    fn asked_to_revoke(&mut self) -> Option<RequestId> {
        self.take(|effect| match effect {
            Effect::Revoke(request) => Some(*request),
            _ => None,
        })
    }

    fn asked_to_log_out(&mut self) -> Option<RequestId> {
        self.take(|effect| match effect {
            Effect::LogOut(request) => Some(*request),
            _ => None,
        })
    }

    fn open_stream(&mut self) -> Option<RequestId> {
        self.take(|effect| match effect {
            Effect::OpenStream(stream) => Some(*stream),
            _ => None,
        })
    }

    fn stream(&self) -> RequestId {
        self.state.feed.open().expect("a stream is open")
    }

    fn answer_read(&mut self, result: Result<PassView, Failure>) {
        let request = self.asked_to_read().expect("a read");
        self.happen(Event::ReadAnswered(request, result));
    }

    fn deliver(&mut self, kind: EventKind, view: PassView) {
        let stream = self.stream();
        self.happen(Event::StreamDelivered(stream, kind, view));
    }

    fn issue(&mut self) {
        self.happen(Event::IssueAsked(key("key-1")));
    }

    fn issued(&self, pass: Pass) -> Issued {
        Issued::Now(IssuedPass {
            pass,
            replaced: false,
            server_time: self.now,
        })
    }

    fn revoked(&self, revocation: Revocation) -> RevokedPasses {
        RevokedPasses {
            revoked: true,
            revocation,
            dead_by: self.now.plus_millis(5 * MINUTE),
            server_time: self.now,
        }
    }

    fn shows(&self, id: &str) -> bool {
        matches!(self.state.lifecycle(), Lifecycle::Live(live)
            if live.pass.id == id && live.cover == Cover::Off && live.drawing.is_some())
    }
}

fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey(name.to_owned())
}

fn problem(code: ProblemCode) -> Failure {
    Failure::Problem {
        code,
        request_id: "req_1".to_owned(),
        retry_after_seconds: None,
    }
}
