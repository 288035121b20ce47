//! Answers as JavaScript values, read field by field into the types of the protocol.
//!
//! The browser has parsed the JSON already; reading its objects directly keeps a second parser out of the wasm.
//! Unknown fields are skipped, unknown states become `unknown`, unknown methods are left out: a page keeps working
//! while the proxy is one version ahead.

use js_sys::{Array, Date, Reflect};
use pairlink_protocol::{
    Action, ConnectionView, IssuedPass, Method, Pass, PassContent, PassView, ProblemCode,
    Revocation, RevokedPasses, Sensitive, SessionState, Timestamp,
};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::model::Failure;

pub(super) fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok()
}

pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name)?.as_string()
}

fn sensitive(object: &JsValue, name: &str) -> Option<Sensitive> {
    text(object, name).map(Sensitive::new)
}

/// The browser reads instants too, and its reader is loaded already.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an instant in milliseconds has no fraction, and what is none was sorted out"
)]
pub(super) fn instant(object: &JsValue, name: &str) -> Option<Timestamp> {
    let millis = Date::parse(&text(object, name)?);
    (!millis.is_nan()).then(|| Timestamp::from_unix_millis(millis as i64))
}

/// Reads a [`PassView`].
pub(crate) fn pass_view(value: &JsValue) -> Option<PassView> {
    let pass = field(value, "pass")?;
    Some(PassView {
        connection: connection(&field(value, "connection")?)?,
        pass: if pass.is_null() {
            None
        } else {
            Some(self::pass(&pass)?)
        },
        issuing: text(value, "issuing").and_then(|method| method.parse().ok()),
        server_time: instant(value, "server_time")?,
    })
}

fn connection(value: &JsValue) -> Option<ConnectionView> {
    Some(ConnectionView {
        label: text(value, "label")?,
        provider: text(value, "provider")?,
        state: session_state(value)?,
        methods: field(value, "methods")?
            .dyn_into::<Array>()
            .ok()?
            .iter()
            .filter_map(|method| method.as_string()?.parse().ok())
            .collect(),
        actions: actions(value),
        wrong_phone: field(value, "wrong_phone").is_some_and(|wrong| wrong.is_truthy()),
    })
}

/// Reads the state of the login that an object holds.
pub(crate) fn session_state(value: &JsValue) -> Option<SessionState> {
    let state = text(value, "state")?;
    let mut known = SessionState::ALL.into_iter();
    Some(
        known
            .find(|known| known.as_str() == state)
            .unwrap_or(SessionState::Unknown),
    )
}

/// None of those that are newer than this page, and none at all from a proxy that is older.
fn actions(value: &JsValue) -> Vec<Action> {
    let named = field(value, "actions").and_then(|names| names.dyn_into::<Array>().ok());
    named.map_or_else(Vec::new, |names| {
        names
            .iter()
            .filter_map(|name| {
                let name = name.as_string()?;
                Action::ALL
                    .into_iter()
                    .find(|action| action.as_str() == name)
            })
            .collect()
    })
}

fn pass(value: &JsValue) -> Option<Pass> {
    Some(Pass {
        id: text(value, "id")?,
        issued_at: instant(value, "issued_at")?,
        expires_at: instant(value, "expires_at")?,
        content: match text(value, "method")?.parse().ok()? {
            Method::Link => PassContent::Link {
                url: sensitive(value, "url").filter(|url| is_web_address(url.expose()))?,
            },
            Method::Qr => PassContent::Qr {
                payload: sensitive(value, "payload")?,
            },
            Method::Code => PassContent::Code {
                code: sensitive(value, "code")?,
            },
            Method::Token => PassContent::Token {
                token: sensitive(value, "token")?,
                token_type: text(value, "token_type")?,
            },
        },
    })
}

/// A link goes into an `href`: whatever the server says, it is never a script.
fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Reads an [`IssuedPass`].
pub(crate) fn issued_pass(value: &JsValue) -> Option<IssuedPass> {
    Some(IssuedPass {
        pass: pass(&field(value, "pass")?)?,
        replaced: field(value, "replaced")?.as_bool()?,
        server_time: instant(value, "server_time")?,
    })
}

/// Reads [`RevokedPasses`].
pub(crate) fn revoked_passes(value: &JsValue) -> Option<RevokedPasses> {
    Some(RevokedPasses {
        revoked: field(value, "revoked")?.as_bool()?,
        revocation: match text(value, "revocation")?.as_str() {
            "upstream" => Revocation::Upstream,
            "local_only" => Revocation::LocalOnly,
            // Also what a word that is newer than this page may mean at best.
            _ => Revocation::Pending,
        },
        dead_by: instant(value, "dead_by")?,
        server_time: instant(value, "server_time")?,
    })
}

/// Reads a problem, or makes one of the status if the body is none: a gateway in between may have answered.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float is cast to the nearest integer that fits"
)]
pub(crate) fn problem(status: u16, value: &JsValue) -> Failure {
    let code = match text(value, "code") {
        Some(name) => ProblemCode::from_name(&name),
        None => match status {
            401 => ProblemCode::Unauthenticated,
            404 => ProblemCode::NotFound,
            429 => ProblemCode::TooManyRequests,
            500.. => ProblemCode::StoreUnavailable,
            _ => return Failure::Unreadable,
        },
    };
    Failure::Problem {
        code,
        request_id: text(value, "request_id").unwrap_or_default(),
        retry_after_seconds: field(value, "retry_after")
            .and_then(|seconds| seconds.as_f64())
            .map(|seconds| seconds as u32),
    }
}
