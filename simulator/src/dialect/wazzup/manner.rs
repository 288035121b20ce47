//! What the documents leave open or what differs in practice, and so a client must take either way.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

/// How Wazzup answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Where the code of an error stands.
    pub envelope: Envelope,
    /// How the id of a new account is written.
    pub account_id_form: AccountIdForm,
    /// Whether a refresh gives out a new refresh token and ends the old one. Without that, the old one works on.
    pub rotates: bool,
    /// How far the provider's clock is ahead of everybody's, in seconds; it shows in `meta.timestamp` alone.
    pub skew_seconds: i64,
    /// How long a machine token lives.
    pub machine_ttl: Duration,
    /// How long a customer's access token lives.
    pub access_ttl: Duration,
    /// How long a refresh token lives; nobody is told.
    pub refresh_ttl: Duration,
}

/// Where the code of an error stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelope {
    /// At `code`.
    Code,
    /// At `error.code`.
    ErrorCode,
    /// At `errors[0].code`.
    ErrorsCode,
}

/// How the id of a new account is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountIdForm {
    /// `12345678`, a number.
    Number,
    /// `"12345678"`
    Text,
    /// `"1234-5678"`
    Dashed,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            envelope: Envelope::Code,
            account_id_form: AccountIdForm::Number,
            rotates: true,
            skew_seconds: 0,
            machine_ttl: Duration::from_hours(8),
            access_ttl: Duration::from_hours(24),
            refresh_ttl: Duration::from_hours(7 * 24),
        }
    }
}

impl Manner {
    pub(super) fn success(self, data: Value, now: OffsetDateTime) -> Response {
        Json(json!({ "data": data, "meta": self.meta(now) })).into_response()
    }

    pub(super) fn failure(self, code: &str, message: &str, now: OffsetDateTime) -> Json<Value> {
        let error = json!({ "code": code, "message": message });
        let mut body = match self.envelope {
            Envelope::Code => error,
            Envelope::ErrorCode => json!({ "error": error }),
            Envelope::ErrorsCode => json!({ "errors": [error] }),
        };
        if let Some(fields) = body.as_object_mut() {
            fields.insert("meta".to_owned(), self.meta(now));
        }
        Json(body)
    }

    /// The id of an account, given as digits.
    pub(super) fn account_id(self, digits: &str) -> Value {
        match self.account_id_form {
            AccountIdForm::Number => digits.parse::<u64>().map_or(Value::Null, Value::from),
            AccountIdForm::Text => Value::from(digits),
            AccountIdForm::Dashed => {
                let (front, back) = digits.split_at(digits.len() / 2);
                Value::from(format!("{front}-{back}"))
            }
        }
    }

    fn meta(self, now: OffsetDateTime) -> Value {
        let timestamp = now.unix_timestamp().saturating_add(self.skew_seconds);
        json!({ "timestamp": timestamp })
    }
}
