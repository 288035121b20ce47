//! The audit, read and chained. What writes its rows is one floor up, for every file here.

use async_trait::async_trait;

use super::{DbRow, SqlStore, audit, commit, row};
use crate::domain::{
    Actor, AuditEntry, AuditSeal, ChainEnd, ConnectionId, Outcome, SealedEntry, TenantScope,
    Timestamp,
};
use crate::store::about::About;
use crate::store::{AuditQuery, AuditStore, ChainPlace, Change, SealingTurn, StoreError};

/// What [`row::audit_entry`] reads.
macro_rules! columns {
    () => {
        "sequence, at, tenant, actor_kind, actor, action, object, outcome, request"
    };
}

#[async_trait]
impl AuditStore for SqlStore {
    async fn chain_end(&self) -> Result<ChainEnd, StoreError> {
        let found =
            sqlx::query("-- chain_end\nSELECT position, mac FROM audit_sealing WHERE id = 1")
                .fetch_one(&self.reader)
                .await
                .map_err(StoreError::Database)?;
        row::chain_end(&found)
    }

    async fn claim_sealing(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<SealingTurn>, StoreError> {
        let mut transaction = self.begin(&[About::Audit]).await?;
        let taken = sqlx::query(
            "-- claim_sealing
             UPDATE audit_sealing SET fence = fence + 1, leased_until = $2
             WHERE id = 1 AND (leased_until IS NULL OR leased_until <= $1)
             RETURNING fence, position, mac",
        )
        .bind(now.unix_millis())
        .bind(until.unix_millis())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        commit(transaction).await?;
        taken.as_ref().map(row::sealing_turn).transpose()
    }

    async fn release_sealing(&self, fence: i64) -> Result<(), StoreError> {
        sqlx::query(
            "-- release_sealing
             UPDATE audit_sealing SET leased_until = NULL WHERE id = 1 AND fence = $1",
        )
        .bind(fence)
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn unsealed_audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(concat!(
            "-- unsealed_audit\nSELECT ",
            columns!(),
            " FROM audit WHERE position IS NULL AND sequence > $1 ORDER BY sequence LIMIT $2"
        ))
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter().map(row::audit_entry).collect()
    }

    async fn seal_audit(
        &self,
        turn: &SealingTurn,
        seals: &[(i64, AuditSeal)],
        end: ChainEnd,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Audit]).await?;
        // First, so that whoever else seals waits for this row, and then finds another fence or another end.
        let held = sqlx::query(
            "-- lengthen_chain
             UPDATE audit_sealing SET position = $3, mac = $4 WHERE id = 1 AND fence = $1 AND position = $2",
        )
        .bind(turn.fence)
        .bind(turn.end.position)
        .bind(end.position)
        .bind(end.mac.to_text())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if held != 1 {
            return Ok(false);
        }
        for (sequence, seal) in seals {
            let sealed = sqlx::query(
                "-- seal_audit
                 UPDATE audit SET position = $2, sealed_by = $3, mac = $4
                 WHERE sequence = $1 AND position IS NULL",
            )
            .bind(sequence)
            .bind(seal.position)
            .bind(&seal.key)
            .bind(seal.mac.map(crate::domain::ChainMac::to_text))
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?
            .rows_affected();
            if sealed != 1 {
                return Ok(false);
            }
        }
        commit(transaction).await?;
        Ok(true)
    }

    async fn audit_chain(
        &self,
        after: ChainPlace,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError> {
        let (position, sequence) = after;
        let rows = sqlx::query(concat!(
            "-- audit_chain\nSELECT ",
            columns!(),
            ", position, sealed_by, mac FROM audit
             WHERE position IS NOT NULL AND (position > $1 OR (position = $1 AND sequence > $2))
             ORDER BY position, sequence LIMIT $3"
        ))
        .bind(position)
        .bind(sequence)
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        sealed(&rows)
    }

    async fn audit_of(
        &self,
        query: &AuditQuery,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError> {
        let tenant = match &query.scope {
            TenantScope::All => None,
            TenantScope::One(tenant) => Some(tenant.as_str()),
        };
        let rows = sqlx::query(concat!(
            "-- audit_of\nSELECT ",
            columns!(),
            ", position, sealed_by, mac FROM audit
             WHERE position > $1 AND ($2 IS NULL OR tenant = $2) AND ($3 IS NULL OR object = $3)
                   AND ($4 IS NULL OR at >= $4)
             ORDER BY position LIMIT $5"
        ))
        .bind(query.after)
        .bind(tenant)
        .bind(query.connection.as_ref().map(ConnectionId::as_str))
        .bind(query.since.map(Timestamp::unix_millis))
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        sealed(&rows)
    }

    async fn claim_head(
        &self,
        now: Timestamp,
        not_since: Timestamp,
    ) -> Result<Option<ChainEnd>, StoreError> {
        let mut transaction = self.begin(&[About::Audit]).await?;
        let claimed = sqlx::query(
            "-- claim_head
             UPDATE audit_sealing SET head_position = position, head_at = $1
             WHERE id = 1 AND head_position < position AND (head_at IS NULL OR head_at <= $2)
             RETURNING position, mac",
        )
        .bind(now.unix_millis())
        .bind(not_since.unix_millis())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        commit(transaction).await?;
        claimed.as_ref().map(row::chain_end).transpose()
    }

    async fn release_head(&self, position: i64) -> Result<(), StoreError> {
        sqlx::query(
            "-- release_head
             UPDATE audit_sealing SET head_position = 0, head_at = NULL WHERE id = 1 AND head_position = $1",
        )
        .bind(position)
        .execute(&self.writer)
        .await
        .map_err(StoreError::Database)?;
        Ok(())
    }

    async fn record_refusals(&self, count: u64, at: Timestamp) -> Result<(), StoreError> {
        let actor = Actor::pairlink();
        let change = Change { actor: &actor, at };
        let (action, object) = ("api_key.refuse", count.to_string());
        let mut transaction = self.begin(&[About::Audit]).await?;
        audit(&mut transaction, change, action, &object, Outcome::Done).await?;
        commit(transaction).await
    }
}

fn sealed(rows: &[DbRow]) -> Result<Vec<SealedEntry>, StoreError> {
    rows.iter().map(row::sealed_entry).collect()
}
