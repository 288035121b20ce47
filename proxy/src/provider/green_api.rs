//! Green-API: pairing codes, QR codes, the state of an instance and its end (its documentation, 2026-06).
//!
//! The credentials stand in the path of every call. Nothing that it issued can be asked for again or taken back: a
//! pairing code dies after two and a half minutes, a QR code after 20 seconds. QR codes come as pictures only.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method as HttpMethod;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Account, Addressed, ApiPath, CredentialField, Current, Issued, NotAddressed, Offer, Profile,
    Provider, ProviderError, Upstream, later, pairing, picture,
};
use crate::domain::{LinkedPhone, Method, PassRequest, PhoneNumber, SessionState, Timestamp};
use crate::secret::Secret;

const CODE_TTL: Duration = Duration::from_secs(150);
const QR_TTL: Duration = Duration::from_secs(20);

/// QR codes may be asked for once a second, as it counts them.
const QR_INTERVAL: Duration = Duration::from_millis(1_200);
/// The first of an instance can take minutes.
const QR_AGAIN_SECONDS: u32 = 2;
const CODE_AGAIN_SECONDS: u32 = 5;
const LOGOUT_AGAIN_SECONDS: u32 = 5;

/// What gives out a pass, which is Pairlink's to issue, or replaces the very token that is stored here.
const KEPT: [&str; 4] = ["getauthorizationcode", "qr", "scanqrcode", "updateapitoken"];

static PROFILE: Profile = Profile {
    name: "green-api",
    base_url: "https://api.green-api.com",
    offers: &[
        Offer {
            method: Method::Qr,
            longest_ttl: QR_TTL,
            revocable: false,
        },
        Offer {
            method: Method::Code,
            longest_ttl: CODE_TTL,
            revocable: false,
        },
    ],
    tokens: None,
    credentials: &[
        CredentialField {
            name: "id_instance",
            optional: false,
            admits: |text| {
                (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            },
        },
        CredentialField {
            name: "api_token_instance",
            optional: false,
            // It is a segment of a path, and has no need of any character that means something there.
            admits: |text| {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            },
        },
    ],
    logs_out: true,
    tells_phone: true,
    posts_events: true,
    qr_interval: Some(QR_INTERVAL),
    opening: None,
};

/// The adapter.
pub(super) struct GreenApi {
    upstream: Upstream,
}

impl GreenApi {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream: upstream.of(&PROFILE),
        }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        account: &Account,
        call: &str,
    ) -> Result<T, ProviderError> {
        let call = self.upstream.call(HttpMethod::GET, url(account, call)?);
        read(&call.send().await?.success()?)
    }

    async fn issue_code(
        &self,
        account: &Account,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<Issued, ProviderError> {
        // The answer may take 30 seconds (its documentation). The number is an integer, not a text.
        let body = self
            .upstream
            .call(HttpMethod::POST, url(account, "getAuthorizationCode")?)
            .json(&json!({ "phoneNumber": phone.as_integer() }))
            .slow()
            .send()
            .await?
            .success()?;
        if let Some(issued) = read_code(&body, now)? {
            return Ok(issued);
        }
        // It does not say why: it gives none to a linked account, and sometimes it just fails and may be asked again.
        match self.session(account).await {
            Ok(SessionState::Connected) => Err(ProviderError::AlreadyConnected),
            Ok(_) | Err(_) => Err(ProviderError::NotReady {
                retry_after: CODE_AGAIN_SECONDS,
            }),
        }
    }

    async fn issue_qr(&self, account: &Account, now: Timestamp) -> Result<Issued, ProviderError> {
        let answer: QrAnswer = self.get(account, "qr").await?;
        match answer.kind.as_str() {
            "qrCode" => {
                let text = picture::read(answer.message).await?;
                Ok(Issued {
                    content: pairing::read_qr(text).ok_or(ProviderError::Malformed)?,
                    expires_at: later(now, QR_TTL),
                })
            }
            "alreadyLogged" => Err(ProviderError::AlreadyConnected),
            "error" => Err(ProviderError::NotReady {
                retry_after: QR_AGAIN_SECONDS,
            }),
            _undocumented => Err(ProviderError::Malformed),
        }
    }
}

#[async_trait]
impl Provider for GreenApi {
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
            PassRequest::Code(phone) => self.issue_code(account, phone, now).await,
            PassRequest::Qr => self.issue_qr(account, now).await,
            PassRequest::Link | PassRequest::Token => Err(ProviderError::NotOffered),
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

    async fn session(&self, account: &Account) -> Result<SessionState, ProviderError> {
        let answer: StateAnswer = self.get(account, "getStateInstance").await?;
        Ok(read_state(&answer.state_instance))
    }

    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        _token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed> {
        if KEPT.iter().any(|call| path.is_below(&[call])) {
            return Err(NotAddressed::Kept);
        }
        let (call, rest) = path.split_first().ok_or(NotAddressed::Path)?;
        let instance = format!("waInstance{}", account.credentials.get("id_instance"));
        let token = account.credentials.get("api_token_instance");
        let mut segments = vec![instance.as_str(), call, token];
        segments.extend(rest.iter().map(String::as_str));
        Ok(Addressed {
            url: ApiPath::place(&account.base_url, &segments, path.query())?,
            bearer: None,
            hidden: vec![Secret::new(token)],
        })
    }

    async fn linked_phone(&self, account: &Account) -> Result<Option<LinkedPhone>, ProviderError> {
        let settings: SettingsAnswer = self.get(account, "getSettings").await?;
        read_wid(&settings.wid)
    }

    async fn log_out(&self, account: &Account) -> Result<(), ProviderError> {
        // A GET that changes something, and says whether it did.
        let answer: LogoutAnswer = self.get(account, "logout").await?;
        if answer.is_logout {
            Ok(())
        } else {
            Err(ProviderError::NotReady {
                retry_after: LOGOUT_AGAIN_SECONDS,
            })
        }
    }

    fn hints_at_login(&self, account: &Account, body: &[u8]) -> bool {
        is_about_state(body, account.credentials.get("id_instance"))
    }
}

/// The address of a call, credentials and all.
fn url(account: &Account, call: &str) -> Result<url::Url, ProviderError> {
    let instance = format!("waInstance{}", account.credentials.get("id_instance"));
    let token = account.credentials.get("api_token_instance");
    account.url([instance.as_str(), call, token])
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ProviderError> {
    serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)
}

/// `{"status": true, "code": "GAPI2015"}`, or `{"status": false}` and perhaps an empty code.
/// Of an instance's settings, whose it is.
#[derive(Deserialize)]
struct SettingsAnswer {
    #[serde(default)]
    wid: String,
}

#[derive(Deserialize)]
struct CodeAnswer {
    status: bool,
    code: Option<String>,
}

#[derive(Deserialize)]
struct QrAnswer {
    #[serde(rename = "type")]
    kind: String,
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateAnswer {
    state_instance: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogoutAnswer {
    is_logout: bool,
}

/// What it posts, as far as it is read: the state in it is not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Posted {
    type_webhook: String,
    instance_data: InstanceData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstanceData {
    id_instance: u64,
}

/// Whether what was posted says that the state of that instance is another one now.
fn is_about_state(body: &[u8], id_instance: &str) -> bool {
    serde_json::from_slice(body).is_ok_and(|posted: Posted| {
        posted.type_webhook == "stateInstanceChanged"
            && id_instance.parse() == Ok(posted.instance_data.id_instance)
    })
}

/// Reads a pairing code; none if the provider failed to get one.
fn read_code(body: &[u8], now: Timestamp) -> Result<Option<Issued>, ProviderError> {
    let answer: CodeAnswer = read(body)?;
    if !answer.status {
        return Ok(None);
    }
    let code = answer.code.as_deref().and_then(pairing::read_code);
    Ok(Some(Issued {
        content: code.ok_or(ProviderError::Malformed)?,
        // Counted from before the call, so it may be dead later than said, never earlier.
        expires_at: later(now, CODE_TTL),
    }))
}

fn read_state(state: &str) -> SessionState {
    match state {
        "starting" => SessionState::Starting,
        "notAuthorized" => SessionState::Waiting,
        // Asleep: linked, and its phone is switched off.
        "authorized" | "sleepMode" => SessionState::Connected,
        // The yellow card: sending is suspended.
        "blocked" | "yellowCard" => SessionState::Blocked,
        _undocumented => SessionState::Unknown,
    }
}

/// Reads the number out of an account's name, `79001234567@c.us`; there is none before a phone was linked.
fn read_wid(wid: &str) -> Result<Option<LinkedPhone>, ProviderError> {
    if wid.is_empty() {
        return Ok(None);
    }
    let digits = wid.split('@').next().unwrap_or_default();
    LinkedPhone::parse(digits)
        .map(Some)
        .map_err(|_cause| ProviderError::Malformed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::secret::Secret;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_600_000);

    fn code(body: &str) -> Result<Option<(String, i64)>, ProviderError> {
        read_code(body.as_bytes(), NOW).map(|issued| {
            issued.map(|issued| {
                (
                    issued.content.secret().expose().to_owned(),
                    issued.expires_at.millis_since(NOW),
                )
            })
        })
    }

    fn account(id_instance: &str, api_token_instance: &str) -> Option<Account> {
        let credentials = BTreeMap::from([
            ("id_instance".to_owned(), Secret::new(id_instance)),
            (
                "api_token_instance".to_owned(),
                Secret::new(api_token_instance),
            ),
        ]);
        Some(Account {
            base_url: PROFILE.base_url.parse().unwrap(),
            credentials: PROFILE.credentials_from(credentials).ok()?,
        })
    }

    #[test]
    fn reads_pairing_codes() {
        let alive = Ok(Some(("GAPI2015".to_owned(), 150_000)));
        assert_eq!(code(r#"{"status":true,"code":"GAPI2015"}"#), alive);
        assert_eq!(
            code(r#"{"status":true,"code":"GAPI-2015","more":1}"#),
            alive
        );
        for body in [
            r#"{"status":false}"#,
            r#"{"status":false,"code":""}"#,
            r#"{"status":false,"code":null}"#,
        ] {
            assert_eq!(code(body), Ok(None), "{body}");
        }
        for body in [
            "",
            "{}",
            "[]",
            "<html>",
            r#"{"code":"GAPI2015"}"#,
            r#"{"status":true}"#,
            r#"{"status":true,"code":""}"#,
            r#"{"status":true,"code":20152015}"#,
            r#"{"status":true,"code":"<b>GAPI</b>"}"#,
            r#"{"status":"true","code":"GAPI2015"}"#,
        ] {
            assert_eq!(code(body), Err(ProviderError::Malformed), "{body}");
        }
    }

    #[test]
    fn knows_the_documented_states_and_guesses_none() {
        for (state, read) in [
            ("notAuthorized", SessionState::Waiting),
            ("authorized", SessionState::Connected),
            ("blocked", SessionState::Blocked),
            ("sleepMode", SessionState::Connected),
            ("starting", SessionState::Starting),
            ("yellowCard", SessionState::Blocked),
            ("suspended", SessionState::Unknown),
            ("", SessionState::Unknown),
        ] {
            assert_eq!(read_state(state), read, "{state}");
        }
    }

    #[test]
    fn what_is_posted_about_this_instance_is_told_from_everything_else() {
        let posted = |kind: &str, id: &str| {
            let data = format!(r#"{{"idInstance":{id},"wid":"441134960000@c.us"}}"#);
            let body = format!(
                r#"{{"typeWebhook":"{kind}","instanceData":{data},"timestamp":1,"stateInstance":"x"}}"#
            );
            is_about_state(body.as_bytes(), "1101000001")
        };
        assert!(posted("stateInstanceChanged", "1101000001"));
        assert!(!posted("stateInstanceChanged", "1101000002"));
        assert!(!posted("stateInstanceChanged", "\"1101000001\""));
        assert!(!posted("stateInstanceChanged", "1101000001.5"));
        assert!(!posted("incomingMessageReceived", "1101000001"));
        for body in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"typeWebhook":"stateInstanceChanged"}"#,
        ] {
            assert!(!is_about_state(body.as_bytes(), "1101000001"), "{body}");
        }
    }

    #[test]
    fn credentials_are_segments_of_a_path_and_nothing_more() {
        let account_of = |token| account("9903789715", token);
        let url = url(&account_of("f4fc69110b364ecf").unwrap(), "qr").unwrap();
        assert_eq!(
            url.as_str(),
            "https://api.green-api.com/waInstance9903789715/qr/f4fc69110b364ecf"
        );
        for token in [
            "", ".", "..", "a/b", "a?b", "a#b", "a%2fb", "a b", "é", "a\\b", "a;b",
        ] {
            assert!(account_of(token).is_none(), "{token}");
        }
        for instance in ["", "1/2", "-1", "abc", "123456789012345678901"] {
            assert!(account(instance, "token").is_none(), "{instance}");
        }
    }
}
