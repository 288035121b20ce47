//! Between our types and those of the wire.

use std::collections::BTreeMap;

use pairlink_protocol as wire;

use super::problem::Failure;
use crate::domain::{Connection, Content, Method, PassRequest, PhoneNumber, ProblemCode};
use crate::secret::Secret;
use crate::service::{LivePass, Revocation, Revoked, View};

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
        },
        pass: view.pass.map(pass),
        issuing: view.issuing,
        server_time: view.at,
    }
}

pub(super) fn revoked(revoked: Revoked, server_time: wire::Timestamp) -> wire::RevokedPasses {
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

pub(super) fn connection(connection: Connection, methods: Vec<Method>) -> wire::Connection {
    wire::Connection {
        id: connection.id.as_str().to_owned(),
        provider: connection.provider,
        tenant: connection.tenant.as_str().to_owned(),
        label: connection.label.as_str().to_owned(),
        base_url: connection.base_url,
        state: connection.session,
        methods,
        created_at: connection.created_at,
    }
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
