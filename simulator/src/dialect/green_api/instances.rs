//! Instances and what they show: what may follow what. No I/O, and the instant is always given.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ledger::Alive;
use crate::pairing::{Lifetimes, Pairing};

/// A pairing code lives about two and a half minutes. QR codes take turns for as long as somebody looks.
const PAIRING: Lifetimes = Lifetimes {
    first_qr: Duration::from_secs(20),
    next_qr: Duration::from_secs(20),
    qr_codes: u32::MAX,
    code: Duration::from_secs(150),
};

/// How often a QR code may be asked for.
const QR_INTERVAL: time::Duration = time::Duration::seconds(1);

/// The number of a phone that scans, out of those that regulators keep for fiction.
const SCANNING_PHONE: &str = "441134960000";

/// The state of an instance, in the provider's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InstanceState {
    /// Waits for a phone.
    NotAuthorized,
    /// A phone is connected.
    Authorized,
    /// Banned.
    Blocked,
    /// The phone is off.
    SleepMode,
    /// On its way; for more than five minutes only when stuck, and then a reboot helps.
    Starting,
    /// Sending is restricted.
    YellowCard,
}

/// Why the simulated provider does not do what a test asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such instance.
    #[error("no such instance")]
    UnknownInstance,
    /// Instance ids are numbers.
    #[error("id_instance is not a number")]
    NotIdInstance,
    /// A token stands in a path.
    #[error("api_token_instance is not one or more letters, digits and hyphens")]
    NotApiToken,
    /// A phone can only be linked to an instance that waits for one.
    #[error("nothing to scan while the instance is {0:?}")]
    NotWaiting(InstanceState),
    /// The phone was held before something else than the QR code that is shown.
    #[error("that is not the QR code that is shown")]
    OtherQr,
    /// The code is wrong, expired, or was replaced.
    #[error("that is not the pairing code that works")]
    WrongCode,
}

/// All instances, by id.
#[derive(Debug, Default)]
pub(super) struct Instances(BTreeMap<String, Instance>);

pub(super) struct Instance {
    pub(super) id: u64,
    pub(super) state: InstanceState,
    pub(super) pairing: Pairing,
    pub(super) settings: Settings,
    pub(super) answer_delay: Duration,
    /// The number of the phone that was linked last.
    pub(super) phone_number: Option<String>,
    api_token: String,
    qr_asked_at: Option<OffsetDateTime>,
}

/// What customers can set.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) webhook_url: String,
    pub(super) webhook_url_token: String,
    pub(super) state_webhook: bool,
}

impl Instances {
    pub(super) fn add(&mut self, id: &str, api_token: &str) -> Result<(), Refused> {
        let number = id.bytes().all(|byte| byte.is_ascii_digit());
        if !number || id.starts_with('0') || id.parse::<u64>().is_err() {
            return Err(Refused::NotIdInstance);
        }
        let of_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if api_token.is_empty() || !api_token.bytes().all(of_token) {
            return Err(Refused::NotApiToken);
        }
        self.start_afresh(id, api_token);
        Ok(())
    }

    /// The id must be a number.
    pub(super) fn start_afresh(&mut self, id: &str, api_token: &str) {
        let instance = Instance {
            id: id.parse().unwrap_or_default(),
            state: InstanceState::NotAuthorized,
            pairing: Pairing::new(PAIRING),
            settings: Settings::default(),
            answer_delay: Duration::ZERO,
            phone_number: None,
            api_token: api_token.to_owned(),
            qr_asked_at: None,
        };
        self.0.insert(id.to_owned(), instance);
    }

    pub(super) fn get(&mut self, id: &str) -> Result<&mut Instance, Refused> {
        self.0.get_mut(id).ok_or(Refused::UnknownInstance)
    }

    pub(super) fn alive(
        &self,
        now: OffsetDateTime,
        provider: &'static str,
    ) -> impl Iterator<Item = Alive> {
        let instances = self.0.iter();
        instances.flat_map(move |(id, instance)| instance.pairing.alive(now, provider, id))
    }
}

impl Instance {
    pub(super) fn opens_with(&self, api_token: &str) -> bool {
        self.api_token == api_token
    }

    /// Whether it is not too early to ask for a QR code again. If so, that counts as having asked.
    pub(super) fn may_ask_for_qr(&mut self, now: OffsetDateTime) -> bool {
        let early = |asked_at| now - asked_at < QR_INTERVAL;
        let may = !self.qr_asked_at.is_some_and(early);
        if may {
            self.qr_asked_at = Some(now);
        }
        may
    }

    /// A phone scans the code. One that is connected already stays so.
    pub(super) fn scan(&mut self) -> Result<(), Refused> {
        self.link(SCANNING_PHONE.to_owned())
    }

    /// A phone scans what is on a screen, which counts only if it is the QR code of this moment.
    pub(super) fn scan_qr(&mut self, payload: &str, now: OffsetDateTime) -> Result<(), Refused> {
        let shown = self.pairing.live_qr(now);
        if shown.is_none_or(|shown| shown.secret != payload) {
            return Err(Refused::OtherQr);
        }
        self.scan()
    }

    /// A person types a pairing code into a phone.
    pub(super) fn enter_code(&mut self, code: &str, now: OffsetDateTime) -> Result<(), Refused> {
        let owner = self.pairing.owner_of(code, now).map(str::to_owned);
        self.link(owner.ok_or(Refused::WrongCode)?)
    }

    fn link(&mut self, phone_number: String) -> Result<(), Refused> {
        match self.state {
            InstanceState::NotAuthorized => {
                self.phone_number = Some(phone_number);
                self.enter(InstanceState::Authorized);
                Ok(())
            }
            InstanceState::Authorized => Ok(()),
            InstanceState::Blocked
            | InstanceState::SleepMode
            | InstanceState::Starting
            | InstanceState::YellowCard => Err(Refused::NotWaiting(self.state)),
        }
    }

    /// Changes the state. Only an instance that waits for a phone shows anything.
    pub(super) fn enter(&mut self, state: InstanceState) {
        self.state = state;
        if state != InstanceState::NotAuthorized {
            self.pairing.clear();
        }
    }

    /// What the provider's log-out does: what was shown is dead as well.
    pub(super) fn log_out(&mut self) {
        self.pairing.clear();
        self.enter(InstanceState::NotAuthorized);
    }

    /// What a reboot leads to: one that is stuck waits for a phone again, and every other state stays.
    pub(super) fn reboot(&mut self) {
        self.pairing.clear();
        if self.state == InstanceState::Starting {
            self.enter(InstanceState::NotAuthorized);
        }
    }
}

impl fmt::Debug for Instance {
    /// Leaves out the token, the webhook and what is shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Instance")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
