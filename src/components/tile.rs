//! The square: the code while it may be seen, a picture of the stage while not, and the countdown under it.
//!
//! A covered code is not in the document at all: nothing is blurred, nothing lies underneath.

use pairlink_protocol::{Method, PassContent, SessionState};
use yew::{Html, html};

use super::icon::{method_icon, stage_icon};
use super::{View, fixed};
use crate::model::{Lifecycle, Live, Stage};
use crate::qr::{Drawing, push_number};
use crate::text::{Speak as _, countdown, filled};

/// The square and what belongs under it.
pub(super) fn tile(view: &View<'_>) -> Html {
    let Some(live) = view.live() else {
        return html! {
            <div class="side">
                { cover(view) }
                { waited(view) }
            </div>
        };
    };
    html! {
        <div class="side">
            { code(view, live) }
            { clock(view, live) }
            <p class="small" part="caption">{ caption(view, live) }</p>
        </div>
    }
}

fn caption(view: &View<'_>, live: &Live) -> String {
    let mut text = String::new();
    if live.pass.method() == Method::Token {
        let at = (view.time_of_day)(live.pass.expires_at);
        text.push_str(&filled(view.words.ends_at, &at));
        text.push(' ');
    }
    text.push_str(view.words.method(live.pass.method()).caption);
    text
}

/// What stands there instead of a code.
fn cover(view: &View<'_>) -> Html {
    let stage = view.stage();
    let (icon, busy) = match stage {
        Stage::None => match view.session() {
            SessionState::Starting => (stage_icon(Stage::Loading), true),
            SessionState::Blocked | SessionState::Failed => (stage_icon(Stage::Error), false),
            SessionState::Waiting
            | SessionState::Connected
            | SessionState::LoggedOut
            | SessionState::PasskeyRequired
            | SessionState::Unknown => {
                let method = view.state.method();
                (method.map_or_else(|| stage_icon(stage), method_icon), false)
            }
        },
        Stage::Loading | Stage::Issuing | Stage::Checking | Stage::Revoking | Stage::LoggingOut => {
            (stage_icon(stage), true)
        }
        Stage::Live
        | Stage::Expiring
        | Stage::Expired
        | Stage::Revoked
        | Stage::Connected
        | Stage::Offline
        | Stage::Error => (stage_icon(stage), false),
    };
    covered(icon, busy)
}

#[inline(never)]
fn covered(content: Html, busy: bool) -> Html {
    let busy = busy.then_some("true");
    html! { <div class="tile cover" part="code" data-busy={busy}>{ content }</div> }
}

/// How long somebody waits already, once it takes long.
fn waited(view: &View<'_>) -> Html {
    let Lifecycle::Issuing {
        since,
        give_up_at: Some(_),
        ..
    } = view.state.lifecycle()
    else {
        return Html::default();
    };
    if view.is_still() {
        return Html::default();
    }
    let since = view.seconds_since(*since);
    time(Html::default(), view.words.waited, Some(since))
}

/// A line about time, and a number of seconds.
fn time(ring: Html, words: &'static str, seconds: Option<u32>) -> Html {
    html! {
        <p class="clock" part="countdown">
            { ring }
            { fixed(words) }
            if let Some(seconds) = seconds {
                <span role="timer" dir="ltr">{ countdown(seconds) }</span>
            }
        </p>
    }
}

fn code(view: &View<'_>, live: &Live) -> Html {
    // The next one is on its way.
    if !live.is_visible(view.now) {
        return covered(stage_icon(Stage::Loading), true);
    }
    let words = view.words.method(live.pass.method());
    match (&live.pass.content, &live.drawing) {
        (PassContent::Link { .. } | PassContent::Qr { .. }, Some(drawing)) => {
            picture(drawing, words.picture)
        }
        (PassContent::Link { .. } | PassContent::Qr { .. }, None) => covered(
            html! { <p>{ fixed(view.words.too_long_to_draw) }</p> },
            false,
        ),
        (PassContent::Code { code }, _) => html! {
            <div class="tile letters" part="code">
                <output dir="ltr" aria-label={spelled(code.expose())}>{ grouped(code.expose()) }</output>
            </div>
        },
        // An API token is copied, and read only on purpose, elsewhere.
        (PassContent::Token { .. }, _) => covered(method_icon(Method::Token), false),
    }
}

fn picture(drawing: &Drawing, label: &'static str) -> Html {
    let mut size = String::from("0 0 ");
    push_number(&mut size, drawing.size);
    size.push(' ');
    push_number(&mut size, drawing.size);
    html! {
        <div class="tile paper" part="code">
            <svg role="img" aria-label={fixed(label)} viewBox={size} shape-rendering="crispEdges">
                <path d={drawing.path.clone()} />
            </svg>
        </div>
    }
}

/// The remaining time, as digits and as a ring. Screen readers hear of it at 60, 30 and 10 seconds only, elsewhere.
///
/// What is followed by another one shows the ring alone: seconds that run out again and again alarm without reason.
fn clock(view: &View<'_>, live: &Live) -> Html {
    let whole = live
        .pass
        .expires_at
        .millis_since(live.pass.issued_at)
        .max(1);
    let left = live.pass.expires_at.millis_since(view.now).clamp(0, whole);
    let mut dashes = String::new();
    push_number(
        &mut dashes,
        usize::try_from(left * 100 / whole).unwrap_or(0),
    );
    dashes.push_str(" 100");
    let ring = html! {
        <svg viewBox="0 0 20 20" aria-hidden="true">
            <circle class="track" cx="10" cy="10" r="8" />
            <circle class="rest" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray={dashes} />
        </svg>
    };
    if live.renews() {
        time(ring, view.words.renews, None)
    } else {
        let left = view.seconds_until(live.pass.expires_at);
        time(ring, view.words.expires_in, Some(left))
    }
}

/// Eight letters are read in two halves. The style sheet parts them, so that whoever copies them by hand copies
/// nothing else.
fn grouped(code: &str) -> Html {
    match (code.len(), code.split_at_checked(4)) {
        (8, Some((first, second))) => html! {
            <><span>{ first.to_owned() }</span><span>{ second.to_owned() }</span></>
        },
        (_, _) => html! { code.to_owned() },
    }
}

/// `A B C D`: read letter by letter.
fn spelled(code: &str) -> String {
    let mut text = String::with_capacity(code.len() * 2);
    for letter in code.chars() {
        text.push(letter);
        text.push(' ');
    }
    text
}
