//! Wazzup: a partner's accounts and machine token, the customers' tokens, and a call that needs one, as documented.
//!
//! Like the provider, this counts lifetimes from the issue alone, ends a refresh token when it is presented, and has a
//! code for everything that can be wrong.

mod account;
mod api;
mod codes;
mod manner;
mod partners;
mod steering;
mod token;
mod tokens;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::clock::Clock;
use crate::dialect::{Dialect, LedgerPage, Script};
use crate::front::{Entry, Thing};
use crate::ledger::Alive;
use crate::lock::lock;
use crate::stage::Stage;
use crate::token_desk;

pub use api::{ACCOUNTS, CHANNELS, MESSAGES};
use codes::Code;
pub use manner::{AccountIdForm, Envelope, Manner};
use partners::Partners;
pub use partners::Refused;
pub use token::{EXCHANGE, MACHINE_TOKEN, OTHER_GRANT, REFRESH};

/// The partner that exists from the start.
pub const DEMO_EMAIL: &str = "partner@wazzup.example";
/// Its password.
pub const DEMO_PASSWORD: &str = "demo-password-not-a-secret";
/// Its client id, which a refresh has to name.
pub const DEMO_CLIENT_ID: &str = "demo-partner";
/// The account that it created.
pub const DEMO_ACCOUNT_ID: &str = "12345678";

pub(super) const SCRIPT: Script = Script {
    calls: &[
        ACCOUNTS,
        MACHINE_TOKEN,
        EXCHANGE,
        REFRESH,
        OTHER_GRANT,
        CHANNELS,
        MESSAGES,
    ],
    refusals: codes::NAMES,
};

/// The simulated Wazzup. Clones are the same Wazzup.
#[derive(Clone, Debug)]
pub struct Wazzup(Arc<Played>);

#[derive(Debug)]
struct Played {
    clock: Clock,
    partners: Mutex<Partners>,
    manner: Mutex<Manner>,
}

impl Wazzup {
    pub(crate) fn new(clock: Clock) -> Self {
        let mut partners = Partners::default();
        partners.start_afresh(DEMO_EMAIL, DEMO_PASSWORD, Some(DEMO_CLIENT_ID));
        partners.own(DEMO_EMAIL, DEMO_ACCOUNT_ID);
        Self(Arc::new(Played {
            clock,
            partners: Mutex::new(partners),
            manner: Mutex::default(),
        }))
    }

    /// Adds a partner who may do everything. One that exists starts afresh, without accounts and tokens. With a client
    /// id, a refresh has to name it.
    pub fn add_partner(
        &self,
        email: &str,
        password: &str,
        client_id: Option<&str>,
    ) -> Result<(), Refused> {
        lock(&self.0.partners).add_partner(email, password, client_id)
    }

    /// Deactivates a partner, or activates it again.
    pub fn set_partner_active(&self, email: &str, active: bool) -> Result<(), Refused> {
        lock(&self.0.partners).partner(email)?.active = active;
        Ok(())
    }

    /// What a partner may ask for from now on, as in `transport,crm`.
    pub fn set_partner_scope(&self, email: &str, scope: &str) -> Result<(), Refused> {
        lock(&self.0.partners).partner(email)?.permitted = partners::permissions(scope);
        Ok(())
    }

    /// Adds an account that a partner created, eight digits long.
    pub fn add_account(&self, email: &str, account_id: &str) -> Result<(), Refused> {
        lock(&self.0.partners).add_account(email, account_id)
    }

    /// The customer takes back that the partner may act, or grants it again.
    pub fn set_granted(&self, account_id: &str, granted: bool) -> Result<(), Refused> {
        lock(&self.0.partners).account(account_id)?.granted = granted;
        Ok(())
    }

    /// Ends all tokens of an account before their time, without a word; nobody knows them any more.
    pub fn revoke_tokens(&self, account_id: &str) -> Result<(), Refused> {
        lock(&self.0.partners).revoke_tokens(account_id)
    }

    /// How often a refresh token was presented that had been presented before.
    pub fn refresh_token_reuses(&self) -> u64 {
        lock(&self.0.partners).reuses()
    }

    /// How it answers from now on.
    pub fn set_manner(&self, manner: Manner) {
        *lock(&self.0.manner) = manner;
    }

    fn manner(&self) -> Manner {
        *lock(&self.0.manner)
    }

    /// The answer to a call, in the envelope of the time.
    fn answer(&self, outcome: Result<Value, Code>) -> Response {
        match outcome {
            Ok(data) => self.manner().success(data, self.0.clock.now()),
            Err(code) => self.refuse(code),
        }
    }

    fn refuse(&self, code: &str) -> Response {
        let (status, message) = codes::meaning(code);
        let body = self.manner().failure(code, message, self.0.clock.now());
        (status, body).into_response()
    }
}

impl Dialect for Wazzup {
    fn provider(&self) -> &'static str {
        "wazzup"
    }

    fn pages(&self) -> &'static [LedgerPage] {
        &[
            LedgerPage {
                name: "wazzup",
                kinds: &["machine_token"],
                account_field: "email",
            },
            LedgerPage {
                name: "wazzup",
                kinds: &["access_token", "refresh_token"],
                account_field: "account_id",
            },
        ]
    }

    fn entry(&self) -> Option<Entry> {
        let seen = lock(&self.0.partners).account_at(DEMO_ACCOUNT_ID, self.0.clock.now());
        Some(Entry {
            provider: account::PROVIDER,
            thing: Thing::Account,
            lead: "No phone is linked: a partner’s programs act for a customer’s account, with tokens of a day. You can \
                   let the tokens end now, and block the account.",
            state: token_desk::words(seen.is_ok_and(|(granted, _tokens)| !granted)).to_owned(),
            path: account::path(DEMO_ACCOUNT_ID),
        })
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        lock(&self.0.partners).alive(now, self.provider()).collect()
    }

    fn router(&self, stage: &Stage) -> Router {
        api::router(self, stage)
            .merge(token::router(self, stage))
            .merge(account::router(self.clone()))
    }

    fn control(&self) -> Router {
        steering::router(self.clone())
    }
}
