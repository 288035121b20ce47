//! Has the provider issue what was intended, and writes down what came of it.
//!
//! When the answer is lost the provider is asked what it did (`settle`), and what it did is taken over: nobody is left
//! with a pass that lives upstream and is not known here.

use super::flights::Asked;
use super::issue::Earlier;
use super::turns::Turn;
use super::{LivePass, Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, Method, PassId, PassRequest, PassState};
use crate::provider::{Account, Issued, Provider};
use crate::store::{Change, CompletedIssue};

/// A pass that has just been issued, for everybody who waits for it.
#[derive(Clone)]
pub(super) struct Minted {
    pub(super) pass: LivePass,
    pub(super) replaced: bool,
    /// Whether it was alive at the provider before it was asked for.
    pub(super) found: bool,
}

impl Service {
    /// A leak on purpose, which the search for secrets must find.
    #[cfg(feature = "broken")]
    async fn leak_into_the_audit(
        &self,
        connection: &Connection,
        issued: &Issued,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        if !crate::defect::is_chosen("leak-audit") {
            return Ok(());
        }
        let actor = Actor {
            id: issued.content.secret().expose().to_owned(),
            ..actor.clone()
        };
        let at = self.now();
        let change = Change { actor: &actor, at };
        Ok(self.store().begin_log_out(&connection.id, change).await?)
    }

    pub(super) async fn mint(
        &self,
        connection: &ConnectionId,
        pass: &PassId,
        asked: &Asked,
        actor: &Actor,
    ) -> Result<Minted, ServiceError> {
        let request = &asked.request;
        let turn = self.turn(connection).await?;
        // Somebody may have revoked or settled it while it waited.
        if !self.is_intended(pass).await? {
            self.uncount_code(pass).await?;
            return Err(ServiceError::RevokedDuringIssue);
        }
        let (connection, provider, account) = match self.account_in_use(connection).await {
            Ok(found) => found,
            Err(error) => {
                self.fail(pass, actor).await?;
                self.uncount_code(pass).await?;
                return Err(error);
            }
        };
        if asked.earlier == Earlier::Reuse {
            let (provider, account) = (provider.as_ref(), &account);
            match self.found(provider, account, request.method()).await {
                Ok(None) => {}
                Ok(Some(issued)) => {
                    return self
                        .complete(&turn, &connection, provider, account, pass, issued, actor)
                        .await
                        .map(|minted| Minted {
                            found: true,
                            ..minted
                        });
                }
                // Nothing was asked for yet: without the provider's word nothing is.
                Err(error) => {
                    self.fail(pass, actor).await?;
                    self.uncount_code(pass).await?;
                    return Err(error.into());
                }
            }
        }
        if request.method() == Method::Qr {
            self.space_qr(&connection.id, provider.profile()).await;
        }
        if !turn.is_fresh() {
            // This process was paused: somebody else may be at it by now.
            self.uncount_code(pass).await?;
            return Err(ServiceError::GivenUp);
        }
        let issued = match request {
            PassRequest::Token => self.new_token(&connection).await,
            PassRequest::Link | PassRequest::Qr | PassRequest::Code(_) => provider
                .issue(&account, request, self.now())
                .await
                .map_err(ServiceError::from),
        };
        failpoint!("mint.answered");
        #[cfg(feature = "broken")]
        if let Ok(issued) = &issued {
            self.leak_into_the_audit(&connection, issued, actor).await?;
        }
        match issued {
            Ok(issued) => {
                let (provider, account) = (provider.as_ref(), &account);
                self.complete(&turn, &connection, provider, account, pass, issued, actor)
                    .await
            }
            Err(ServiceError::Provider(error)) if error.may_have_happened() => {
                let Some(row) = self.store().pass(pass).await? else {
                    return Err(error.into());
                };
                if !turn.is_ours().await? {
                    self.take_back(&connection, &row, row.expires_at).await?;
                    return Err(error.into());
                }
                match self
                    .settle_in_turn(
                        &turn,
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
                    Err(again) if error.is_refusal() && is_refusal(&again) => {
                        self.fail(pass, actor).await?;
                        Err(error.into())
                    }
                    // The intent stays, and is settled later; the caller is told what went wrong first.
                    Err(_unsettled) => Err(error.into()),
                }
            }
            Err(error) => {
                self.fail(pass, actor).await?;
                if matches!(&error, ServiceError::Provider(error) if !error.was_sent()) {
                    self.uncount_code(pass).await?;
                }
                Err(error)
            }
        }
    }

    async fn is_intended(&self, pass: &PassId) -> Result<bool, ServiceError> {
        let row = self.store().pass(pass).await?;
        Ok(row.is_some_and(|row| row.state == PassState::Minting))
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
    #[expect(
        clippy::too_many_arguments,
        reason = "what a call needs, found once by the caller"
    )]
    pub(super) async fn complete(
        &self,
        turn: &Turn,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        pass: &PassId,
        issued: Issued,
        actor: &Actor,
    ) -> Result<Minted, ServiceError> {
        self.write_down_denied_of(&connection.id).await?;
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
                found: false,
            }),
            CompletedIssue::RevokedMeanwhile if !turn.is_ours().await? => {
                self.come_late(connection, pass, issued).await
            }
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
}

/// Whether the provider says that it did nothing.
fn is_refusal(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Provider(error) if error.is_refusal())
}
