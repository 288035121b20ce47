//! `EnableX`: the token of an hour and a call that needs it, as documented.
//!
//! Like the provider, this says the same about bad credentials, an expired token and a deactivated account, and cannot
//! revoke.

mod account;
mod api;
mod apps;
mod steering;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::clock::Clock;
use crate::dialect::{Dialect, LedgerPage, Script};
use crate::front::{Entry, Thing};
use crate::ledger::Alive;
use crate::lock::lock;
use crate::stage::Stage;
use crate::token_desk;

pub use api::{MESSAGES, TOKEN};
use apps::Apps;
pub use apps::Refused;

/// The app that exists from the start.
pub const DEMO_APP_ID: &str = "demo-app-id";
/// Its key.
pub const DEMO_APP_KEY: &str = "demo-app-key-not-a-secret";

pub(super) const SCRIPT: Script = Script {
    calls: &[TOKEN, MESSAGES],
    refusals: &[api::AUTHENTICATION_FAILED],
};

/// The simulated `EnableX`. Clones are the same `EnableX`.
#[derive(Clone, Debug)]
pub struct Enablex(Arc<Played>);

#[derive(Debug)]
struct Played {
    clock: Clock,
    apps: Mutex<Apps>,
    manner: Mutex<Manner>,
}

/// What the documents leave open, and so a client must take either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The unit of a token's `expiry`.
    pub expiry_unit: ExpiryUnit,
    /// The status that goes with a failed authentication.
    pub failure_status: StatusCode,
}

/// The unit of a Unix timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExpiryUnit {
    /// As most do.
    Seconds,
    /// As JavaScript does.
    Milliseconds,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            expiry_unit: ExpiryUnit::Seconds,
            failure_status: StatusCode::UNAUTHORIZED,
        }
    }
}

impl Enablex {
    pub(crate) fn new(clock: Clock) -> Self {
        let mut apps = Apps::default();
        apps.start_afresh(DEMO_APP_ID, DEMO_APP_KEY);
        Self(Arc::new(Played {
            clock,
            apps: Mutex::new(apps),
            manner: Mutex::default(),
        }))
    }

    /// Adds an app. One that exists starts afresh, without tokens.
    pub fn add_app(&self, app_id: &str, app_key: &str) -> Result<(), Refused> {
        lock(&self.0.apps).add(app_id, app_key)
    }

    /// Deactivates an account, or activates it again. Its tokens do not work meanwhile.
    pub fn set_active(&self, app_id: &str, active: bool) -> Result<(), Refused> {
        lock(&self.0.apps).get(app_id)?.active = active;
        Ok(())
    }

    /// Ends an app's tokens before their time, without a word.
    pub fn forget_tokens(&self, app_id: &str) -> Result<(), Refused> {
        lock(&self.0.apps).get(app_id)?.tokens.clear();
        Ok(())
    }

    /// How it answers from now on.
    pub fn set_manner(&self, manner: Manner) {
        *lock(&self.0.manner) = manner;
    }

    fn manner(&self) -> Manner {
        *lock(&self.0.manner)
    }
}

impl Dialect for Enablex {
    fn provider(&self) -> &'static str {
        "enablex"
    }

    fn pages(&self) -> &'static [LedgerPage] {
        &[LedgerPage {
            name: "enablex",
            kinds: &["token"],
            account_field: "app_id",
        }]
    }

    fn entry(&self) -> Option<Entry> {
        let blocked = lock(&self.0.apps)
            .get(DEMO_APP_ID)
            .is_ok_and(|app| !app.active);
        Some(Entry {
            provider: account::PROVIDER,
            thing: Thing::Account,
            lead: "No phone is linked: programs send messages through its API, with tokens of an hour. You can let the \
                   tokens end now, and block the account.",
            state: token_desk::words(blocked).to_owned(),
            path: account::path(DEMO_APP_ID),
        })
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        lock(&self.0.apps).alive(now, self.provider()).collect()
    }

    fn router(&self, stage: &Stage) -> Router {
        api::router(self, stage).merge(account::router(self.clone()))
    }

    fn control(&self) -> Router {
        steering::router(self.clone())
    }
}
