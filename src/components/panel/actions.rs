//! The buttons that change something.

use pairlink_protocol::{Action, ProblemCode, SessionState};
use yew::{Html, html};

use super::super::{Press, View, fixed};
use super::number::number;
use crate::model::{ErrorCode, Lifecycle, Stage};

pub(super) fn actions(view: &View<'_>) -> Html {
    if view.state.is_parting() {
        return parting(view);
    }
    let retry = |label| row(button(view, "button primary", label, Press::Retry));
    match (view.stage(), view.state.lifecycle()) {
        (Stage::Live | Stage::Expiring, _) => beside_live(view),
        (Stage::Checking, _) => retry(view.words.check),
        (Stage::None | Stage::Expired, _)
        | (_, Lifecycle::Idle | Lifecycle::Expired | Lifecycle::Revoked(_)) => issue(view),
        (
            _,
            Lifecycle::Issuing {
                give_up_at,
                replaces,
                ..
            },
        ) => {
            if give_up_at.is_some() && view.state.may(Action::Revoke) {
                cancel(view, replaces.is_some())
            } else {
                Html::default()
            }
        }
        (_, Lifecycle::Revoking { call, .. }) => match call.failure() {
            Some(_) => retry(view.words.retry),
            None => Html::default(),
        },
        (_, Lifecycle::Unread(_)) => retry(view.words.retry),
        (
            _,
            Lifecycle::Unissued {
                ready_at, failure, ..
            },
        ) => {
            let connected = ErrorCode::Problem(ProblemCode::AlreadyConnected);
            row(html! {
                <>
                    if *ready_at <= view.now {
                        { button(view, "button primary", view.words.retry, Press::Retry) }
                    }
                    if failure.code() == connected && view.state.may(Action::Logout) {
                        { button(view, "button revoke", view.words.log_out, Press::LogOut) }
                    }
                </>
            })
        }
        (_, Lifecycle::Connected { .. }) if view.state.may(Action::Logout) => row(button(
            view,
            "button revoke",
            view.words.log_out,
            Press::LogOut,
        )),
        (
            _,
            Lifecycle::Loading
            | Lifecycle::Live(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_),
        ) => Html::default(),
    }
}

/// Makes a pass; with a pairing code, for the phone whose number is typed here.
fn issue(view: &View<'_>) -> Html {
    let Some(method) = view.state.issuable() else {
        return Html::default();
    };
    let label = view.words.method(method).issue;
    if view.state.asks_for_number() {
        return number(view, label);
    }
    // It will hardly work, and whoever knows better may still try.
    let part = if view.session() == SessionState::Blocked {
        "button"
    } else {
        "button primary"
    };
    row(button(view, part, label, Press::Issue))
}

fn beside_live(view: &View<'_>) -> Html {
    let Some(method) = view.state.method() else {
        return Html::default();
    };
    let words = view.words.method(method);
    // The page was loaded anew since, and does not know the number any more.
    if view.state.asks_for_number() && view.state.number().faulty {
        return number(view, words.reissue);
    }
    row(html! {
        <>
            if view.state.issuable().is_some() {
                { button(view, "button", words.reissue, Press::Issue) }
            }
            if view.state.may(Action::Revoke) {
                { button(view, "button revoke", view.words.revoke, Press::Revoke) }
                <p class="small">{ fixed(words.revoke_hint) }</p>
            }
        </>
    })
}

fn cancel(view: &View<'_>, kills: bool) -> Html {
    row(html! {
        <>
            { button(view, "button", view.words.cancel, Press::Revoke) }
            if kills {
                <p class="small">{ fixed(view.words.cancel_hint) }</p>
            }
        </>
    })
}

fn parting(view: &View<'_>) -> Html {
    row(html! {
        <>
            { button(view, "button revoke", view.words.log_out, Press::LogOutMeant) }
            { button(view, "button", view.words.stay, Press::Stay) }
        </>
    })
}

pub(super) fn row(buttons: Html) -> Html {
    html! { <div class="actions" part="actions">{ buttons }</div> }
}

fn button(view: &View<'_>, part: &'static str, label: &'static str, press: Press) -> Html {
    html! {
        <button class="button" {part} type="button" onclick={view.on_press(press)}>{ fixed(label) }</button>
    }
}
