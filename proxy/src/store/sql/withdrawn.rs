//! Passes that nobody can take back: given out no more, alive at the provider until their end.

use super::ends::end_live;
use super::passes::in_state;
use super::{About, SqlStore, audit, commit, publish, rounds};
use crate::domain::{ConnectionId, EventKind, Method, Outcome, PassId, PassState, is_exclusive};
use crate::store::{Change, StoreError};

pub(super) async fn abandon_issue(
    store: &SqlStore,
    id: &PassId,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let mut transaction = store.begin_of_passes(std::slice::from_ref(id)).await?;
    let Some(minting) = in_state(&mut transaction, id, PassState::Minting).await? else {
        return Ok(());
    };
    sqlx::query(
        "-- abandon_issue
         UPDATE passes SET state = 'withdrawn', ended_at = $2 WHERE id = $1 AND state = 'minting'",
    )
    .bind(id.as_str())
    .bind(change.at.unix_millis())
    .execute(&mut *transaction)
    .await
    .map_err(StoreError::Database)?;
    // Nobody got it, so whoever repeats the request is to get another.
    sqlx::query("-- free_key\nDELETE FROM idempotency_keys WHERE pass = $1")
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
    if is_exclusive(minting.method) {
        end_live(&mut transaction, &minting, PassState::Withdrawn, change.at).await?;
    }
    if minting.method == Method::Qr {
        rounds::end(&mut transaction, &minting.connection).await?;
    }
    publish(
        &mut transaction,
        &minting.connection,
        EventKind::Resync,
        change.at,
    )
    .await?;
    audit(
        &mut transaction,
        change,
        "pass.issue",
        minting.connection.as_str(),
        Outcome::Failed,
    )
    .await?;
    commit(transaction).await
}

pub(super) async fn withdraw_live(
    store: &SqlStore,
    connection: &ConnectionId,
    method: Method,
    change: Change<'_>,
) -> Result<Vec<PassId>, StoreError> {
    let mut transaction = store.begin(&[About::Connection(connection)]).await?;
    let withdrawn = sqlx::query(
        "-- withdraw_live
         UPDATE passes SET state = 'revoking', content = NULL, ended_at = $3
         WHERE connection = $1 AND method = $2 AND state = 'live'",
    )
    .bind(connection.as_str())
    .bind(method.as_str())
    .bind(change.at.unix_millis())
    .execute(&mut *transaction)
    .await
    .map_err(StoreError::Database)?
    .rows_affected();
    if method == Method::Qr {
        rounds::end(&mut transaction, connection).await?;
    }
    if withdrawn > 0 {
        publish(&mut transaction, connection, EventKind::Revoked, change.at).await?;
    }
    audit(
        &mut transaction,
        change,
        "pass.revoke",
        connection.as_str(),
        Outcome::Started,
    )
    .await?;
    let revoking: Vec<String> = sqlx::query_scalar(
        "-- revoking_of_method
         SELECT id FROM passes WHERE connection = $1 AND method = $2 AND state = 'revoking'",
    )
    .bind(connection.as_str())
    .bind(method.as_str())
    .fetch_all(&mut *transaction)
    .await
    .map_err(StoreError::Database)?;
    commit(transaction).await?;
    Ok(revoking.into_iter().map(PassId::from_text).collect())
}

pub(super) async fn leave_to_end(
    store: &SqlStore,
    passes: &[PassId],
    change: Change<'_>,
) -> Result<(), StoreError> {
    let mut transaction = store.begin_of_passes(passes).await?;
    for id in passes {
        let Some(revoking) = in_state(&mut transaction, id, PassState::Revoking).await? else {
            continue;
        };
        sqlx::query(
            "-- leave_to_end
             UPDATE passes SET state = 'withdrawn', content = NULL WHERE id = $1 AND state = 'revoking'",
        )
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::Database)?;
        audit(
            &mut transaction,
            change,
            "pass.withdraw",
            revoking.connection.as_str(),
            Outcome::Done,
        )
        .await?;
    }
    commit(transaction).await
}
