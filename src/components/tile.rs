//! The square: the code while it may be seen, a picture of the stage while not, and the countdown under it.
//!
//! A covered code is not in the document at all: nothing is blurred, nothing lies underneath.

use pairlink_protocol::PassContent;
use yew::{AttrValue, Html, html};

use super::icon::stage_icon;
use super::{View, fixed};
use crate::model::{Lifecycle, Live, Stage};
use crate::qr::{Drawing, push_number};
use crate::text::countdown;

/// The square and what belongs under it.
pub(super) fn tile(view: &View<'_>) -> Html {
    match (view.stage(), view.state.lifecycle()) {
        (Stage::Live | Stage::Expiring, Lifecycle::Live(live)) => html! {
            <div class="side">
                { code(view, live) }
                { clock(view, live) }
                <p class="small" part="caption">
                    { fixed(view.words.method(live.pass.method()).caption) }
                </p>
            </div>
        },
        (stage, _) => html! {
            <div class="side">
                <div class="tile cover" part="code">{ stage_icon(stage) }</div>
            </div>
        },
    }
}

fn code(view: &View<'_>, live: &Live) -> Html {
    let words = view.words.method(live.pass.method());
    match (&live.pass.content, &live.drawing) {
        (PassContent::Link { .. } | PassContent::Qr { .. }, Some(drawing)) => {
            picture(drawing, words.picture)
        }
        (PassContent::Link { .. } | PassContent::Qr { .. }, None) => html! {
            <div class="tile cover" part="code"><p>{ fixed(view.words.too_long_to_draw) }</p></div>
        },
        (PassContent::Code { code }, _) => html! {
            <div class="tile letters" part="code">
                <output aria-label={spelled(code.expose())}>{ grouped(code.expose()) }</output>
            </div>
        },
        // An API token is copied, not read: nobody needs to see it.
        (PassContent::Token { .. }, _) => html! {
            <div class="tile cover" part="code">{ stage_icon(Stage::Live) }</div>
        },
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
    html! {
        <p class="clock" part="countdown">
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <circle class="track" cx="10" cy="10" r="8" />
                <circle class="rest" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray={dashes} />
            </svg>
            { fixed(view.words.expires_in) }
            <span role="timer">{ countdown(view.seconds_until(live.pass.expires_at)) }</span>
        </p>
    }
}

/// `ABCD-EFGH`: eight letters are read in two halves.
fn grouped(code: &str) -> AttrValue {
    match (code.len(), code.split_at_checked(4)) {
        (8, Some((first, second))) => [first, "-", second].concat().into(),
        _ => code.to_owned().into(),
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
