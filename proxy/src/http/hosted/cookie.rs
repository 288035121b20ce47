//! The cookie of a browser that opened a link.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::service::Service;

/// Nothing reads it in the page, no other site's request carries it, and it ends with the link.
pub(super) fn set(service: &Service, value: &str, seconds: i64) -> Option<HeaderValue> {
    let name = name(service);
    let secure = if is_https(service) { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    ))
    .ok()
}

/// Makes the browser forget it.
pub(super) fn forget(service: &Service) -> Option<HeaderValue> {
    set(service, "", 0)
}

/// What the browser shows.
pub(super) fn read<'a>(service: &Service, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = name(service);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// With the prefix no other host of the domain can set it; browsers take the prefix over https only.
fn name(service: &Service) -> &'static str {
    if is_https(service) {
        "__Host-pairlink"
    } else {
        "pairlink"
    }
}

pub(super) fn is_https(service: &Service) -> bool {
    service.public_url().scheme() == "https"
}
