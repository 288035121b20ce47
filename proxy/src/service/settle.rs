//! Settles what nobody knows: an intent whose answer was lost, a revocation that the provider has not confirmed.

use super::mint::Minted;
use super::turns::Turn;
use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, PassState, Timestamp};
use crate::provider::{Account, Current, Issued, Offer, Provider, ProviderError};
use crate::store::{Change, PassRow};

/// How far the provider's clock may be from ours when we tell its links from those of others.
pub(super) const CLOCK_LEEWAY_MILLIS: i64 = 120_000;

impl Service {
    /// Settles one pass, in its connection's turn.
    pub(super) async fn settle(&self, pass: &PassRow) -> Result<(), ServiceError> {
        // What came out of a backup is told from what others made before anything is taken back.
        if self.store().lost_time(&pass.connection).await?.is_some() {
            return self.find_out(&pass.connection).await;
        }
        let turn = self.turn(&pass.connection).await?;
        // An intent that was committed a moment ago may not have been entered yet.
        drop(self.0.flights.beginning(&pass.connection).await);
        // While waiting for the turn somebody may have settled it.
        let Some(pass) = self.store().pass(&pass.id).await? else {
            return Ok(());
        };
        if self.0.flights.of(&pass.id).is_some() || pass.is_under_way(self.now()) {
            return Ok(());
        }
        let actor = Actor::pairlink();
        let (connection, provider, account) = self.account(&pass.connection).await?;
        let settled = self
            .settle_in_turn(
                &turn,
                &pass,
                &connection,
                provider.as_ref(),
                &account,
                &actor,
                None,
            )
            .await;
        if let Err(ServiceError::Provider(error)) = &settled {
            self.note_error(&pass.connection, *error).await;
        }
        self.hint();
        settled.map(|_minted| ())
    }

    /// Settles one pass in the caller's turn. What the provider did issue is taken over. `said` is what it said when
    /// it was asked for the pass, where that is known.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a call needs, found once by the caller"
    )]
    pub(super) async fn settle_in_turn(
        &self,
        turn: &Turn,
        pass: &PassRow,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        actor: &Actor,
        said: Option<ProviderError>,
    ) -> Result<Option<Minted>, ServiceError> {
        let change = Change {
            actor,
            at: self.now(),
        };
        match pass.state {
            PassState::Minting => {
                self.settle_intent(turn, pass, connection, provider, account, actor, said)
                    .await
            }
            PassState::Revoking if !provider.profile().revokes(pass.method) => {
                self.store()
                    .leave_to_end(std::slice::from_ref(&pass.id), change)
                    .await?;
                Ok(None)
            }
            PassState::Revoking => {
                self.settle_revoking(pass, connection, provider, account, actor)
                    .await?;
                Ok(None)
            }
            PassState::Live
            | PassState::Revoked
            | PassState::Withdrawn
            | PassState::Replaced
            | PassState::Expired
            | PassState::Failed => Ok(None),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a call needs, found once by the caller"
    )]
    async fn settle_intent(
        &self,
        turn: &Turn,
        pass: &PassRow,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        actor: &Actor,
        said: Option<ProviderError>,
    ) -> Result<Option<Minted>, ServiceError> {
        if defect!("no-intent-row") {
            // As after a crash before which nothing was written down.
            let at = self.now();
            self.store()
                .fail_issue(&pass.id, false, Change { actor, at })
                .await?;
            return Ok(None);
        }
        let offer = provider
            .profile()
            .offer(pass.method)
            .ok_or(ServiceError::MethodNotOffered)?;
        let current = self
            .patiently(|| provider.current(account, pass.method, self.now()))
            .await?;
        let change = Change {
            actor,
            at: self.now(),
        };
        match current {
            Current::Alive(issued) if self.is_earlier(connection, pass, &issued).await? => {
                // The one before is still there: the provider never did it.
                self.store().fail_issue(&pass.id, false, change).await?;
            }
            Current::Alive(issued) if was_made_by(&issued, pass, offer, change.at) => {
                return self
                    .complete(turn, connection, provider, account, &pass.id, issued, actor)
                    .await
                    .map(Some);
            }
            Current::Alive(_foreign) => {
                // Somebody else speaks for this account too. Theirs is left alone; ours is dead by it.
                tracing::warn!(connection.id = %connection.id, "the provider has a pass that Pairlink did not ask for");
                self.store().fail_issue(&pass.id, true, change).await?;
            }
            Current::Nothing => {
                self.store().fail_issue(&pass.id, true, change).await?;
            }
            // There is nobody else to ask, so who refused is believed.
            Current::Untold if said.is_some_and(ProviderError::is_refusal) => {
                self.store().fail_issue(&pass.id, false, change).await?;
            }
            // Nobody will ever know, and nobody has it: it must not stand in the way until its end.
            Current::Untold => self.store().abandon_issue(&pass.id, change).await?,
        }
        Ok(None)
    }

    /// Whether what is alive is the pass that was live before this one was asked for.
    async fn is_earlier(
        &self,
        connection: &Connection,
        pass: &PassRow,
        issued: &Issued,
    ) -> Result<bool, ServiceError> {
        for row in self.store().live_passes(&connection.id, self.now()).await? {
            if row.method == pass.method
                && let Some(earlier) = self.open_pass(connection, &row).await?
                && earlier.content.secret().expose() == issued.content.secret().expose()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Has the provider take back what is being revoked. If there is a live pass beside it, then what is taken back was
    /// made by somebody who was late: either it died by the live one, or the live one is dead by it.
    async fn settle_revoking(
        &self,
        pass: &PassRow,
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let mut names = vec![pass.id.clone()];
        let live = self.store().live_passes(&connection.id, self.now()).await?;
        if live.iter().any(|row| row.method == pass.method) {
            let current = self
                .patiently(|| provider.current(account, pass.method, self.now()))
                .await?;
            let at = self.now();
            let change = Change { actor, at };
            if let Current::Alive(issued) = &current
                && self.is_earlier(connection, pass, issued).await?
            {
                return Ok(self.store().finish_revoke(&names, change).await?);
            }
            // What was only asked for meanwhile waits for this turn, and is not touched by it.
            names.extend(
                self.store()
                    .withdraw_live(&connection.id, pass.method, change)
                    .await?,
            );
        }
        self.revoke_upstream(provider, account).await?;
        let at = self.now();
        Ok(self
            .store()
            .finish_revoke(&names, Change { actor, at })
            .await?)
    }

    /// Settles everything that is unsettled and that nobody is at, unless the store observes. False if something still is.
    pub(super) async fn settle_all(&self) -> Result<bool, ServiceError> {
        if self.observing_since().await?.is_some() || defect!("no-settle") {
            return Ok(true);
        }
        let mut all = self.find_out_all().await?;
        let flights = &self.0.flights;
        let unsettled = self.store().unsettled().await?;
        for pass in unsettled {
            if flights.of(&pass.id).is_some() || pass.is_under_way(self.now()) {
                continue;
            }
            if let Err(error) = self.settle(&pass).await {
                tracing::warn!(connection.id = %pass.connection, pass.id = %pass.id, error.code = error.code().as_str(), "cannot settle yet");
                all = false;
            }
        }
        self.store().forget_removed().await?;
        Ok(all)
    }

    /// Settles a connection's passes in the background.
    pub(super) fn settle_soon(&self, connection: ConnectionId) {
        let service = self.clone();
        self.0.tasks.spawn(async move {
            // If that is not known, the next round settles.
            if !matches!(service.observing_since().await, Ok(None)) {
                return;
            }
            let unsettled = service.store().unsettled_of(&connection).await.unwrap_or_default();
            for pass in unsettled {
                if let Err(error) = service.settle(&pass).await {
                    tracing::warn!(connection.id = %connection, pass.id = %pass.id, error.code = error.code().as_str(), "cannot settle yet");
                }
            }
            if let Err(error) = service.store().forget_removed().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot forget credentials yet");
            }
        });
    }
}

/// When the life of what is alive began.
pub(super) fn began(issued: &Issued, offer: &Offer) -> Timestamp {
    issued.expires_at.plus_millis(-offer.longest_millis())
}

/// Whether what is alive was made by the call that this intent was written for: its life began in that window.
fn was_made_by(issued: &Issued, pass: &PassRow, offer: &Offer, now: Timestamp) -> bool {
    let began = began(issued, offer);
    began >= pass.requested_at.plus_millis(-CLOCK_LEEWAY_MILLIS)
        && began <= now.plus_millis(CLOCK_LEEWAY_MILLIS)
}
