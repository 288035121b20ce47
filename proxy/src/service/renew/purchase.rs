//! The calls of one renewal, in their order, and what is committed between them.

use super::{Service, ServiceError};
use crate::domain::credential::SHORTEST_LEFT_MILLIS;
use crate::domain::{Connection, RenewalState, TokenKind, TokenSource};
use crate::provider::{Account, Provider, ProviderError, Renewal, Renewed};
use crate::secret::Secret;
use crate::store::{CredentialChange, CredentialRow, Lease, StoreError};

/// Calls of a kind within one renewal: one, and a second try, because providers say the same of what is bad for good
/// and of what has ended.
const TRIES: u32 = 2;

/// Why a renewal came to nothing.
pub(super) enum Setback {
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

/// What a renewal brought.
pub(super) struct Bought {
    /// The token.
    pub(super) api: Renewed,
    /// What becomes of the refresh token.
    pub(super) changes: Vec<CredentialChange>,
}

/// How often the account may be sent in one renewal: a single time where it was refused before.
pub(super) const fn mints_allowed(before: RenewalState) -> u32 {
    match before {
        RenewalState::Well | RenewalState::Failing { .. } => TRIES,
        RenewalState::Refused { .. } => 1,
    }
}

/// One renewal.
pub(super) struct Purchase<'a> {
    pub(super) service: &'a Service,
    pub(super) connection: &'a Connection,
    pub(super) provider: &'a dyn Provider,
    pub(super) account: &'a Account,
    pub(super) lease: &'a Lease,
    /// How often the account may be sent yet.
    pub(super) mints_left: u32,
}

impl Purchase<'_> {
    pub(super) async fn buy(&mut self, source: TokenSource) -> Result<Bought, Setback> {
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
        failpoint!("renew.presented");
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
            | ProviderError::LeftAlone { .. }
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
        failpoint!("renew.sending");
        let answered = self
            .provider
            .renew(self.account, by, self.service.now())
            .await;
        failpoint!("renew.answered");
        answered
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
