//! Revokes every pass of a connection: here at once, then at the provider.

use std::time::Instant;

use super::error::provider_code;
use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, PassId, Timestamp};
use crate::metrics;
use crate::provider::{Account, Current, Provider, ProviderError};
use crate::store::{Change, PassRow};

/// How far a revocation has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The provider confirmed it.
    Upstream,
    /// The provider has not confirmed yet, and is asked again until it does.
    Pending,
    /// The provider cannot revoke.
    LocalOnly,
}

/// What is sure after a revocation.
#[derive(Clone, Copy, Debug)]
pub struct Revoked {
    /// How far it has got.
    pub revocation: Revocation,
    /// When the last of them is dead at the provider too, whatever happens.
    pub dead_by: Timestamp,
}

/// Attempts at a call that can be repeated, before it is left to the background.
const ATTEMPTS: u32 = 3;

impl Service {
    /// Revokes. From the first commit on nothing is given out; the provider is then asked, for a while within this
    /// call, after that in the background. Twice is once.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long it took, decides nothing"
    )]
    pub async fn revoke_passes(
        &self,
        connection: &Connection,
        actor: &Actor,
    ) -> Result<Revoked, ServiceError> {
        let provider = self.provider_of(connection)?;
        let begun = Instant::now();
        let revoked = self.revoke_at(connection, provider.as_ref(), actor).await?;
        let outcome = match revoked.revocation {
            Revocation::Upstream => "upstream",
            Revocation::Pending => "pending",
            Revocation::LocalOnly => "local_only",
        };
        metrics::revoked(provider.profile().name, outcome, begun.elapsed());
        Ok(revoked)
    }

    async fn revoke_at(
        &self,
        connection: &Connection,
        provider: &dyn Provider,
        actor: &Actor,
    ) -> Result<Revoked, ServiceError> {
        let at = self.now();
        failpoint!("revoke.begin");
        let withdrawn = match self.withdraw(&connection.id, actor).await {
            Ok(withdrawn) => withdrawn,
            Err(error) => return Err(self.revoke_unwritten(connection, error).await),
        };
        failpoint!("revoke.withdrawn");
        self.hint();
        let profile = provider.profile();
        if profile.tokens.is_some() {
            // A page may have had it. Whoever asks next gets another one.
            self.store().withdraw_api_token(&connection.id).await?;
        }
        let (asked_back, left): (Vec<_>, Vec<_>) = withdrawn
            .into_iter()
            .partition(|row| profile.revokes(row.method));
        let left_by = last_end(&left, at);
        let names: Vec<PassId> = left.into_iter().map(|row| row.id).collect();
        self.store()
            .leave_to_end(&names, Change { actor, at })
            .await?;
        if !profile.offers.iter().any(|offer| offer.revocable) {
            return Ok(Revoked {
                revocation: Revocation::LocalOnly,
                dead_by: left_by,
            });
        }
        let asked_back_by = last_end(&asked_back, at);
        let (service, id, actor) = (self.clone(), connection.id.clone(), actor.clone());
        let confirmed = self
            .0
            .tasks
            .spawn(async move { service.confirm_revoked(&id, asked_back, &actor).await });
        let (revocation, dead_by) = match tokio::time::timeout(self.pace().patience, confirmed)
            .await
        {
            Ok(Ok(Ok(()))) => (Revocation::Upstream, self.now()),
            Ok(Ok(Err(ServiceError::Provider(_)))) | Err(_) => (Revocation::Pending, asked_back_by),
            Ok(Ok(Err(error))) => return Err(error),
            Ok(Err(_panicked)) => return Err(ServiceError::GivenUp),
        };
        // The weakest of what is said of them is what is true of all.
        Ok(if left_by > at {
            Revoked {
                revocation: Revocation::LocalOnly,
                dead_by: dead_by.max(left_by),
            }
        } else {
            Revoked {
                revocation,
                dead_by,
            }
        })
    }

    async fn confirm_revoked(
        &self,
        connection: &ConnectionId,
        withdrawn: Vec<PassRow>,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let _turn = self.turn(connection).await?;
        let names: Vec<PassId> = withdrawn.into_iter().map(|row| row.id).collect();
        let (_, provider, account) = self.account(connection).await?;
        // While waiting for the turn somebody may have issued a new pass: what was withdrawn died by that, and
        // revoking now would take the new one down.
        let live = self.store().live_passes(connection, self.now()).await?;
        if live
            .iter()
            .any(|row| provider.profile().revokes(row.method))
        {
            return Ok(());
        }
        // Asked even if nothing is known to be alive: the provider's word is what counts.
        let result = self.revoke_upstream(provider.as_ref(), &account).await;
        match result {
            Ok(()) => {
                failpoint!("revoke.confirmed");
                self.store()
                    .finish_revoke(
                        &names,
                        Change {
                            actor,
                            at: self.now(),
                        },
                    )
                    .await?;
                Ok(())
            }
            Err(error) => {
                if defect!("revoke-forgotten") {
                    let at = self.now();
                    self.store()
                        .finish_revoke(&names, Change { actor, at })
                        .await?;
                }
                self.note_error(connection, error).await;
                Err(error.into())
            }
        }
    }

    /// Has the provider take back what is alive, and then asks whether anything is: what stands between may answer
    /// "done" in its place.
    pub(super) async fn revoke_upstream(
        &self,
        provider: &dyn Provider,
        account: &Account,
    ) -> Result<(), ProviderError> {
        if defect!("revoke-unasked") {
            return Ok(());
        }
        self.patiently(|| provider.revoke(account)).await?;
        for offer in provider.profile().offers {
            if !offer.revocable {
                continue;
            }
            match self
                .patiently(|| provider.current(account, offer.method, self.now()))
                .await?
            {
                Current::Nothing | Current::Untold => {}
                Current::Alive(_) => return Err(ProviderError::Malformed),
            }
        }
        Ok(())
    }

    /// Makes a call that can be repeated, a few times, unless the process is about to end.
    pub(super) async fn patiently<T, F>(&self, call: impl Fn() -> F) -> Result<T, ProviderError>
    where
        F: Future<Output = Result<T, ProviderError>>,
    {
        let mut pause = self.pace().settle_again / 4;
        let mut attempt = 1;
        loop {
            match call().await {
                Err(error)
                    if error.is_transient()
                        && attempt < ATTEMPTS
                        && !self.0.closing.is_cancelled() =>
                {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Writes down what the provider did wrong, for the connection's health.
    pub(super) async fn note_error(&self, connection: &ConnectionId, error: ProviderError) {
        if matches!(error, ProviderError::LeftAlone { .. }) {
            // What it did wrong stands there already.
            return;
        }
        let code = provider_code(error);
        tracing::warn!(connection.id = %connection, error.code = code.as_str(), error = %error, "the provider failed");
        let recorded = self.store().record_error(connection, code, self.now());
        match recorded.await {
            // Somebody may have to be told.
            Ok(()) => self.hint(),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "cannot record the provider's failure"
            ),
        }
    }
}

/// When the last of these is dead whatever happens; now if there is none.
fn last_end(passes: &[PassRow], now: Timestamp) -> Timestamp {
    passes
        .iter()
        .map(|row| row.expires_at)
        .fold(now, Timestamp::max)
}
