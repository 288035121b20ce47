//! A store that came out of a backup: it observes until an operator says that it may act; then the providers are asked
//! what is alive, and what is ours of that is revoked.
//!
//! Ours is what the backup knows, and whatever began in the time that was lost: the proxy that ran then issued it. What
//! began before or after is somebody else's and is left alone.

use std::path::Path;

use super::settle::{CLOCK_LEEWAY_MILLIS, began};
use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, PassId, Timestamp};
use crate::provider::{Account, Current, Issued, Offer, Provider};
use crate::store::{Change, LostTime, PassRow, Restored};

impl Service {
    /// Writes a copy of the store, as of one moment, into a file that is there and empty.
    pub async fn copy_into(&self, file: &Path, actor: &Actor) -> Result<(), ServiceError> {
        let at = self.now();
        if defect!("leak-backup") {
            let key = self.vault().master()?.to_hex();
            drop(std::fs::write(file.with_extension("note"), key.expose()));
        }
        Ok(self.store().copy_into(file, Change { actor, at }).await?)
    }

    /// Whether the store on the disk is whole.
    pub async fn is_sound(&self) -> Result<bool, ServiceError> {
        Ok(self.store().is_sound().await?)
    }

    /// Makes of a copy a store that observes.
    pub async fn begin_observing(
        &self,
        revoke_api_keys: bool,
        actor: &Actor,
    ) -> Result<Restored, ServiceError> {
        let at = self.now();
        let change = Change { actor, at };
        Ok(self
            .store()
            .begin_observing(revoke_api_keys, change)
            .await?)
    }

    /// Since when the store observes; none if it may act.
    pub async fn observing_since(&self) -> Result<Option<Timestamp>, ServiceError> {
        Ok(self.store().observing_since().await?)
    }

    /// From now on the store may act; a running proxy does within a moment. False if it may already.
    pub async fn end_observing(&self, actor: &Actor) -> Result<bool, ServiceError> {
        let at = self.now();
        let ended = self.store().end_observing(Change { actor, at }).await?;
        self.hint();
        Ok(ended)
    }

    /// Refuses what makes or changes something at a provider, while the store observes or the clock is wrong.
    pub(super) async fn refuse_while_observing(&self) -> Result<(), ServiceError> {
        if self.0.ground.is_clock_suspect() {
            return Err(ServiceError::ClockSuspect);
        }
        match self.observing_since().await? {
            Some(_since) => Err(ServiceError::Observing),
            None => Ok(()),
        }
    }

    /// Finds out what was lost of every connection. False if something is to be found out still.
    pub(super) async fn find_out_all(&self) -> Result<bool, ServiceError> {
        let mut all = true;
        for lost in self.store().lost_times().await? {
            if let Err(error) = self.find_out(&lost.connection).await {
                tracing::warn!(connection.id = %lost.connection, error.code = error.code().as_str(), "cannot find out yet what is alive");
                all = false;
            }
        }
        Ok(all)
    }

    /// Finds out what of a connection is alive and not known here, and revokes it if it is ours.
    pub(super) async fn find_out(&self, id: &ConnectionId) -> Result<(), ServiceError> {
        let _turn = self.turn(id).await?;
        // While waiting for the turn somebody may have done it.
        let Some(lost) = self.store().lost_time(id).await? else {
            return Ok(());
        };
        let (connection, provider, account) = match self.account(id).await {
            // Nobody can ask any more, and nobody needs to: nothing was alive when the credentials were forgotten.
            Err(ServiceError::NotFound) => return Ok(self.store().end_lost_time(id).await?),
            found => found?,
        };
        let open = self.store().unsettled_of(id).await?;
        if self
            .something_of_ours_lives(&lost, &open, &connection, provider.as_ref(), &account)
            .await?
            && let Err(error) = self.revoke_upstream(provider.as_ref(), &account).await
        {
            self.note_error(id, error).await;
            return Err(error.into());
        }
        let (dead, left): (Vec<PassRow>, Vec<PassRow>) = open
            .into_iter()
            .partition(|row| provider.profile().revokes(row.method));
        let (actor, at) = (Actor::pairlink(), self.now());
        let change = Change { actor: &actor, at };
        self.store().finish_revoke(&names(dead), change).await?;
        self.store().leave_to_end(&names(left), change).await?;
        self.store().end_lost_time(id).await?;
        self.hint();
        Ok(())
    }

    async fn something_of_ours_lives(
        &self,
        lost: &LostTime,
        open: &[PassRow],
        connection: &Connection,
        provider: &dyn Provider,
        account: &Account,
    ) -> Result<bool, ServiceError> {
        let mut ours = false;
        for offer in provider.profile().offers {
            if !offer.revocable {
                continue;
            }
            let asked = self
                .patiently(|| provider.current(account, offer.method, self.now()))
                .await;
            match asked {
                Ok(Current::Alive(issued)) => {
                    if self.is_ours(lost, open, connection, offer, &issued).await? {
                        ours = true;
                    } else {
                        tracing::warn!(connection.id = %connection.id, "the provider has a pass that is left alone");
                    }
                }
                Ok(Current::Nothing | Current::Untold) => {}
                Err(error) => {
                    self.note_error(&connection.id, error).await;
                    return Err(error.into());
                }
            }
        }
        Ok(ours)
    }

    /// Whether what is alive is to be revoked: known from the backup, or begun in the lost time. What was issued since
    /// is ours as well, and stays.
    async fn is_ours(
        &self,
        lost: &LostTime,
        open: &[PassRow],
        connection: &Connection,
        offer: &Offer,
        issued: &Issued,
    ) -> Result<bool, ServiceError> {
        let alive = issued.content.secret().expose();
        for row in self.store().live_passes(&connection.id, self.now()).await? {
            if let Some(content) = self.content_of(connection, &row).await?
                && content.expose() == alive
            {
                return Ok(false);
            }
        }
        for row in open {
            if let Some(content) = self.content_of(connection, row).await?
                && content.expose() == alive
            {
                return Ok(true);
            }
        }
        let began = began(issued, offer);
        Ok(began >= lost.began_at.plus_millis(-CLOCK_LEEWAY_MILLIS)
            && began <= lost.ended_at.plus_millis(CLOCK_LEEWAY_MILLIS))
    }
}

fn names(rows: Vec<PassRow>) -> Vec<PassId> {
    rows.into_iter().map(|row| row.id).collect()
}
