//! Where embed tokens come from, and the one that is in use. It stays in memory, in this module alone.

use js_sys::{Function, Promise};
use pairlink_protocol::{Sensitive, Timestamp};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::answer::{instant, text};
use super::request::{self, Request, within};
use crate::model::Failure;

/// The host's page or backend answers within this, or has failed.
const TOKEN_LIMIT_MS: u32 = 10_000;
/// A token is replaced so long before its end.
const RENEW_BEFORE_END_MS: i64 = 30_000;
/// Longer ones are not ours.
const LONGEST_TOKEN_BYTES: usize = 512;

/// Where embed tokens come from.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenSource {
    /// An address of the host's own backend: `POST` without a body, answered by `{"token": "ple_…", "expires_at": …}`.
    Endpoint(AttrValue),
    /// A function of the host's page that returns a token or such an answer, or a promise of it.
    Function(Function),
}

/// An embed token in use.
pub(super) struct Token {
    secret: Sensitive,
    /// Absent if the host did not say.
    expires_at: Option<Timestamp>,
}

impl Token {
    /// From then on another one is needed.
    pub(super) fn renew_at(&self) -> Option<Timestamp> {
        self.expires_at
            .map(|end| end.plus_millis(-RENEW_BEFORE_END_MS))
    }

    /// What the proxy is shown.
    pub(super) fn authorization(&self) -> String {
        ["Bearer ", self.secret.expose()].concat()
    }

    /// Reads a token, or an answer that holds one.
    pub(super) fn read(value: &JsValue) -> Option<Self> {
        let secret = value.as_string().or_else(|| text(value, "token"))?;
        // It goes into a header, which must not throw for a value that a host mixed up.
        let fits = (1..=LONGEST_TOKEN_BYTES).contains(&secret.len())
            && secret.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self {
            secret: Sensitive::new(secret),
            expires_at: instant(value, "expires_at"),
        })
    }
}

impl TokenSource {
    /// Asks the host. Whatever it does, this ends in time.
    pub(super) async fn fetch(&self) -> Result<Token, Failure> {
        let value = match self {
            Self::Endpoint(address) => {
                let request = Request::for_token(address, TOKEN_LIMIT_MS);
                match request::send(&request).await {
                    Some(answer) if answer.status() < 300 => Some(answer.json().await),
                    Some(_) | None => None,
                }
            }
            Self::Function(function) => match function.call0(&JsValue::NULL) {
                Ok(promised) => within(TOKEN_LIMIT_MS, Promise::resolve(&promised)).await,
                Err(_thrown) => None,
            },
        };
        value.as_ref().and_then(Token::read).ok_or(Failure::NoToken)
    }
}
