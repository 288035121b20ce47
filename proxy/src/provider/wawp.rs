//! Wawp: temporary access links, `/v2/session/temp-link` (its documentation, 2026-06), and their neighbours.
//!
//! The credentials stand in the query of every call. A POST expires the earlier link and mints a new one that lives
//! 30 minutes; a GET reads the current one, `{"link": null}` if there is none, and never mints; a DELETE revokes all.

mod neighbours;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method as HttpMethod;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;
use zeroize::Zeroizing;

use super::profile::is_key;
use super::upstream::Call;
use super::{
    Account, Addressed, ApiPath, CredentialField, Current, Issued, NotAddressed, Offer, Profile,
    Provider, ProviderError, Upstream, later,
};
use crate::domain::{Content, Method, PassRequest, PhoneNumber, SessionState, Timestamp};
use crate::secret::Secret;

const PUBLIC_ADDRESS: &str = "https://api.wawp.net";
/// Where its links point, whatever the API's own host is.
const LINK_HOST: &str = "app.wawp.net";
const LINK_PATH: &str = "/temp-qr/";
const LINK_TTL: Duration = Duration::from_mins(30);
const TEMP_LINK: [&str; 3] = ["v2", "session", "temp-link"];
const AGAIN_SECONDS: u32 = 5;
const CREDENTIALS_IN_QUERY: [&str; 2] = ["instance_id", "access_token"];

static PROFILE: Profile = Profile {
    name: "wawp",
    base_url: PUBLIC_ADDRESS,
    offers: &[
        Offer {
            method: Method::Link,
            longest_ttl: LINK_TTL,
            revocable: true,
        },
        Offer {
            method: Method::Qr,
            longest_ttl: neighbours::LONGEST_QR_TTL,
            revocable: false,
        },
        Offer {
            method: Method::Code,
            longest_ttl: neighbours::CODE_TTL,
            revocable: false,
        },
    ],
    tokens: None,
    credentials: &[
        CredentialField {
            name: "instance_id",
            optional: false,
            admits: |text| {
                text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            },
        },
        CredentialField {
            name: "access_token",
            optional: false,
            admits: is_key,
        },
    ],
    logs_out: true,
    tells_phone: false,
    posts_events: true,
    qr_interval: None,
    opening: None,
};

/// The adapter.
pub(super) struct Wawp {
    upstream: Upstream,
}

impl Wawp {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream: upstream.of(&PROFILE),
        }
    }

    fn call(
        &self,
        method: HttpMethod,
        account: &Account,
        path: [&str; 3],
    ) -> Result<Call, ProviderError> {
        let mut url = account.url(path)?;
        url.query_pairs_mut()
            .append_pair("instance_id", account.credentials.get("instance_id"))
            .append_pair("access_token", account.credentials.get("access_token"));
        #[cfg(feature = "broken")]
        {
            let token = account.credentials.get("access_token").to_owned();
            if crate::defect::is_chosen("leak-log") {
                tracing::info!(%url, "calls the provider");
            }
            if crate::defect::is_chosen("leak-metric") {
                metrics::counter!("pairlink_accounts_called_total", "account" => token)
                    .increment(1);
            }
        }
        Ok(self.upstream.call(method, url))
    }

    async fn issue_qr(&self, account: &Account, now: Timestamp) -> Result<Issued, ProviderError> {
        let call = self.call(HttpMethod::POST, account, ["v2", "auth", "qr"])?;
        let answer = call.json(&json!({ "format": "raw" })).send().await?;
        match answer.success() {
            Ok(body) => neighbours::read_qr(&body, now),
            Err(error) => Err(self.explain(account, error).await),
        }
    }

    async fn issue_code(
        &self,
        account: &Account,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<Issued, ProviderError> {
        let call = self.call(HttpMethod::POST, account, ["v2", "auth", "request-code"])?;
        // In the body, where the number stands in nobody's log of addresses.
        let answer = call.json(&json!({ "phone_number": phone.digits() })).send();
        match answer.await?.success() {
            Ok(body) => neighbours::read_code(&body, now),
            Err(error) => Err(self.explain(account, error).await),
        }
    }

    /// Its refusals of codes do not say what it is that stands in the way: the state of the session does.
    async fn explain(&self, account: &Account, error: ProviderError) -> ProviderError {
        let ProviderError::Refused(_status) = error else {
            return error;
        };
        match self.session(account).await {
            Ok(SessionState::Connected) => ProviderError::AlreadyConnected,
            Ok(SessionState::Starting) => ProviderError::NotReady {
                retry_after: AGAIN_SECONDS,
            },
            Ok(_) | Err(_) => error,
        }
    }
}

#[async_trait]
impl Provider for Wawp {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    async fn issue(
        &self,
        account: &Account,
        request: &PassRequest,
        now: Timestamp,
    ) -> Result<Issued, ProviderError> {
        match request {
            PassRequest::Link => {
                let call = self.call(HttpMethod::POST, account, TEMP_LINK)?;
                let body = call.send().await?.success()?;
                // After a POST there is a link; "none" is an answer that contradicts itself.
                read_link(&body, account, now)?.ok_or(ProviderError::Malformed)
            }
            PassRequest::Qr => self.issue_qr(account, now).await,
            PassRequest::Code(phone) => self.issue_code(account, phone, now).await,
            PassRequest::Token => Err(ProviderError::NotOffered),
        }
    }

    async fn current(
        &self,
        account: &Account,
        method: Method,
        now: Timestamp,
    ) -> Result<Current, ProviderError> {
        match method {
            Method::Link => {
                let call = self.call(HttpMethod::GET, account, TEMP_LINK)?;
                let body = call.send().await?.success()?;
                Ok(read_link(&body, account, now)?.map_or(Current::Nothing, Current::Alive))
            }
            Method::Qr | Method::Code => Ok(Current::Untold),
            Method::Token => Err(ProviderError::NotOffered),
        }
    }

    async fn revoke(&self, account: &Account) -> Result<(), ProviderError> {
        // Its answer is undocumented, so only the status counts; "not found" means that nothing is alive.
        let call = self.call(HttpMethod::DELETE, account, TEMP_LINK)?;
        match call.send().await?.success() {
            Ok(_body) => Ok(()),
            Err(ProviderError::Refused(404)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn session(&self, account: &Account) -> Result<SessionState, ProviderError> {
        let call = self.call(HttpMethod::GET, account, ["v2", "session", "info"])?;
        let body = call.send().await?.success()?;
        let info: SessionInfo =
            serde_json::from_slice(&body).map_err(|_cause| ProviderError::Malformed)?;
        Ok(match info.status.as_str() {
            "STARTING" => SessionState::Starting,
            "SCAN_QR_CODE" => SessionState::Waiting,
            "WORKING" => SessionState::Connected,
            "STOPPED" => SessionState::LoggedOut,
            "FAILED" => SessionState::Failed,
            _undocumented => SessionState::Unknown,
        })
    }

    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        _token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed> {
        // What these give out is a pass, which is Pairlink's to issue and to revoke.
        if path.is_below(&["*", "session", "temp-link"]) || path.is_below(&["*", "auth"]) {
            return Err(NotAddressed::Kept);
        }
        for name in CREDENTIALS_IN_QUERY {
            if path.has_parameter(name) {
                return Err(NotAddressed::Parameter(name));
            }
        }
        let mut own = url::form_urlencoded::Serializer::new(String::new());
        for name in CREDENTIALS_IN_QUERY {
            own.append_pair(name, account.credentials.get(name));
        }
        let own = Zeroizing::new(own.finish());
        let query = Zeroizing::new(match path.query() {
            None | Some("") => own.to_string(),
            Some(given) => format!("{given}&{}", own.as_str()),
        });
        Ok(Addressed {
            url: ApiPath::place(&account.base_url, &path.segments(), Some(&query))?,
            bearer: None,
            hidden: vec![Secret::new(account.credentials.get("access_token"))],
        })
    }

    async fn log_out(&self, account: &Account) -> Result<(), ProviderError> {
        // Its answer is undocumented, so only the status counts, and the state that is read after it.
        let call = self.call(HttpMethod::POST, account, ["v2", "session", "logout"])?;
        call.send().await?.success().map(|_body| ())
    }

    fn hints_at_login(&self, account: &Account, body: &[u8]) -> bool {
        is_about(body, account.credentials.get("instance_id"))
    }
}

/// `{status, link, expires_at, message}`, or `{"link": null}`. `link` must be there: an object without it is not
/// Wawp's answer, and must not be taken for "no link".
#[derive(Deserialize)]
struct LinkAnswer {
    #[serde(deserialize_with = "Option::deserialize")]
    link: Option<String>,
    expires_at: Option<String>,
}

#[derive(Deserialize)]
struct SessionInfo {
    status: String,
}

/// `{instance_id, status, qr, ts}`, as far as it is read: the state in it is not.
#[derive(Deserialize)]
struct Posted {
    instance_id: String,
    #[serde(rename = "status")]
    _status: String,
}

/// Whether what was posted tells a state of that instance.
fn is_about(body: &[u8], instance_id: &str) -> bool {
    serde_json::from_slice(body).is_ok_and(|posted: Posted| posted.instance_id == instance_id)
}

/// Reads a link that is alive; one that has ended is none.
fn read_link(
    body: &[u8],
    account: &Account,
    now: Timestamp,
) -> Result<Option<Issued>, ProviderError> {
    let answer: LinkAnswer =
        serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)?;
    let Some(link) = answer.link else {
        return Ok(None);
    };
    if !is_own_link(&link, account) {
        return Err(ProviderError::Malformed);
    }
    let expires_at = answer
        .expires_at
        .as_deref()
        .and_then(read_instant)
        .ok_or(ProviderError::Malformed)?;
    if expires_at <= now {
        return Ok(None);
    }
    // A clock of theirs that runs ahead must not make a link look alive after its end.
    let expires_at = expires_at.min(later(now, LINK_TTL));
    Ok(Some(Issued {
        content: Content::Link(Secret::new(link)),
        expires_at,
    }))
}

/// Whether a link leads where Wawp's links lead: pages show it, so it must not lead anywhere else. With an address of
/// its own (a simulator, a reverse proxy) that address's links count too.
fn is_own_link(link: &str, account: &Account) -> bool {
    let Ok(url) = Url::parse(link) else {
        return false;
    };
    let public =
        url.scheme() == "https" && url.host_str() == Some(LINK_HOST) && url.port().is_none();
    let token = url.path().strip_prefix(LINK_PATH).unwrap_or_default();
    (public || url.origin() == account.base_url.origin())
        && !token.is_empty()
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn read_instant(text: &str) -> Option<Timestamp> {
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let millis = instant.unix_timestamp_nanos() / 1_000_000;
    Some(Timestamp::from_unix_millis(i64::try_from(millis).ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::InvalidCredential;
    use super::*;

    fn account() -> Account {
        let credentials = BTreeMap::from([
            ("instance_id".to_owned(), Secret::new("ABCDEF123456")),
            ("access_token".to_owned(), Secret::new("t")),
        ]);
        Account {
            base_url: PUBLIC_ADDRESS.parse().unwrap(),
            credentials: PROFILE.credentials_from(credentials).unwrap(),
        }
    }

    fn read(body: &str) -> Result<Option<String>, ProviderError> {
        let now = "2026-06-19T19:00:00.000Z".parse().unwrap();
        read_link(body.as_bytes(), &account(), now).map(|issued| {
            issued
                .map(|issued| format!("{} {}", issued.content.secret().expose(), issued.expires_at))
        })
    }

    #[test]
    fn reads_the_documented_answers() {
        let link = "https://app.wawp.net/temp-qr/a1b2c3d4e5f6";
        let body = format!(
            r#"{{"status":"success","link":"{link}","expires_at":"2026-06-19T19:25:00.000Z","message":"m"}}"#
        );
        assert_eq!(
            read(&body),
            Ok(Some(format!("{link} 2026-06-19T19:25:00.000Z")))
        );
        assert_eq!(read(r#"{"link": null}"#), Ok(None));
    }

    #[test]
    fn clamps_absurd_ends_and_takes_ended_links_for_none() {
        let body = |end: &str| {
            format!(r#"{{"link":"https://app.wawp.net/temp-qr/a1","expires_at":"{end}"}}"#)
        };
        assert_eq!(
            read(&body("9999-01-01T00:00:00Z")),
            Ok(Some(
                "https://app.wawp.net/temp-qr/a1 2026-06-19T19:30:00.000Z".to_owned()
            ))
        );
        for end in ["2026-06-19T19:00:00.000Z", "1970-01-01T00:00:00Z"] {
            assert_eq!(read(&body(end)), Ok(None));
        }
        for end in ["", "soon", "1781897100", "-1"] {
            assert_eq!(read(&body(end)), Err(ProviderError::Malformed), "{end}");
        }
    }

    #[test]
    fn refuses_links_that_lead_elsewhere() {
        for link in [
            "http://app.wawp.net/temp-qr/a1",
            "https://evil.example/temp-qr/a1",
            "https://app.wawp.net.evil.example/temp-qr/a1",
            "https://app.wawp.net@evil.example/temp-qr/a1",
            "https://app.wawp.net/other/a1",
            "https://app.wawp.net/temp-qr/",
            "https://app.wawp.net/temp-qr/a1?next=evil",
            "https://app.wawp.net/temp-qr/../x",
            "javascript:alert(1)",
            "",
        ] {
            let body = format!(r#"{{"link":"{link}","expires_at":"2026-06-19T19:25:00.000Z"}}"#);
            assert_eq!(read(&body), Err(ProviderError::Malformed), "{link}");
        }
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"link": 5}"#,
            r#"{"link": "x"}"#,
            r#"{"status":"success"}"#,
        ] {
            assert_eq!(read(body), Err(ProviderError::Malformed), "{body}");
        }
    }

    #[test]
    fn what_is_posted_about_this_instance_is_told_from_everything_else() {
        let about = |body: &str| is_about(body.as_bytes(), "ABCDEF123456");
        assert!(about(
            r#"{"instance_id":"ABCDEF123456","status":"WORKING","qr":null,"ts":1}"#
        ));
        for body in [
            r#"{"instance_id":"ABCDEF123457","status":"WORKING"}"#,
            r#"{"instance_id":"ABCDEF123456"}"#,
            r#"{"status":"WORKING"}"#,
            "{}",
            "[]",
            "",
        ] {
            assert!(!about(body), "{body}");
        }
    }

    #[test]
    fn wants_exactly_its_credentials() {
        let given = |pairs: &[(&str, &str)]| {
            PROFILE
                .credentials_from(
                    pairs
                        .iter()
                        .map(|(name, text)| ((*name).to_owned(), Secret::new(*text)))
                        .collect(),
                )
                .err()
                .map(|InvalidCredential(name)| name)
        };
        assert_eq!(
            given(&[("instance_id", "ABCDEF123456"), ("access_token", "t")]),
            None
        );
        assert_eq!(
            given(&[("instance_id", "ABCDEF123456")]),
            Some("access_token".to_owned())
        );
        assert_eq!(
            given(&[("instance_id", "short"), ("access_token", "t")]),
            Some("instance_id".to_owned())
        );
        for token in ["", "a b", "a\r\nb", &"x".repeat(4097)] {
            assert_eq!(
                given(&[("instance_id", "ABCDEF123456"), ("access_token", token)]),
                Some("access_token".to_owned())
            );
        }
        assert_eq!(
            given(&[
                ("instance_id", "ABCDEF123456"),
                ("access_token", "t"),
                ("token", "t")
            ]),
            Some("token".to_owned())
        );
    }
}
