//! `EnableX`: tokens for its WhatsApp API (its documentation, 2026-06).
//!
//! A token lives 60 minutes and cannot be asked for again or taken back. The provider answers in the same words to bad
//! credentials and to a token whose end has come.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method as HttpMethod;
use serde::Deserialize;
use serde_json::json;

use super::profile::is_key;
use super::{
    Account, Addressed, ApiPath, CredentialField, Current, Issued, NotAddressed, Offer, Profile,
    Provider, ProviderError, Renewal, Renewed, Upstream, later,
};
use crate::domain::{Method, PassRequest, SessionState, Timestamp, TokenSource};
use crate::secret::Secret;

const TOKEN_TTL: Duration = Duration::from_hours(1);

static PROFILE: Profile = Profile {
    name: "enablex",
    base_url: "https://api.enablex.io",
    offers: &[Offer {
        method: Method::Token,
        longest_ttl: TOKEN_TTL,
        revocable: false,
    }],
    tokens: Some(TokenSource::Minted),
    credentials: &[
        CredentialField {
            name: "app_id",
            optional: false,
            admits: is_key,
        },
        CredentialField {
            name: "app_key",
            optional: false,
            admits: is_key,
        },
    ],
    opening: None,
    logs_out: false,
    tells_phone: false,
    posts_events: false,
    qr_interval: None,
};

/// The adapter.
pub(super) struct EnableX {
    upstream: Upstream,
}

impl EnableX {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream: upstream.of(&PROFILE),
        }
    }
}

#[async_trait]
impl Provider for EnableX {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    async fn issue(
        &self,
        _account: &Account,
        _request: &PassRequest,
        _now: Timestamp,
    ) -> Result<Issued, ProviderError> {
        Err(ProviderError::NotOffered)
    }

    async fn renew(
        &self,
        account: &Account,
        by: Renewal<'_>,
        now: Timestamp,
    ) -> Result<Renewed, ProviderError> {
        match by {
            Renewal::Mint => {}
            Renewal::Exchange(_) | Renewal::Refresh(_) => return Err(ProviderError::NotOffered),
        }
        let answer = self
            .upstream
            .call(HttpMethod::POST, account.url(["whatsapp", "v1", "token"])?)
            .json(&json!({
                "app_id": account.credentials.get("app_id"),
                "app_key": account.credentials.get("app_key"),
            }))
            .send()
            .await?;
        let renewed = read_token(answer.body(), now);
        match (answer.refusal(), renewed) {
            (None, renewed) => renewed,
            // The status of a refusal is undocumented; its words are not.
            (Some(_status), Err(ProviderError::Credentials)) => Err(ProviderError::Credentials),
            (Some(error), Ok(_) | Err(_)) => Err(error),
        }
    }

    async fn current(
        &self,
        _account: &Account,
        _method: Method,
        _now: Timestamp,
    ) -> Result<Current, ProviderError> {
        Ok(Current::Untold)
    }

    async fn revoke(&self, _account: &Account) -> Result<(), ProviderError> {
        Err(ProviderError::NotOffered)
    }

    async fn session(&self, _account: &Account) -> Result<SessionState, ProviderError> {
        Err(ProviderError::NotOffered)
    }

    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed> {
        if path.is_below(&["whatsapp", "*", "token"]) {
            return Err(NotAddressed::Kept);
        }
        Ok(Addressed {
            url: path.below(&account.base_url)?,
            bearer: token.cloned(),
            hidden: Vec::new(),
        })
    }

    fn refuses_token(&self, status: u16, beginning: &[u8]) -> bool {
        // The status of the refusal is undocumented; its words are not. They are the same for a deactivated account,
        // and then a new token is refused as well.
        status == 401 || is_refusal(beginning)
    }
}

/// Whether it is the one refusal that is documented.
fn is_refusal(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
        status: String,
    }
    let refusal: Result<Refusal, _> = serde_json::from_slice(body);
    refusal.is_ok_and(|refusal| {
        refusal.message == "Authentication failed" && refusal.status == "Unauthorized"
    })
}

/// `{"token", "expiry"}`, or `{"message", "status", "reason"}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum TokenAnswer {
    Issued { token: String, expiry: Expiry },
    Refused { status: String },
}

/// A Unix timestamp, documented as "Number", without a unit.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expiry {
    Whole(i64),
    Fraction(f64),
}

impl Expiry {
    /// Above 1e11 it counts milliseconds: as seconds that would be the year 5138, as milliseconds 1973.
    fn instant(&self) -> Timestamp {
        const MOST_SECONDS: i64 = 100_000_000_000;
        let whole = match *self {
            Self::Whole(number) => number,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "what is out of range is clamped, and ends within the hour or has ended"
            )]
            Self::Fraction(number) => number as i64,
        };
        Timestamp::from_unix_millis(if whole > MOST_SECONDS {
            whole
        } else {
            whole.saturating_mul(1000)
        })
    }
}

fn read_token(body: &[u8], now: Timestamp) -> Result<Renewed, ProviderError> {
    match serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)? {
        TokenAnswer::Issued { token, expiry } => {
            let end = expiry.instant();
            // A token that has ended before it came is none.
            if end <= now || !is_key(&token) {
                return Err(ProviderError::Malformed);
            }
            Ok(Renewed {
                token: Secret::new(token),
                expires_at: end.min(later(now, TOKEN_TTL)),
                refresh_token: None,
                clock_skew_millis: None,
            })
        }
        TokenAnswer::Refused { status } if status == "Unauthorized" => {
            Err(ProviderError::Credentials)
        }
        TokenAnswer::Refused { .. } => Err(ProviderError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_600_000);

    fn read(body: &str) -> Result<(String, i64), ProviderError> {
        read_token(body.as_bytes(), NOW).map(|renewed| {
            (
                renewed.token.expose().to_owned(),
                renewed.expires_at.millis_since(NOW),
            )
        })
    }

    #[test]
    fn reads_the_end_in_either_unit_and_within_the_hour() {
        for (expiry, millis) in [
            ("1781897400", 1_800_000),
            ("1781897400000", 1_800_000),
            ("1781897400.5", 1_800_000),
            ("1.7818974e9", 1_800_000),
            ("1781899200", 3_600_000),
            // An hour is the longest there is.
            ("1781902800", 3_600_000),
            ("99999999999", 3_600_000),
            ("100000000001000", 3_600_000),
            ("9223372036854775807", 3_600_000),
            ("1e300", 3_600_000),
        ] {
            let body = format!(r#"{{"token":"tok.en","expiry":{expiry}}}"#);
            assert_eq!(read(&body), Ok(("tok.en".to_owned(), millis)), "{expiry}");
        }
        for expiry in [
            "1781895600",
            "1781895600000",
            "0",
            "-1",
            "-1e300",
            "\"1781897400\"",
            "null",
            "true",
        ] {
            let body = format!(r#"{{"token":"tok.en","expiry":{expiry}}}"#);
            assert_eq!(read(&body), Err(ProviderError::Malformed), "{expiry}");
        }
    }

    #[test]
    fn knows_the_one_refusal_that_is_documented() {
        let body = r#"{"message":"Authentication failed","status":"Unauthorized","reason":"invalid credentials or the account has been deactivated"}"#;
        assert_eq!(read(body), Err(ProviderError::Credentials));
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"message":"m","status":"Maintenance","reason":"r"}"#,
            r#"{"token":"tok.en"}"#,
            r#"{"token":"","expiry":1781897400}"#,
            r#"{"token":"a b","expiry":1781897400}"#,
            r#"{"token":"a\r\nb","expiry":1781897400}"#,
            r#"{"token":5,"expiry":1781897400}"#,
        ] {
            assert_eq!(read(body), Err(ProviderError::Malformed), "{body}");
        }
    }
}
