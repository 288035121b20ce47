//! Wawp: temporary access links, QR codes, pairing codes and the state of a session, as documented.
//!
//! Like the provider, this never mints on GET, and keeps a link alive after a successful scan until somebody deletes it.

mod api;
mod auth;
mod instances;
mod phone;
mod send;
mod steering;

use std::sync::{Arc, Mutex};

use axum::Router;

use crate::clock::Clock;
use crate::dialect::{Dialect, LedgerPage, Script};
use crate::front::{Entry, Thing};
use crate::ledger::Alive;
use crate::lock::lock;
use crate::short_lived::ShortLived;
use crate::stage::Stage;

pub use api::{INFO, LOGOUT, MINT, READ, RESTART, REVOKE};
pub use auth::{QR, QR_IMAGE, REQUEST_CODE};
use instances::Instances;
pub use instances::{Refused, SessionState};
pub use send::SEND_TEXT;

/// The instance that exists from the start.
pub const DEMO_INSTANCE_ID: &str = "DEMO00000001";
/// Its access token.
pub const DEMO_ACCESS_TOKEN: &str = "demo-access-token-not-a-secret";

pub(super) const SCRIPT: Script = Script {
    calls: &[
        READ,
        MINT,
        REVOKE,
        INFO,
        LOGOUT,
        RESTART,
        QR,
        QR_IMAGE,
        REQUEST_CODE,
        SEND_TEXT,
    ],
    refusals: api::REFUSALS,
};

/// The simulated Wawp, and the phones in its customers' hands. Clones are the same Wawp.
#[derive(Clone, Debug)]
pub struct Wawp(Arc<Played>);

#[derive(Debug)]
struct Played {
    clock: Clock,
    public_url: String,
    instances: Mutex<Instances>,
}

impl Wawp {
    pub(crate) fn new(clock: Clock, public_url: String) -> Self {
        let mut instances = Instances::default();
        instances.start_afresh(DEMO_INSTANCE_ID, DEMO_ACCESS_TOKEN);
        Self(Arc::new(Played {
            clock,
            public_url,
            instances: Mutex::new(instances),
        }))
    }

    /// Adds an instance that waits for a scan. One that exists starts afresh, without a link.
    pub fn add_instance(&self, instance_id: &str, access_token: &str) -> Result<(), Refused> {
        lock(&self.0.instances).add(instance_id, access_token)
    }

    /// The state of an instance's session.
    pub fn session_state(&self, instance_id: &str) -> Result<SessionState, Refused> {
        Ok(lock(&self.0.instances).get(instance_id)?.session)
    }

    /// Puts an instance's session into a state.
    pub fn set_session_state(&self, instance_id: &str, state: SessionState) -> Result<(), Refused> {
        lock(&self.0.instances).get(instance_id)?.enter(state);
        Ok(())
    }

    /// What the customer does: the phone scans the code, and the session works. It needs no link.
    pub fn scan(&self, instance_id: &str) -> Result<(), Refused> {
        lock(&self.0.instances).get(instance_id)?.scan()
    }

    /// What the customer does with a phone that looks at a screen: only the QR code of this moment counts.
    pub fn scan_qr(&self, instance_id: &str, payload: &str) -> Result<(), Refused> {
        let now = self.0.clock.now();
        lock(&self.0.instances)
            .get(instance_id)?
            .scan_qr(payload, now)
    }

    /// What the customer does instead of scanning: types the pairing code into the phone.
    pub fn enter_code(&self, instance_id: &str, code: &str) -> Result<(), Refused> {
        let now = self.0.clock.now();
        lock(&self.0.instances)
            .get(instance_id)?
            .enter_code(code, now)
    }

    /// The customer removes the linked device on the phone; the session waits for a scan again.
    pub fn log_out(&self, instance_id: &str) -> Result<(), Refused> {
        self.set_session_state(instance_id, SessionState::ScanQrCode)
    }

    fn url_of(&self, link: &ShortLived) -> String {
        format!("{}/temp-qr/{}", self.0.public_url, link.secret)
    }
}

impl Dialect for Wawp {
    fn provider(&self) -> &'static str {
        "wawp"
    }

    fn entry(&self) -> Option<Entry> {
        let state = self.session_state(DEMO_INSTANCE_ID).map(phone::words);
        Some(Entry {
            provider: phone::PROVIDER,
            thing: Thing::Phone,
            lead: "A customer’s phone. It scans a QR code, takes a pairing code, and can log out again. A temporary link \
                   opens a page of its own, with a button that scans.",
            state: state.unwrap_or_default().to_owned(),
            path: phone::phone_path(DEMO_INSTANCE_ID),
        })
    }

    /// Links have a page of their own: who reads it finds a `link` in every entry.
    fn pages(&self) -> &'static [LedgerPage] {
        &[
            LedgerPage {
                name: "wawp",
                kinds: &["link"],
                account_field: "instance_id",
            },
            LedgerPage {
                name: "wawp_pairing",
                kinds: &["qr", "code"],
                account_field: "instance_id",
            },
        ]
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        let mut instances = lock(&self.0.instances);
        let links = instances.live_links(now).map(|(instance_id, link)| Alive {
            secret: self.url_of(link),
            ..link.alive(self.provider(), instance_id, "link")
        });
        let mut alive: Vec<_> = links.collect();
        alive.extend(instances.pairings(now));
        alive
    }

    fn router(&self, stage: &Stage) -> Router {
        api::router(self, stage)
            .merge(auth::router(self, stage))
            .merge(send::router(self, stage))
            .merge(phone::router(self.clone()))
    }

    fn control(&self) -> Router {
        steering::router(self.clone())
    }
}
