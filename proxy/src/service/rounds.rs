//! QR codes that renew themselves while somebody looks: WhatsApp changes them every 20 to 60 seconds.
//!
//! A code that somebody asked for begins a round. As long as a page is open that shows it, the provider is asked for
//! the code of the moment; a picture that is still the same extends nothing, and another one takes the place of the one
//! before. Asking makes nothing at the provider, so no intent is written: the change is one statement, guarded by the
//! code that it follows, and of several processes one wins.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Service, ServiceError};
use crate::domain::{Actor, ConnectionId, Method, PassId, PassRequest, PassState, Timestamp};
use crate::provider::{Issued, Offer, Profile, ProviderError};
use crate::secret::Secret;
use crate::store::{Change, NextQr, QrRound};

/// A round ends after so many codes, …
const MOST_CODES: u32 = 15;
/// … and after this time: a page that was forgotten asks for nothing. WhatsApp's own rounds take 160 seconds.
const LONGEST_ROUND_MILLIS: i64 = 180_000;
/// How long before the end of a code the next one is expected, …
const LEAD_MILLIS: i64 = 1_500;
/// … and for how long after it.
const GRACE_MILLIS: i64 = 10_000;
/// How long ago a code was seen at most that says something of the one after it.
const LATELY_MILLIS: i64 = 5_000;

/// What this process knows of rounds.
#[derive(Default)]
pub(super) struct Rounds {
    /// The connections for which the next code is expected.
    turning: Mutex<HashSet<ConnectionId>>,
    /// When providers were asked for a code last that count how often they are.
    asked: Mutex<HashMap<ConnectionId, Timestamp>>,
}

/// The code that is shown.
struct Shown {
    pass: PassId,
    text: Secret,
    /// When the provider last showed it.
    seen_at: Timestamp,
}

/// Forgets that the next code is expected when nobody looks any more.
struct Turning<'a> {
    service: &'a Service,
    connection: &'a ConnectionId,
}

impl Turning<'_> {
    fn set(&self, turning: bool) {
        let set = &self.service.0.rounds.turning;
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        if turning {
            set.insert(self.connection.clone());
        } else {
            set.remove(self.connection);
        }
    }
}

impl Drop for Turning<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}

impl Service {
    /// Lets codes follow each other; runs as long as somebody looks.
    pub(super) async fn keep_turning(&self, connection: &ConnectionId) {
        let turning = Turning {
            service: self,
            connection,
        };
        let mut shown = None;
        if !self.shows_codes(connection).await.unwrap_or(false) {
            return;
        }
        loop {
            if let Err(error) = self.look_at_round(connection, &mut shown, &turning).await {
                // The login is looked at beside this, and that reports what the provider does wrong.
                tracing::debug!(connection.id = %connection, error.code = error.code().as_str(), "no code to follow");
            }
            if !self.pause(self.pace().tick).await {
                return;
            }
        }
    }

    async fn shows_codes(&self, id: &ConnectionId) -> Result<bool, ServiceError> {
        let connection = self.store().connection(id).await?;
        let connection = connection.ok_or(ServiceError::NotFound)?;
        let profile = self.provider_of(&connection)?.profile();
        Ok(profile.offer(Method::Qr).is_some())
    }

    /// Whether the next code of a round is about to come: what the page shows has ended, or is about to.
    pub(super) async fn is_turning(&self, connection: &ConnectionId) -> Result<bool, ServiceError> {
        let expected = {
            let turning = &self.0.rounds.turning;
            let turning = turning.lock().unwrap_or_else(PoisonError::into_inner);
            turning.contains(connection)
        };
        Ok(expected && self.store().qr_round(connection).await?.is_some())
    }

    /// Waits until a provider may be asked for a QR code that counts how often it is; the caller has the turn.
    pub(super) async fn space_qr(&self, connection: &ConnectionId, profile: &Profile) {
        let Some(interval) = profile.qr_interval else {
            return;
        };
        let interval = millis(interval);
        let wait = {
            let asked = &self.0.rounds.asked;
            let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.now();
            asked.retain(|_connection, at| now.millis_since(*at) < interval);
            let next = asked.get(connection).map(|at| at.plus_millis(interval));
            let at = next.map_or(now, |next| next.max(now));
            asked.insert(connection.clone(), at);
            at.millis_since(now)
        };
        if let Ok(wait @ 1..) = u64::try_from(wait) {
            self.pause(Duration::from_millis(wait)).await;
        }
    }

    async fn look_at_round(
        &self,
        id: &ConnectionId,
        shown: &mut Option<Shown>,
        turning: &Turning<'_>,
    ) -> Result<(), ServiceError> {
        let Some(round) = self.store().qr_round(id).await? else {
            turning.set(false);
            return Ok(());
        };
        let connection = self.store().connection(id).await?;
        let connection = connection.ok_or(ServiceError::NotFound)?;
        if let Some(pass) = self.open_pass(&connection, &round.pass).await?
            && shown.as_ref().is_none_or(|shown| shown.pass != pass.id)
        {
            *shown = Some(Shown {
                pass: pass.id,
                text: pass.content.secret().clone(),
                seen_at: round.pass.requested_at,
            });
        }
        let now = self.now();
        let left = round.pass.expires_at.millis_since(now);
        // Of a code that had ended before anybody looked nothing follows.
        let Some(shown) = shown.as_mut().filter(|shown| shown.pass == round.pass.id) else {
            return Ok(());
        };
        if !is_alive(round.pass.state) {
            turning.set(false);
            return Ok(());
        }
        let over = is_over(&round, now);
        if left <= -GRACE_MILLIS || (over && left <= 0) {
            let (actor, at) = (&Actor::pairlink(), now);
            turning.set(false);
            // A page may have been told that a code follows.
            self.store()
                .end_qr_round(&round.pass.id, Change { actor, at })
                .await?;
            self.hint();
            return Ok(());
        }
        turning.set(!over && left <= LEAD_MILLIS);
        if over {
            return Ok(());
        }
        let profile = self.provider_of(&connection)?.profile();
        let due = match profile.qr_interval {
            Some(interval) => now.millis_since(shown.seen_at) >= millis(interval),
            None => left <= LEAD_MILLIS,
        };
        // Where several processes have pages open, one of them asks; the others hear of the code.
        if !due || !self.looks(id).await {
            return Ok(());
        }
        let looked = self.look_at_code(&round, shown).await;
        if let Err(ServiceError::Provider(ProviderError::AlreadyConnected)) = looked {
            self.check_session(id).await?;
        }
        looked
    }

    /// Asks the provider for the code of the moment, and gives it out if it is another one.
    async fn look_at_code(&self, round: &QrRound, shown: &mut Shown) -> Result<(), ServiceError> {
        let id = &round.pass.connection;
        let _turn = self.turn(id).await?;
        let (connection, provider, account) = self.account(id).await?;
        self.space_qr(id, provider.profile()).await;
        // Meanwhile somebody may have ended the round, or begun another one.
        let found = self.store().qr_round(id).await?;
        if found.is_none_or(|found| found.pass.id != shown.pass) {
            return Ok(());
        }
        let asked_at = self.now();
        let issued = provider.issue(&account, &PassRequest::Qr, asked_at).await?;
        if issued.content.secret().expose() == shown.text.expose() {
            shown.seen_at = asked_at;
            return Ok(());
        }
        let offer = provider.profile().offer(Method::Qr);
        let pass = PassId::random(&mut rand::rng());
        let next = NextQr {
            id: pass.clone(),
            follows: shown.pass.clone(),
            content: self.seal_content(&connection, &pass, &issued.content)?,
            expires_at: honest_end(&issued, shown.seen_at, offer, asked_at),
        };
        let (actor, at) = (&Actor::pairlink(), self.now());
        if self.store().turn_qr(&next, Change { actor, at }).await? {
            self.hint();
            *shown = Shown {
                pass,
                text: issued.content.secret().clone(),
                seen_at: asked_at,
            };
        }
        Ok(())
    }
}

/// When the code is dead at the latest: it was not there yet when the one before was last seen.
fn honest_end(
    issued: &Issued,
    seen_at: Timestamp,
    offer: Option<&Offer>,
    now: Timestamp,
) -> Timestamp {
    if now.millis_since(seen_at) > LATELY_MILLIS {
        // Too long ago to say anything of this one.
        return issued.expires_at;
    }
    let longest = offer.map_or(0, Offer::longest_millis);
    issued.expires_at.min(seen_at.plus_millis(longest))
}

/// Whether a code of that state can be scanned or be followed by another one.
fn is_alive(state: PassState) -> bool {
    match state {
        PassState::Live | PassState::Expired => true,
        PassState::Minting
        | PassState::Revoking
        | PassState::Revoked
        | PassState::Withdrawn
        | PassState::Replaced
        | PassState::Failed => false,
    }
}

/// Whether no code follows the one that is shown.
fn is_over(round: &QrRound, now: Timestamp) -> bool {
    round.codes >= MOST_CODES || now.millis_since(round.began_at) >= LONGEST_ROUND_MILLIS
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
