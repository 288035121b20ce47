//! Rows into our types.

use pairlink_protocol::{Action, ProblemCode};
use sqlx::Row as _;

use super::DbRow;
use crate::domain::{
    AccountCheck, AccountPolicy, ApiKey, ApiKeyId, Attention, AttentionReason, AuditEntry,
    AuditSeal, ChainEnd, ChainMac, Connection, ConnectionId, Days, DeliveryId, DeliveryState,
    EmbedGrant, EmbedTokenId, Event, EventKind, FixedLifetime, InvalidDays, Label, Notice,
    NoticeKind, Origin, PassId, PassState, Reminder, RenewalState, SealedEntry, SessionState,
    ShareLinkId, ShareLinkState, Tenant, TenantScope, Timestamp, TokenKind, Webhook, WebhookId,
};
use crate::store::{
    Attempt, CredentialRow, DeliveryRow, ExpectedPhone, HeldToken, LostTime, PassRow, QrRound,
    RenewalRow, SealedRow, SealingTurn, ShareLinkRow, StoreError, SuspendedTenant, WebhookRow,
};
use crate::vault::{KeyPurpose, Sealed, WrappedKey};

fn text(row: &DbRow, column: &'static str) -> Result<String, StoreError> {
    row.try_get(column).map_err(StoreError::Database)
}

fn optional_text(row: &DbRow, column: &'static str) -> Result<Option<String>, StoreError> {
    row.try_get(column).map_err(StoreError::Database)
}

fn instant(row: &DbRow, column: &'static str) -> Result<Timestamp, StoreError> {
    row.try_get(column)
        .map(Timestamp::from_unix_millis)
        .map_err(StoreError::Database)
}

fn optional_instant(row: &DbRow, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = row.try_get(column).map_err(StoreError::Database)?;
    Ok(millis.map(Timestamp::from_unix_millis))
}

fn number(row: &DbRow, column: &'static str) -> Result<u32, StoreError> {
    optional_number(row, column)?.ok_or(StoreError::Unreadable(column))
}

fn optional_number(row: &DbRow, column: &'static str) -> Result<Option<u32>, StoreError> {
    let number: Option<i64> = row.try_get(column).map_err(StoreError::Database)?;
    number
        .map(|number| u32::try_from(number).map_err(|_cause| StoreError::Unreadable(column)))
        .transpose()
}

/// Reads a text that stands for one of ours.
fn read<T>(
    row: &DbRow,
    column: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(&text(row, column)?).ok_or(StoreError::Unreadable(column))
}

/// As [`read`]; null stands for none.
fn optional<T>(
    row: &DbRow,
    column: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    optional_text(row, column)?
        .map(|text| parse(&text).ok_or(StoreError::Unreadable(column)))
        .transpose()
}

pub(super) fn wrapped_key(row: &DbRow) -> Result<WrappedKey, StoreError> {
    Ok(WrappedKey {
        id: text(row, "id")?,
        purpose: read(row, "purpose", KeyPurpose::from_name)?,
        wrapped: text(row, "wrapped")?,
        wrapped_by: optional_text(row, "wrapped_by")?,
        retired_at: optional_instant(row, "retired_at")?,
    })
}

pub(super) fn audit_entry(row: &DbRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        sequence: row.try_get("sequence").map_err(StoreError::Database)?,
        at: instant(row, "at")?,
        tenant: optional_text(row, "tenant")?,
        actor_kind: text(row, "actor_kind")?,
        actor: text(row, "actor")?,
        action: text(row, "action")?,
        object: text(row, "object")?,
        outcome: text(row, "outcome")?,
        request: optional_text(row, "request")?,
    })
}

/// A row with its place, whatever somebody may have written there in the place of its key and mac.
pub(super) fn sealed_entry(row: &DbRow) -> Result<SealedEntry, StoreError> {
    let mac = optional_text(row, "mac")?;
    Ok(SealedEntry {
        entry: audit_entry(row)?,
        seal: AuditSeal {
            position: row.try_get("position").map_err(StoreError::Database)?,
            key: optional_text(row, "sealed_by")?.unwrap_or_default(),
            mac: mac.as_deref().and_then(ChainMac::from_text),
        },
    })
}

/// Where the chain ends; nothing is sealed where there is no mac.
pub(super) fn chain_end(row: &DbRow) -> Result<ChainEnd, StoreError> {
    Ok(ChainEnd {
        position: row.try_get("position").map_err(StoreError::Database)?,
        mac: optional(row, "mac", ChainMac::from_text)?.unwrap_or(ChainMac::START),
    })
}

pub(super) fn sealing_turn(row: &DbRow) -> Result<SealingTurn, StoreError> {
    Ok(SealingTurn {
        fence: row.try_get("fence").map_err(StoreError::Database)?,
        end: chain_end(row)?,
    })
}

pub(super) fn expected_phone(row: &DbRow) -> Result<ExpectedPhone, StoreError> {
    Ok(ExpectedPhone {
        phone: text(row, "phone").map(Sealed)?,
        account: read(row, "account", AccountCheck::from_name)?,
        checked_at: optional_instant(row, "checked_at")?,
    })
}

pub(super) fn suspended_tenant(row: &DbRow) -> Result<SuspendedTenant, StoreError> {
    Ok(SuspendedTenant {
        tenant: read(row, "tenant", |name| Tenant::parse(name).ok())?,
        since: instant(row, "since")?,
    })
}

pub(super) fn sealed_row(row: &DbRow) -> Result<SealedRow, StoreError> {
    Ok(SealedRow {
        tenant: text(row, "tenant")?,
        row: text(row, "row_name")?,
        sealed: text(row, "sealed").map(Sealed)?,
    })
}

pub(super) fn lost_time(row: &DbRow) -> Result<LostTime, StoreError> {
    Ok(LostTime {
        connection: ConnectionId::from_text(text(row, "connection")?),
        began_at: instant(row, "began_at")?,
        ended_at: instant(row, "ended_at")?,
    })
}

/// Which tenants a row is about; null stands for all.
fn scope(row: &DbRow) -> Result<TenantScope, StoreError> {
    Ok(match optional_text(row, "tenant")? {
        None => TenantScope::All,
        Some(tenant) => TenantScope::One(
            Tenant::parse(&tenant).map_err(|_cause| StoreError::Unreadable("tenant"))?,
        ),
    })
}

pub(super) fn api_key(row: &DbRow) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: ApiKeyId::from_text(text(row, "id")?),
        scope: scope(row)?,
        last_four: text(row, "last_four")?,
        created_at: instant(row, "created_at")?,
        revoked_at: optional_instant(row, "revoked_at")?,
    })
}

pub(super) fn embed_grant(row: &DbRow) -> Result<EmbedGrant, StoreError> {
    let revoked: i64 = row.try_get("revoked").map_err(StoreError::Database)?;
    let suspended: i64 = row.try_get("suspended").map_err(StoreError::Database)?;
    let of_share_link: i64 = row.try_get("of_share_link").map_err(StoreError::Database)?;
    Ok(EmbedGrant {
        id: EmbedTokenId::from_text(text(row, "id")?),
        connection: ConnectionId::from_text(text(row, "connection")?),
        tenant: read(row, "tenant", |name| Tenant::parse(name).ok())?,
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
        suspended: suspended != 0,
        of_share_link: of_share_link != 0,
    })
}

fn session(name: &str) -> Option<SessionState> {
    SessionState::ALL
        .into_iter()
        .find(|state| state.as_str() == name)
}

pub(super) fn connection(row: &DbRow) -> Result<Connection, StoreError> {
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
        credentials_issued_at: instant(row, "credentials_issued_at")?,
        policy: policy(row)?,
        reminded: optional(row, "reminded", Reminder::from_name)?,
        trouble: trouble(row)?,
        clock_skew_millis: row
            .try_get("clock_skew_millis")
            .map_err(StoreError::Database)?,
        created_at: instant(row, "created_at")?,
    })
}

fn policy(row: &DbRow) -> Result<AccountPolicy, StoreError> {
    let days = |column| optional_number(row, column);
    let expires = days("expires_after_days")?;
    if expires.is_none() {
        return Ok(AccountPolicy::Never);
    }
    let lifetime = FixedLifetime::new(Days {
        expires,
        renew: days("renew_after_days")?,
        remind: days("remind_after_days")?,
        rotate: days("rotate_after_days")?,
    });
    lifetime
        .map(AccountPolicy::Fixed)
        .map_err(|InvalidDays(name)| StoreError::Unreadable(name))
}

fn trouble(row: &DbRow) -> Result<Option<Attention>, StoreError> {
    let reason = optional(row, "attention", AttentionReason::from_name)?;
    let since = optional_instant(row, "attention_since")?;
    Ok(reason
        .zip(since)
        .map(|(reason, since)| Attention { reason, since }))
}

pub(super) fn credential(row: &DbRow) -> Result<CredentialRow, StoreError> {
    let presented: i64 = row.try_get("presented").map_err(StoreError::Database)?;
    Ok(CredentialRow {
        kind: read(row, "kind", TokenKind::from_name)?,
        value: text(row, "value").map(Sealed)?,
        presented: presented != 0,
        issued_at: instant(row, "issued_at")?,
        expires_at: optional_instant(row, "expires_at")?,
    })
}

pub(super) fn held_token(row: &DbRow) -> Result<HeldToken, StoreError> {
    Ok(HeldToken {
        row: credential(row)?,
        serial: row.try_get("serial").map_err(StoreError::Database)?,
        asked_at: optional_instant(row, "asked_at")?,
    })
}

pub(super) fn renewal(row: &DbRow) -> Result<RenewalRow, StoreError> {
    let count = number(row, "failures")?;
    let since = || instant(row, "failing_since");
    let state = match text(row, "state")?.as_str() {
        "well" => RenewalState::Well,
        "failing" => RenewalState::Failing {
            failures: count,
            since: since()?,
            error: read(row, "last_error", |code| Some(ProblemCode::from_name(code)))?,
        },
        "refused" => RenewalState::Refused {
            probes: count,
            since: since()?,
        },
        _unknown => return Err(StoreError::Unreadable("state")),
    };
    Ok(RenewalRow {
        serial: row.try_get("serial").map_err(StoreError::Database)?,
        asked_at: optional_instant(row, "asked_at")?,
        state,
        due_at: optional_instant(row, "due_at")?,
    })
}

pub(super) fn due_renewal(row: &DbRow) -> Result<(ConnectionId, i64), StoreError> {
    Ok((
        ConnectionId::from_text(text(row, "connection")?),
        row.try_get("serial").map_err(StoreError::Database)?,
    ))
}

pub(super) fn credentials(row: &DbRow) -> Result<Sealed, StoreError> {
    text(row, "credentials").map(Sealed)
}

pub(super) fn pass(row: &DbRow) -> Result<PassRow, StoreError> {
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
        leased_until: instant(row, "leased_until")?,
        replaced: replaced != 0,
    })
}

pub(super) fn qr_round(row: &DbRow) -> Result<QrRound, StoreError> {
    Ok(QrRound {
        pass: pass(row)?,
        began_at: instant(row, "began_at")?,
        codes: number(row, "codes")?,
    })
}

pub(super) fn share_link(row: &DbRow) -> Result<ShareLinkRow, StoreError> {
    Ok(ShareLinkRow {
        id: ShareLinkId::from_text(text(row, "id")?),
        connection: ConnectionId::from_text(text(row, "connection")?),
        token: optional_text(row, "token")?.map(Sealed),
        state: read(row, "state", ShareLinkState::from_name)?,
        issued_at: instant(row, "issued_at")?,
        expires_at: instant(row, "expires_at")?,
    })
}

pub(super) fn event(row: &DbRow) -> Result<Event, StoreError> {
    Ok(Event {
        sequence: row.try_get("sequence").map_err(StoreError::Database)?,
        connection: ConnectionId::from_text(text(row, "connection")?),
        kind: read(row, "kind", |name| name.parse::<EventKind>().ok())?,
        at: instant(row, "at")?,
    })
}

pub(super) fn notice(row: &DbRow) -> Result<Notice, StoreError> {
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

pub(super) fn webhook(row: &DbRow) -> Result<WebhookRow, StoreError> {
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

pub(super) fn attempt(row: &DbRow) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: DeliveryId::from_text(text(row, "id")?),
        body: text(row, "body")?,
        number: number(row, "attempts")?,
    })
}

pub(super) fn delivery(row: &DbRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: DeliveryId::from_text(text(row, "id")?),
        kind: read(row, "kind", NoticeKind::from_name)?,
        state: read(row, "state", DeliveryState::from_name)?,
        attempts: number(row, "attempts")?,
        outcome: optional_text(row, "outcome")?,
        due_at: instant(row, "due_at")?,
        created_at: instant(row, "created_at")?,
        ended_at: optional_instant(row, "ended_at")?,
    })
}
