//! What is said about the stage, and what can be done.

mod actions;
mod number;
mod ways;

use pairlink_protocol::{Method, SessionState};
use pairlink_words::{Saying, cut};
use yew::{Html, html};

use self::actions::actions;
use self::ways::ways;
use super::parts::{self, followed, notice, said, small, strong};
use super::{Count, View, fixed};
use crate::model::{Death, Failure, Lifecycle, Live, Stage};
use crate::text::{Speak as _, filled};

/// The words and the buttons of the stage.
pub(super) fn panel(view: &View<'_>) -> Html {
    html! {
        <div class="main">
            { headline(view) }
            { notices(view) }
            if let Some(live) = view.live() {
                { steps(view, live) }
                { ways(view, live) }
            }
            { actions(view) }
        </div>
    }
}

/// What the stage is called and what it means. Screen readers are told when it changes.
fn headline(view: &View<'_>) -> Html {
    let saying = saying(view);
    html! {
        <div role="status">
            <h2 ref={view.heading} tabindex="-1" part="title">{ fixed(saying.title) }</h2>
            <p class="body" part="text">{ fixed(saying.body) }</p>
            if let Lifecycle::Revoked(Death::Here { dead_by, .. }) = view.state.lifecycle() {
                if *dead_by > view.now {
                    { small(None, said(filled(view.words.dead_by, &(view.time_of_day)(*dead_by)))) }
                }
            }
        </div>
    }
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
        Method::Link | Method::Qr | Method::Code => view.words.session(view.session()),
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
    if let Some(session) = session_notice(view) {
        lines.push(notice("note", both(session.title, session.body)));
    }
    if let Some(aside) = view.state.aside() {
        let at = (view.time_of_day)(aside.pass.expires_at);
        let mut text = filled(words.method(aside.pass.method()).aside, &at);
        text.push(' ');
        text.push_str(words.aside_hint);
        lines.push(small(Some("note"), said(text)));
    }
    if let Some(trouble) = trouble {
        let saying = words.failure(trouble);
        let consequence = if matches!(lifecycle, Lifecycle::Live(_)) {
            words.not_replaced
        } else {
            saying.body
        };
        lines.push(notice("alert", both(saying.title, consequence)));
    }
    if view.state.is_offline() && view.stage() != Stage::Offline && failure.is_none() {
        lines.push(notice("alert", parts::words(words.offline_notice)));
    }
    if seconds > 0 && !view.is_still() {
        lines.push(small(
            None,
            said(filled(template, &(view.count)(Count::In(seconds)))),
        ));
    }
    if let Some(request_id) = failure.and_then(Failure::request_id) {
        lines.push(small(
            None,
            followed(words.reference, request_id.to_owned()),
        ));
    }
    lines.into_iter().collect()
}

fn both(title: &'static str, body: &'static str) -> Html {
    html! { <>{ strong(title) }{ " " }{ fixed(body) }</> }
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
    let state = match view.session() {
        state @ (SessionState::PasskeyRequired | SessionState::Blocked | SessionState::Failed) => {
            state
        }
        SessionState::Starting
        | SessionState::Waiting
        | SessionState::Connected
        | SessionState::LoggedOut
        | SessionState::Unknown => return None,
    };
    let told = view.stage() == Stage::None || view.state.method() == Some(Method::Token);
    view.words.session(state).filter(|_| !told)
}

fn steps(view: &View<'_>, live: &Live) -> Html {
    let mut rest = view.words.method(live.pass.method()).steps;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = cut(rest, "\n");
        steps.push(html! { <li><span>{ fixed(step) }</span></li> });
    }
    html! {
        <ol class="steps" part="steps">{ for steps }</ol>
    }
}
