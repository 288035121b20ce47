//! How a connection and everything that it is called with is doing. Never a value.

use super::{Service, ServiceError};
use crate::domain::{
    AccountCheck, AccountPolicy, Attention, AttentionReason, Connection, CredentialKind,
    CredentialLifetime, CredentialState, ProblemCode, Reminder, RenewalState, RenewedBy, Timestamp,
    TokenKind,
};
use crate::store::{CredentialRow, RenewalRow};

/// What may be known of a connection.
pub struct Health {
    /// The connection.
    pub connection: Connection,
    /// Why somebody must look at it.
    pub attention: Option<Attention>,
    /// Whether the phone that is linked is the expected one; none if any may be.
    pub account: Option<AccountCheck>,
    /// The account, then what is bought with it.
    pub credentials: Vec<CredentialReport>,
    /// The clock when this was read.
    pub at: Timestamp,
}

/// What may be known of a credential.
#[derive(Clone, Debug)]
pub struct CredentialReport {
    /// What it is.
    pub kind: CredentialKind,
    /// How it is doing.
    pub state: CredentialState,
    /// By what it ends.
    pub lifetime: CredentialLifetime,
    /// Who or what brings the next one.
    pub renewed_by: RenewedBy,
    /// From when on its age counts.
    pub issued_at: Option<Timestamp>,
    /// From when on it is dead.
    pub expires_at: Option<Timestamp>,
    /// When it is to be replaced.
    pub next_renewal_at: Option<Timestamp>,
    /// The reminders that count now.
    pub reminders: Vec<Reminder>,
    /// Why the last attempt to renew it failed.
    pub last_error: Option<ProblemCode>,
}

impl Service {
    /// Says how a connection is doing; asks nobody.
    pub async fn health(&self, connection: Connection) -> Result<Health, ServiceError> {
        let at = self.now();
        let mut credentials = vec![account(&connection, at)];
        if let Some(source) = self.provider_of(&connection)?.profile().tokens {
            let held = self.store().credentials(&connection.id).await?;
            let renewal = self.store().renewal(&connection.id).await?;
            for (kind, renewed_by) in source.kinds() {
                let row = held.iter().find(|row| row.kind == *kind);
                credentials.push(token(*kind, *renewed_by, row, renewal.as_ref(), at));
            }
        }
        Ok(Health {
            attention: connection.attention(at),
            account: self.account_check(&connection).await?,
            connection,
            credentials,
            at,
        })
    }
}

fn account(connection: &Connection, now: Timestamp) -> CredentialReport {
    let (policy, issued_at) = (connection.policy, connection.credentials_issued_at);
    let reason = connection.attention(now).map(|attention| attention.reason);
    let reminders = policy.due(issued_at, now);
    let refused = reason == Some(AttentionReason::CredentialsRefused);
    CredentialReport {
        kind: CredentialKind::Account,
        state: if reminders.contains(&Reminder::Expired) {
            CredentialState::Expired
        } else if refused {
            CredentialState::Refused
        } else if reminders.is_empty() {
            CredentialState::Valid
        } else {
            CredentialState::Due
        },
        lifetime: match policy {
            AccountPolicy::Never => CredentialLifetime::Never,
            AccountPolicy::Fixed(_) => CredentialLifetime::Fixed,
        },
        renewed_by: RenewedBy::Person,
        issued_at: Some(issued_at),
        expires_at: policy.expires_at(issued_at),
        next_renewal_at: policy.at(Reminder::RenewalDue, issued_at),
        reminders,
        last_error: refused.then_some(ProblemCode::NeedsCredentials),
    }
}

fn token(
    kind: TokenKind,
    renewed_by: RenewedBy,
    row: Option<&CredentialRow>,
    renewal: Option<&RenewalRow>,
    now: Timestamp,
) -> CredentialReport {
    // What was presented once is of no use any more.
    let row = row.filter(|row| !row.presented);
    // The others are bought in passing.
    let renewal = renewal.filter(|_row| kind == TokenKind::Api);
    CredentialReport {
        kind: match kind {
            TokenKind::Machine => CredentialKind::MachineToken,
            TokenKind::Refresh => CredentialKind::RefreshToken,
            TokenKind::Api => CredentialKind::ApiToken,
        },
        state: match row {
            None => CredentialState::Absent,
            Some(row) if row.expires_at.is_some_and(|end| end <= now) => CredentialState::Expired,
            Some(_) => CredentialState::Valid,
        },
        lifetime: CredentialLifetime::FromResponse,
        renewed_by,
        issued_at: row.map(|row| row.issued_at),
        expires_at: row.and_then(|row| row.expires_at),
        next_renewal_at: renewal.and_then(|row| row.due_at),
        reminders: Vec::new(),
        last_error: renewal.and_then(|row| match row.state {
            RenewalState::Well => None,
            RenewalState::Failing { error, .. } => Some(error),
            RenewalState::Refused { .. } => Some(ProblemCode::NeedsCredentials),
        }),
    }
}
