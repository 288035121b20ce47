//! What the server said: answers and events, taken in in the order in which they were true.

use pairlink_protocol::{
    EventKind, Method, Pass, PassView, ProblemCode, RevokedPasses, SessionState, Timestamp,
};

use super::call::Call;
use super::event::{Announcement, Effect, Issued, RequestId};
use super::{
    Copy, Cover, Death, Failure, Lifecycle, Live, PENDING_LIMIT_MS, PENDING_READ_MS, Parting, State,
};

/// What brought a view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// It was asked for, or the stream began.
    Read,
    /// The passes were revoked.
    Revoked,
    /// The pass reached its end.
    Expired,
}

impl State {
    pub(super) fn read_answered(
        &mut self,
        request: RequestId,
        result: Result<PassView, Failure>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Some(call) = self.reading.take_if(|call| call.awaits(request)) else {
            return;
        };
        match result {
            Ok(view) => {
                self.unreached = false;
                self.feed.begin(now);
                if !self.is_stale(&view) {
                    self.adopt(view, Cause::Read, now, effects);
                }
                if matches!(self.lifecycle, Lifecycle::Issuing { .. }) {
                    self.reading = Some(Call::at(now.plus_millis(PENDING_READ_MS)));
                }
            }
            Err(failure) => {
                self.unreached = matches!(failure, Failure::Unreachable | Failure::TimedOut);
                match &self.lifecycle {
                    Lifecycle::Loading | Lifecycle::Unread(_) => {
                        self.reading = Some(Call::after(failure.clone(), call.tries(), now));
                        self.enter(Lifecycle::Unread(failure), effects);
                    }
                    Lifecycle::Issuing { .. }
                    | Lifecycle::Live(Live {
                        cover: Cover::UntilChecked,
                        ..
                    }) => self.reading = Some(Call::after(failure, call.tries(), now)),
                    // What is on the page stays true without this answer; the stream, or the next read, tells more.
                    Lifecycle::Idle
                    | Lifecycle::Live(_)
                    | Lifecycle::Revoking { .. }
                    | Lifecycle::Expired
                    | Lifecycle::Revoked(_)
                    | Lifecycle::Connected { .. }
                    | Lifecycle::LoggingOut(_)
                    | Lifecycle::Unissued { .. } => {}
                }
            }
        }
    }

    pub(super) fn issue_answered(
        &mut self,
        answered: RequestId,
        result: Result<Issued, Failure>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Lifecycle::Issuing {
            request,
            method,
            key,
            give_up_at,
            ..
        } = &mut self.lifecycle
        else {
            return;
        };
        if *request != answered {
            return;
        }
        self.unreached = false;
        match result {
            // News came by the stream that is younger than this answer: ask what is true now.
            Ok(Issued::Now(issued)) if self.as_of.is_some_and(|at| issued.server_time < at) => {
                self.enter(Lifecycle::Loading, effects);
                self.read(0, effects);
            }
            Ok(Issued::Now(issued)) => {
                self.as_of = Some(issued.server_time);
                self.show(issued.pass, now, effects);
            }
            Ok(Issued::Later(server_time)) => {
                // Views that are older know nothing of it, and must not be taken for its failure.
                self.as_of = self.as_of.max(Some(server_time));
                *give_up_at = Some(now.plus_millis(PENDING_LIMIT_MS));
                self.reading = Some(Call::at(now.plus_millis(PENDING_READ_MS)));
            }
            Err(failure) => {
                self.unreached = matches!(failure, Failure::Unreachable | Failure::TimedOut);
                let key = failure.outcome_is_unknown().then(|| key.clone());
                match &failure {
                    Failure::Problem {
                        code: ProblemCode::RevokedDuringIssue,
                        ..
                    } => {
                        self.enter(Lifecycle::Revoked(Death::Elsewhere), effects);
                        self.read(0, effects);
                    }
                    // A number is the only thing in this request that a person chose.
                    Failure::Problem {
                        code: ProblemCode::InvalidField,
                        ..
                    } if *method == Method::Code => {
                        effects.push(Effect::Announce(failure.announcement()));
                        self.enter(Lifecycle::Idle, effects);
                        self.number.faulty = true;
                        // The earlier pass, if there was one, is still alive.
                        self.read(0, effects);
                    }
                    Failure::Problem { .. }
                    | Failure::Unreachable
                    | Failure::TimedOut
                    | Failure::Unreadable
                    | Failure::NoToken => self.fail_to_issue(failure, key, now, effects),
                }
            }
        }
    }

    pub(super) fn revoke_answered(
        &mut self,
        request: RequestId,
        result: Result<RevokedPasses, Failure>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Lifecycle::Revoking { call, cancels } = &self.lifecycle else {
            return;
        };
        if !call.awaits(request) {
            return;
        }
        let cancels = *cancels;
        let tries = call.tries();
        match result {
            Ok(RevokedPasses {
                revoked: true,
                revocation,
                dead_by,
                server_time,
            }) => {
                self.unreached = false;
                let death = if cancels {
                    Death::Unborn
                } else {
                    Death::Here {
                        revocation,
                        dead_by,
                    }
                };
                self.enter(Lifecycle::Revoked(death), effects);
                // Somebody may have issued another one meanwhile.
                self.read(0, effects);
                // News from before that is still on its way would bring back what is dead.
                self.as_of = Some(server_time);
            }
            Ok(RevokedPasses { revoked: false, .. }) => {
                let call = Call::after(Failure::Unreadable, tries, now);
                self.enter(Lifecycle::Revoking { call, cancels }, effects);
            }
            Err(failure) => {
                self.unreached = matches!(failure, Failure::Unreachable | Failure::TimedOut);
                effects.push(Effect::Announce(failure.announcement()));
                let call = Call::after(failure, tries, now);
                self.enter(Lifecycle::Revoking { call, cancels }, effects);
            }
        }
    }

    pub(super) fn log_out_answered(
        &mut self,
        request: RequestId,
        result: Result<SessionState, Failure>,
        effects: &mut Vec<Effect>,
    ) {
        if !matches!(self.lifecycle, Lifecycle::LoggingOut(asked) if asked == request) {
            return;
        }
        match result {
            Ok(state) => {
                self.unreached = false;
                if let Some(connection) = &mut self.connection
                    && connection.state != state
                {
                    connection.state = state;
                    effects.push(Effect::Announce(Announcement::State(state)));
                }
                self.enter(Lifecycle::Idle, effects);
                // Providers call the state afterwards what it is before: ready for a phone.
                self.parting = Parting::Done;
            }
            Err(failure) => {
                self.unreached = matches!(failure, Failure::Unreachable | Failure::TimedOut);
                let trouble = Some(failure);
                self.enter(Lifecycle::Connected { trouble }, effects);
            }
        }
        self.read(0, effects);
    }

    pub(super) fn event_arrived(
        &mut self,
        kind: EventKind,
        view: PassView,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        self.unreached = false;
        let cause = match kind {
            EventKind::State | EventKind::Pass | EventKind::Renewed | EventKind::Resync => {
                Cause::Read
            }
            EventKind::Revoked => Cause::Revoked,
            EventKind::Expired => Cause::Expired,
        };
        if self.is_stale(&view) {
            self.check(effects);
        } else {
            self.adopt(view, cause, now, effects);
        }
    }

    /// Whether something younger was taken in already.
    fn is_stale(&self, view: &PassView) -> bool {
        self.as_of.is_some_and(|as_of| view.server_time < as_of)
    }

    fn adopt(&mut self, view: PassView, cause: Cause, now: Timestamp, effects: &mut Vec<Effect>) {
        self.as_of = Some(view.server_time);
        let connected = view.connection.state == SessionState::Connected;
        match &self.connection {
            None => effects.push(Effect::Announce(Announcement::Ready)),
            Some(known) if known.state != view.connection.state => {
                effects.push(Effect::Announce(Announcement::State(view.connection.state)));
            }
            Some(_) => {}
        }
        self.connection = Some(view.connection);
        self.offer();

        let pass = view.pass;
        match &self.lifecycle {
            Lifecycle::Issuing {
                method,
                replaces,
                give_up_at,
                key,
                ..
            } => {
                // Other methods are other people's.
                let awaited =
                    |pass: &Pass| pass.method() == *method && Some(&pass.id) != replaces.as_ref();
                if let Some(pass) = pass.filter(awaited) {
                    self.reading = None;
                    self.show(pass, now, effects);
                } else if give_up_at.is_none() || view.issuing.is_some() {
                    // It is under way.
                } else if connected && *method != Method::Token {
                    self.reading = None;
                    self.enter(Lifecycle::Connected { trouble: None }, effects);
                } else {
                    let key = Some(key.clone());
                    self.reading = None;
                    self.fail_to_issue(Failure::TimedOut, key, now, effects);
                }
            }
            // Only its own answer, or the news that somebody else did it, ends a revocation.
            Lifecycle::Revoking { call, .. } => {
                if cause == Cause::Revoked && call.failure().is_some() {
                    self.enter(Lifecycle::Revoked(Death::Elsewhere), effects);
                }
            }
            // What is known already; trouble with logging out stays to be read.
            Lifecycle::Connected { .. } | Lifecycle::LoggingOut(_)
                if connected && pass.is_none() => {}
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => match pass {
                // API tokens are made for accounts that are connected; everything else has done its work by then.
                Some(pass) if !connected || pass.method() == Method::Token => {
                    self.show(pass, now, effects);
                }
                Some(_) | None if connected => {
                    self.enter(Lifecycle::Connected { trouble: None }, effects);
                }
                Some(_) | None => self.ended(cause, view.issuing, now, effects),
            },
        }
    }

    /// Shows a pass, unless it is dead already.
    fn show(&mut self, pass: Pass, now: Timestamp, effects: &mut Vec<Effect>) {
        if now >= pass.expires_at {
            // One that waits for its successor goes on waiting, for as long as that may take.
            if !matches!(&self.lifecycle, Lifecycle::Live(live) if live.pass == pass) {
                self.enter(Lifecycle::Expired, effects);
            }
            return;
        }
        let trouble = match &self.lifecycle {
            Lifecycle::Live(live) if live.pass == pass => {
                if let Lifecycle::Live(live) = &mut self.lifecycle {
                    live.cover = Cover::Off;
                }
                return;
            }
            Lifecycle::Unissued { failure, .. } => Some(failure.clone()),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Revoking { .. }
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_) => None,
        };
        let live = Live {
            trouble,
            copy: Copy::Idle,
            ..Live::new(pass)
        };
        self.enter(Lifecycle::Live(live), effects);
    }

    /// No pass is alive: says what became of the one before.
    fn ended(
        &mut self,
        cause: Cause,
        issuing: Option<Method>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        // What is told of a log-out: passes that died by it, and the state afterwards.
        if matches!(self.lifecycle, Lifecycle::LoggingOut(_)) || self.has_parted() {
            self.enter(Lifecycle::Idle, effects);
            self.parting = Parting::Done;
            return;
        }
        if let Lifecycle::Live(live) = &mut self.lifecycle
            && live.renews()
            && issuing == Some(live.pass.method())
            && cause != Cause::Revoked
        {
            // The next one is being made.
            live.cover = Cover::UntilRenewed;
            return;
        }
        let next = match (&self.lifecycle, cause) {
            (Lifecycle::Live(_), Cause::Expired | Cause::Read) if self.aside().is_some() => {
                Lifecycle::Idle
            }
            (Lifecycle::Revoked(Death::Here { .. } | Death::Unborn), _)
            | (Lifecycle::Unissued { .. }, Cause::Read) => {
                return;
            }
            (_, Cause::Expired) => Lifecycle::Expired,
            (Lifecycle::Live(live), Cause::Read) if now >= live.pass.expires_at => {
                Lifecycle::Expired
            }
            // Read: dead before its time, and nobody told us: it was revoked while we were away.
            (_, Cause::Revoked) | (Lifecycle::Live(_), Cause::Read) => {
                Lifecycle::Revoked(Death::Elsewhere)
            }
            (Lifecycle::Expired | Lifecycle::Revoked(_), Cause::Read) => return,
            (
                Lifecycle::Loading
                | Lifecycle::Idle
                | Lifecycle::Issuing { .. }
                | Lifecycle::Revoking { .. }
                | Lifecycle::Connected { .. }
                | Lifecycle::LoggingOut(_)
                | Lifecycle::Unread(_),
                Cause::Read,
            ) => Lifecycle::Idle,
        };
        self.enter(next, effects);
    }
}
