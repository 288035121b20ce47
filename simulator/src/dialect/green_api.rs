//! Green-API: pairing codes, QR codes, the state of an instance and the event that tells it, as documented.
//!
//! Like the provider, this reads the credentials from the path, wants the phone number as an integer, and changes state
//! on GET.

mod answers;
mod api;
mod events;
mod instances;
mod phone;
mod steering;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::dialect::{Dialect, LedgerPage, Script};
use crate::front::{Entry, Thing};
use crate::ledger::Alive;
use crate::lock::lock;
use crate::stage::Stage;

pub use api::{
    AUTHORIZATION_CODE, GET_SETTINGS, LOGOUT, QR, REBOOT, SEND_MESSAGE, SET_SETTINGS, STATE,
};
pub use events::WEBHOOK;
use events::{Event, deliver};
use instances::{Instance, Instances, Settings};
pub use instances::{InstanceState, Refused};

/// The instance that exists from the start.
pub const DEMO_ID_INSTANCE: &str = "1101000001";
/// Its token.
pub const DEMO_API_TOKEN_INSTANCE: &str = "demo-api-token-instance-not-a-secret";

pub(super) const SCRIPT: Script = Script {
    calls: &[
        AUTHORIZATION_CODE,
        STATE,
        QR,
        LOGOUT,
        REBOOT,
        GET_SETTINGS,
        SET_SETTINGS,
        SEND_MESSAGE,
        WEBHOOK,
    ],
    refusals: answers::REFUSALS,
};

/// The simulated Green-API, and the phones in its customers' hands. Clones are the same Green-API.
#[derive(Clone, Debug)]
pub struct GreenApi(Arc<Played>);

#[derive(Debug)]
struct Played {
    clock: Clock,
    instances: Mutex<Instances>,
    events: mpsc::UnboundedSender<Event>,
}

impl GreenApi {
    /// Also starts to deliver events, in the order in which they happen.
    pub(crate) fn new(stage: &Stage) -> Self {
        let mut instances = Instances::default();
        instances.start_afresh(DEMO_ID_INSTANCE, DEMO_API_TOKEN_INSTANCE);
        let (events, to_deliver) = mpsc::unbounded_channel();
        tokio::spawn(deliver(stage.clone(), to_deliver));
        Self(Arc::new(Played {
            clock: stage.clock().clone(),
            instances: Mutex::new(instances),
            events,
        }))
    }

    /// Adds an instance that is not authorized. One that exists starts afresh.
    pub fn add_instance(&self, id_instance: &str, api_token_instance: &str) -> Result<(), Refused> {
        lock(&self.0.instances).add(id_instance, api_token_instance)
    }

    /// The state of an instance.
    pub fn state(&self, id_instance: &str) -> Result<InstanceState, Refused> {
        self.with(id_instance, |instance, _now| instance.state)
    }

    /// Puts an instance into a state, and tells its webhook.
    pub fn set_state(&self, id_instance: &str, state: InstanceState) -> Result<(), Refused> {
        self.with(id_instance, |instance, _now| instance.enter(state))
    }

    /// What the customer does: the phone scans the code, and the instance is authorized. It needs no QR code.
    pub fn scan(&self, id_instance: &str) -> Result<(), Refused> {
        self.with(id_instance, |instance, _now| instance.scan())?
    }

    /// What the customer does with a phone that looks at a screen: only the QR code of this moment counts.
    pub fn scan_qr(&self, id_instance: &str, payload: &str) -> Result<(), Refused> {
        self.with(id_instance, |instance, now| instance.scan_qr(payload, now))?
    }

    /// What the customer does instead of scanning: types the pairing code into the phone.
    pub fn enter_code(&self, id_instance: &str, code: &str) -> Result<(), Refused> {
        self.with(id_instance, |instance, now| instance.enter_code(code, now))?
    }

    /// The customer removes the linked device on the phone.
    pub fn log_out(&self, id_instance: &str) -> Result<(), Refused> {
        self.set_state(id_instance, InstanceState::NotAuthorized)
    }

    /// How long the instance takes for a pairing code, in simulated time; at first it takes none.
    pub fn set_answer_delay(&self, id_instance: &str, delay: Duration) -> Result<(), Refused> {
        self.with(id_instance, |instance, _now| instance.answer_delay = delay)
    }

    /// Where changes of state are posted to from now on, and with which token; an empty address is nowhere.
    pub fn set_webhook(&self, id_instance: &str, url: &str, token: &str) -> Result<(), Refused> {
        self.with(id_instance, |instance, _now| {
            instance.settings = Settings {
                webhook_url: url.to_owned(),
                webhook_url_token: token.to_owned(),
                state_webhook: !url.is_empty(),
            };
        })
    }

    /// Lets something happen to an instance. If that changes its state, its webhook hears of it.
    fn with<T>(
        &self,
        id_instance: &str,
        happens: impl FnOnce(&mut Instance, OffsetDateTime) -> T,
    ) -> Result<T, Refused> {
        let now = self.0.clock.now();
        let mut instances = lock(&self.0.instances);
        let instance = instances.get(id_instance)?;
        let before = instance.state;
        let outcome = happens(instance, now);
        if instance.state != before
            && let Some(event) = Event::state_changed(instance, now)
        {
            // Still under the lock, so that events are in order. It fails only when the simulator stops.
            drop(self.0.events.send(event));
        }
        Ok(outcome)
    }
}

impl Dialect for GreenApi {
    fn provider(&self) -> &'static str {
        "green_api"
    }

    fn entry(&self) -> Option<Entry> {
        let state = self.state(DEMO_ID_INSTANCE).map(phone::words);
        Some(Entry {
            provider: phone::PROVIDER,
            thing: Thing::Phone,
            lead: "A customer’s phone. It scans a QR code, takes a pairing code, and can log out again.",
            state: state.unwrap_or_default().to_owned(),
            path: phone::path(DEMO_ID_INSTANCE),
        })
    }

    fn pages(&self) -> &'static [LedgerPage] {
        &[LedgerPage {
            name: "green_api",
            kinds: &["qr", "code"],
            account_field: "id_instance",
        }]
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        let instances = lock(&self.0.instances);
        instances.alive(now, self.provider()).collect()
    }

    fn router(&self, stage: &Stage) -> Router {
        api::router(self, stage).merge(phone::router(self.clone()))
    }

    fn control(&self) -> Router {
        steering::router(self.clone())
    }
}
