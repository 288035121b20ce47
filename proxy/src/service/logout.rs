//! Ends a login at the provider.
//!
//! The call changes state and is never repeated blindly: the state is read before it, and after it as well, because the
//! answer may get lost. What the provider says of the state is what counts.

use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, SessionState, Timestamp};
use crate::provider::{Account, Provider, ProviderError};
use crate::store::Change;

/// How often the state is read after a log-out that may take its time.
const LOOKS: u32 = 5;

/// A state, and when the provider was asked for it.
struct Seen {
    session: SessionState,
    asked_at: Timestamp,
}

impl Service {
    /// Ends the login, and revokes what could begin another one. Says in which state it is then; having none to end is
    /// success. One at a time for each connection, and to its end also when the caller hangs up.
    pub async fn log_out(
        &self,
        connection: &Connection,
        actor: &Actor,
    ) -> Result<SessionState, ServiceError> {
        if !self.provider_of(connection)?.profile().logs_out {
            return Err(ServiceError::MethodNotOffered);
        }
        self.refuse_while_observing().await?;
        // Before the turn is waited for: nothing is given out any more from here on.
        self.revoke_passes(connection, actor).await?;
        let (service, id, actor) = (self.clone(), connection.id.clone(), actor.clone());
        self.to_its_end(async move { service.log_out_in_turn(&id, &actor).await })
            .await?
    }

    async fn log_out_in_turn(
        &self,
        id: &ConnectionId,
        actor: &Actor,
    ) -> Result<SessionState, ServiceError> {
        let _turn = self.turn(id).await?;
        let (_, provider, account) = self.account(id).await?;
        let at = self.now();
        self.store().begin_log_out(id, Change { actor, at }).await?;
        failpoint!("log_out.begun");
        let ended = self.end_login(provider.as_ref(), &account).await;
        failpoint!("log_out.answered");
        let (session, at) = match &ended {
            Ok(seen) => (Some(seen.session), seen.asked_at),
            Err(_error) => (None, self.now()),
        };
        self.store()
            .end_log_out(id, session, Change { actor, at })
            .await?;
        self.hint();
        match ended {
            Ok(seen) => {
                self.withdraw_latecomers(id, actor).await?;
                Ok(seen.session)
            }
            Err(error) => {
                self.note_error(id, error).await;
                Err(error.into())
            }
        }
    }

    async fn end_login(
        &self,
        provider: &dyn Provider,
        account: &Account,
    ) -> Result<Seen, ProviderError> {
        // Somebody may have asked before, and missed the answer: a second log-out could end what came after the first.
        let before = self.look(provider, account).await?;
        if is_out(before.session) {
            return Ok(before);
        }
        let said = provider.log_out(account).await;
        match said {
            Ok(()) => {}
            Err(error) if error.may_have_happened() && !error.is_refusal() => {}
            Err(error) => {
                // It says that it did nothing. Perhaps there was nothing left to do.
                let after = self.look(provider, account).await?;
                return if is_out(after.session) {
                    Ok(after)
                } else {
                    Err(error)
                };
            }
        }
        let mut pause = self.pace().settle_again / 4;
        for _look in 0..LOOKS {
            let after = self.look(provider, account).await?;
            if is_out(after.session) || (said.is_ok() && is_on_its_way(after.session)) {
                return Ok(after);
            }
            if !self.pause(pause).await {
                break;
            }
            pause *= 2;
        }
        // "Done", and the phone is linked still: that contradicts itself.
        Err(said.err().unwrap_or(ProviderError::Malformed))
    }

    async fn look(
        &self,
        provider: &dyn Provider,
        account: &Account,
    ) -> Result<Seen, ProviderError> {
        let asked_at = self.now();
        let session = self.patiently(|| provider.session(account)).await?;
        Ok(Seen { session, asked_at })
    }

    /// Gives out nothing that was issued while the log-out waited for its turn: it belonged to the login that ended.
    async fn withdraw_latecomers(
        &self,
        id: &ConnectionId,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let at = self.now();
        if self.store().live_passes(id, at).await?.is_empty() {
            return Ok(());
        }
        self.store().begin_revoke(id, Change { actor, at }).await?;
        self.hint();
        // It needs the turn, which is ours until this returns.
        self.settle_soon(id.clone());
        Ok(())
    }
}

/// Whether no phone is linked.
const fn is_out(session: SessionState) -> bool {
    match session {
        SessionState::Waiting | SessionState::LoggedOut => true,
        SessionState::Starting
        | SessionState::Connected
        | SessionState::PasskeyRequired
        | SessionState::Blocked
        | SessionState::Failed
        | SessionState::Unknown => false,
    }
}

/// Whether a provider that said "done" may be in it.
const fn is_on_its_way(session: SessionState) -> bool {
    match session {
        SessionState::Starting
        | SessionState::Waiting
        | SessionState::LoggedOut
        | SessionState::PasskeyRequired
        | SessionState::Failed
        | SessionState::Unknown => true,
        // A blocked account is a linked one.
        SessionState::Connected | SessionState::Blocked => false,
    }
}
