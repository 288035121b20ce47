//! Between our types and those of the wire.

use std::collections::BTreeMap;

use pairlink_protocol as wire;

use super::problem::Failure;
use crate::domain::{
    AccountPolicy, Attention, AttentionReason, Connection, Content, InvalidDays, Method,
    PassRequest, PhoneNumber, ProblemCode, Reminder, Timestamp,
};
use crate::provider::FormValue;
use crate::secret::Secret;
use crate::service::{CredentialReport, Health, LivePass, Revocation, Revoked, View};

/// Reads what is asked for: a phone number with method `code`, and with no other.
pub(super) fn pass_request(asked: &wire::IssuePass) -> Result<PassRequest, Failure> {
    let invalid = || Failure::field(ProblemCode::InvalidField, "phone_number");
    let phone = match &asked.phone_number {
        Some(text) => Some(PhoneNumber::parse(text.expose()).map_err(|_cause| invalid())?),
        None => None,
    };
    PassRequest::new(asked.method, phone).map_err(|_mismatched| invalid())
}

pub(super) fn pass(pass: LivePass) -> wire::Pass {
    let text = |secret: &Secret| wire::Sensitive::new(secret.expose());
    let content = match &pass.content {
        Content::Link(url) => wire::PassContent::Link { url: text(url) },
        Content::Qr(payload) => wire::PassContent::Qr {
            payload: text(payload),
        },
        Content::Code(code) => wire::PassContent::Code { code: text(code) },
        Content::Token(token) => wire::PassContent::Token {
            token: text(token),
            token_type: "Bearer".to_owned(),
        },
    };
    wire::Pass {
        id: pass.id.as_str().to_owned(),
        issued_at: pass.issued_at,
        expires_at: pass.expires_at,
        content,
    }
}

pub(super) fn view(view: View) -> wire::PassView {
    wire::PassView {
        connection: wire::ConnectionView {
            label: view.connection.label.as_str().to_owned(),
            provider: view.connection.provider,
            state: view.connection.session,
            methods: view.methods,
            actions: view.actions,
            wrong_phone: view
                .connection
                .trouble
                .is_some_and(|trouble| trouble.reason == AttentionReason::AccountMismatch),
        },
        pass: view.pass.map(pass),
        issuing: view.issuing,
        server_time: view.at,
    }
}

/// A view whose pass is drawn, if that is wanted.
pub(super) fn drawn_view(view: View, asked: wire::ReadPass) -> wire::DrawnPassView {
    let wire::PassView {
        connection,
        pass,
        issuing,
        server_time,
    } = self::view(view);
    wire::DrawnPassView {
        connection,
        pass: pass.map(|pass| wire::DrawnPass {
            drawing: asked.drawing.then(|| drawing(&pass.content)).flatten(),
            pass,
        }),
        issuing,
        server_time,
    }
}

/// The QR code of what is shown as one.
fn drawing(content: &wire::PassContent) -> Option<wire::PassDrawing> {
    let text = match content {
        wire::PassContent::Link { url } => url,
        wire::PassContent::Qr { payload } => payload,
        wire::PassContent::Code { .. } | wire::PassContent::Token { .. } => return None,
    };
    let drawing = pairlink_qr::draw(text.expose()).ok()?;
    Some(wire::PassDrawing {
        modules: u32::try_from(drawing.size).ok()?,
        path: wire::Sensitive::new(drawing.path),
    })
}

pub(super) fn revoked(revoked: Revoked, server_time: Timestamp) -> wire::RevokedPasses {
    wire::RevokedPasses {
        revoked: true,
        revocation: match revoked.revocation {
            Revocation::Upstream => wire::Revocation::Upstream,
            Revocation::Pending => wire::Revocation::Pending,
            Revocation::LocalOnly => wire::Revocation::LocalOnly,
        },
        dead_by: revoked.dead_by,
        server_time,
    }
}

/// A connection, the credential that it misses, and the end of the number that may be linked to it.
pub(super) fn connection(
    connection: Connection,
    methods: Vec<Method>,
    missing: Option<String>,
    expected_phone: Option<String>,
    now: Timestamp,
) -> wire::Connection {
    let attention = connection.attention(now);
    wire::Connection {
        id: connection.id.as_str().to_owned(),
        provider: connection.provider,
        tenant: connection.tenant.as_str().to_owned(),
        label: connection.label.as_str().to_owned(),
        base_url: connection.base_url,
        state: connection.session,
        methods,
        policy: policy(connection.policy),
        attention: attention.map(self::attention),
        missing: missing.into_iter().collect(),
        expected_phone,
        created_at: connection.created_at,
    }
}

fn attention(attention: Attention) -> wire::Attention {
    wire::Attention {
        reason: attention.reason,
        since: attention.since,
    }
}

fn policy(policy: AccountPolicy) -> wire::CredentialPolicy {
    let (lifetime, fixed) = match policy {
        AccountPolicy::Never => (wire::PolicyLifetime::Never, None),
        AccountPolicy::Fixed(fixed) => (wire::PolicyLifetime::Fixed, Some(fixed)),
    };
    let days = |reminder| fixed.map(|fixed| fixed.days(reminder));
    wire::CredentialPolicy {
        lifetime,
        expires_after_days: days(Reminder::Expired),
        renew_after_days: days(Reminder::RenewalDue),
        remind_after_days: days(Reminder::Expiring),
        rotate_after_days: days(Reminder::RotationDue),
    }
}

/// Reads a policy; the days are for one that ends.
pub(super) fn account_policy(asked: wire::CredentialPolicy) -> Result<AccountPolicy, Failure> {
    let invalid = |name| Failure::field(ProblemCode::InvalidField, format!("policy.{name}"));
    AccountPolicy::from_wire(asked).map_err(|InvalidDays(name)| invalid(name))
}

pub(super) fn health(health: Health) -> wire::ConnectionHealth {
    wire::ConnectionHealth {
        state: health.connection.session,
        state_checked_at: health.connection.session_checked_at,
        attention: health.attention.map(attention),
        account: health.account,
        credentials: health.credentials.into_iter().map(credential).collect(),
        clock_skew_ms: health.connection.clock_skew_millis,
        last_error: health.connection.last_error,
        server_time: health.at,
    }
}

fn credential(report: CredentialReport) -> wire::CredentialHealth {
    let reminders = report.reminders.into_iter();
    wire::CredentialHealth {
        kind: report.kind,
        state: report.state,
        lifetime: report.lifetime,
        renewed_by: report.renewed_by,
        issued_at: report.issued_at,
        expires_at: report.expires_at,
        next_renewal_at: report.next_renewal_at,
        reminders: reminders.map(|one| one.as_str().to_owned()).collect(),
        last_error: report.last_error,
    }
}

/// What a provider is to be told of a new account.
pub(super) fn form(given: BTreeMap<String, wire::AccountValue>) -> BTreeMap<String, FormValue> {
    given
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                wire::AccountValue::Text(text) => FormValue::Text(text),
                wire::AccountValue::Number(number) => FormValue::Number(number),
            };
            (name, value)
        })
        .collect()
}

pub(super) fn secrets(given: BTreeMap<String, wire::Sensitive>) -> BTreeMap<String, Secret> {
    given
        .into_iter()
        .map(|(name, text)| (name, Secret::new(text.into_exposed())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: Method, phone_number: Option<&str>) -> Result<String, String> {
        let asked = wire::IssuePass {
            method,
            phone_number: phone_number.map(wire::Sensitive::new),
            reuse: false,
        };
        pass_request(&asked)
            .map(|request| request.text().expose().to_owned())
            .map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn a_phone_number_is_wanted_with_a_code_and_refused_with_anything_else() {
        let one_number = Ok("code 441134960001".to_owned());
        for text in ["+44 1134 960 001", "0044 1134-960001", "441134960001"] {
            assert_eq!(read(Method::Code, Some(text)), one_number);
        }
        assert_eq!(read(Method::Link, None), Ok("link".to_owned()));
        for (method, text) in [
            (Method::Code, None),
            (Method::Code, Some("")),
            (Method::Code, Some("01134 960 001")),
            (Method::Link, Some("+44 1134 960 001")),
            (Method::Qr, Some("+44 1134 960 001")),
            (Method::Token, Some("")),
        ] {
            let failure = read(method, text).unwrap_err();
            assert!(failure.contains("InvalidField") && failure.contains("\"phone_number\""));
            assert!(!failure.contains("960"), "the number is repeated");
        }
    }
}
