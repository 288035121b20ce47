//! Rows into our types.

use pairlink_protocol::{Action, ProblemCode};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::super::{PassRow, ShareLinkRow, StoreError};
use crate::domain::{
    ApiKey, ApiKeyId, Connection, ConnectionId, EmbedGrant, EmbedTokenId, Event, EventKind, Label,
    Origin, PassId, PassState, SessionState, ShareLinkId, ShareLinkState, Tenant, TenantScope,
    Timestamp,
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
    })
}

pub(super) fn api_key(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    let scope = match optional_text(row, "tenant")? {
        None => TenantScope::All,
        Some(tenant) => TenantScope::One(
            Tenant::parse(&tenant).map_err(|_cause| StoreError::Unreadable("tenant"))?,
        ),
    };
    Ok(ApiKey {
        id: ApiKeyId::from_text(text(row, "id")?),
        scope,
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
