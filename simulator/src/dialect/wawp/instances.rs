//! Instances, their sessions and their links: what may follow what. No I/O, and the instant is always given.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ledger::Alive;
use crate::pairing::{Lifetimes, Pairing};
use crate::random;
use crate::short_lived::ShortLived;

/// How long a link lives.
const LINK_TTL: Duration = Duration::from_mins(30);

/// WhatsApp's own: a round of QR codes lasts 160 seconds, and a pairing code dies with it.
const PAIRING: Lifetimes = Lifetimes {
    first_qr: Duration::from_mins(1),
    next_qr: Duration::from_secs(20),
    qr_codes: 6,
    code: Duration::from_secs(160),
};

/// How many dead links an instance remembers, so that their pages can say what became of them.
const REMEMBERED_LINKS: usize = 256;

/// The state of a session, in the provider's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionState {
    /// Not started.
    Stopped,
    /// On its way to a code.
    Starting,
    /// A code waits for a phone.
    ScanQrCode,
    /// A phone is connected.
    Working,
    /// Broken until it is restarted.
    Failed,
}

/// Why the simulated provider does not do what a test asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such instance.
    #[error("no such instance")]
    UnknownInstance,
    /// Instance ids have a form.
    #[error("instance_id is not 12 letters and digits")]
    NotInstanceId,
    /// An access token has at least one character.
    #[error("access_token is empty")]
    EmptyAccessToken,
    /// A phone can only scan a code that is there.
    #[error("no code to scan while the session is {0:?}")]
    NoCodeToScan(SessionState),
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
    pub(super) id: String,
    pub(super) session: SessionState,
    access_token: String,
    pub(super) pairing: Pairing,
    /// The token of the link that works until it is ended or expires.
    link: Option<ShortLived>,
    /// The tokens of dead links and their ends, latest last.
    past: VecDeque<(String, End)>,
}

/// How a link died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Expired,
    Replaced,
    Revoked,
}

/// What a link's token leads to.
pub(super) enum Found<'a> {
    Live(&'a mut Instance, OffsetDateTime),
    Dead(&'a Instance, End),
}

impl Instances {
    pub(super) fn add(&mut self, id: &str, access_token: &str) -> Result<(), Refused> {
        if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Refused::NotInstanceId);
        }
        if access_token.is_empty() {
            return Err(Refused::EmptyAccessToken);
        }
        self.start_afresh(id, access_token);
        Ok(())
    }

    pub(super) fn start_afresh(&mut self, id: &str, access_token: &str) {
        let instance = Instance {
            id: id.to_owned(),
            session: SessionState::ScanQrCode,
            access_token: access_token.to_owned(),
            pairing: Pairing::new(PAIRING),
            link: None,
            past: VecDeque::new(),
        };
        self.0.insert(id.to_owned(), instance);
    }

    pub(super) fn get(&mut self, id: &str) -> Result<&mut Instance, Refused> {
        self.0.get_mut(id).ok_or(Refused::UnknownInstance)
    }

    pub(super) fn live_links(
        &mut self,
        now: OffsetDateTime,
    ) -> impl Iterator<Item = (&str, &ShortLived)> {
        self.0.iter_mut().filter_map(move |(id, instance)| {
            let link = instance.live_link(now)?;
            Some((id.as_str(), link))
        })
    }

    pub(super) fn pairings(&self, now: OffsetDateTime) -> impl Iterator<Item = Alive> {
        let instances = self.0.values();
        instances.flat_map(move |instance| instance.pairing.alive(now, "wawp", &instance.id))
    }

    pub(super) fn find(&mut self, token: &str, now: OffsetDateTime) -> Option<Found<'_>> {
        self.0
            .values_mut()
            .find_map(|instance| instance.find(token, now))
    }
}

impl Instance {
    pub(super) fn opens_with(&self, access_token: &str) -> bool {
        self.access_token == access_token
    }

    /// The link that works at `now`. An expired one is put away first.
    pub(super) fn live_link(&mut self, now: OffsetDateTime) -> Option<&ShortLived> {
        let expired = |link: &ShortLived| !link.lives_at(now);
        if self.link.as_ref().is_some_and(expired) {
            self.end_link(End::Expired);
        }
        self.link.as_ref()
    }

    /// Ends the earlier link, then makes the new one.
    pub(super) fn mint(&mut self, now: OffsetDateTime) -> &ShortLived {
        self.live_link(now);
        self.end_link(End::Replaced);
        let token = random::text(random::LOWERCASE, 64);
        self.link.insert(ShortLived::new(token, now, LINK_TTL))
    }

    pub(super) fn revoke(&mut self, now: OffsetDateTime) {
        self.live_link(now);
        self.end_link(End::Revoked);
    }

    /// A phone scans the code. One that is connected already stays so.
    pub(super) fn scan(&mut self) -> Result<(), Refused> {
        match self.session {
            SessionState::ScanQrCode | SessionState::Working => {
                self.enter(SessionState::Working);
                Ok(())
            }
            SessionState::Stopped | SessionState::Starting | SessionState::Failed => {
                Err(Refused::NoCodeToScan(self.session))
            }
        }
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
        match self.pairing.owner_of(code, now) {
            Some(_phone_number) => self.scan(),
            None => Err(Refused::WrongCode),
        }
    }

    /// Changes the session's state. Only a session that waits for a scan shows anything.
    pub(super) fn enter(&mut self, state: SessionState) {
        self.session = state;
        if state != SessionState::ScanQrCode {
            self.pairing.clear();
        }
    }

    /// What a restart leads to: a phone stays linked, and everything else waits for one.
    pub(super) fn restart(&mut self) {
        match self.session {
            SessionState::Working => {}
            SessionState::Stopped
            | SessionState::Starting
            | SessionState::ScanQrCode
            | SessionState::Failed => {
                self.pairing.clear();
                self.enter(SessionState::ScanQrCode);
            }
        }
    }

    fn end_link(&mut self, end: End) {
        let Some(link) = self.link.take() else { return };
        if self.past.len() == REMEMBERED_LINKS {
            self.past.pop_front();
        }
        self.past.push_back((link.secret, end));
    }

    fn find(&mut self, token: &str, now: OffsetDateTime) -> Option<Found<'_>> {
        if let Some(link) = self.live_link(now)
            && link.secret == token
        {
            let expires_at = link.expires_at;
            return Some(Found::Live(self, expires_at));
        }
        let (_token, end) = self.past.iter().find(|(past, _end)| past == token)?;
        Some(Found::Dead(self, *end))
    }
}

impl fmt::Debug for Instance {
    /// Leaves out the access token and the links.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Instance")
            .field("id", &self.id)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
