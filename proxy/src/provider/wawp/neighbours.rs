//! Wawp's ways to link a phone without a link: `/v2/auth/qr` and `/v2/auth/request-code` (its public pages, 2026-06).
//!
//! Both work only while the session waits for a scan. What they gave cannot be asked for again or taken back.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::super::{Issued, ProviderError, later, pairing};
use crate::domain::Timestamp;

/// WhatsApp's own: the first of a round lives a minute.
pub(super) const LONGEST_QR_TTL: Duration = Duration::from_mins(1);
/// The others live so long; what is not told which one it is gets no more.
const QR_TTL: Duration = Duration::from_secs(20);
/// Undocumented; two and a half minutes, as others say of the same codes.
pub(super) const CODE_TTL: Duration = Duration::from_secs(150);

/// The QR code's text and its end, as they are, or once more as JSON in base64 with its media type beside it.
#[derive(Deserialize)]
#[serde(untagged)]
enum QrAnswer {
    Plain(Qr),
    Wrapped { data: String },
}

#[derive(Deserialize)]
struct Qr {
    value: String,
    /// Milliseconds since the epoch.
    expiry: Option<i64>,
}

#[derive(Deserialize)]
struct CodeAnswer {
    code: String,
}

pub(super) fn read_qr(body: &[u8], now: Timestamp) -> Result<Issued, ProviderError> {
    let malformed = ProviderError::Malformed;
    let qr = match serde_json::from_slice(body).map_err(|_cause| malformed)? {
        QrAnswer::Plain(qr) => qr,
        QrAnswer::Wrapped { data } => {
            let data = STANDARD.decode(data).map_err(|_cause| malformed)?;
            serde_json::from_slice(&data).map_err(|_cause| malformed)?
        }
    };
    let end = match qr.expiry.map(Timestamp::from_unix_millis) {
        Some(end) if end <= now => return Err(malformed),
        Some(end) => end.min(later(now, LONGEST_QR_TTL)),
        None => later(now, QR_TTL),
    };
    Ok(Issued {
        content: pairing::read_qr(qr.value).ok_or(malformed)?,
        expires_at: end,
    })
}

pub(super) fn read_code(body: &[u8], now: Timestamp) -> Result<Issued, ProviderError> {
    let malformed = ProviderError::Malformed;
    let answer: CodeAnswer = serde_json::from_slice(body).map_err(|_cause| malformed)?;
    Ok(Issued {
        content: pairing::read_code(&answer.code).ok_or(malformed)?,
        expires_at: later(now, CODE_TTL),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_600_000);

    fn told(read: Result<Issued, ProviderError>) -> Result<(String, i64), ProviderError> {
        read.map(|issued| {
            (
                issued.content.secret().expose().to_owned(),
                issued.expires_at.millis_since(NOW),
            )
        })
    }

    #[test]
    fn reads_qr_codes_plain_and_wrapped() {
        for (qr, millis) in [
            (r#"{"value":"2@a,b"}"#, 20_000),
            (r#"{"value":"2@a,b","expiry":null}"#, 20_000),
            (r#"{"value":"2@a,b","expiry":1781895607000}"#, 7_000),
            (r#"{"value":"2@a,b","expiry":1781895900000}"#, 60_000),
        ] {
            let expected = Ok(("2@a,b".to_owned(), millis));
            assert_eq!(told(read_qr(qr.as_bytes(), NOW)), expected, "{qr}");
            let data = STANDARD.encode(qr);
            let wrapped = format!(r#"{{"mimetype":"application/json","data":"{data}"}}"#);
            assert_eq!(told(read_qr(wrapped.as_bytes(), NOW)), expected, "{qr}");
        }
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"value":""}"#,
            r#"{"value":5}"#,
            r#"{"value":"2@a,b","expiry":1781895600000}"#,
            r#"{"data":"e30="}"#,
            r#"{"data":"not base64"}"#,
        ] {
            let read = told(read_qr(body.as_bytes(), NOW));
            assert_eq!(read, Err(ProviderError::Malformed), "{body}");
        }
    }

    #[test]
    fn reads_pairing_codes() {
        let read = |body: &str| told(read_code(body.as_bytes(), NOW));
        let expected = Ok(("ABCD1234".to_owned(), 150_000));
        assert_eq!(read(r#"{"code":"ABCD-1234"}"#), expected);
        for body in [
            "",
            "{}",
            r#"{"code":null}"#,
            r#"{"code":""}"#,
            r#"{"code":12345678}"#,
        ] {
            assert_eq!(read(body), Err(ProviderError::Malformed), "{body}");
        }
    }
}
