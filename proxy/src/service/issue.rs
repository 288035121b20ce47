//! Issues a pass.
//!
//! An intent is committed before the provider is called, so whatever happens there is known here. The call runs in a
//! task of its own: the caller may wait for it, give up, or never have been there. When the answer is lost the
//! provider is asked what it did (`settle`), and what it did is taken over: nobody is left with a pass that lives
//! upstream and is not known here.

use std::time::Instant;

use futures_util::FutureExt as _;

use super::flights::Landing;
use super::{LivePass, Service, ServiceError};
use crate::domain::{
    Actor, Connection, ConnectionId, PassId, PassRequest, PassState, SessionState,
};
use crate::metrics;
use crate::provider::{Account, Issued, Offer, Provider, ProviderError};
use crate::store::{BegunIssue, Change, CompletedIssue, IdempotencyKey, NewPass, PassRow};

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
    /// The provider needs longer; an event will tell.
    Pending,
}

/// A pass that has just been issued, for everybody who waits for it.
#[derive(Clone)]
pub(super) struct Minted {
    pub(super) pass: LivePass,
    pub(super) replaced: bool,
}

impl Service {
    /// Issues a pass; the earlier one of the method is dead when this succeeds. Whoever asks the same while one is being
    /// issued gets that one. With a key, repeating the request repeats its answer.
    pub async fn issue_pass(
        &self,
        connection: &Connection,
        request: &PassRequest,
        idempotency_key: Option<&str>,
        actor: &Actor,
    ) -> Result<IssueOutcome, ServiceError> {
        self.refuse_while_observing().await?;
        let provider = self.provider_of(connection)?;
        let offer = provider
            .profile()
            .offer(request.method())
            .ok_or(ServiceError::MethodNotOffered)?;
        self.refuse_if_connected(connection).await?;
        let idempotency = match idempotency_key {
            Some(key) => Some(IdempotencyKey {
                key: self.vault().hash_named("idempotency_key", key)?,
                request: self
                    .vault()
                    .hash_named("idempotent_request", request.text().expose())?,
            }),
            None => None,
        };
        // Twice at most: an unsettled intent is settled once, and then the way is free or the provider unreachable.
        for _attempt in 0..2 {
            match self
                .begin(
                    connection,
                    provider.profile().name,
                    offer,
                    request,
                    idempotency.clone(),
                    actor,
                )
                .await?
            {
                Begun::UnderWay(landing) => return self.wait_for(landing).await,
                Begun::Repeated(pass) => return self.repeat(connection, &pass).await,
                Begun::Unsettled(pass) => self.settle(&pass).await?,
            }
        }
        Err(ServiceError::Provider(ProviderError::Timeout))
    }

    async fn begin(
        &self,
        connection: &Connection,
        provider: &'static str,
        offer: &Offer,
        request: &PassRequest,
        idempotency: Option<IdempotencyKey>,
        actor: &Actor,
    ) -> Result<Begun, ServiceError> {
        let _turn = self.0.flights.beginning(&connection.id).await;
        let at = self.now();
        let new = NewPass {
            id: PassId::random(&mut rand::rng()),
            connection: connection.id.clone(),
            method: request.method(),
            // The call itself may take a while, and its effect comes last.
            dead_by: at.plus_millis(offer.longest_millis().saturating_add(LONGEST_CALL_MILLIS)),
            idempotency,
        };
        Ok(
            match self.store().begin_issue(&new, Change { actor, at }).await? {
                BegunIssue::Intended => {
                    Begun::UnderWay(self.take_off(provider, new, request.clone(), actor.clone()))
                }
                BegunIssue::Repeated(pass) => match self.0.flights.of(&pass.id) {
                    Some(flight) => Begun::UnderWay(flight.landing),
                    None if pass.state == PassState::Minting => Begun::Unsettled(pass),
                    None => Begun::Repeated(pass),
                },
                BegunIssue::Unsettled(pass) => match self.0.flights.of(&pass.id) {
                    Some(flight) if flight.is_for(request) => Begun::UnderWay(flight.landing),
                    // A code for another phone would be of no use to this caller.
                    Some(_other) => return Err(ServiceError::Busy),
                    None => Begun::Unsettled(pass),
                },
                BegunIssue::KeyReused => return Err(ServiceError::KeyReused),
                BegunIssue::Gone => return Err(ServiceError::NotFound),
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
        request: PassRequest,
        actor: Actor,
    ) -> Landing {
        let (done, landing) = self.0.flights.enter(new.id.clone(), request.clone());
        let service = self.clone();
        self.0.tasks.spawn(async move {
            let begun = Instant::now();
            let result = service
                .mint(&new.connection, &new.id, &request, &actor)
                .await;
            let problem = result.as_ref().err().map(ServiceError::code);
            metrics::pass_issued(provider, new.method, problem, begun.elapsed());
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

    async fn mint(
        &self,
        connection: &ConnectionId,
        pass: &PassId,
        request: &PassRequest,
        actor: &Actor,
    ) -> Result<Minted, ServiceError> {
        let _turn = self.0.flights.upstream(connection).await;
        let (connection, provider, account) = match self.account(connection).await {
            Ok(found) => found,
            Err(error) => {
                self.fail(pass, actor).await?;
                return Err(error);
            }
        };
        match provider.issue(&account, request, self.now()).await {
            Ok(issued) => {
                self.complete(
                    &connection,
                    provider.as_ref(),
                    &account,
                    pass,
                    issued,
                    actor,
                )
                .await
            }
            Err(error) if error.may_have_happened() => {
                let Some(row) = self.store().pass(pass).await? else {
                    return Err(error.into());
                };
                match self
                    .settle_in_turn(
                        &row,
                        &connection,
                        provider.as_ref(),
                        &account,
                        actor,
                        Some(error),
                    )
                    .await
                {
                    Ok(Some(minted)) => Ok(minted),
                    Ok(None) => Err(error.into()),
                    // Who refuses this, and then the question whether it was done, is believed.
                    Err(_unsettled) if error.is_refusal() => {
                        self.fail(pass, actor).await?;
                        Err(error.into())
                    }
                    // The intent stays, and is settled later; the caller is told what went wrong first.
                    Err(_unsettled) => Err(error.into()),
                }
            }
            Err(error) => {
                self.fail(pass, actor).await?;
                Err(error.into())
            }
        }
    }

    /// Writes down that the provider issued nothing.
    async fn fail(&self, pass: &PassId, actor: &Actor) -> Result<(), ServiceError> {
        let at = self.now();
        self.store()
            .fail_issue(pass, false, Change { actor, at })
            .await?;
        Ok(())
    }

    /// Writes down what the provider issued; takes it back if it was revoked meanwhile.
    pub(super) async fn complete(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        pass: &PassId,
        issued: Issued,
        actor: &Actor,
    ) -> Result<Minted, ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        let sealed = self.seal_content(connection, pass, &issued.content)?;
        match self
            .store()
            .complete_issue(pass, &sealed, issued.expires_at, change)
            .await?
        {
            CompletedIssue::Live { replaced } => Ok(Minted {
                pass: LivePass {
                    id: pass.clone(),
                    content: issued.content,
                    issued_at: at,
                    expires_at: issued.expires_at,
                },
                replaced,
            }),
            CompletedIssue::RevokedMeanwhile => {
                // Where nothing can be taken back it was left to its end by the revocation. If this fails the row
                // stays `revoking`, and is settled later.
                if provider.profile().revokes(issued.content.method())
                    && self.revoke_upstream(provider, account).await.is_ok()
                {
                    self.store()
                        .finish_revoke(std::slice::from_ref(pass), change)
                        .await?;
                }
                Err(ServiceError::RevokedDuringIssue)
            }
        }
    }

    async fn wait_for(&self, landing: Landing) -> Result<IssueOutcome, ServiceError> {
        let ended = landing.map(|said| said.unwrap_or(Err(ServiceError::GivenUp)));
        match tokio::time::timeout(self.pace().patience, ended).await {
            Ok(Ok(Minted { pass, replaced })) => Ok(IssueOutcome::Issued {
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
    Repeated(PassRow),
    Unsettled(PassRow),
}
