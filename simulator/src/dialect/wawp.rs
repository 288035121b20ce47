//! Wawp: temporary access links and the state of a session, as documented.
//!
//! Like the provider, this never mints on GET, and keeps a link alive after a successful scan until somebody deletes it.

mod api;
mod instances;
mod phone;
mod steering;

use std::sync::{Arc, Mutex};

use axum::Router;

use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::ledger::Alive;
use crate::lock::lock;
use crate::stage::Stage;

pub use api::{INFO, MINT, READ, REVOKE};
use instances::{Instances, Link};
pub use instances::{Refused, SessionState};

/// The instance that exists from the start.
pub const DEMO_INSTANCE_ID: &str = "DEMO00000001";
/// Its access token.
pub const DEMO_ACCESS_TOKEN: &str = "demo-access-token-not-a-secret";

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
        lock(&self.0.instances).get(instance_id)?.session = state;
        Ok(())
    }

    /// What the customer does: the phone scans the code, and the session works. It needs no link.
    pub fn scan(&self, instance_id: &str) -> Result<(), Refused> {
        lock(&self.0.instances).get(instance_id)?.scan()
    }

    /// The customer removes the linked device on the phone; the session waits for a scan again.
    pub fn log_out(&self, instance_id: &str) -> Result<(), Refused> {
        self.set_session_state(instance_id, SessionState::ScanQrCode)
    }

    fn url_of(&self, link: &Link) -> String {
        format!("{}/temp-qr/{}", self.0.public_url, link.token)
    }
}

impl Dialect for Wawp {
    fn provider(&self) -> &'static str {
        "wawp"
    }

    fn account_field(&self) -> &'static str {
        "instance_id"
    }

    fn calls(&self) -> &'static [&'static str] {
        &[READ, MINT, REVOKE, INFO]
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        lock(&self.0.instances)
            .live_links(now)
            .map(|(instance_id, link)| Alive {
                provider: self.provider(),
                account: instance_id.to_owned(),
                kind: "link",
                secret: self.url_of(link),
                issued_at: link.issued_at,
                expires_at: link.expires_at,
            })
            .collect()
    }

    fn router(&self, stage: &Stage) -> Router {
        api::router(self, stage).merge(phone::router(self.clone()))
    }

    fn control(&self) -> Router {
        steering::router(self.clone())
    }
}
