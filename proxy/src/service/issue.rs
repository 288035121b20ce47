//! Issues a pass.
//!
//! An intent is committed before the provider is called, so whatever happens there is known here. The call runs in a
//! task of its own (`mint`): the caller may wait for it, give up, or never have been there.

use std::time::Instant;

use futures_util::FutureExt as _;

use super::code_limits::again_after;
use super::flights::{Asked, Landing};
use super::mint::Minted;
use super::{LivePass, Service, ServiceError};
use crate::domain::{Actor, Connection, PassId, PassRequest, PassState, SessionState};
use crate::metrics;
use crate::provider::{Offer, ProviderError};
use crate::store::{BegunIssue, Change, IdempotencyKey, NewPass, PassRow};

/// Longer than any call takes.
const LONGEST_CALL_MILLIS: i64 = 60_000;

/// How an issue came out for the caller.
pub enum IssueOutcome {
    /// Here it is.
    Issued {
        /// The pass.
        pass: LivePass,
        /// Whether an earlier one died by this.
        replaced: bool,
        /// Whether an earlier request with the same key issued it.
        repeated: bool,
    },
    /// It was there.
    Reused(LivePass),
    /// The provider needs longer; an event will tell.
    Pending,
}

/// What is to become of a live pass of the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// It dies.
    Replace,
    /// It will do.
    Reuse,
}

impl Service {
    /// Issues a pass; the earlier one of the method is dead when this succeeds. Whoever asks the same while one is being
    /// issued gets that one. With a key, repeating the request repeats its answer. Where an earlier one will do, it is
    /// given if it is alive, and so is one that was made elsewhere.
    pub async fn issue_pass(
        &self,
        connection: &Connection,
        request: &PassRequest,
        earlier: Earlier,
        idempotency_key: Option<&str>,
        actor: &Actor,
    ) -> Result<IssueOutcome, ServiceError> {
        self.refuse_while_observing().await?;
        self.refuse_if_suspended(connection).await?;
        self.write_down_denied_of(&connection.id).await?;
        let provider = self.provider_of(connection)?;
        let offer = provider
            .profile()
            .offer(request.method())
            .ok_or(ServiceError::MethodNotOffered)?;
        self.prepare_for_phone(connection, provider.as_ref(), offer, request)
            .await?;
        self.refuse_if_connected(connection).await?;
        if earlier == Earlier::Reuse
            && let Some(pass) = self
                .reusable(connection, provider.as_ref(), request)
                .await?
        {
            return Ok(IssueOutcome::Reused(pass));
        }
        let asked = Asked {
            request: request.clone(),
            earlier,
        };
        let idempotency = match idempotency_key {
            Some(key) => Some(IdempotencyKey {
                key: self.vault().hash_named("idempotency_key", key)?,
                request: self
                    .vault()
                    .hash_named("idempotent_request", asked.text().expose())?,
            }),
            None => None,
        };
        // An unsettled intent is waited for, then settled, once each: then the way is free or the provider unreachable.
        for _attempt in 0..3 {
            match self
                .begin(
                    connection,
                    provider.profile().name,
                    offer,
                    &asked,
                    idempotency.clone(),
                    actor,
                )
                .await?
            {
                Begun::UnderWay(landing) => {
                    let issued = self.wait_for(landing).await;
                    return self.unless_wrong_phone(connection, issued).await;
                }
                Begun::Repeated(pass) => return self.repeat(connection, &pass).await,
                Begun::Unsettled(pass) if pass.is_under_way(self.now()) => {
                    if let Some(outcome) = self
                        .wait_elsewhere(connection, &pass, request, idempotency.as_ref())
                        .await?
                    {
                        return Ok(outcome);
                    }
                }
                Begun::Unsettled(pass) => self.settle(&pass).await?,
                // It may find one that this caller wants to be dead.
                Begun::Reusing(landing) => drop(landing.await),
            }
        }
        Err(ServiceError::Provider(ProviderError::Timeout))
    }

    /// A provider that says "connected already" does not say whose phone it is.
    async fn unless_wrong_phone(
        &self,
        connection: &Connection,
        issued: Result<IssueOutcome, ServiceError>,
    ) -> Result<IssueOutcome, ServiceError> {
        let connected = ServiceError::Provider(ProviderError::AlreadyConnected).code();
        let is_expected = self.account_check(connection).await?.is_some();
        if is_expected
            && issued
                .as_ref()
                .is_err_and(|error| error.code() == connected)
        {
            self.check_session(&connection.id).await?;
        }
        issued
    }

    async fn begin(
        &self,
        connection: &Connection,
        provider: &'static str,
        offer: &Offer,
        asked: &Asked,
        idempotency: Option<IdempotencyKey>,
        actor: &Actor,
    ) -> Result<Begun, ServiceError> {
        let _turn = self.0.flights.beginning(&connection.id).await;
        let at = self.now();
        let request = &asked.request;
        let new = NewPass {
            id: PassId::random(&mut rand::rng()),
            connection: connection.id.clone(),
            method: request.method(),
            // The call itself may take a while, and its effect comes last.
            dead_by: at.plus_millis(offer.longest_millis().saturating_add(LONGEST_CALL_MILLIS)),
            leased_until: self.lease_end(),
            idempotency,
            limit: self.code_limit(request, at)?,
        };
        failpoint!("mint.begin");
        Ok(
            match self.store().begin_issue(&new, Change { actor, at }).await? {
                BegunIssue::Intended => {
                    failpoint!("mint.intended");
                    Begun::UnderWay(self.take_off(provider, new, asked.clone(), actor.clone()))
                }
                BegunIssue::Repeated(pass) => match self.0.flights.of(&pass.id) {
                    Some(flight) => Begun::UnderWay(flight.landing),
                    None if pass.state == PassState::Minting => Begun::Unsettled(pass),
                    None => Begun::Repeated(pass),
                },
                BegunIssue::Unsettled(pass) => match self.0.flights.of(&pass.id) {
                    Some(flight) if flight.would_do_for(asked) => Begun::UnderWay(flight.landing),
                    Some(flight) => {
                        // Its key must not stand for what does not answer it.
                        if let Some(key) = &new.idempotency {
                            self.store().free_key(&connection.id, key).await?;
                        }
                        if !flight.is_for(request) {
                            // A code for another phone would be of no use to this caller.
                            return Err(ServiceError::Busy);
                        }
                        Begun::Reusing(flight.landing)
                    }
                    None => Begun::Unsettled(pass),
                },
                BegunIssue::KeyReused => return Err(ServiceError::KeyReused),
                BegunIssue::TooManyCodes(oldest) => {
                    return Err(ServiceError::TooManyCodes(again_after(oldest, at)));
                }
                BegunIssue::Gone => return Err(ServiceError::NotFound),
                BegunIssue::Suspended => return Err(ServiceError::TenantSuspended),
            },
        )
    }

    /// Starts the task that calls the provider.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long it took, decides nothing"
    )]
    fn take_off(
        &self,
        provider: &'static str,
        new: NewPass,
        asked: Asked,
        actor: Actor,
    ) -> Landing {
        let (done, landing) = self.0.flights.enter(new.id.clone(), asked.clone());
        let service = self.clone();
        self.0.tasks.spawn(async move {
            let begun = Instant::now();
            let heart = service.keep_intent(&new.id);
            let result = service.mint(&new.connection, &new.id, &asked, &actor).await;
            failpoint!("mint.recorded");
            let problem = result.as_ref().err().map(ServiceError::code);
            metrics::pass_issued(provider, new.method, problem, begun.elapsed());
            drop(heart);
            if result.is_err()
                // Whatever it left open is nobody's now, and is settled soon.
                && let Err(error) = service.store().release_intent(&new.id).await
            {
                tracing::warn!(pass.id = %new.id, error = &error as &dyn std::error::Error, "cannot let an intent go; its lease ends by itself");
            }
            service.0.flights.leave(&new.id);
            if let Err(ServiceError::Provider(error)) = &result {
                service.note_error(&new.connection, *error).await;
            }
            service.hint();
            // Nobody may be waiting any more.
            drop(done.send(result));
        });
        landing
    }

    async fn wait_for(&self, landing: Landing) -> Result<IssueOutcome, ServiceError> {
        let ended = landing.map(|said| said.unwrap_or(Err(ServiceError::GivenUp)));
        match tokio::time::timeout(self.pace().patience, ended).await {
            Ok(Ok(Minted {
                pass, found: true, ..
            })) => Ok(IssueOutcome::Reused(pass)),
            Ok(Ok(Minted { pass, replaced, .. })) => Ok(IssueOutcome::Issued {
                pass,
                replaced,
                repeated: false,
            }),
            Ok(Err(error)) => Err(error),
            Err(_elapsed) => Ok(IssueOutcome::Pending),
        }
    }

    /// Answers a request that was answered before.
    async fn repeat(
        &self,
        connection: &Connection,
        row: &PassRow,
    ) -> Result<IssueOutcome, ServiceError> {
        let pass = self
            .open_pass(connection, row)
            .await?
            .ok_or(ServiceError::PassEnded)?;
        Ok(IssueOutcome::Issued {
            pass,
            replaced: row.replaced,
            repeated: true,
        })
    }

    /// A login that was connected when last heard of is looked at again before anything is issued for it.
    async fn refuse_if_connected(&self, connection: &Connection) -> Result<(), ServiceError> {
        if connection.session != SessionState::Connected {
            return Ok(());
        }
        match self.check_session(&connection.id).await? {
            SessionState::Connected => Err(ServiceError::AlreadyConnected),
            SessionState::Starting
            | SessionState::Waiting
            | SessionState::LoggedOut
            | SessionState::PasskeyRequired
            | SessionState::Blocked
            | SessionState::Failed
            | SessionState::Unknown => Ok(()),
        }
    }
}

/// What became of the attempt to begin.
enum Begun {
    UnderWay(Landing),
    Reusing(Landing),
    Repeated(PassRow),
    Unsettled(PassRow),
}
