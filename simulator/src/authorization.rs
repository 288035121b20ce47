//! What an `Authorization` header holds.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The user and the password of `Basic`.
pub(crate) fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let decoded = STANDARD.decode(after("basic", header)?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The token of `Bearer`.
pub(crate) fn bearer(header: &HeaderValue) -> Option<&str> {
    after("bearer", header)
}

/// What follows the name of the scheme, which is written in any case.
fn after<'a>(scheme: &str, header: &'a HeaderValue) -> Option<&'a str> {
    let (given, rest) = header.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    (given.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then_some(rest)
}
