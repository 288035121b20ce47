//! What people and the page ask for: a new pass, revoking, trying again, copying, reading, logging out, checking.

use pairlink_protocol::{Action, Method, Timestamp};

use super::call::Call;
use super::event::{Effect, IdempotencyKey};
use super::{Copy, Cover, Failure, Lifecycle, REVEALED_MS, State, next_request};

impl State {
    pub(super) fn issue(&mut self, key: IdempotencyKey, now: Timestamp, effects: &mut Vec<Effect>) {
        let (key, replaces) = match &self.lifecycle {
            Lifecycle::Loading
            | Lifecycle::Issuing { .. }
            | Lifecycle::Revoking { .. }
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_) => return,
            Lifecycle::Unissued { ready_at, .. } if now < *ready_at => return,
            Lifecycle::Unissued { key: old, .. } => (old.clone().unwrap_or(key), None),
            Lifecycle::Live(live) => (key, Some(live.pass.id.clone())),
            Lifecycle::Idle | Lifecycle::Expired | Lifecycle::Revoked(_) | Lifecycle::Unread(_) => {
                (key, None)
            }
        };
        let Some(method) = self.issuable() else {
            return;
        };
        let phone_number = match method {
            Method::Link | Method::Qr | Method::Token => None,
            Method::Code => {
                let known = if self.asks_for_number() {
                    self.number.whole()
                } else {
                    self.settings.phone_number.clone()
                };
                if known.is_none() {
                    self.number.faulty = true;
                    return;
                }
                known
            }
        };
        self.selected = Some(method);
        let request = next_request(&mut self.last_request);
        // What was read before this is not news any more.
        self.reading = None;
        self.as_of = None;
        effects.push(Effect::Issue {
            request,
            method,
            phone_number,
            key: key.clone(),
        });
        self.enter(
            Lifecycle::Issuing {
                request,
                method,
                key,
                replaces,
                since: now,
                give_up_at: None,
            },
            effects,
        );
    }

    /// Another number makes another request, and a key belongs to one.
    pub(super) fn forget_key(&mut self) {
        if let Lifecycle::Unissued { key, .. } = &mut self.lifecycle {
            *key = None;
        }
    }

    pub(super) fn revoke(&mut self, effects: &mut Vec<Effect>) {
        let cancels = match &self.lifecycle {
            Lifecycle::Revoking {
                call: Call::UnderWay { .. },
                ..
            }
            | Lifecycle::LoggingOut(_) => return,
            Lifecycle::Revoking { cancels, .. } => *cancels,
            Lifecycle::Issuing { .. } => true,
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => false,
        };
        let request = next_request(&mut self.last_request);
        self.reading = None;
        self.as_of = None;
        effects.push(Effect::Revoke(request));
        let call = Call::under_way(request, 0);
        self.enter(Lifecycle::Revoking { call, cancels }, effects);
    }

    pub(super) fn log_out(&mut self, effects: &mut Vec<Effect>) {
        // Only somebody who was asked can mean it.
        if !self.is_parting() || !self.may(Action::Logout) {
            return;
        }
        let request = next_request(&mut self.last_request);
        self.reading = None;
        self.as_of = None;
        effects.push(Effect::LogOut(request));
        self.enter(Lifecycle::LoggingOut(request), effects);
    }

    pub(super) fn reveal(&mut self, now: Timestamp) {
        if let Lifecycle::Live(live) = &mut self.lifecycle {
            live.revealed_until = match live.revealed_until {
                None if live.pass.method() == Method::Token => Some(now.plus_millis(REVEALED_MS)),
                None | Some(_) => None,
            };
        }
    }

    /// Masks an API token: nobody looks at it now, or somebody else may.
    pub(super) const fn mask(&mut self) {
        if let Lifecycle::Live(live) = &mut self.lifecycle {
            live.revealed_until = None;
        }
    }

    pub(super) fn retry(&mut self, key: IdempotencyKey, now: Timestamp, effects: &mut Vec<Effect>) {
        match &mut self.lifecycle {
            Lifecycle::Unissued { .. } => self.issue(key, now, effects),
            Lifecycle::Revoking { call, .. } => call.hurry(now),
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_) => self.check(effects),
        }
    }

    pub(super) fn copy(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Lifecycle::Live(live) = &mut self.lifecycle
            && live.is_visible(now)
        {
            live.copy = Copy::Idle;
            effects.push(Effect::Copy(live.text().clone()));
        }
    }

    /// Hides a living code until the server says that it still lives.
    pub(super) fn cover(&mut self) {
        self.mask();
        if let Lifecycle::Live(live) = &mut self.lifecycle {
            live.cover = Cover::UntilChecked;
        }
    }

    /// Reads the state anew, unless an answer is awaited that will say more.
    pub(super) fn check(&mut self, effects: &mut Vec<Effect>) {
        match &self.lifecycle {
            Lifecycle::Issuing {
                give_up_at: None, ..
            }
            | Lifecycle::Revoking { .. }
            | Lifecycle::LoggingOut(_) => {}
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
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
