//! Renews the API token of one connection, under a lease.
//!
//! Between the calls what is known is committed under the lease's fence: whoever was paused and comes late writes
//! nothing, and what a crash leaves is safe to go on from. A refresh token is marked as presented before it is sent, and
//! one that is marked is never sent again, because nobody knows whether the provider has ended it.

use std::time::Duration;

use super::error::provider_code;
use super::tokens::{credential_place, credential_row};
use super::{ApiToken, Freshness, Service, ServiceError};
use crate::domain::credential::{SHORTEST_LEFT_MILLIS, renew_at, spread};
use crate::domain::{AttentionReason, Connection, RenewalState, Timestamp, TokenKind, TokenSource};
use crate::provider::{Account, Provider, ProviderError, Renewal, Renewed};
use crate::secret::Secret;
use crate::store::{
    AttentionChange, CredentialChange, CredentialRow, EndedRenewal, Lease, RenewalRow, StoreError,
};

/// Longer than any call takes; counted anew at every step.
pub(super) const LEASE: Duration = Duration::from_mins(1);
/// Calls of a kind within one renewal: one, and a second try, because providers say the same of what is bad for good
/// and of what has ended.
const TRIES: u32 = 2;

/// Why a renewal came to nothing.
enum Setback {
    /// The provider accepts neither the account nor what it just bought.
    Refused(ProviderError),
    /// The provider could not do it now.
    Failed(ProviderError),
    /// Another holder of the lease is at work, or the account is another one.
    Overtaken,
    /// Something here failed.
    Here(ServiceError),
}

impl From<ServiceError> for Setback {
    fn from(error: ServiceError) -> Self {
        Self::Here(error)
    }
}

impl From<StoreError> for Setback {
    fn from(error: StoreError) -> Self {
        Self::Here(error.into())
    }
}

/// A token, and what becomes of the refresh token.
struct Bought {
    api: Renewed,
    changes: Vec<CredentialChange>,
}

/// One renewal.
struct Work<'a> {
    service: &'a Service,
    connection: &'a Connection,
    provider: &'a dyn Provider,
    account: &'a Account,
    lease: &'a Lease,
    /// How often the account may be sent yet.
    mints_left: u32,
}

impl Service {
    /// From now until a lease that is taken or kept now ends.
    pub(super) fn lease(&self) -> (Timestamp, Timestamp) {
        let now = self.now();
        let millis = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        (now, now.plus_millis(millis))
    }

    /// Renews. None if somebody else is at it.
    pub(super) async fn renew(
        &self,
        connection: &Connection,
        lease: Lease,
        wanted: Freshness,
    ) -> Result<Option<ApiToken>, ServiceError> {
        let renewed = self.renew_leased(connection, &lease, wanted).await;
        if renewed.is_err() {
            // If the outcome was written the lease is given back already, and this changes nothing.
            self.store().release_renewal(&lease).await?;
        }
        renewed
    }

    async fn renew_leased(
        &self,
        connection: &Connection,
        lease: &Lease,
        wanted: Freshness,
    ) -> Result<Option<ApiToken>, ServiceError> {
        // Somebody may have renewed between the look and the lease.
        let held = self.store().api_token(&connection.id).await?;
        let ended_at = held.as_ref().and_then(|held| held.row.expires_at);
        if let Some(token) = self.fitting(connection, held, wanted).await? {
            self.store().release_renewal(lease).await?;
            return Ok(Some(token));
        }
        let Some(before) = self.store().renewal(&connection.id).await? else {
            return Ok(None);
        };
        // Read under the lease: with it lost nothing of this account is kept.
        let (connection, provider, account) = self.account_in_use(&connection.id).await?;
        let source = provider
            .profile()
            .tokens
            .ok_or(ServiceError::MethodNotOffered)?;
        let mints_left = match before.state {
            RenewalState::Well | RenewalState::Failing { .. } => TRIES,
            RenewalState::Refused { .. } => 1,
        };
        let mut work = Work {
            service: self,
            connection: &connection,
            provider: provider.as_ref(),
            account: &account,
            lease,
            mints_left,
        };
        let (outcome, result) = match work.buy(source).await {
            Ok(bought) => return self.succeed(&connection, lease, before, bought).await,
            Err(Setback::Overtaken) => return Ok(None),
            Err(Setback::Here(error)) => return Err(error),
            Err(Setback::Refused(error)) => ("refused", self.refused(&connection, before, error)),
            Err(Setback::Failed(error)) => {
                ("failed", self.failed(&connection, before, error, ended_at))
            }
        };
        let (ended, error) = result;
        count(&connection, outcome);
        if self
            .store()
            .end_renewal(lease, &ended, self.now())
            .await?
            .is_none()
        {
            return Ok(None);
        }
        self.hint();
        Err(error.into())
    }

    async fn succeed(
        &self,
        connection: &Connection,
        lease: &Lease,
        before: RenewalRow,
        bought: Bought,
    ) -> Result<Option<ApiToken>, ServiceError> {
        let now = self.now();
        let Bought { api, mut changes } = bought;
        let hash = spread(&connection.id, TokenKind::Api, before.serial);
        changes.push(self.put(connection, TokenKind::Api, &api.token, Some(api.expires_at))?);
        let ended = EndedRenewal {
            changes,
            state: RenewalState::Well,
            due_at: Some(renew_at(hash, now, api.expires_at)),
            renewed: true,
            attention: AttentionChange::Clear,
            error: None,
            clock_skew_millis: api.clock_skew_millis,
        };
        let Some(serial) = self.store().end_renewal(lease, &ended, now).await? else {
            count(connection, "overtaken");
            return Ok(None);
        };
        count(connection, "renewed");
        tracing::debug!(connection.id = %connection.id, serial, expires_at = %api.expires_at, "renewed an API token");
        self.hint();
        Ok(Some(ApiToken {
            token: api.token,
            expires_at: api.expires_at,
            serial,
        }))
    }

    fn refused(
        &self,
        connection: &Connection,
        before: RenewalRow,
        error: ProviderError,
    ) -> (EndedRenewal, ProviderError) {
        let (state, due_at) = before.state.after_refusal(self.now());
        tracing::warn!(connection.id = %connection.id, connection.provider = connection.provider, error = %error, next_probe_at = %due_at, "needs attention: the provider refuses the account, and is left alone");
        let reason = AttentionReason::CredentialsRefused;
        let attention = AttentionChange::raise(connection.trouble, reason);
        (ended_badly(state, due_at, attention, error), error)
    }

    fn failed(
        &self,
        connection: &Connection,
        before: RenewalRow,
        error: ProviderError,
        token_end: Option<Timestamp>,
    ) -> (EndedRenewal, ProviderError) {
        let (now, code) = (self.now(), provider_code(error));
        let wait = ServiceError::Provider(error).retry_after();
        let wait = matches!(error, ProviderError::RateLimited { .. })
            .then_some(wait)
            .flatten();
        let hash = spread(&connection.id, TokenKind::Api, before.serial);
        let (state, due_at) = before.state.after_failure(code, wait, hash, now);
        let attention = if state.is_stuck(token_end, now) && connection.trouble.is_none() {
            AttentionChange::Raise(AttentionReason::RenewalFailing)
        } else {
            AttentionChange::Keep
        };
        tracing::warn!(connection.id = %connection.id, error.code = code.as_str(), error = %error, next_attempt_at = %due_at, "cannot renew an API token");
        (ended_badly(state, due_at, attention, error), error)
    }

    /// What is to be held of a token from now on.
    fn put(
        &self,
        connection: &Connection,
        kind: TokenKind,
        token: &Secret,
        expires_at: Option<Timestamp>,
    ) -> Result<CredentialChange, ServiceError> {
        let row = credential_row(connection, kind);
        let place = credential_place(connection, &row);
        Ok(CredentialChange::Put(CredentialRow {
            kind,
            value: self.vault().seal(place, token, &mut rand::rng())?,
            presented: false,
            issued_at: self.now(),
            expires_at,
        }))
    }
}

impl Work<'_> {
    async fn buy(&mut self, source: TokenSource) -> Result<Bought, Setback> {
        match source {
            TokenSource::Minted => Ok(Bought {
                api: self.mint().await?,
                changes: Vec::new(),
            }),
            TokenSource::Exchanged => match self.refresh().await? {
                Some(bought) => Ok(bought),
                None => self.exchange().await,
            },
        }
    }

    /// Sends the account, and once more if it is refused.
    async fn mint(&mut self) -> Result<Renewed, Setback> {
        let mut refusal = ProviderError::Credentials;
        while self.mints_left > 0 {
            self.mints_left -= 1;
            match self.call(Renewal::Mint).await {
                Ok(renewed) => return Ok(renewed),
                Err(error @ (ProviderError::Credentials | ProviderError::Token)) => refusal = error,
                Err(error) => return Err(Setback::Failed(error)),
            }
            self.advance(&[]).await?;
        }
        Err(Setback::Refused(refusal))
    }

    /// Sends the refresh token, if one is held that never was. None: it takes an exchange.
    async fn refresh(&mut self) -> Result<Option<Bought>, Setback> {
        const KIND: TokenKind = TokenKind::Refresh;
        let Some(row) = self.held(KIND).await? else {
            return Ok(None);
        };
        if row.presented {
            // Whoever sent it never learned what became of it.
            self.advance(&[CredentialChange::Drop(KIND)]).await?;
            return Ok(None);
        }
        let token = self.service.open_credential(self.connection, &row).await?;
        self.advance(&[CredentialChange::Presented(KIND, true)])
            .await?;
        let error = match self.call(Renewal::Refresh(&token)).await {
            Ok(api) => {
                let then = match &api.refresh_token {
                    Some(next) => self.service.put(self.connection, KIND, next, None)?,
                    // It answered and gave no other: this one is good still.
                    None => CredentialChange::Presented(KIND, false),
                };
                let changes = vec![then];
                return Ok(Some(Bought { api, changes }));
            }
            Err(error) => error,
        };
        tracing::info!(connection.id = %self.connection.id, error = %error, "cannot refresh; exchanging anew");
        if !error.may_have_happened() {
            // It was never sent.
            self.advance(&[CredentialChange::Presented(KIND, false)])
                .await?;
            return Err(Setback::Failed(error));
        }
        self.advance(&[CredentialChange::Drop(KIND)]).await?;
        match error {
            // Another call now is not what it asked for.
            ProviderError::RateLimited { .. } => Err(Setback::Failed(error)),
            ProviderError::Credentials
            | ProviderError::Token
            | ProviderError::Refused(_)
            | ProviderError::Status(_)
            | ProviderError::Malformed
            | ProviderError::Unreachable
            | ProviderError::Broken
            | ProviderError::Timeout
            | ProviderError::AlreadyConnected
            | ProviderError::NotReady { .. }
            | ProviderError::NotOffered => Ok(None),
        }
    }

    /// Sends the machine token, and a new one if it is refused.
    async fn exchange(&mut self) -> Result<Bought, Setback> {
        let mut refusal = ProviderError::Token;
        for _try in 0..TRIES {
            let machine = self.machine_token().await?;
            match self.call(Renewal::Exchange(&machine)).await {
                Ok(api) => {
                    let next = api.refresh_token.as_ref();
                    let put = |next| {
                        self.service
                            .put(self.connection, TokenKind::Refresh, next, None)
                    };
                    let changes = next.map(put).transpose()?.into_iter().collect();
                    return Ok(Bought { api, changes });
                }
                Err(error @ (ProviderError::Credentials | ProviderError::Token)) => refusal = error,
                Err(error) => return Err(Setback::Failed(error)),
            }
            self.advance(&[CredentialChange::Drop(TokenKind::Machine)])
                .await?;
            if self.mints_left == 0 {
                break;
            }
        }
        Err(Setback::Refused(refusal))
    }

    /// The machine token that is held, or a new one.
    async fn machine_token(&mut self) -> Result<Secret, Setback> {
        let now = self.service.now();
        let is_good = |row: &CredentialRow| {
            row.expires_at
                .is_some_and(|end| end.millis_since(now) > SHORTEST_LEFT_MILLIS)
        };
        if let Some(row) = self.held(TokenKind::Machine).await?.filter(is_good) {
            return Ok(self.service.open_credential(self.connection, &row).await?);
        }
        let machine = self.mint().await?;
        let put = self.service.put(
            self.connection,
            TokenKind::Machine,
            &machine.token,
            Some(machine.expires_at),
        )?;
        self.advance(&[put]).await?;
        Ok(machine.token)
    }

    async fn held(&self, kind: TokenKind) -> Result<Option<CredentialRow>, Setback> {
        let held = self.service.store().credentials(&self.connection.id);
        Ok(held.await?.into_iter().find(|row| row.kind == kind))
    }

    async fn call(&self, by: Renewal<'_>) -> Result<Renewed, ProviderError> {
        self.provider
            .renew(self.account, by, self.service.now())
            .await
    }

    /// Writes down how far it is, and keeps the lease.
    async fn advance(&self, changes: &[CredentialChange]) -> Result<(), Setback> {
        let (_, until) = self.service.lease();
        let store = self.service.store();
        if store.advance_renewal(self.lease, changes, until).await? {
            Ok(())
        } else {
            Err(Setback::Overtaken)
        }
    }
}

fn ended_badly(
    state: RenewalState,
    due_at: Timestamp,
    attention: AttentionChange,
    error: ProviderError,
) -> EndedRenewal {
    EndedRenewal {
        changes: Vec::new(),
        state,
        due_at: Some(due_at),
        renewed: false,
        attention,
        error: Some(provider_code(error)),
        clock_skew_millis: None,
    }
}

fn count(connection: &Connection, outcome: &'static str) {
    metrics::counter!("pairlink_renewals_total", "provider" => connection.provider.clone(), "outcome" => outcome).increment(1);
}
