//! The square: the code while it may be seen, a picture of the stage while not, and the countdown under it.
//!
//! A covered code is not in the document at all: nothing is blurred, nothing lies underneath.

use pairlink_protocol::{Method, PassContent, SessionState};

use super::View;
use super::element::{Element, Name, classed, element};
use super::icon::{method_icon, stage_icon};
use crate::model::{Lifecycle, Live, Stage};
use crate::qr::{Drawing, push_number};
use crate::text::{Speak as _, countdown, filled};

/// The square and what belongs under it.
pub(super) fn tile(view: &View<'_>) -> Element {
    let side = classed("div", "side");
    let Some(live) = view.live() else {
        return side.holds(cover(view)).may_hold(waited(view));
    };
    side.holds(code(view, live))
        .holds(clock(view, live))
        .holds(caption(view, live))
}

fn caption(view: &View<'_>, live: &Live) -> Element {
    let mut caption = classed("p", "small").set(Name::Part, "caption");
    if live.pass.method() == Method::Token {
        let at = (view.time_of_day)(live.pass.expires_at);
        caption = caption.tells(&filled(view.words.ends_at, &at)).says(" ");
    }
    caption.says(view.words.method(live.pass.method()).caption)
}

/// What stands there instead of a code.
fn cover(view: &View<'_>) -> Element {
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
fn covered(content: Element, busy: bool) -> Element {
    classed("div", "tile cover")
        .set(Name::Part, "code")
        .set(Name::Busy, busy.then_some("true"))
        .holds(content)
}

/// How long somebody waits already, once it takes long.
fn waited(view: &View<'_>) -> Option<Element> {
    let Lifecycle::Issuing {
        since,
        give_up_at: Some(_),
        ..
    } = view.state.lifecycle()
    else {
        return None;
    };
    if view.is_still() {
        return None;
    }
    let since = view.seconds_since(*since);
    Some(time(None, view.words.waited, Some(since)))
}

/// A line about time, and a number of seconds.
fn time(ring: Option<Element>, words: &'static str, seconds: Option<u32>) -> Element {
    let seconds = seconds.map(|seconds| {
        element("span")
            .set(Name::Role, "timer")
            .set(Name::Dir, "ltr")
            .tells(&countdown(seconds))
    });
    classed("p", "clock")
        .set(Name::Part, "countdown")
        .may_hold(ring)
        .says(words)
        .may_hold(seconds)
}

fn code(view: &View<'_>, live: &Live) -> Element {
    // The next one is on its way.
    if !live.is_visible(view.now) {
        return covered(stage_icon(Stage::Loading), true);
    }
    let words = view.words.method(live.pass.method());
    match (&live.pass.content, &live.drawing) {
        (PassContent::Link { .. } | PassContent::Qr { .. }, Some(drawing)) => {
            picture(drawing, words.picture)
        }
        (PassContent::Link { .. } | PassContent::Qr { .. }, None) => {
            covered(element("p").says(view.words.too_long_to_draw), false)
        }
        (PassContent::Code { code }, _) => {
            let letters = grouped(
                element("output")
                    .set(Name::Dir, "ltr")
                    .set_text(Name::AriaLabel, &spelled(code.expose())),
                code.expose(),
            );
            classed("div", "tile letters")
                .set(Name::Part, "code")
                .holds(letters)
        }
        // An API token is copied, and read only on purpose, elsewhere.
        (PassContent::Token { .. }, _) => covered(method_icon(Method::Token), false),
    }
}

fn picture(drawing: &Drawing, label: &'static str) -> Element {
    let mut size = String::from("0 0 ");
    push_number(&mut size, drawing.size);
    size.push(' ');
    push_number(&mut size, drawing.size);
    let code = element("svg")
        .set(Name::Role, "img")
        .set(Name::AriaLabel, label)
        .set_text(Name::ViewBox, &size)
        .set(Name::Rendering, "crispEdges")
        .holds(element("path").set_text(Name::Path, &drawing.path));
    classed("div", "tile paper")
        .set(Name::Part, "code")
        .holds(code)
        .holds(element("slot").set(Name::Named, "code-logo"))
}

/// The remaining time, as digits and as a ring. Screen readers hear of it at 60, 30 and 10 seconds only, elsewhere.
///
/// What is followed by another one shows the ring alone: seconds that run out again and again alarm without reason.
fn clock(view: &View<'_>, live: &Live) -> Element {
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
    let ring = element("svg")
        .set(Name::ViewBox, "0 0 20 20")
        .set(Name::AriaHidden, "true")
        .holds(circle("track"))
        .holds(
            circle("rest")
                .set(Name::PathLength, "100")
                .set_text(Name::Dashes, &dashes),
        );
    let (words, left) = if live.renews() {
        (view.words.renews, None)
    } else {
        let left = view.seconds_until(live.pass.expires_at);
        (view.words.expires_in, Some(left))
    };
    time(Some(ring), words, left)
}

fn circle(class: &'static str) -> Element {
    classed("circle", class)
        .set(Name::CenterX, "10")
        .set(Name::CenterY, "10")
        .set(Name::Radius, "8")
}

/// Eight letters are read in two halves. The style sheet parts them, so that whoever copies them by hand copies
/// nothing else.
fn grouped(output: Element, code: &str) -> Element {
    match (code.len(), code.split_at_checked(4)) {
        (8, Some((first, second))) => output
            .holds(element("span").tells(first))
            .holds(element("span").tells(second)),
        (_, _) => output.tells(code),
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
