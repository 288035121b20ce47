//! What is said about the stage, and what can be done.

use pairlink_protocol::{PassContent, SessionState};
use yew::{Html, html};

use super::{Press, View, fixed, icon};
use crate::model::{Copy, Death, Failure, Lifecycle, Live, Stage};
use crate::text::Saying;

/// The words and the buttons of the stage.
pub(super) fn panel(view: &View<'_>) -> Html {
    html! {
        <div class="main">
            { headline(view) }
            { notices(view) }
            if let (Stage::Live | Stage::Expiring, Lifecycle::Live(live)) = (view.stage(), view.state.lifecycle()) {
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
                    <p class="body">
                        { fixed(view.words.dead_by) }{ " " }{ (view.time_of_day)(*dead_by) }{ "." }
                    </p>
                }
            }
        </div>
    }
}

fn saying(view: &View<'_>) -> &'static Saying {
    let words = view.words;
    match (view.stage(), view.state.lifecycle()) {
        (Stage::Offline, _) => &words.offline,
        (Stage::Expired, _) => &words.expired,
        (Stage::Checking, _) => &words.checking,
        (_, Lifecycle::Loading) => &words.loading,
        (_, Lifecycle::Idle) => match view.state.method() {
            Some(method) => &words.method(method).none,
            None => &words.no_method,
        },
        (_, Lifecycle::Issuing { .. }) => &words.issuing,
        (_, Lifecycle::Live(live)) => &words.method(live.pass.method()).live,
        (_, Lifecycle::Revoking(call)) if call.failure().is_some() => &words.not_revoked,
        (_, Lifecycle::Revoking(_)) => &words.revoking,
        (_, Lifecycle::Expired) => &words.expired,
        (_, Lifecycle::Revoked(death)) => words.death(death),
        (_, Lifecycle::Connected) => &words.connected,
        (_, Lifecycle::Unread(failure) | Lifecycle::Unissued { failure, .. }) => {
            words.failure(failure)
        }
    }
}

/// What else the reader must know.
fn notices(view: &View<'_>) -> Html {
    let words = view.words;
    let lifecycle = view.state.lifecycle();
    let seconds = view
        .state
        .retry_at()
        .map_or(0, |retry_at| view.seconds_until(retry_at));
    let trouble = match lifecycle {
        Lifecycle::Live(live) => live.trouble.as_ref(),
        Lifecycle::Revoking(call) => call.failure(),
        Lifecycle::Unread(_)
        | Lifecycle::Unissued { .. }
        | Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::Connected => None,
    };
    let failure = match lifecycle {
        Lifecycle::Unread(failure) | Lifecycle::Unissued { failure, .. } => Some(failure),
        Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Live(_)
        | Lifecycle::Revoking(_)
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::Connected => trouble,
    };
    let session = view.state.connection().and_then(|connection| {
        let shown = view.stage() != Stage::Connected && connection.state != SessionState::Connected;
        words.session_notice(connection.state).filter(|_| shown)
    });
    let countdown = match lifecycle {
        Lifecycle::Unissued { .. } => words.counted.wait,
        Lifecycle::Loading
        | Lifecycle::Idle
        | Lifecycle::Issuing { .. }
        | Lifecycle::Live(_)
        | Lifecycle::Revoking(_)
        | Lifecycle::Expired
        | Lifecycle::Revoked(_)
        | Lifecycle::Connected
        | Lifecycle::Unread(_) => words.counted.retry_in,
    };
    html! {
        <>
            if let Some(session) = session {
                <p class="notice" role="note">{ fixed(session) }</p>
            }
            if let Some(trouble) = trouble {
                <p class="notice" role="alert">
                    <b>{ fixed(words.failure(trouble).title) }</b>{ " " }
                    if matches!(lifecycle, Lifecycle::Live(_)) {
                        { fixed(words.not_replaced) }
                    } else {
                        { fixed(words.failure(trouble).body) }
                    }
                </p>
            }
            if view.state.is_offline() && view.stage() != Stage::Offline && failure.is_none() {
                <p class="notice" role="alert">{ fixed(words.offline_notice) }</p>
            }
            if seconds > 0 {
                <p class="small">{ countdown(seconds) }</p>
            }
            if let Some(request_id) = failure.and_then(Failure::request_id) {
                <p class="small">
                    { fixed(words.reference) }{ " " }<code>{ request_id.to_owned() }</code>
                </p>
            }
        </>
    }
}

fn steps(view: &View<'_>, live: &Live) -> Html {
    let steps = view.words.method(live.pass.method()).steps;
    html! {
        <ol class="steps" part="steps">
            { for steps.iter().map(|step| html! { <li><span>{ fixed(step) }</span></li> }) }
        </ol>
    }
}

/// The ways to use a pass without its picture.
fn ways(view: &View<'_>, live: &Live) -> Html {
    let words = view.words;
    let method = words.method(live.pass.method());
    let (icon, label) = match live.copy {
        Copy::Idle | Copy::Refused => (icon::copy(), method.copy),
        Copy::Done(_) => (icon::tick(), words.copied),
    };
    html! {
        <>
            <div class="ways">
                if let PassContent::Link { url } = &live.pass.content {
                    <input
                        class="field" part="field" type="text" readonly=true dir="ltr"
                        aria-label={fixed(words.link_field)} value={url.expose().to_owned()}
                    />
                    <a
                        class="button" part="button primary" target="_blank" rel="noopener noreferrer"
                        href={url.expose().to_owned()}
                    >
                        { fixed(words.open) }{ icon::opens_elsewhere() }
                        <span class="unseen">{ fixed(words.opens_in_new_tab) }</span>
                    </a>
                }
                <button class="button" part="button" type="button" onclick={view.on_press(Press::Copy)}>
                    { icon }<span aria-live="polite">{ fixed(label) }</span>
                </button>
            </div>
            if live.copy == Copy::Refused {
                <p class="small" role="alert">{ fixed(words.copy_refused) }</p>
            }
        </>
    }
}

/// The buttons that change something.
fn actions(view: &View<'_>) -> Html {
    let words = view.words;
    let labels = view.state.method().map(|method| words.method(method));
    let issue = labels.map(|labels| button(view, "button primary", labels.issue, Press::Issue));
    let retry = |label| button(view, "button primary", label, Press::Retry);
    let buttons = match (view.stage(), view.state.lifecycle()) {
        (Stage::Live | Stage::Expiring, _) => {
            return html! {
                <div class="actions" part="actions">
                    if let Some(labels) = labels {
                        { button(view, "button", labels.reissue, Press::Issue) }
                    }
                    { button(view, "button revoke", words.revoke, Press::Revoke) }
                    <p class="small">{ fixed(words.revoke_hint) }</p>
                </div>
            };
        }
        (Stage::Checking, _) => Some(retry(words.check)),
        (Stage::Expired, _) | (_, Lifecycle::Idle | Lifecycle::Expired | Lifecycle::Revoked(_)) => {
            issue
        }
        (_, Lifecycle::Revoking(call)) => call.failure().map(|_| retry(words.retry)),
        (_, Lifecycle::Unread(_)) => Some(retry(words.retry)),
        (_, Lifecycle::Unissued { ready_at, .. }) => {
            (*ready_at <= view.now).then(|| retry(words.retry))
        }
        (
            _,
            Lifecycle::Loading
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Connected,
        ) => None,
    };
    html! {
        if let Some(buttons) = buttons {
            <div class="actions" part="actions">{ buttons }</div>
        }
    }
}

fn button(view: &View<'_>, part: &'static str, label: &'static str, press: Press) -> Html {
    html! {
        <button class="button" {part} type="button" onclick={view.on_press(press)}>{ fixed(label) }</button>
    }
}
