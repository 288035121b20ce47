//! Renews the API token of one connection, under a lease.
//!
//! Between the calls what is known is committed under the lease's fence: whoever was paused and comes late writes
//! nothing, and what a crash leaves is safe to go on from. A refresh token is marked as presented before it is sent, and
//! one that is marked is never sent again, because nobody knows whether the provider has ended it.

mod purchase;

use std::time::Duration;

use self::purchase::{Bought, Purchase, Setback, mints_allowed};
use super::error::provider_code;
use super::tokens::{credential_place, credential_row};
use super::{ApiToken, Freshness, Service, ServiceError};
use crate::domain::credential::{renew_at, spread};
use crate::domain::{AttentionReason, Connection, RenewalState, Timestamp, TokenKind};
use crate::metrics;
use crate::provider::ProviderError;
use crate::secret::Secret;
use crate::store::{
    AttentionChange, CredentialChange, CredentialRow, EndedRenewal, Lease, RenewalRow,
};

/// Longer than any call takes; counted anew at every step.
pub(super) const LEASE: Duration = Duration::from_mins(1);

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
        let mut purchase = Purchase {
            service: self,
            connection: &connection,
            provider: provider.as_ref(),
            account: &account,
            lease,
            mints_left: mints_allowed(before.state),
        };
        let (outcome, result) = match purchase.buy(source).await {
            Ok(bought) => return self.succeed(&connection, lease, before, bought).await,
            Err(Setback::Overtaken) => return Ok(None),
            Err(Setback::Here(error)) => return Err(error),
            Err(Setback::Refused(error)) => ("refused", self.refused(&connection, before, error)),
            Err(Setback::Failed(error)) => {
                ("failed", self.failed(&connection, before, error, ended_at))
            }
        };
        let (ended, error) = result;
        metrics::renewed(&connection.provider, outcome);
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
            metrics::renewed(&connection.provider, "overtaken");
            return Ok(None);
        };
        failpoint!("renew.recorded");
        metrics::renewed(&connection.provider, "renewed");
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
