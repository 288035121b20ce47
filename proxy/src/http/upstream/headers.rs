//! Which headers are passed on, in both directions (RFC 9110 §7.6.1, and what concerns one side alone).

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Says that an answer is the provider's and no problem of Pairlink's.
pub(super) const PAIRLINK_UPSTREAM: HeaderName = HeaderName::from_static("pairlink-upstream");
/// Says that there is a new token now, and that the request is the caller's to send again.
pub(super) const PAIRLINK_SEND_AGAIN: HeaderName = HeaderName::from_static("pairlink-send-again");

/// A provider's page must not do anything on Pairlink's origin.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Of one hop, whatever `Connection` says. Lengths are counted anew.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// The caller's credentials, whoever they are for; where it comes from; and what some servers take for another method,
/// path or host than the one that was checked.
const NOT_FOR_PROVIDERS: &[&str] = &[
    "host",
    "authorization",
    "cookie",
    "cookie2",
    "access-token",
    "access_token",
    "api-key",
    "apikey",
    "x-access-token",
    "x-api-key",
    "x-auth-token",
    "x-authorization",
    "instance-id",
    "instance_id",
    "forwarded",
    "via",
    "max-forwards",
    "expect",
    "origin",
    "referer",
    "cdn-loop",
    "client-ip",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-real-ip",
    "x-host",
    "x-http-host-override",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-host",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
];
const NOT_FOR_PROVIDERS_BEGINNINGS: &[&str] = &["proxy-", "sec-", "x-forwarded", "x-envoy-", "cf-"];

/// The provider's word to a browser about its own origin, to whoever stands between, and to nobody else.
const NOT_FOR_BACKENDS: &[&str] = &[
    "set-cookie",
    "set-cookie2",
    "www-authenticate",
    "authentication-info",
    "authorization",
    "alt-svc",
    "age",
    "cache-control",
    "clear-site-data",
    "content-location",
    "content-security-policy",
    "content-security-policy-report-only",
    "expires",
    "link",
    "nel",
    "origin-agent-cluster",
    "permissions-policy",
    "pragma",
    "public-key-pins",
    "referrer-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server",
    "service-worker-allowed",
    "sourcemap",
    "strict-transport-security",
    "timing-allow-origin",
    "via",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
    "x-request-id",
    "x-sourcemap",
    "x-xss-protection",
];
const NOT_FOR_BACKENDS_BEGINNINGS: &[&str] =
    &["access-control-", "cross-origin-", "pairlink-", "proxy-"];

/// The headers of a request, for the provider.
pub(super) fn for_provider(headers: &HeaderMap) -> HeaderMap {
    passed_on(headers, NOT_FOR_PROVIDERS, NOT_FOR_PROVIDERS_BEGINNINGS)
}

/// The headers of an answer, for the backend.
pub(super) fn for_backend(headers: &HeaderMap) -> HeaderMap {
    let mut passed = passed_on(headers, NOT_FOR_BACKENDS, NOT_FOR_BACKENDS_BEGINNINGS);
    // One length that is a number: the body is passed on as it comes, so it is still right.
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    if let (Some(length), None) = (lengths.next(), lengths.next())
        && !headers.contains_key(header::TRANSFER_ENCODING)
        && length.as_bytes().iter().all(u8::is_ascii_digit)
    {
        passed.insert(header::CONTENT_LENGTH, length.clone());
    }
    for (name, value) in [
        (PAIRLINK_UPSTREAM, "1"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
    ] {
        passed.insert(name, HeaderValue::from_static(value));
    }
    passed
}

fn passed_on(headers: &HeaderMap, names: &[&str], beginnings: &[&str]) -> HeaderMap {
    let of_this_hop: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let mut passed = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let text = name.as_str();
        let stays = HOP_BY_HOP.contains(&text)
            || names.contains(&text)
            || beginnings
                .iter()
                .any(|beginning| text.starts_with(beginning))
            || of_this_hop.iter().any(|own| own == text);
        if !stays {
            passed.append(name, value.clone());
        }
    }
    passed
}
