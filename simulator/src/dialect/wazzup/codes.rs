//! The codes of the documents' table.
//!
//! The documents cut long names off after an underscore. Those that public clients spell out are whole here; of the others
//! only the beginning is documented, and the rest, like every status, is a guess that no client may lean on.

use axum::http::StatusCode;

/// A code's name.
pub(super) type Code = &'static str;

pub(super) const VALIDATION_FAILED: Code = "VALIDATION_FAILED";
pub(super) const INVALID_GRANT_TYPE: Code = "OAUTH_INVALID_GRANT_TYPE";
pub(super) const REDIRECT_URI_MISMATCH: Code = "OAUTH_REDIRECT_URI_MISMATCH";
pub(super) const AUTHORIZATION_CODE_INVALID: Code = "OAUTH_AUTHORIZATION_CODE_INVALID";
pub(super) const CODE_CHALLENGE_METHOD_UNKNOWN: Code = "OAUTH_CODE_CHALLENGE_METHOD_UNKNOWN";
pub(super) const CODE_VERIFIER_INVALID: Code = "OAUTH_CODE_VERIFIER_INVALID";
pub(super) const REQUESTED_SUBJECT_MISMATCH: Code = "OAUTH_REQUESTED_SUBJECT_MISMATCH";
pub(super) const SUBJECT_TOKEN_TYPE_MISMATCH: Code = "OAUTH_SUBJECT_TOKEN_TYPE_MISMATCH";
pub(super) const CLIENT_ID_MISMATCH: Code = "OAUTH_CLIENT_ID_MISMATCH";
pub(super) const REFRESH_TOKEN_INVALID: Code = "OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED";
pub(super) const AUTHORIZATION_HEADER_INVALID: Code = "OAUTH_AUTHORIZATION_HEADER_INVALID";
pub(super) const INVALID_PARTNER_TOKEN: Code = "OAUTH_INVALID_PARTNER_TOKEN";
pub(super) const TOKEN_INVALID: Code = "OAUTH_TOKEN_INVALID_OR_EXPIRED";
pub(super) const TOKEN_UNKNOWN: Code = "OAUTH_TOKEN_UNKNOWN_OR_REVOKED";
pub(super) const PARTNER_NOT_FOUND: Code = "OAUTH_PARTNER_NOT_FOUND";
pub(super) const PARTNER_INACTIVE: Code = "OAUTH_PARTNER_INACTIVE";
pub(super) const CLIENT_NOT_OF_PARTNER: Code = "OAUTH_CLIENT_NOT_BELONG_TO_PARTNER";
pub(super) const SCOPE_FORBIDDEN: Code = "OAUTH_SCOPE_FORBIDDEN";
pub(super) const MISSING_GRANT: Code = "OAUTH_MISSING_GRANT";

/// All of them, in the order of the table.
pub(super) const NAMES: &[Code] = &[
    VALIDATION_FAILED,
    INVALID_GRANT_TYPE,
    REDIRECT_URI_MISMATCH,
    AUTHORIZATION_CODE_INVALID,
    CODE_CHALLENGE_METHOD_UNKNOWN,
    CODE_VERIFIER_INVALID,
    REQUESTED_SUBJECT_MISMATCH,
    SUBJECT_TOKEN_TYPE_MISMATCH,
    CLIENT_ID_MISMATCH,
    REFRESH_TOKEN_INVALID,
    AUTHORIZATION_HEADER_INVALID,
    INVALID_PARTNER_TOKEN,
    TOKEN_INVALID,
    TOKEN_UNKNOWN,
    PARTNER_NOT_FOUND,
    PARTNER_INACTIVE,
    CLIENT_NOT_OF_PARTNER,
    SCOPE_FORBIDDEN,
    MISSING_GRANT,
];

/// The status and the words that go with a code.
pub(super) fn meaning(code: &str) -> (StatusCode, &'static str) {
    let (status, message) = match code {
        INVALID_GRANT_TYPE => (400, "Unknown grant type"),
        REDIRECT_URI_MISMATCH => (400, "Wrong redirect_uri"),
        AUTHORIZATION_CODE_INVALID => (400, "Wrong or expired authorization code"),
        CODE_CHALLENGE_METHOD_UNKNOWN => (400, "Unknown code_challenge_method"),
        CODE_VERIFIER_INVALID => (400, "Wrong or missing code_verifier"),
        REQUESTED_SUBJECT_MISMATCH => (400, "Unexpected requested_subject"),
        SUBJECT_TOKEN_TYPE_MISMATCH => (400, "Unexpected subject_token_type"),
        CLIENT_ID_MISMATCH => (400, "Unexpected client_id"),
        REFRESH_TOKEN_INVALID => (401, "Wrong or expired refresh_token"),
        AUTHORIZATION_HEADER_INVALID => (401, "Wrong authorization header"),
        INVALID_PARTNER_TOKEN => (401, "Wrong or expired partner token"),
        TOKEN_INVALID => (401, "The token is wrong or has expired"),
        TOKEN_UNKNOWN => (401, "The token is unknown or was revoked"),
        PARTNER_NOT_FOUND => (404, "There is no such partner"),
        PARTNER_INACTIVE => (403, "The partner is inactive"),
        CLIENT_NOT_OF_PARTNER => (403, "The customer belongs to somebody else"),
        SCOPE_FORBIDDEN => (403, "The scope is not permitted"),
        MISSING_GRANT => (403, "The customer has not granted access"),
        _ => (400, "The data is not valid"),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, message)
}
