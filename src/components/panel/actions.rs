//! The buttons that change something.

use pairlink_protocol::{Action, ProblemCode, SessionState};

use super::super::element::{Element, element};
use super::super::parts::{button, row, small};
use super::super::{Press, View};
use super::number::number;
use crate::model::{ErrorCode, Lifecycle, Stage};
use crate::text::Speak as _;

const PRIMARY: &str = "button primary";
const PLAIN: &str = "button";
const REVOKE: &str = "button revoke";

pub(super) fn actions(view: &View<'_>) -> Option<Element> {
    if view.is_still() {
        return Some(element("slot"));
    }
    let state = view.state;
    let mut buttons = Vec::new();
    let mut offer = |part, press, label| buttons.push(button(part, press).says(label));
    if state.is_parting() {
        offer(REVOKE, Press::LogOutMeant, view.words.log_out);
        offer(PLAIN, Press::Stay, view.words.stay);
        return Some(buttons.into_iter().fold(row(), Element::holds));
    }
    let mut hint = None;
    match (view.stage(), state.lifecycle()) {
        (Stage::Checking, _) => offer(PRIMARY, Press::Retry, view.words.check),
        (Stage::Live | Stage::Expiring, _) => {
            let method = view.words.method(state.method()?);
            // The page was loaded anew since, and does not know the number any more.
            if state.asks_for_number() && state.number().faulty {
                return Some(number(view, method.reissue));
            }
            if state.issuable().is_some() {
                offer(PLAIN, Press::Issue, method.reissue);
            }
            if state.may(Action::Revoke) {
                offer(REVOKE, Press::Revoke, view.words.revoke);
                hint = Some(method.revoke_hint);
            }
        }
        (Stage::None | Stage::Expired, _)
        | (_, Lifecycle::Idle | Lifecycle::Expired | Lifecycle::Revoked(_)) => {
            let label = view.words.method(state.issuable()?).issue;
            if state.asks_for_number() {
                return Some(number(view, label));
            }
            // It will hardly work, and whoever knows better may still try.
            let hopeless = view.session() == SessionState::Blocked;
            let part = if hopeless { PLAIN } else { PRIMARY };
            offer(part, Press::Issue, label);
        }
        (
            _,
            Lifecycle::Issuing {
                give_up_at,
                replaces,
                ..
            },
        ) => {
            if give_up_at.is_some() && state.may(Action::Revoke) {
                offer(PLAIN, Press::Revoke, view.words.cancel);
                hint = replaces.as_ref().map(|_| view.words.cancel_hint);
            }
        }
        (_, Lifecycle::Revoking { call, .. }) => {
            if call.failure().is_some() {
                offer(PRIMARY, Press::Retry, view.words.retry);
            }
        }
        (_, Lifecycle::Unread(_)) => offer(PRIMARY, Press::Retry, view.words.retry),
        (_, Lifecycle::Unissued { ready_at, .. }) if *ready_at > view.now => {}
        (_, Lifecycle::Unissued { failure, .. }) => {
            let connected = ErrorCode::Problem(ProblemCode::AlreadyConnected);
            if state.asks_for_number() && failure.code() != connected {
                // The number may be the reason, and can be corrected.
                return Some(number(view, view.words.retry));
            }
            offer(PRIMARY, Press::Retry, view.words.retry);
            if failure.code() == connected && state.may(Action::Logout) {
                offer(REVOKE, Press::LogOut, view.words.log_out);
            }
        }
        (_, Lifecycle::Connected { .. }) => {
            if state.may(Action::Logout) {
                offer(REVOKE, Press::LogOut, view.words.log_out);
            }
        }
        (_, Lifecycle::Loading | Lifecycle::Live(_) | Lifecycle::LoggingOut(_)) => {}
    }
    if buttons.is_empty() {
        return None;
    }
    if let Some(hint) = hint {
        buttons.push(small(None).says(hint));
    }
    Some(buttons.into_iter().fold(row(), Element::holds))
}
