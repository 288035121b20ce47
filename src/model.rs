//! The life of the widget: state, event and effect. Pure: no clock, no randomness, no browser.
//!
//! ```text
//!            ┌───────────────────────── issue ─────────────────────────┐
//!  loading ──┼─▶ idle ──▶ issuing ──▶ live ──▶ expired                 │
//!     │      │               │         │ └───▶ revoking ──▶ revoked ───┤
//!     ▼      │               ▼         └─────▶ connected ⇄ logging out │
//!   failed ──┘             failed ◀────────────────────────────────────┘
//! ```
//!
//! `now` is the server's time as the page knows it: its clock plus what the monotonic clock counted since.
//! What the server says always wins; what this module decides alone is only ever to *hide* a code.

mod asked;
mod call;
mod event;
mod failure;
mod feed;
mod incoming;
mod lifecycle;
mod live;
mod number;
mod selection;
mod stage;

#[cfg(test)]
mod tests;

use pairlink_protocol::{Action, ConnectionView, Method, Sensitive, Timestamp};

use self::call::Call;
pub use self::event::{Announcement, ErrorCode};
pub(crate) use self::event::{Effect, Event, IdempotencyKey, Issued, RequestId};
pub(crate) use self::failure::Failure;
use self::feed::Feed;
pub(crate) use self::lifecycle::{Death, Lifecycle};
pub(crate) use self::live::{Copy, Cover, Live};
pub(crate) use self::number::{Country, Number, countries, country};
pub(crate) use self::stage::Stage;

/// How long "Copied" stays.
const COPIED_MS: i64 = 2_500;
/// How long an API token stays readable.
const REVEALED_MS: i64 = 60_000;
/// How often a pass that takes longer is asked for.
const PENDING_READ_MS: i64 = 2_000;
/// When to stop waiting for it.
const PENDING_LIMIT_MS: i64 = 90_000;

/// What the host decided about the connection; fixed for the life of a state.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The methods that the page wants, the preferred one first; all that the connection offers if empty.
    pub methods: Vec<Method>,
    /// The number of the phone, for pairing codes.
    pub phone_number: Option<Sensitive>,
}

/// What the page was like when the widget was mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Whether anybody can see it.
    pub visible: bool,
    /// Whether the browser says that it has a network.
    pub online: bool,
    /// Whether it is on a phone, which cannot scan its own screen.
    pub handheld: bool,
    /// Where the visitor seems to be.
    pub country: Option<Country>,
}

/// All that the widget knows.
#[derive(Default)]
#[cfg_attr(test, derive(Clone, PartialEq, Eq))]
pub(crate) struct State {
    settings: Settings,
    page: Page,
    lifecycle: Lifecycle,
    /// As the server described it last.
    connection: Option<ConnectionView>,
    /// The methods that this page offers.
    methods: Vec<Method>,
    /// The method in view: the one that a person chose, or that of the pass that came last.
    selected: Option<Method>,
    /// Whether a person chose it; then no pass that comes changes it.
    selected_by_hand: bool,
    /// The number of the phone, as far as it is typed.
    number: Number,
    /// How far somebody is on the way out.
    parting: Parting,
    /// The read that is under way or due.
    reading: Option<Call>,
    feed: Feed,
    /// The server's time of the newest view taken in since the last request was sent; older views are stale.
    as_of: Option<Timestamp>,
    /// Whether the last request found nobody.
    unreached: bool,
    last_request: u32,
}

/// How far somebody is on the way out of a login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Parting {
    /// Nobody wants to leave.
    #[default]
    No,
    /// Somebody pressed "Log out", and is asked whether he means it.
    Asked,
    /// The phone was logged out here, and nothing was done since.
    Done,
}

/// Takes one event in, for whoever has the state in his hands: a server's picture, and tests.
#[must_use]
#[cfg(any(test, not(target_arch = "wasm32")))]
pub(crate) fn step(mut state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let effects = state.step(event, now);
    (state, effects)
}

impl State {
    /// Takes one event in: the only way in which a state changes.
    #[must_use]
    pub(crate) fn step(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.take_in(event, now, &mut effects);
        effects
    }

    /// The state at the start, and what to do first.
    pub(crate) fn start(settings: Settings, page: Page) -> (Self, Vec<Effect>) {
        let mut state = Self {
            settings,
            page,
            lifecycle: Lifecycle::Loading,
            connection: None,
            methods: Vec::new(),
            selected: None,
            selected_by_hand: false,
            number: Number::of(page.country),
            parting: Parting::No,
            reading: None,
            feed: Feed::default(),
            as_of: None,
            unreached: false,
            last_request: 0,
        };
        let mut effects = Vec::new();
        state.read(0, &mut effects);
        (state, effects)
    }

    /// Where the pass is in its life.
    pub(crate) const fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// The connection as the server described it last.
    pub(crate) const fn connection(&self) -> Option<&ConnectionView> {
        self.connection.as_ref()
    }

    /// When the next try of a failed read is due.
    pub(crate) fn retry_at(&self) -> Option<Timestamp> {
        match &self.lifecycle {
            Lifecycle::Unissued { ready_at, .. } => Some(*ready_at),
            Lifecycle::Revoking { call, .. } => call.due_at(),
            Lifecycle::Unread(_) => self.reading.as_ref().and_then(Call::due_at),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_) => None,
        }
    }

    /// Whether the embed token allows it.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.connection.as_ref().is_some_and(|connection| {
            // A proxy that is older than the list of actions names none.
            connection.actions.contains(&action)
                || connection.actions.is_empty() && action != Action::Logout
        })
    }

    /// Whether somebody is asked whether he means to log out.
    pub(crate) const fn is_parting(&self) -> bool {
        matches!(self.parting, Parting::Asked)
    }

    /// Whether the phone was logged out here just now.
    pub(crate) const fn has_parted(&self) -> bool {
        matches!(self.parting, Parting::Done)
    }

    /// The number of the phone, as far as it is typed.
    pub(crate) const fn number(&self) -> &Number {
        &self.number
    }

    fn take_in(&mut self, event: Event, now: Timestamp, effects: &mut Vec<Effect>) {
        match event {
            Event::Tick => {}
            Event::Slept => {
                self.cover();
                self.check(effects);
            }
            Event::PutAway => self.cover(),
            Event::Shown => {
                self.page.visible = true;
                self.check(effects);
                self.feed.hurry(now);
            }
            Event::Hidden => {
                self.page.visible = false;
                self.mask();
            }
            Event::Online => {
                self.page.online = true;
                self.check(effects);
                self.feed.hurry(now);
                if let Lifecycle::Revoking { call, .. } = &mut self.lifecycle {
                    call.hurry(now);
                }
            }
            Event::Offline => self.page.online = false,
            Event::IssueAsked(key) => self.issue(key, now, effects),
            Event::RevokeAsked => self.revoke(effects),
            Event::RetryAsked(key) => self.retry(key, now, effects),
            Event::CopyAsked => self.copy(now, effects),
            Event::MethodChosen(method) => self.choose(method),
            Event::RegionChosen(region) => {
                self.number.choose(&region);
                self.forget_key();
            }
            Event::NumberTyped(text) => {
                self.number.type_in(text);
                self.forget_key();
            }
            Event::RevealAsked => self.reveal(now),
            Event::PartingAsked(parting) => {
                self.parting = if parting { Parting::Asked } else { Parting::No };
            }
            Event::LogOutAsked => self.log_out(effects),
            Event::Copied(done) => {
                if let Lifecycle::Live(live) = &mut self.lifecycle {
                    live.copy = if done {
                        Copy::Done(now.plus_millis(COPIED_MS))
                    } else {
                        Copy::Refused
                    };
                }
            }
            Event::ReadAnswered(request, result) => {
                self.read_answered(request, result, now, effects);
            }
            Event::IssueAnswered(request, result) => {
                self.issue_answered(request, result, now, effects);
            }
            Event::RevokeAnswered(request, result) => {
                self.revoke_answered(request, result, now, effects);
            }
            Event::LogOutAnswered(request, result) => {
                self.log_out_answered(request, result, effects);
            }
            Event::StreamDelivered(stream, kind, view) => {
                if self.feed.delivers(stream) {
                    self.event_arrived(kind, view, now, effects);
                }
            }
            Event::StreamEnded(stream, die) => self.feed.ended(stream, die, now),
        }
        self.pass_time(now, effects);
    }

    /// Does what has become due; after every event, so that no order of timer and event shows a dead code.
    fn pass_time(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let aside = self.aside().is_some();
        match &mut self.lifecycle {
            Lifecycle::Live(live) => {
                if matches!(live.copy, Copy::Done(until) if now >= until) {
                    live.copy = Copy::Idle;
                }
                if live.revealed_until.is_some_and(|until| now >= until) {
                    live.revealed_until = None;
                }
                if now >= live.given_up_at() {
                    self.enter(Lifecycle::Expired, effects);
                    if aside {
                        // Of what is not in view the host is told, and the reader sees that it is gone.
                        self.enter(Lifecycle::Idle, effects);
                    }
                } else if now >= live.pass.expires_at && live.cover != Cover::UntilRenewed {
                    live.cover = Cover::UntilRenewed;
                    self.check(effects);
                }
            }
            Lifecycle::Issuing {
                give_up_at: Some(at),
                key,
                ..
            } if now >= *at => {
                let key = Some(key.clone());
                self.reading = None;
                self.fail_to_issue(Failure::TimedOut, key, now, effects);
            }
            Lifecycle::Revoking { call, .. } if call.is_due(now) => {
                let (request, tries) = (next_request(&mut self.last_request), call.tries());
                *call = Call::under_way(request, tries);
                effects.push(Effect::Revoke(request));
            }
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Revoking { .. }
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => {}
        }
        if let Some(call) = &self.reading
            && call.is_due(now)
        {
            let tries = call.tries();
            self.read(tries, effects);
        }
        if self.feed.wants_stream(now) {
            let stream = next_request(&mut self.last_request);
            self.feed.connect(stream);
            effects.push(Effect::OpenStream(stream));
        }
        if self.page.visible && self.feed.wants_poll(now) {
            self.feed.polled(now);
            if self.reading.is_none() {
                self.check(effects);
            }
        }
    }

    /// When something becomes due, or the countdown shows another second.
    pub(crate) fn next_wake(&self, now: Timestamp) -> Option<Timestamp> {
        let next_second = |end: Timestamp| {
            // The shown number is the remaining time rounded up, so it changes at whole seconds before the end.
            let to_next = (end.millis_since(now) - 1).rem_euclid(1000) + 1;
            if self.page.visible {
                now.plus_millis(to_next)
            } else {
                end
            }
        };
        let own = match &self.lifecycle {
            Lifecycle::Live(live) => {
                let end = if now < live.pass.expires_at {
                    live.pass.expires_at
                } else {
                    live.given_up_at()
                };
                match live.copy {
                    Copy::Done(until) => Some(until.min(next_second(end))),
                    Copy::Idle | Copy::Refused => Some(next_second(end)),
                }
            }
            Lifecycle::Issuing { give_up_at, .. } => give_up_at.map(next_second),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Revoking { .. }
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => self.retry_at().filter(|at| *at > now).map(next_second),
        };
        let reading = self.reading.as_ref().and_then(Call::due_at);
        [own, reading, self.feed.next_due(self.page.visible)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Enters a lifecycle, and tells the host of it.
    fn enter(&mut self, next: Lifecycle, effects: &mut Vec<Effect>) {
        let same = |left: &Lifecycle| std::mem::discriminant(left) == std::mem::discriminant(&next);
        let news = match &next {
            Lifecycle::Live(live) => {
                let known =
                    matches!(&self.lifecycle, Lifecycle::Live(old) if old.pass.id == live.pass.id);
                (!known).then(|| Announcement::Pass {
                    method: live.pass.method(),
                    expires_at: live.pass.expires_at,
                })
            }
            Lifecycle::Expired => (!same(&self.lifecycle)).then_some(Announcement::Expired),
            Lifecycle::Revoked(_) => (!same(&self.lifecycle)).then_some(Announcement::Revoked),
            Lifecycle::Connected { trouble: None } => {
                (!same(&self.lifecycle)).then_some(Announcement::Connected)
            }
            Lifecycle::Unread(failure) => {
                let known = matches!(&self.lifecycle, Lifecycle::Unread(old) if old.code() == failure.code());
                (!known).then(|| failure.announcement())
            }
            Lifecycle::Unissued { failure, .. }
            | Lifecycle::Connected {
                trouble: Some(failure),
            } => Some(failure.announcement()),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Revoking { .. }
            | Lifecycle::LoggingOut(_) => None,
        };
        if let Some(news) = news {
            effects.push(Effect::Announce(news));
        }
        if !(self.has_parted() && matches!(next, Lifecycle::Idle)) {
            self.parting = Parting::No;
        }
        self.follow(&next);
        self.lifecycle = next;
    }
}

/// Numbers a request.
fn next_request(last: &mut u32) -> RequestId {
    *last = last.wrapping_add(1);
    RequestId(*last)
}
