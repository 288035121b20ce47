//! What people and the page ask for: a new pass, revoking, trying again, copying, checking.

use pairlink_protocol::{Method, Timestamp};

use super::call::Call;
use super::event::{Effect, IdempotencyKey};
use super::{Copy, Cover, Failure, Lifecycle, State, next_request};

impl State {
    pub(super) fn issue(&mut self, key: IdempotencyKey, now: Timestamp, effects: &mut Vec<Effect>) {
        let (key, replaces) = match &self.lifecycle {
            Lifecycle::Loading
            | Lifecycle::Issuing { .. }
            | Lifecycle::Revoking(_)
            | Lifecycle::Connected => return,
            Lifecycle::Unissued { ready_at, .. } if now < *ready_at => return,
            Lifecycle::Unissued { key: old, .. } => (old.clone().unwrap_or(key), None),
            Lifecycle::Live(live) => (key, Some(live.pass.id.clone())),
            Lifecycle::Idle | Lifecycle::Expired | Lifecycle::Revoked(_) | Lifecycle::Unread(_) => {
                (key, None)
            }
        };
        let Some(method) = self.method() else {
            return;
        };
        let request = next_request(&mut self.last_request);
        // What was read before this is not news any more.
        self.reading = None;
        self.as_of = None;
        effects.push(Effect::Issue {
            request,
            method,
            phone_number: match method {
                Method::Code => self.settings.phone_number.clone(),
                Method::Link | Method::Qr | Method::Token => None,
            },
            key: key.clone(),
        });
        self.enter(
            Lifecycle::Issuing {
                request,
                key,
                replaces,
                give_up_at: None,
            },
            effects,
        );
    }

    pub(super) fn revoke(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.lifecycle, Lifecycle::Revoking(Call::UnderWay { .. })) {
            return;
        }
        let request = next_request(&mut self.last_request);
        self.reading = None;
        self.as_of = None;
        effects.push(Effect::Revoke(request));
        self.enter(Lifecycle::Revoking(Call::under_way(request, 0)), effects);
    }

    pub(super) fn retry(&mut self, key: IdempotencyKey, now: Timestamp, effects: &mut Vec<Effect>) {
        match &mut self.lifecycle {
            Lifecycle::Unissued { .. } => self.issue(key, now, effects),
            Lifecycle::Revoking(call) => call.hurry(now),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected
            | Lifecycle::Unread(_) => self.check(effects),
        }
    }

    pub(super) fn copy(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Lifecycle::Live(live) = &mut self.lifecycle
            && live.cover == Cover::Off
            && now < live.pass.expires_at
        {
            live.copy = Copy::Idle;
            effects.push(Effect::Copy(live.text().clone()));
        }
    }

    /// Hides a living code until the server says that it still lives.
    pub(super) fn cover_and_check(&mut self, effects: &mut Vec<Effect>) {
        if let Lifecycle::Live(live) = &mut self.lifecycle {
            live.cover = Cover::UntilChecked;
        }
        self.check(effects);
    }

    /// Reads the state anew, unless an answer is awaited that will say more.
    pub(super) fn check(&mut self, effects: &mut Vec<Effect>) {
        match &self.lifecycle {
            Lifecycle::Issuing {
                give_up_at: None, ..
            }
            | Lifecycle::Revoking(_) => {}
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => self.read(0, effects),
        }
    }

    pub(super) fn read(&mut self, tries: u32, effects: &mut Vec<Effect>) {
        let request = next_request(&mut self.last_request);
        // Whatever is read from now on is newer than all that was taken in before, whatever the clocks say.
        self.as_of = None;
        self.reading = Some(Call::under_way(request, tries));
        effects.push(Effect::Read(request));
    }

    pub(super) fn fail_to_issue(
        &mut self,
        failure: Failure,
        key: Option<IdempotencyKey>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let ready_at = now.plus_millis(failure.wait_ms());
        self.enter(
            Lifecycle::Unissued {
                failure,
                key,
                ready_at,
            },
            effects,
        );
        // The earlier pass may have outlived this: it is shown again if so.
        self.read(0, effects);
    }
}
