//! What is said about the stage, and what can be done.

mod actions;
mod number;
mod ways;

use pairlink_protocol::{Method, SessionState};
use pairlink_words::{Saying, cut};
use yew::Html;

use self::actions::actions;
use self::ways::ways;
use super::element::{Element, Name, classed, element, list};
use super::parts::{notice, small};
use super::{Count, View};
use crate::model::{Death, Failure, Lifecycle, Live, Stage};
use crate::text::{Speak as _, filled};

/// The words and the buttons of the stage.
pub(super) fn panel(view: &View<'_>) -> Element {
    let mut rest = Vec::new();
    if let Some(live) = view.live() {
        rest.push(steps(view, live).html());
        rest.push(ways(view, live));
    }
    classed("div", "main")
        .holds(headline(view))
        .with(notices(view))
        .with(list(rest))
        .may_hold(actions(view))
}

/// What the stage is called and what it means. Screen readers are told when it changes.
fn headline(view: &View<'_>) -> Element {
    let saying = saying(view);
    let mut ends = None;
    if let Lifecycle::Revoked(Death::Here { dead_by, .. }) = view.state.lifecycle()
        && *dead_by > view.now
    {
        let at = (view.time_of_day)(*dead_by);
        ends = Some(small(None).tells(&filled(view.words.dead_by, &at)));
    }
    element("div")
        .set(Name::Role, "status")
        .holds(
            element("h2")
                .known_as(view.heading)
                .set(Name::TabIndex, "-1")
                .set(Name::Part, "title")
                .says(saying.title),
        )
        .holds(
            classed("p", "body")
                .set(Name::Part, "text")
                .says(saying.body),
        )
        .may_hold(ends)
}

fn saying(view: &View<'_>) -> &'static Saying {
    let words = view.words;
    if view.state.is_parting() {
        return &words.parting;
    }
    match (view.stage(), view.state.lifecycle()) {
        (Stage::Offline, _) => &words.offline,
        (Stage::Expired, _) => &words.expired,
        (Stage::Checking, _) => &words.checking,
        // What was alive was revoked with the phone that it had linked.
        (_, Lifecycle::Revoked(Death::Elsewhere)) if view.is_wrong_phone() => {
            &words.sessions.wrong_phone
        }
        (_, Lifecycle::Revoked(death)) => words.death(death),
        (Stage::None, _) | (_, Lifecycle::Idle) => invitation(view),
        (_, Lifecycle::Loading) => &words.loading,
        (
            _,
            Lifecycle::Issuing {
                give_up_at: Some(_),
                ..
            },
        ) => &words.issuing_long,
        (_, Lifecycle::Issuing { .. }) => &words.issuing,
        (_, Lifecycle::Live(live)) => &words.method(live.pass.method()).live,
        (_, Lifecycle::Revoking { call, cancels }) => match (call.failure(), cancels) {
            (Some(_), _) => &words.not_revoked,
            (None, true) => &words.cancelling,
            (None, false) => &words.revoking,
        },
        (_, Lifecycle::Expired) => &words.expired,
        (_, Lifecycle::Connected { .. }) => &words.connected,
        (_, Lifecycle::LoggingOut(_)) => &words.logging_out,
        (_, Lifecycle::Unread(failure) | Lifecycle::Unissued { failure, .. }) => {
            words.failure(failure)
        }
    }
}

/// What is said where no pass is alive: how to connect, or why that is not so simple.
fn invitation(view: &View<'_>) -> &'static Saying {
    let Some(method) = view.state.issuable() else {
        return &view.words.no_method;
    };
    // API tokens need no login.
    let session = match method {
        Method::Link | Method::Qr | Method::Code if view.state.has_parted() => {
            Some(&view.words.sessions.logged_out)
        }
        Method::Link | Method::Qr | Method::Code => {
            let connection = view.state.connection();
            connection.and_then(|connection| view.words.session(connection))
        }
        Method::Token => None,
    };
    session.unwrap_or(&view.words.method(method).none)
}

/// What else the reader must know.
fn notices(view: &View<'_>) -> Html {
    let words = view.words;
    let lifecycle = view.state.lifecycle();
    let seconds = view
        .state
        .retry_at()
        .map_or(0, |retry_at| view.seconds_until(retry_at));
    let trouble = trouble(lifecycle);
    let failure = match lifecycle {
        Lifecycle::Unread(failure) | Lifecycle::Unissued { failure, .. } => Some(failure),
        Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Live(_)
        | Lifecycle::Revoking { .. }
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::Connected { .. }
        | Lifecycle::LoggingOut(_) => trouble,
    };
    let template = match lifecycle {
        Lifecycle::Unissued { .. } => words.wait,
        Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Live(_)
        | Lifecycle::Revoking { .. }
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::Connected { .. }
        | Lifecycle::LoggingOut(_)
        | Lifecycle::Unread(_) => words.retry_in,
    };
    let mut lines = Vec::new();
    let mut add = |line: Element| lines.push(line.html());
    if let Some(session) = session_notice(view) {
        add(notice("note").stresses(session.title, session.body));
    }
    if let Some(aside) = view.state.aside() {
        let at = (view.time_of_day)(aside.pass.expires_at);
        let line = small(Some("note"))
            .tells(&filled(words.method(aside.pass.method()).aside, &at))
            .says(" ")
            .says(words.aside_hint);
        add(line);
    }
    if let Some(trouble) = trouble {
        let saying = words.failure(trouble);
        let consequence = if matches!(lifecycle, Lifecycle::Live(_)) {
            words.not_replaced
        } else {
            saying.body
        };
        add(notice("alert").stresses(saying.title, consequence));
    }
    if view.state.is_offline() && view.stage() != Stage::Offline && failure.is_none() {
        add(notice("alert").says(words.offline_notice));
    }
    if seconds > 0 && !view.is_still() {
        let wait = (view.count)(Count::In(seconds));
        add(small(None).tells(&filled(template, &wait)));
    }
    if let Some(request_id) = failure.and_then(Failure::request_id) {
        add(small(None)
            .says(words.reference)
            .says(" ")
            .tells(request_id));
    }
    list(lines)
}

/// What went wrong beside what is shown.
fn trouble(lifecycle: &Lifecycle) -> Option<&Failure> {
    match lifecycle {
        Lifecycle::Live(live) => live.trouble.as_ref(),
        Lifecycle::Revoking { call, .. } => call.failure(),
        Lifecycle::Connected { trouble } => trouble.as_ref(),
        Lifecycle::Unread(_)
        | Lifecycle::Unissued { .. }
        | Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::LoggingOut(_) => None,
    }
}

/// What the state of the login means, where the headline speaks of something else.
fn session_notice(view: &View<'_>) -> Option<&'static Saying> {
    let connection = view.state.connection()?;
    match connection.state {
        SessionState::PasskeyRequired | SessionState::Blocked | SessionState::Failed => {}
        SessionState::Waiting | SessionState::LoggedOut | SessionState::Unknown
            if connection.wrong_phone => {}
        SessionState::Starting
        | SessionState::Waiting
        | SessionState::Connected
        | SessionState::LoggedOut
        | SessionState::Unknown => return None,
    }
    let told = view.stage() == Stage::None || view.state.method() == Some(Method::Token);
    let session = view.words.session(connection)?;
    (!told && !std::ptr::eq(session, saying(view))).then_some(session)
}

fn steps(view: &View<'_>, live: &Live) -> Element {
    let mut rest = view.words.method(live.pass.method()).steps;
    let mut steps = classed("ol", "steps").set(Name::Part, "steps");
    while !rest.is_empty() {
        let step;
        (step, rest) = cut(rest, "\n");
        steps = steps.holds(element("li").holds(element("span").says(step)));
    }
    steps
}
