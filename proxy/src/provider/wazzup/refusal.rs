//! What Wazzup's error codes mean.
//!
//! Its documentation breaks long names off after an underscore, so a code is looked up whole first, then by the longest
//! beginning that is known; a code that is unknown leaves the word to the status. Where in the body it stands is
//! undocumented: at `code`, `error.code` or `errors[0].code`.

use serde_json::Value;

use self::Meaning::{Credentials, Refused, Token};

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Somebody must look at the stored credentials: name, password, account, scope or client.
    Credentials,
    /// The token that was presented is to be replaced: a machine token is dropped, a refresh token is too.
    Token,
    /// Nothing by us.
    Refused,
}

const WHOLE: &[(&str, Meaning)] = &[
    ("VALIDATION_FAILED", Refused),
    ("OAUTH_INVALID_GRANT_TYPE", Refused),
    ("OAUTH_CLIENT_ID_MISMATCH", Credentials),
    ("OAUTH_SCOPE_FORBIDDEN", Credentials),
    // The customer has to agree again.
    ("OAUTH_MISSING_GRANT", Refused),
    ("OAUTH_TOKEN_UNKNOWN_OR_REVOKED", Token),
];

const BEGINNINGS: &[(&str, Meaning)] = &[
    ("OAUTH_REDIRECT_", Refused),
    // A bad header or a bad code; no code is ever sent here.
    ("OAUTH_AUTHORIZATION_", Credentials),
    ("OAUTH_CODE_CHALLENGE_", Refused),
    ("OAUTH_CODE_VERIFIER_", Refused),
    // The account is not the partner's.
    ("OAUTH_REQUESTED_", Credentials),
    ("OAUTH_CLIENT_NOT_", Credentials),
    ("OAUTH_SUBJECT_TOKEN_", Refused),
    ("OAUTH_REFRESH_TOKEN_", Token),
    // The partner's token: with nothing presented but the account, it is the account that is bad.
    ("OAUTH_INVALID_", Token),
    ("OAUTH_TOKEN_INVALID_", Token),
    ("OAUTH_TOKEN_UNKNOWN_", Token),
    // The partner is missing or not active.
    ("OAUTH_PARTNER_", Credentials),
];

/// What the body of a refusal says; none if it holds no code that is known.
pub(super) fn read(body: &[u8]) -> Option<Meaning> {
    let body: Value = serde_json::from_slice(body).ok()?;
    meaning(code(&body)?)
}

/// Whether the body says that a client token is not accepted (any more).
pub(super) fn is_of_token(body: &[u8]) -> bool {
    let body: Result<Value, _> = serde_json::from_slice(body);
    body.is_ok_and(|body| {
        code(&body).is_some_and(|code| {
            ["OAUTH_TOKEN_INVALID_", "OAUTH_TOKEN_UNKNOWN_"]
                .iter()
                .any(|beginning| code.starts_with(beginning))
        })
    })
}

/// The code, wherever it stands.
fn code(body: &Value) -> Option<&str> {
    ["/code", "/error/code", "/errors/0/code"]
        .into_iter()
        .find_map(|place| body.pointer(place)?.as_str())
}

fn meaning(code: &str) -> Option<Meaning> {
    let whole = WHOLE.iter().find(|(name, _)| *name == code);
    let longest_beginning = || {
        BEGINNINGS
            .iter()
            .filter(|(beginning, _)| code.starts_with(beginning))
            .max_by_key(|(beginning, _)| beginning.len())
    };
    let (name, meaning) = whole.or_else(longest_beginning)?;
    // The name is one of ours, and says which of several things somebody has to look at.
    tracing::warn!(code = name, "Wazzup refuses");
    Some(*meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_win_over_beginnings_and_long_ones_over_short_ones() {
        for (code, means) in [
            ("VALIDATION_FAILED", Some(Refused)),
            // Not `OAUTH_INVALID_`, with which it begins.
            ("OAUTH_INVALID_GRANT_TYPE", Some(Refused)),
            ("OAUTH_INVALID_PARTNER_TOKEN", Some(Token)),
            ("OAUTH_AUTHORIZATION_HEADER_INVALID", Some(Credentials)),
            ("OAUTH_CLIENT_ID_MISMATCH", Some(Credentials)),
            ("OAUTH_CLIENT_NOT_FOUND", Some(Credentials)),
            ("OAUTH_REQUESTED_SUBJECT_MISMATCH", Some(Credentials)),
            ("OAUTH_PARTNER_INACTIVE", Some(Credentials)),
            ("OAUTH_SUBJECT_TOKEN_TYPE_MISMATCH", Some(Refused)),
            ("OAUTH_TOKEN_UNKNOWN_OR_REVOKED", Some(Token)),
            ("OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED", Some(Token)),
            // As the documents break it off.
            ("OAUTH_TOKEN_INVALID_", Some(Token)),
            ("OAUTH_", None),
            ("OAUTH_CLIENT_", None),
            ("validation_failed", None),
            ("SOMETHING_ELSE", None),
            ("", None),
        ] {
            assert_eq!(meaning(code), means, "{code}");
        }
    }

    #[test]
    fn finds_the_code_in_every_envelope() {
        for body in [
            r#"{"code":"OAUTH_SCOPE_FORBIDDEN","message":"m"}"#,
            r#"{"error":{"code":"OAUTH_SCOPE_FORBIDDEN"}}"#,
            r#"{"errors":[{"code":"OAUTH_SCOPE_FORBIDDEN"},{"code":"VALIDATION_FAILED"}]}"#,
            r#"{"code":null,"error":"text","errors":[{"code":"OAUTH_SCOPE_FORBIDDEN"}]}"#,
        ] {
            assert_eq!(read(body.as_bytes()), Some(Credentials), "{body}");
        }
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"code":5}"#,
            r#"{"errors":[]}"#,
            "\"OAUTH_SCOPE_FORBIDDEN\"",
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }
}
