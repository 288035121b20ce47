//! `/v1/audit`.

use axum::Json;
use axum::extract::State;
use pairlink_protocol::{AuditActor, AuditEntry, AuditPage, Problem, ProblemCode};
use serde::Deserialize;

use super::api_keys::Backend;
use super::body::StrictQuery;
use super::problem::Failure;
use crate::domain::{ConnectionId, SealedEntry, Timestamp};
use crate::service::Service;

const PAGE_LENGTH: u32 = 100;

/// Which rows are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditQuery {
    after: Option<String>,
    connection: Option<String>,
    since: Option<String>,
}

/// Lists who did what when, a hundred at a time, from the beginning. What is done appears within a second. A key of one
/// tenant sees what is about that tenant.
#[utoipa::path(
    get, path = "/v1/audit", tag = "backend", security(("api_key" = [])),
    params(
        ("after" = Option<i64>, Query, description = "The `next` of the page before, or the last `position` that is known"),
        ("connection" = Option<String>, Query, description = "Only what was done to this connection"),
        ("since" = Option<String>, Query, description = "Only what was done at that instant (RFC 3339) or later"),
    ),
    responses(
        (status = 200, description = "A page of the audit; never a secret", body = AuditPage),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(service): State<Service>,
    backend: Backend,
    StrictQuery(query): StrictQuery<AuditQuery>,
) -> Result<Json<AuditPage>, Failure> {
    let after: i64 = read(query.after.as_deref(), "after")?.unwrap_or(0);
    // Whole seconds will do.
    let since = query.since.map(|since| match since.strip_suffix('Z') {
        Some(seconds) if seconds.len() == "2026-06-19T18:55:00".len() => format!("{seconds}.000Z"),
        Some(_) | None => since,
    });
    let since: Option<Timestamp> = read(since.as_deref(), "since")?;
    let connection = query.connection.map(ConnectionId::from_text);
    let scope = &backend.0.key.scope;
    let found = service
        .audit(scope, after, connection, since, PAGE_LENGTH)
        .await?;
    let entries: Vec<AuditEntry> = found.into_iter().map(entry).collect();
    let full = entries.len() == PAGE_LENGTH as usize;
    let last = entries.last().filter(|_last| full);
    let next = last.map(|last| last.position.to_string());
    Ok(Json(AuditPage { entries, next }))
}

fn read<T: std::str::FromStr>(text: Option<&str>, field: &str) -> Result<Option<T>, Failure> {
    let invalid = |_cause| Failure::field(ProblemCode::InvalidField, field);
    text.map(|text| text.parse().map_err(invalid)).transpose()
}

fn entry(SealedEntry { entry, seal }: SealedEntry) -> AuditEntry {
    AuditEntry {
        position: seal.position,
        at: entry.at,
        tenant: entry.tenant,
        actor: AuditActor {
            kind: entry.actor_kind,
            id: entry.actor,
        },
        action: entry.action,
        object: entry.object,
        outcome: entry.outcome,
        request_id: entry.request,
    }
}
