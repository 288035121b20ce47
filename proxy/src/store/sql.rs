//! The statements, in words that both databases take.
//!
//! This is compiled once for each of them, with `Db` and what belongs to it named by the file that includes it: generics
//! over databases drown in bounds, and a database that is chosen at run time shows what it does not take only then.
//! What a database says in its own way is in `super`: how it is opened, how a transaction begins, three statements.
//!
//! Numbers are `i64` on their way in and out: PostgreSQL has no unsigned ones.

#[path = "sql/access.rs"]
mod access;
#[path = "sql/audit.rs"]
mod audit;
#[path = "sql/connections.rs"]
mod connections;
#[path = "sql/credentials.rs"]
mod credentials;
#[path = "sql/ends.rs"]
mod ends;
#[path = "sql/events.rs"]
mod events;
#[path = "sql/idempotency.rs"]
mod idempotency;
#[path = "sql/keys.rs"]
mod keys;
#[path = "sql/logins.rs"]
mod logins;
#[path = "sql/notices.rs"]
mod notices;
#[path = "sql/openings.rs"]
mod openings;
#[path = "sql/passes.rs"]
mod passes;
#[path = "sql/phones.rs"]
mod phones;
#[path = "sql/reminders.rs"]
mod reminders;
#[path = "sql/restored.rs"]
mod restored;
#[path = "sql/rounds.rs"]
mod rounds;
#[path = "sql/row.rs"]
mod row;
#[path = "sql/share_links.rs"]
mod share_links;
#[path = "sql/tally.rs"]
mod tally;
#[path = "sql/tenants.rs"]
mod tenants;
#[path = "sql/turns.rs"]
mod turns;
#[path = "sql/webhooks.rs"]
mod webhooks;
#[path = "sql/withdrawn.rs"]
mod withdrawn;

use std::collections::BTreeSet;

use sqlx::Transaction;

use super::{Db, DbConnection, DbRow, LEAP_EVENT_NUMBERS, PUBLISH, SqlStore};
use crate::domain::{ConnectionId, EventKind, Outcome, PassId, RequestId, Tenant, Timestamp};
use crate::store::about::About;
use crate::store::{Change, StoreError};

/// How many connections one transaction is about at most. Each is a lock, and others want to go on meanwhile.
const AT_ONCE: usize = 50;

impl SqlStore {
    /// Begins a transaction about the connection of each of these passes. Passes stay with their connection.
    async fn begin_of_passes(
        &self,
        passes: &[PassId],
    ) -> Result<Transaction<'static, Db>, StoreError> {
        let mut connections = BTreeSet::new();
        for pass in passes {
            let connection: Option<String> = sqlx::query_scalar(
                "-- connection_of_pass\nSELECT connection FROM passes WHERE id = $1",
            )
            .bind(pass.as_str())
            .fetch_optional(&self.reader)
            .await
            .map_err(StoreError::Database)?;
            connections.extend(connection);
        }
        let connections: Vec<ConnectionId> = connections
            .into_iter()
            .map(ConnectionId::from_text)
            .collect();
        let about: Vec<About<'_>> = connections.iter().map(About::Connection).collect();
        self.begin(&about).await
    }
}

async fn commit(transaction: Transaction<'static, Db>) -> Result<(), StoreError> {
    transaction.commit().await.map_err(StoreError::Database)
}

/// Tells open pages. The transaction is about the connection.
async fn publish(
    database: &mut DbConnection,
    of: &ConnectionId,
    kind: EventKind,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(PUBLISH)
        .bind(of.as_str())
        .bind(kind.as_str())
        .bind(at.unix_millis())
        .execute(database)
        .await
        .map_err(StoreError::Database)?;
    Ok(())
}

/// Writes down who did what. `object` is a name of ours, never a secret.
async fn audit(
    database: &mut DbConnection,
    change: Change<'_>,
    action: &'static str,
    object: &str,
    outcome: Outcome,
) -> Result<(), StoreError> {
    audit_of(database, change, None, action, object, outcome).await
}

/// The same about a tenant that the object's name does not lead to.
async fn audit_of(
    database: &mut DbConnection,
    change: Change<'_>,
    tenant: Option<&Tenant>,
    action: &'static str,
    object: &str,
    outcome: Outcome,
) -> Result<(), StoreError> {
    sqlx::query(
        "-- audit
         INSERT INTO audit (at, tenant, actor_kind, actor, action, object, outcome, request)
         VALUES ($1, COALESCE($8, (SELECT tenant FROM connections WHERE id = $6
                                   UNION ALL SELECT tenant FROM webhooks WHERE id = $6
                                   UNION ALL SELECT tenant FROM api_keys WHERE id = $6)),
                 $2, $3, $4, $6, $5, $7)",
    )
    .bind(change.at.unix_millis())
    .bind(change.actor.kind.as_str())
    .bind(&change.actor.id)
    .bind(action)
    .bind(outcome.as_str())
    .bind(object)
    .bind(change.actor.request.as_ref().map(RequestId::as_str))
    .bind(tenant.map(Tenant::as_str))
    .execute(database)
    .await
    .map_err(StoreError::Database)?;
    Ok(())
}
