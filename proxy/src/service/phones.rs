//! Whose phone may be linked: known before, and compared with the one that was.
//!
//! Whoever gets hold of a code can link a phone of his own by it, and reads along from then on. Where the provider tells
//! the number that is linked, another than the expected one is logged out again, and never counts as connected. The
//! comparison is part of reading the state; it is owed from before a code is asked for, so that no crash lets it fall.

use futures_util::StreamExt as _;

use super::{Service, ServiceError};
use crate::domain::{
    AccountCheck, Actor, Connection, ConnectionId, PassRequest, PhoneNumber, SessionState,
    Timestamp,
};
use crate::provider::{Account, Offer, Provider};
use crate::secret::Secret;
use crate::store::{Change, Expectation, ExpectedPhone};
use crate::vault::Place;

/// How often a login is looked at by which a phone may be linked: a wrong one is found out within five seconds.
const LOOK_EVERY_MILLIS: i64 = 2_000;
/// How long what was found out of a linked phone is good.
const VERIFIED_MILLIS: i64 = 60_000;
/// For how long after a code's end a phone may be on its way.
const LATECOMER_MILLIS: i64 = 5 * 60_000;
const AT_ONCE: usize = 8;
const PAGE: u32 = 64;

impl Service {
    /// What the store is to write down of whose phone may be linked.
    pub(super) fn expectation(
        &self,
        connection: &Connection,
        phone: Option<&PhoneNumber>,
    ) -> Result<Expectation, ServiceError> {
        let Some(phone) = phone else {
            return Ok(Expectation::Anyone);
        };
        let digits = Secret::new(phone.digits());
        let place = phone_place(connection);
        let provider = self.provider_of(connection)?;
        Ok(Expectation::One {
            phone: self.vault().seal(place, &digits, &mut rand::rng())?,
            // One may be linked already.
            check_until: provider.profile().tells_phone.then(|| self.now()),
        })
    }

    /// The phone that may be linked, for people: its last digits. None if any may.
    pub async fn expected_phone_shown(
        &self,
        connection: &Connection,
    ) -> Result<Option<String>, ServiceError> {
        let Some(expected) = self.store().expected_phone(&connection.id).await? else {
            return Ok(None);
        };
        let digits = self.unseal_phone(connection, &expected).await?;
        let hidden = digits.expose().len().saturating_sub(4);
        let end = digits.expose().get(hidden..).unwrap_or_default();
        Ok(Some(format!("\u{2026}{end}")))
    }

    /// Whether the phone that is linked is the expected one; none if any may be.
    pub async fn account_check(
        &self,
        connection: &Connection,
    ) -> Result<Option<AccountCheck>, ServiceError> {
        let expected = self.store().expected_phone(&connection.id).await?;
        Ok(expected.map(|expected| expected.account))
    }

    /// Refuses a code for another phone, and notes that one may be linked from now on.
    pub(super) async fn prepare_for_phone(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        offer: &Offer,
        request: &PassRequest,
    ) -> Result<(), ServiceError> {
        let Some(expected) = self.store().expected_phone(&connection.id).await? else {
            return Ok(());
        };
        if let PassRequest::Code(phone) = request {
            let digits = self.unseal_phone(connection, &expected).await?;
            if !phone.is_account(digits.expose()) {
                return Err(ServiceError::PhoneNotAllowed);
            }
        }
        if provider.profile().tells_phone {
            let until = self
                .now()
                .plus_millis(offer.longest_millis().saturating_add(LATECOMER_MILLIS));
            self.store().watch_phone(&connection.id, until).await?;
        }
        Ok(())
    }

    /// What a login that the provider calls connected is: connected, or not yet, while the provider does not tell by
    /// whom. Refused if it is by another phone, which is then being logged out.
    pub(super) async fn vouch(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
    ) -> Result<SessionState, ServiceError> {
        let Some(expected) = self.store().expected_phone(&connection.id).await? else {
            return Ok(SessionState::Connected);
        };
        if !provider.profile().tells_phone || is_fresh(&expected, connection.session, self.now()) {
            return Ok(SessionState::Connected);
        }
        let Some(linked) = provider.linked_phone(account).await? else {
            return Ok(SessionState::Starting);
        };
        let actor = Actor::pairlink();
        let change = Change {
            actor: &actor,
            at: self.now(),
        };
        let digits = self.unseal_phone(connection, &expected).await?;
        let (id, store) = (&connection.id, self.store());
        if linked.is_account(digits.expose()) {
            store
                .record_account(id, AccountCheck::Verified, change)
                .await?;
            return Ok(SessionState::Connected);
        }
        // From here on somebody looks again and again, until it is logged out.
        store.watch_phone(id, change.at).await?;
        store
            .record_account(id, AccountCheck::Mismatch, change)
            .await?;
        self.hint();
        tracing::warn!(connection.id = %id, "another phone than the expected one was linked; logging it out");
        let (service, connection) = (self.clone(), connection.clone());
        self.0.tasks.spawn(async move {
            if let Err(error) = service.log_out(&connection, &Actor::pairlink()).await {
                tracing::error!(connection.id = %connection.id, error = &error as &dyn std::error::Error, "cannot log out the wrong phone yet");
            }
        });
        Err(ServiceError::PhoneNotAllowed)
    }

    pub(super) fn start_vouching(&self) {
        tokio::spawn(self.clone().keep_vouching());
    }

    async fn keep_vouching(self) {
        while self.pause(self.pace().tick).await {
            let now = self.now();
            let not_since = now.plus_millis(-LOOK_EVERY_MILLIS);
            let due = self.store().claim_phone_checks(now, not_since, PAGE).await;
            match due {
                Ok(due) => {
                    futures_util::stream::iter(due)
                        .for_each_concurrent(AT_ONCE, |id| self.look_who_is_linked(id))
                        .await;
                }
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "cannot look who is linked"
                ),
            }
        }
    }

    async fn look_who_is_linked(&self, id: ConnectionId) {
        let seen_at = self.now();
        match self.check_session(&id).await {
            // Whoever is wrong is being logged out; whether that succeeds is seen by looking again.
            Err(ServiceError::PhoneNotAllowed) => {}
            looked @ (Err(ServiceError::NotFound) | Ok(_)) => {
                // Nobody else can link a phone to a login that has the right one.
                let until = match looked {
                    Ok(SessionState::Connected) => Timestamp::from_unix_millis(i64::MAX),
                    Ok(_) | Err(_) => seen_at,
                };
                if let Err(error) = self.store().end_phone_check(&id, until).await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "cannot note who is linked"
                    );
                }
            }
            Err(ServiceError::Provider(error)) => self.note_error(&id, error).await,
            Err(error) => tracing::warn!(
                connection.id = %id, error = &error as &dyn std::error::Error,
                "cannot look who is linked"
            ),
        }
    }

    async fn unseal_phone(
        &self,
        connection: &Connection,
        expected: &ExpectedPhone,
    ) -> Result<Secret, ServiceError> {
        self.unseal(phone_place(connection), &expected.phone).await
    }
}

/// Whether it is known, and was a moment ago, that the phone is the right one. A login that was not connected since may
/// be another phone's.
fn is_fresh(expected: &ExpectedPhone, session: SessionState, now: Timestamp) -> bool {
    expected.account == AccountCheck::Verified
        && session == SessionState::Connected
        && expected
            .checked_at
            .is_some_and(|at| now < at.plus_millis(VERIFIED_MILLIS))
}

fn phone_place(connection: &Connection) -> Place<'_> {
    Place {
        tenant: connection.tenant.as_str(),
        table: "expected_phones",
        row: connection.id.as_str(),
        column: "phone",
    }
}
