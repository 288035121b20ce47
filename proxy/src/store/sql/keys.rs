//! Data keys, and the values that are sealed by them.

use async_trait::async_trait;

use sqlx::AssertSqlSafe;

use super::{About, DbConnection, DbRow, SqlStore, audit, commit, row};
use crate::domain::{Outcome, Timestamp};
use crate::store::{Change, KeyStore, Resealed, SealedRow, StoreError};
use crate::vault::{SEALED_COLUMNS, Sealed, SealedColumn, TenantOf, WrappedKey};

/// The one that seals stands last.
const READ: &str = "-- data_keys
     SELECT id, purpose, wrapped, wrapped_by, retired_at FROM data_keys
     ORDER BY CASE WHEN retired_at IS NULL THEN 1 ELSE 0 END, created_at, id";

#[async_trait]
impl KeyStore for SqlStore {
    async fn data_keys_or(
        &self,
        new: &[WrappedKey],
        at: Timestamp,
    ) -> Result<Vec<WrappedKey>, StoreError> {
        let mut transaction = self.begin(&[About::Keys]).await?;
        let held = read(&mut transaction).await?;
        for key in new {
            if held.iter().all(|held| held.purpose != key.purpose) {
                add(&mut transaction, key, at).await?;
            }
        }
        let keys = read(&mut transaction).await?;
        commit(transaction).await?;
        Ok(keys)
    }

    async fn data_keys(&self) -> Result<Vec<WrappedKey>, StoreError> {
        let rows: Vec<DbRow> = sqlx::query(READ)
            .fetch_all(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        rows.iter().map(row::wrapped_key).collect()
    }

    async fn replace_data_key(
        &self,
        new: &WrappedKey,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(&[About::Keys]).await?;
        sqlx::query(
            "-- retire_data_keys
             UPDATE data_keys SET retired_at = $2 WHERE purpose = $1 AND retired_at IS NULL",
        )
        .bind(new.purpose.as_str())
        .bind(change.at.unix_millis())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        add(&mut transaction, new, change.at).await?;
        audit(
            &mut transaction,
            change,
            "data_key.create",
            &new.id,
            Outcome::Done,
        )
        .await?;
        commit(transaction).await
    }

    async fn rewrap_data_keys(
        &self,
        before: &[WrappedKey],
        after: &[WrappedKey],
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(&[About::Keys]).await?;
        let held = read(&mut transaction).await?;
        let same = held.len() == before.len()
            && held
                .iter()
                .zip(before)
                .all(|(held, before)| held.id == before.id && held.wrapped == before.wrapped);
        if !same {
            return Ok(false);
        }
        for key in after {
            sqlx::query(
                "-- rewrap_data_key
                 UPDATE data_keys SET wrapped = $2, wrapped_by = $3 WHERE id = $1",
            )
            .bind(&key.id)
            .bind(&key.wrapped)
            .bind(&key.wrapped_by)
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?;
        }
        let by = after.first().and_then(|key| key.wrapped_by.as_deref());
        let (action, object) = ("master_key.replace", by.unwrap_or_default());
        audit(&mut transaction, change, action, object, Outcome::Done).await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn sealed_by_others(
        &self,
        column: &SealedColumn,
        key: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SealedRow>, StoreError> {
        let tenant = tenant_of(column);
        let SealedColumn {
            table, column, row, ..
        } = column;
        let statement = format!(
            "-- sealed_by_others
             SELECT {tenant} AS tenant, {row} AS row_name, {column} AS sealed FROM {table}
             WHERE {column} IS NOT NULL AND SUBSTR({column}, 1, LENGTH($1)) <> $1 AND {row} > $2
             ORDER BY {row} LIMIT $3"
        );
        let rows = sqlx::query(listed(statement))
            .bind(Sealed::prefix(key))
            .bind(after.unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(&self.reader)
            .await
            .map_err(StoreError::Database)?;
        rows.iter().map(row::sealed_row).collect()
    }

    async fn reseal(&self, column: &SealedColumn, values: &[Resealed]) -> Result<u64, StoreError> {
        let SealedColumn {
            table, column, row, ..
        } = column;
        let statement = format!(
            "-- reseal\nUPDATE {table} SET {column} = $3 WHERE {row} = $1 AND {column} = $2"
        );
        let mut resealed = 0;
        // Each by itself: others change the same rows, in orders of their own.
        for value in values {
            resealed += sqlx::query(listed(statement.clone()))
                .bind(&value.row)
                .bind(&value.former.0)
                .bind(&value.sealed.0)
                .execute(&self.writer)
                .await
                .map_err(StoreError::Database)?
                .rows_affected();
        }
        Ok(resealed)
    }

    async fn remove_data_key(
        &self,
        key: &str,
        retired_before: Timestamp,
        change: Change<'_>,
    ) -> Result<bool, StoreError> {
        let unused: Vec<String> = SEALED_COLUMNS
            .iter()
            .map(|SealedColumn { table, column, .. }| {
                format!("AND NOT EXISTS (SELECT 1 FROM {table} WHERE SUBSTR({column}, 1, LENGTH($3)) = $3)")
            })
            .collect();
        let statement = format!(
            "-- remove_data_key\nDELETE FROM data_keys WHERE id = $1 AND retired_at <= $2 {}",
            unused.join(" ")
        );
        let mut transaction = self.begin(&[About::Keys]).await?;
        let removed = sqlx::query(listed(statement))
            .bind(key)
            .bind(retired_before.unix_millis())
            .bind(Sealed::prefix(key))
            .execute(&mut *transaction)
            .await
            .map_err(StoreError::Database)?
            .rows_affected();
        if removed == 1 {
            let action = "data_key.remove";
            audit(&mut transaction, change, action, key, Outcome::Done).await?;
        }
        commit(transaction).await?;
        Ok(removed == 1)
    }
}

/// A statement that is put together from the inventory, whose texts are constants of the program.
fn listed(statement: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(statement)
}

/// Where the tenant of a row stands. Nobody's name is empty: that stands for every tenant.
fn tenant_of(column: &SealedColumn) -> String {
    match column.tenant {
        TenantOf::Row => "COALESCE(tenant, '')".to_owned(),
        TenantOf::Connection => format!(
            "(SELECT c.tenant FROM connections c WHERE c.id = {}.connection)",
            column.table
        ),
    }
}

async fn read(database: &mut DbConnection) -> Result<Vec<WrappedKey>, StoreError> {
    let rows: Vec<DbRow> = sqlx::query(READ)
        .fetch_all(database)
        .await
        .map_err(StoreError::Database)?;
    rows.iter().map(row::wrapped_key).collect()
}

async fn add(
    database: &mut DbConnection,
    key: &WrappedKey,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- add_data_key
         INSERT INTO data_keys (id, purpose, wrapped, wrapped_by, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&key.id)
    .bind(key.purpose.as_str())
    .bind(&key.wrapped)
    .bind(&key.wrapped_by)
    .bind(at.unix_millis())
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}
