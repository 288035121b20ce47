//! What other processes are at, or came to before this one.

use std::time::Duration;

use super::issue::IssueOutcome;
use super::mint::Minted;
use super::{Service, ServiceError};
use crate::domain::{Connection, PassId, PassRequest, PassState, Timestamp};
use crate::provider::Issued;
use crate::store::{IdempotencyKey, PassRow};

/// How often an issue of another process is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Service {
    /// Waits for an issue of another process that is what is asked for. None if it came to nothing: the way is free, or
    /// it is to be settled.
    pub(super) async fn wait_elsewhere(
        &self,
        connection: &Connection,
        pass: &PassRow,
        request: &PassRequest,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<IssueOutcome>, ServiceError> {
        let same = pass.method == request.method()
            && match self.code_limit(request, self.now())? {
                Some(limit) => self.store().is_code_for(&pass.id, &limit.phone).await?,
                None => true,
            };
        if !same {
            // Its key must not stand for what does not answer it, and a code for another phone would be of no use.
            if let Some(key) = key {
                self.store().free_key(&connection.id, key).await?;
            }
            return Err(ServiceError::Busy);
        }
        let ended = async {
            loop {
                match self.store().pass(&pass.id).await? {
                    Some(row) if row.is_under_way(self.now()) => {
                        tokio::time::sleep(LOOK_EVERY).await;
                    }
                    ended => return Ok::<_, ServiceError>(ended),
                }
            }
        };
        let Ok(ended) = tokio::time::timeout(self.pace().patience, ended).await else {
            return Ok(Some(IssueOutcome::Pending));
        };
        let Some(row) = ended? else { return Ok(None) };
        match row.state {
            PassState::Live => {
                let pass = self.open_pass(connection, &row).await?;
                Ok(pass.map(|pass| IssueOutcome::Issued {
                    pass,
                    replaced: row.replaced,
                    repeated: false,
                }))
            }
            PassState::Revoking | PassState::Revoked | PassState::Withdrawn => {
                Err(ServiceError::RevokedDuringIssue)
            }
            PassState::Minting | PassState::Replaced | PassState::Expired | PassState::Failed => {
                Ok(None)
            }
        }
    }

    /// What the provider issued came to a process that had lost its turn meanwhile: somebody else has settled it. Either
    /// that found it and made it live, or it has yet to be taken back.
    pub(super) async fn come_late(
        &self,
        connection: &Connection,
        pass: &PassId,
        issued: Issued,
    ) -> Result<Minted, ServiceError> {
        let Some(row) = self.store().pass(pass).await? else {
            return Err(ServiceError::NotFound);
        };
        if row.state == PassState::Live
            && let Some(live) = self.open_pass(connection, &row).await?
            && live.content.secret().expose() == issued.content.secret().expose()
        {
            return Ok(Minted {
                pass: live,
                replaced: row.replaced,
                found: false,
            });
        }
        self.take_back(connection, &row, issued.expires_at).await?;
        Err(ServiceError::RevokedDuringIssue)
    }

    /// Has it taken back what the provider may have made for a process that had lost its turn meanwhile.
    pub(super) async fn take_back(
        &self,
        connection: &Connection,
        pass: &PassRow,
        dead_by: Timestamp,
    ) -> Result<(), ServiceError> {
        tracing::warn!(connection.id = %connection.id, pass.id = %pass.id, "a provider's answer came late, and is taken back");
        self.store().reopen_revoke(&pass.id, dead_by).await?;
        self.settle_soon(connection.id.clone());
        Ok(())
    }
}
