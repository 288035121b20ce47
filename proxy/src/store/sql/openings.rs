//! Accounts that are opened at providers.

use async_trait::async_trait;
use sqlx::Row as _;

use super::{About, DbConnection, SqlStore, audit, commit, connections, phones, publish};
use crate::domain::{ConnectionId, EventKind, Outcome};
use crate::store::{
    BegunOpening, Change, IdempotencyKey, NewOpening, OpeningStore, StoreError, UnfinishedOpening,
};
use crate::vault::Sealed;

const ACTION: &str = "connection.open_account";

#[async_trait]
impl OpeningStore for SqlStore {
    async fn begin_opening(
        &self,
        opening: &NewOpening,
        change: Change<'_>,
    ) -> Result<BegunOpening, StoreError> {
        let mut transaction = self
            .begin(&[About::Openings(opening.connection.tenant.as_str())])
            .await?;
        let connection = &opening.connection;
        let tenant = connection.tenant.as_str();
        if let Some(key) = &opening.idempotency
            && let Some(known) = repeated(&mut transaction, tenant, key).await?
        {
            return Ok(known);
        }
        connections::insert(&mut transaction, connection, &opening.credentials).await?;
        let key = opening.idempotency.as_ref();
        sqlx::query(
            "-- begin_opening
             INSERT INTO openings (connection, tenant, key_hash, request_hash, credential, state, created_at)
             VALUES ($1, $2, $3, $4, $5, 'opening', $6)",
        )
        .bind(connection.id.as_str())
        .bind(tenant)
        .bind(key.map(|key| key.key.0.as_str()))
        .bind(key.map(|key| key.request.0.as_str()))
        .bind(opening.credential)
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        let id = connection.id.as_str();
        audit(&mut transaction, change, ACTION, id, Outcome::Started).await?;
        phones::expect(&mut transaction, &connection.id, &opening.phone, change).await?;
        commit(transaction).await?;
        Ok(BegunOpening::Intended)
    }

    async fn finish_opening(
        &self,
        connection: &ConnectionId,
        credentials: &Sealed,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        let finished = sqlx::query(
            "-- finish_opening
             UPDATE openings SET state = 'open'
             WHERE connection = $1 AND state = 'opening'
               AND EXISTS (SELECT 1 FROM connections WHERE id = $1 AND removed_at IS NULL)",
        )
        .bind(connection.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if finished == 0 {
            return Ok(false);
        }
        sqlx::query(
            "-- complete_credentials
             UPDATE connections SET credentials = $2, credentials_set_at = $3, last_error = NULL WHERE id = $1",
        )
        .bind(connection.as_str())
        .bind(&credentials.0)
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        let id = connection.as_str();
        audit(&mut transaction, change, ACTION, id, Outcome::Done).await?;
        publish(&mut transaction, connection, EventKind::State, change.at).await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn abandon_opening(
        &self,
        connection: &ConnectionId,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Connection(connection)]).await?;
        let abandoned = sqlx::query(
            "-- abandon_opening
             DELETE FROM openings WHERE connection = $1 AND state = 'opening'",
        )
        .bind(connection.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?
        .rows_affected();
        if abandoned == 1 {
            sqlx::query(
                "-- remove_unopened
                 UPDATE connections SET removed_at = $2, credentials = NULL WHERE id = $1",
            )
            .bind(connection.as_str())
            .bind(change.at.unix_millis())
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
            let id = connection.as_str();
            audit(&mut transaction, change, ACTION, id, Outcome::Failed).await?;
        }
        commit(transaction).await
    }

    async fn unfinished_openings(&self) -> Result<Vec<UnfinishedOpening>, StoreError> {
        let rows = sqlx::query(
            "-- unfinished_openings
             SELECT connection, credential FROM openings WHERE state = 'opening'",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(StoreError::Database)?;
        rows.iter()
            .map(|row| {
                let text = |column| {
                    row.try_get::<String, _>(column)
                        .map_err(StoreError::Database)
                };
                Ok(UnfinishedOpening {
                    connection: ConnectionId::from_text(text("connection")?),
                    credential: text("credential")?,
                })
            })
            .collect()
    }
}

/// What the key stands for, if it came before.
async fn repeated(
    connection: &mut DbConnection,
    tenant: &str,
    key: &IdempotencyKey,
) -> Result<Option<BegunOpening>, StoreError> {
    let found = sqlx::query(
        "-- repeated_opening
         SELECT connection, request_hash FROM openings WHERE tenant = $1 AND key_hash = $2",
    )
    .bind(tenant)
    .bind(&key.key.0)
    .fetch_optional(connection)
    .await
    .map_err(StoreError::Database)?;
    let Some(row) = found else {
        return Ok(None);
    };
    let request: String = row.try_get("request_hash").map_err(StoreError::Database)?;
    let id: String = row.try_get("connection").map_err(StoreError::Database)?;
    Ok(Some(if request == key.request.0 {
        BegunOpening::Repeated(ConnectionId::from_text(id))
    } else {
        BegunOpening::KeyReused
    }))
}
