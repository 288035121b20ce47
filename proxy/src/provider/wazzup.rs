//! Wazzup: client tokens for a partner's customers (its documentation of simplified authorization, 2026-06).
//!
//! The partner's name and password buy a machine token, and that is exchanged for the token of one customer's account. A
//! refresh token comes along, and buys the next one. Nothing can be asked for again or taken back.

mod refusal;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method as HttpMethod;
use serde::Deserialize;
use serde_json::{Value, json};

use self::refusal::Meaning;
use super::opening::is_text;
use super::profile::is_key;
use super::upstream::Answer;
use super::{
    Account, Addressed, ApiPath, CredentialField, Current, Form, FormField, FormValue, Issued,
    NotAddressed, Offer, Opening, Profile, Provider, ProviderError, Renewal, Renewed, Upstream,
};
use crate::domain::{Method, PassRequest, SessionState, Timestamp, TokenSource};
use crate::secret::Secret;

static PROFILE: Profile = Profile {
    name: "wazzup",
    base_url: "https://tech.wazzup24.com",
    offers: &[Offer {
        method: Method::Token,
        // The one that is documented; what counts is each answer's `expires_in`.
        longest_ttl: Duration::from_hours(24),
        revocable: false,
    }],
    tokens: Some(TokenSource::Exchanged),
    credentials: &[
        CredentialField {
            name: "email",
            optional: false,
            // Basic authentication ends the name at the first colon (RFC 7617).
            admits: |text| is_key(text) && text.contains('@') && !text.contains(':'),
        },
        CredentialField {
            name: "password",
            optional: false,
            admits: |text| !text.is_empty(),
        },
        CredentialField {
            name: "account_id",
            optional: false,
            admits: is_account_id,
        },
        CredentialField {
            name: "scope",
            optional: false,
            admits: is_key,
        },
        // Wanted for refreshing alone.
        CredentialField {
            name: "client_id",
            optional: true,
            admits: is_key,
        },
    ],
    logs_out: false,
    tells_phone: false,
    posts_events: false,
    qr_interval: None,
    opening: Some(&OPENING),
};

static OPENING: Opening = Opening {
    credential: "account_id",
    fields: &[
        FormField {
            name: "name",
            admits: |value| is_text(value, 3, 200),
        },
        // Which of these it knows is the provider's to say.
        FormField {
            name: "lang",
            admits: |value| is_text(value, 2, 2),
        },
        FormField {
            name: "currency",
            admits: |value| is_text(value, 3, 3),
        },
        FormField {
            name: "country",
            admits: |value| is_text(value, 2, 2),
        },
        // Hours from UTC.
        FormField {
            name: "timezone",
            admits: |value| matches!(value, FormValue::Number(hours) if (-12.0..=14.0).contains(hours)),
        },
    ],
};

/// The adapter.
pub(super) struct Wazzup {
    upstream: Upstream,
}

impl Wazzup {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream: upstream.of(&PROFILE),
        }
    }
}

/// What the code of a refusal says, if it is known. `token`: whether one was presented beside the account.
fn by_code(answer: &Answer, token: bool) -> Option<ProviderError> {
    Some(match (refusal::read(answer.body())?, token) {
        (Meaning::Credentials, _) | (Meaning::Token, false) => ProviderError::Credentials,
        (Meaning::Token, true) => ProviderError::Token,
        (Meaning::Refused, _) => ProviderError::Refused(answer.status()),
    })
}

/// A value as the provider writes it: a whole number without a fraction.
fn in_json(value: &FormValue) -> Value {
    match value {
        FormValue::Text(text) => Value::from(text.as_str()),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and between -12 and 14"
        )]
        FormValue::Number(number) if number.fract() == 0.0 => Value::from(*number as i64),
        FormValue::Number(number) => Value::from(*number),
    }
}

/// `{"data": {"account": {"account_id": 12345678}}}`: a number here, a text elsewhere, sometimes with a dash.
fn read_account(body: &[u8]) -> Result<Secret, ProviderError> {
    let body: Value = serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)?;
    let id = match body.pointer("/data/account/account_id") {
        Some(Value::Number(id)) => id.as_u64().map(|id| id.to_string()),
        Some(Value::String(id)) => is_account_id(id).then(|| digits(id)),
        Some(_) | None => None,
    };
    id.map(Secret::new).ok_or(ProviderError::Malformed)
}

fn is_account_id(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-')
        && (1..=20).contains(&digits(text).len())
}

#[async_trait]
impl Provider for Wazzup {
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
        let answer = self
            .upstream
            .call(HttpMethod::POST, account.url(["v2", "oauth", "token"])?)
            .basic(
                account.credentials.get("email"),
                account.credentials.get("password"),
            )
            .json(&grant(account, by))
            .send()
            .await?;
        let token = match answer.refusal() {
            None => read_token(answer.body(), now),
            Some(by_status) => Err(by_status),
        };
        // What goes with an error besides its code is undocumented, so the code counts whatever the status.
        let presented = match by {
            Renewal::Mint => false,
            Renewal::Exchange(_) | Renewal::Refresh(_) => true,
        };
        token.map_err(|error| by_code(&answer, presented).unwrap_or(error))
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

    async fn open_account(&self, account: &Account, form: &Form) -> Result<Secret, ProviderError> {
        let form: BTreeMap<&str, Value> = form
            .iter()
            .map(|(name, value)| (name, in_json(value)))
            .collect();
        let answer = self
            .upstream
            .call(HttpMethod::POST, account.url(["v2", "accounts"])?)
            .basic(
                account.credentials.get("email"),
                account.credentials.get("password"),
            )
            .json(&form)
            .send()
            .await?;
        match answer.refusal() {
            None => read_account(answer.body()),
            Some(by_status) => Err(by_code(&answer, false).unwrap_or(by_status)),
        }
    }

    fn address(
        &self,
        account: &Account,
        path: &ApiPath,
        token: Option<&Secret>,
    ) -> Result<Addressed, NotAddressed> {
        // Both take the partner's password: one hands out tokens for every customer, the other makes customers.
        if path.is_below(&["*", "oauth"]) || path.is_below(&["*", "accounts"]) {
            return Err(NotAddressed::Kept);
        }
        Ok(Addressed {
            url: path.below(&account.base_url)?,
            bearer: token.cloned(),
            hidden: Vec::new(),
        })
    }

    fn refuses_token(&self, status: u16, beginning: &[u8]) -> bool {
        status == 401 || refusal::is_of_token(beginning)
    }
}

/// The body of the one call. Its secrets go nowhere else.
fn grant(account: &Account, by: Renewal<'_>) -> Value {
    let scope = account.credentials.get("scope");
    match by {
        Renewal::Mint => json!({
            "grant_type": "client_credentials",
            "client_credentials_data": { "scope": scope },
        }),
        Renewal::Exchange(machine_token) => json!({
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "token_exchange_data": {
                "subject_token": machine_token.expose(),
                "subject_token_type": "urn:wazzup:oauth:token-type:machine_token",
                // Shown with a dash, given as a number, wanted as a text of digits.
                "requested_subject": digits(account.credentials.get("account_id")),
                "scope": scope,
            },
        }),
        Renewal::Refresh(refresh_token) => {
            let mut data = json!({ "refresh_token": refresh_token.expose() });
            let client_id = account.credentials.get("client_id");
            if let (Some(fields), false) = (data.as_object_mut(), client_id.is_empty()) {
                fields.insert("client_id".to_owned(), client_id.into());
            }
            json!({ "grant_type": "refresh_token", "refresh_token_data": data })
        }
    }
}

fn digits(text: &str) -> String {
    text.replace(|letter: char| !letter.is_ascii_digit(), "")
}

#[derive(Deserialize)]
struct TokenAnswer {
    data: TokenData,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize)]
struct TokenData {
    access_token: String,
    /// One that cannot be read is none: the exchange brings another.
    #[serde(default)]
    refresh_token: Value,
    token_type: String,
    /// Seconds.
    expires_in: i64,
}

#[derive(Default, Deserialize)]
struct Meta {
    /// Seconds.
    #[serde(default)]
    timestamp: Value,
}

fn read_token(body: &[u8], now: Timestamp) -> Result<Renewed, ProviderError> {
    let TokenAnswer { data, meta } =
        serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)?;
    let usable = data.expires_in > 0
        && is_key(&data.access_token)
        && data.token_type.eq_ignore_ascii_case("bearer");
    if !usable {
        return Err(ProviderError::Malformed);
    }
    let refresh_token = data.refresh_token.as_str().filter(|text| is_key(text));
    let told = meta.timestamp.as_i64();
    Ok(Renewed {
        token: Secret::new(data.access_token),
        // Counted from before the call, so it may end later than said, never earlier.
        expires_at: now.plus_millis(data.expires_in.saturating_mul(1000)),
        refresh_token: refresh_token.map(Secret::new),
        // It counts whole seconds, so less than one may be nothing.
        clock_skew_millis: told.map(|seconds| {
            let provider = Timestamp::from_unix_millis(seconds.saturating_mul(1000));
            match provider.millis_since(now) {
                -999..=999 => 0,
                skew => skew,
            }
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::super::InvalidCredential;
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_759_481_962_400);

    fn read(body: &str) -> Result<(String, i64), ProviderError> {
        read_token(body.as_bytes(), NOW).map(|token| {
            (
                token.token.expose().to_owned(),
                token.expires_at.millis_since(NOW),
            )
        })
    }

    #[test]
    fn takes_what_comes_along_and_leaves_what_cannot_be_read() {
        let read = |refresh_token: &str, timestamp: &str| {
            let body = format!(
                r#"{{"data":{{"access_token":"t","token_type":"Bearer","expires_in":60,"refresh_token":{refresh_token}}},"meta":{{"timestamp":{timestamp}}}}}"#
            );
            let renewed = read_token(body.as_bytes(), NOW).unwrap();
            let refresh_token = renewed.refresh_token.map(|one| one.expose().to_owned());
            (refresh_token, renewed.clock_skew_millis)
        };
        let some = Some("ref.resh".to_owned());
        assert_eq!(read("\"ref.resh\"", "1759481962"), (some.clone(), Some(0)));
        assert_eq!(read("\"ref.resh\"", "1759481992"), (some, Some(29_600)));
        assert_eq!(read("null", "1759481902"), (None, Some(-60_400)));
        for nothing in ["5", "\"\"", "\"a b\"", "{}"] {
            assert_eq!(read(nothing, "\"soon\""), (None, None), "{nothing}");
        }
    }

    #[test]
    fn a_refresh_names_the_client_where_there_is_one() {
        let account = |client_id: Option<&str>| {
            let mut given: BTreeMap<String, Secret> = [
                ("email", "partner@example.com"),
                ("password", "password"),
                ("account_id", "1234-5678"),
                ("scope", "transport,crm"),
            ]
            .map(|(name, text)| (name.to_owned(), Secret::new(text)))
            .into();
            if let Some(client_id) = client_id {
                given.insert("client_id".to_owned(), Secret::new(client_id));
            }
            Account {
                base_url: PROFILE.base_url.parse().unwrap(),
                credentials: PROFILE.credentials_from(given).unwrap(),
            }
        };
        let refresh_token = Secret::new("ref.resh");
        let data = |client_id| {
            let body = grant(&account(client_id), Renewal::Refresh(&refresh_token));
            body["refresh_token_data"].clone()
        };
        assert_eq!(data(None), json!({ "refresh_token": "ref.resh" }));
        let named = json!({ "refresh_token": "ref.resh", "client_id": "abc" });
        assert_eq!(data(Some("abc")), named);
    }

    #[test]
    fn lifetimes_come_from_the_answer_alone() {
        let client = r#"{"data":{"access_token":"cli.ent","refresh_token":"ref.resh","token_type":"Bearer","expires_in":86400},"meta":{"timestamp":1759481962}}"#;
        assert_eq!(read(client), Ok(("cli.ent".to_owned(), 86_400_000)));
        let machine =
            r#"{"data":{"access_token":"mach.ine","token_type":"bearer","expires_in":60}}"#;
        assert_eq!(read(machine), Ok(("mach.ine".to_owned(), 60_000)));
        for data in [
            r#"{"access_token":"t","token_type":"Bearer"}"#,
            r#"{"access_token":"t","token_type":"Bearer","expires_in":0}"#,
            r#"{"access_token":"t","token_type":"Bearer","expires_in":-1}"#,
            r#"{"access_token":"t","token_type":"Bearer","expires_in":"86400"}"#,
            r#"{"access_token":"t","token_type":"MAC","expires_in":60}"#,
            r#"{"access_token":"","token_type":"Bearer","expires_in":60}"#,
            r#"{"access_token":"a b","token_type":"Bearer","expires_in":60}"#,
            "{}",
            "null",
        ] {
            let body = format!(r#"{{"data":{data}}}"#);
            assert_eq!(read(&body), Err(ProviderError::Malformed), "{data}");
        }
        for body in ["", "{}", "[]", "<html>"] {
            assert_eq!(read(body), Err(ProviderError::Malformed), "{body}");
        }
    }

    #[test]
    fn takes_the_credentials_of_a_partner() {
        let given = |changed: &str, text: &str| {
            let mut given: BTreeMap<String, Secret> = [
                ("email", "partner@example.com"),
                ("password", "päss wörd:1"),
                ("account_id", "1234-5678"),
                ("scope", "transport,crm"),
            ]
            .map(|(name, text)| (name.to_owned(), Secret::new(text)))
            .into();
            given.insert(changed.to_owned(), Secret::new(text));
            PROFILE
                .credentials_from(given)
                .err()
                .map(|InvalidCredential(name)| name)
        };
        assert_eq!(given("scope", "transport"), None);
        assert_eq!(given("client_id", "abc"), None);
        assert_eq!(given("account_id", "12345678"), None);
        for (name, text) in [
            ("email", "partner"),
            ("email", "a:b@example.com"),
            ("password", ""),
            ("password", "two\nlines"),
            ("account_id", ""),
            ("account_id", "-"),
            ("account_id", "12a"),
            ("account_id", "123456789012345678901"),
            ("scope", "transport, crm"),
            ("client_id", ""),
            ("refresh_token", "r"),
        ] {
            assert_eq!(given(name, text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn an_account_is_named_by_a_number_or_a_text() {
        let read = |id: &str| {
            let body =
                format!(r#"{{"data":{{"account":{{"account_id":{id},"name":"n"}}}},"meta":{{}}}}"#);
            read_account(body.as_bytes()).map(|id| id.expose().to_owned())
        };
        for id in ["12345678", "\"12345678\"", "\"1234-5678\""] {
            assert_eq!(read(id), Ok("12345678".to_owned()));
        }
        for id in ["null", "\"\"", "\"-\"", "\"x\"", "-1", "1.5", "[1]", "true"] {
            assert_eq!(read(id), Err(ProviderError::Malformed), "{id}");
        }
        for body in ["", "{}", "[]", r#"{"data":{}}"#] {
            assert!(read_account(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn accounts_are_named_by_their_digits() {
        assert_eq!(digits("1234-5678"), "12345678");
        assert_eq!(digits("12345678"), "12345678");
    }
}
