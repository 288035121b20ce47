//! Rows into our types.

use pairlink_protocol::{Action, ProblemCode};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::super::{
    Attempt, DeliveryRow, LostTime, PassRow, SealedRow, ShareLinkRow, StoreError, WebhookRow,
};
use crate::domain::{
    ApiKey, ApiKeyId, Connection, ConnectionId, DeliveryId, DeliveryState, EmbedGrant,
    EmbedTokenId, Event, EventKind, Label, Notice, NoticeKind, Origin, PassId, PassState,
    SessionState, ShareLinkId, ShareLinkState, Tenant, TenantScope, Timestamp, Webhook, WebhookId,
};
use crate::vault::{KeyPurpose, Sealed, WrappedKey};

fn text(row: &SqliteRow, column: &'static str) -> Result<String, StoreError> {
    row.try_get(column).map_err(StoreError::Database)
}

fn optional_text(row: &SqliteRow, column: &'static str) -> Result<Option<String>, StoreError> {
    row.try_get(column).map_err(StoreError::Database)
}

fn instant(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StoreError> {
    row.try_get(column)
        .map(Timestamp::from_unix_millis)
        .map_err(StoreError::Database)
}

fn optional_instant(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = row.try_get(column).map_err(StoreError::Database)?;
    Ok(millis.map(Timestamp::from_unix_millis))
}

/// Reads a text that stands for one of ours.
fn read<T>(
    row: &SqliteRow,
    column: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(&text(row, column)?).ok_or(StoreError::Unreadable(column))
}

pub(super) fn wrapped_key(row: &SqliteRow) -> Result<WrappedKey, StoreError> {
    Ok(WrappedKey {
        id: text(row, "id")?,
        purpose: read(row, "purpose", KeyPurpose::from_name)?,
        wrapped: text(row, "wrapped")?,
        wrapped_by: optional_text(row, "wrapped_by")?,
        retired_at: optional_instant(row, "retired_at")?,
    })
}

pub(super) fn sealed_row(row: &SqliteRow) -> Result<SealedRow, StoreError> {
    Ok(SealedRow {
        tenant: text(row, "tenant")?,
        row: text(row, "row_name")?,
        sealed: text(row, "sealed").map(Sealed)?,
    })
}

pub(super) fn lost_time(row: &SqliteRow) -> Result<LostTime, StoreError> {
    Ok(LostTime {
        connection: ConnectionId::from_text(text(row, "connection")?),
        began_at: instant(row, "began_at")?,
        ended_at: instant(row, "ended_at")?,
    })
}

/// Which tenants a row is about; null stands for all.
fn scope(row: &SqliteRow) -> Result<TenantScope, StoreError> {
    Ok(match optional_text(row, "tenant")? {
        None => TenantScope::All,
        Some(tenant) => TenantScope::One(
            Tenant::parse(&tenant).map_err(|_cause| StoreError::Unreadable("tenant"))?,
        ),
    })
}

pub(super) fn api_key(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: ApiKeyId::from_text(text(row, "id")?),
        scope: scope(row)?,
        last_four: text(row, "last_four")?,
        created_at: instant(row, "created_at")?,
        revoked_at: optional_instant(row, "revoked_at")?,
    })
}

pub(super) fn embed_grant(row: &SqliteRow) -> Result<EmbedGrant, StoreError> {
    let revoked: i64 = row.try_get("revoked").map_err(StoreError::Database)?;
    Ok(EmbedGrant {
        id: EmbedTokenId::from_text(text(row, "id")?),
        connection: ConnectionId::from_text(text(row, "connection")?),
        actions: read(row, "actions", |names| {
            names
                .split(' ')
                .map(|name| {
                    Action::ALL
                        .into_iter()
                        .find(|action| action.as_str() == name)
                })
                .collect()
        })?,
        origins: read(row, "origins", |origins| {
            origins
                .split(' ')
                .map(|text| Origin::parse(text).ok())
                .collect()
        })?,
        expires_at: instant(row, "expires_at")?,
        revoked: revoked != 0,
    })
}

fn session(name: &str) -> Option<SessionState> {
    SessionState::ALL
        .into_iter()
        .find(|state| state.as_str() == name)
}

pub(super) fn connection(row: &SqliteRow) -> Result<Connection, StoreError> {
    Ok(Connection {
        id: ConnectionId::from_text(text(row, "id")?),
        tenant: read(row, "tenant", |name| Tenant::parse(name).ok())?,
        provider: text(row, "provider")?,
        label: read(row, "label", |label| Label::parse(label).ok())?,
        base_url: optional_text(row, "base_url")?,
        session: read(row, "session", session)?,
        session_checked_at: optional_instant(row, "session_checked_at")?,
        last_error: optional_text(row, "last_error")?.map(|code| ProblemCode::from_name(&code)),
        credentials_set_at: instant(row, "credentials_set_at")?,
        created_at: instant(row, "created_at")?,
    })
}

pub(super) fn credentials(row: &SqliteRow) -> Result<Sealed, StoreError> {
    text(row, "credentials").map(Sealed)
}

pub(super) fn pass(row: &SqliteRow) -> Result<PassRow, StoreError> {
    let replaced: i64 = row.try_get("replaced").map_err(StoreError::Database)?;
    Ok(PassRow {
        id: PassId::from_text(text(row, "id")?),
        connection: ConnectionId::from_text(text(row, "connection")?),
        method: read(row, "method", |name| name.parse().ok())?,
        state: read(row, "state", PassState::from_name)?,
        content: optional_text(row, "content")?.map(Sealed),
        requested_at: instant(row, "requested_at")?,
        issued_at: optional_instant(row, "issued_at")?,
        expires_at: instant(row, "expires_at")?,
        replaced: replaced != 0,
    })
}

pub(super) fn share_link(row: &SqliteRow) -> Result<ShareLinkRow, StoreError> {
    Ok(ShareLinkRow {
        id: ShareLinkId::from_text(text(row, "id")?),
        connection: ConnectionId::from_text(text(row, "connection")?),
        token: optional_text(row, "token")?.map(Sealed),
        state: read(row, "state", ShareLinkState::from_name)?,
        issued_at: instant(row, "issued_at")?,
        expires_at: instant(row, "expires_at")?,
    })
}

pub(super) fn event(row: &SqliteRow) -> Result<Event, StoreError> {
    Ok(Event {
        sequence: row.try_get("sequence").map_err(StoreError::Database)?,
        connection: ConnectionId::from_text(text(row, "connection")?),
        kind: read(row, "kind", |name| name.parse::<EventKind>().ok())?,
    })
}

pub(super) fn notice(row: &SqliteRow) -> Result<Notice, StoreError> {
    Ok(Notice {
        sequence: row.try_get("sequence").map_err(StoreError::Database)?,
        connection: ConnectionId::from_text(text(row, "connection")?),
        tenant: read(row, "tenant", |name| Tenant::parse(name).ok())?,
        provider: text(row, "provider")?,
        label: read(row, "label", |label| Label::parse(label).ok())?,
        kind: read(row, "kind", NoticeKind::from_name)?,
        detail: optional_text(row, "detail")?,
        at: instant(row, "at")?,
    })
}

pub(super) fn webhook(row: &SqliteRow) -> Result<WebhookRow, StoreError> {
    let events = match optional_text(row, "events")? {
        None => None,
        Some(names) => {
            let kinds: Option<_> = names.split(' ').map(NoticeKind::from_name).collect();
            Some(kinds.ok_or(StoreError::Unreadable("events"))?)
        }
    };
    Ok(WebhookRow {
        webhook: Webhook {
            id: WebhookId::from_text(text(row, "id")?),
            scope: scope(row)?,
            events,
            created_at: instant(row, "created_at")?,
            disabled_at: optional_instant(row, "disabled_at")?,
        },
        url: text(row, "url").map(Sealed)?,
        secret: text(row, "secret").map(Sealed)?,
    })
}

pub(super) fn attempt(row: &SqliteRow) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: DeliveryId::from_text(text(row, "id")?),
        body: text(row, "body")?,
        number: row.try_get("attempts").map_err(StoreError::Database)?,
    })
}

pub(super) fn delivery(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: DeliveryId::from_text(text(row, "id")?),
        kind: read(row, "kind", NoticeKind::from_name)?,
        state: read(row, "state", DeliveryState::from_name)?,
        attempts: row.try_get("attempts").map_err(StoreError::Database)?,
        outcome: optional_text(row, "outcome")?,
        due_at: instant(row, "due_at")?,
        created_at: instant(row, "created_at")?,
        ended_at: optional_instant(row, "ended_at")?,
    })
}
