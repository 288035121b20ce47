//! Wazzup: client tokens for a partner's customers (its documentation of simplified authorization, 2026-06).
//!
//! The partner's name and password buy a machine token, and that is exchanged for the token of one customer's account.
//! The machine token and the refresh token never leave this file. Nothing can be asked for again or taken back.

mod refusal;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method as HttpMethod;
use serde::Deserialize;
use serde_json::{Value, json};

use self::refusal::Meaning;
use super::profile::is_key;
use super::{
    Account, CredentialField, Current, Issued, Offer, Profile, Provider, ProviderError, Upstream,
};
use crate::domain::{Content, Method, PassRequest, SessionState, Timestamp};
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
            admits: |text| {
                text.bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'-')
                    && (1..=20).contains(&digits(text).len())
            },
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
};

/// The adapter.
pub(super) struct Wazzup {
    upstream: Upstream,
}

/// A token and how long it lives.
struct Token {
    text: Secret,
    lives_millis: i64,
}

impl Wazzup {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream: upstream.of(&PROFILE),
        }
    }

    async fn token(&self, account: &Account, grant: &Value) -> Result<Token, ProviderError> {
        let answer = self
            .upstream
            .call(HttpMethod::POST, account.url(["v2", "oauth", "token"])?)
            .basic(
                account.credentials.get("email"),
                account.credentials.get("password"),
            )
            .json(grant)
            .send()
            .await?;
        let token = match answer.refusal() {
            None => read_token(answer.body()),
            Some(by_status) => Err(by_status),
        };
        // What goes with an error besides its code is undocumented, so the code counts whatever the status.
        token.map_err(|error| match refusal::read(answer.body()) {
            Some(Meaning::Credentials) => ProviderError::Credentials,
            Some(Meaning::Refused) => ProviderError::Refused(answer.status()),
            None => error,
        })
    }
}

#[async_trait]
impl Provider for Wazzup {
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
            PassRequest::Token => {}
            PassRequest::Link | PassRequest::Qr | PassRequest::Code(_) => {
                return Err(ProviderError::NotOffered);
            }
        }
        let scope = account.credentials.get("scope");
        let machine = json!({
            "grant_type": "client_credentials",
            "client_credentials_data": { "scope": scope },
        });
        let machine = self.token(account, &machine).await?;
        let exchange = json!({
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "token_exchange_data": {
                "subject_token": machine.text.expose(),
                "subject_token_type": "urn:wazzup:oauth:token-type:machine_token",
                // Shown with a dash, given as a number, wanted as a text of digits.
                "requested_subject": digits(account.credentials.get("account_id")),
                "scope": scope,
            },
        });
        let client = self.token(account, &exchange).await?;
        Ok(Issued {
            content: Content::Token(client.text),
            // Counted from before both calls, so it may end later than said, never earlier.
            expires_at: now.plus_millis(client.lives_millis),
        })
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
}

fn digits(text: &str) -> String {
    text.replace(|letter: char| !letter.is_ascii_digit(), "")
}

#[derive(Deserialize)]
struct TokenAnswer {
    data: TokenData,
}

#[derive(Deserialize)]
struct TokenData {
    access_token: String,
    token_type: String,
    /// Seconds.
    expires_in: i64,
}

fn read_token(body: &[u8]) -> Result<Token, ProviderError> {
    let TokenAnswer { data } =
        serde_json::from_slice(body).map_err(|_cause| ProviderError::Malformed)?;
    let usable = data.expires_in > 0
        && is_key(&data.access_token)
        && data.token_type.eq_ignore_ascii_case("bearer");
    if !usable {
        return Err(ProviderError::Malformed);
    }
    Ok(Token {
        text: Secret::new(data.access_token),
        lives_millis: data.expires_in.saturating_mul(1000),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::InvalidCredential;
    use super::*;

    fn read(body: &str) -> Result<(String, i64), ProviderError> {
        read_token(body.as_bytes())
            .map(|token| (token.text.expose().to_owned(), token.lives_millis))
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
    fn accounts_are_named_by_their_digits() {
        assert_eq!(digits("1234-5678"), "12345678");
        assert_eq!(digits("12345678"), "12345678");
    }
}
