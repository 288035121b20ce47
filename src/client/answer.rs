//! Answers as JavaScript values, read field by field into the types of the protocol.
//!
//! The browser has parsed the JSON already; reading its objects directly keeps a second parser out of the wasm.
//! Unknown fields are skipped, unknown states become `unknown`, unknown methods are left out: a page keeps working
//! while the proxy is one version ahead.

use std::cell::Cell;

use js_sys::{Array, Date};
use pairlink_protocol::{
    Action, ConnectionView, IssuedPass, Method, Pass, PassContent, PassView, ProblemCode,
    Revocation, RevokedPasses, Sensitive, SessionState, Timestamp,
};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::model::Failure;
use crate::object::get;

/// A text of an object, if it has one by that name.
#[inline(never)]
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// The browser reads instants too, and its reader is loaded already.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an instant in milliseconds has no fraction, and what is none was sorted out"
)]
#[inline(never)]
pub(super) fn instant(object: &JsValue, name: &str) -> Option<Timestamp> {
    let millis = Date::parse(&text(object, name)?);
    (!millis.is_nan()).then(|| Timestamp::from_unix_millis(millis as i64))
}

/// The texts of a list, if there is one by that name.
fn texts(object: &JsValue, name: &str) -> Option<Vec<String>> {
    let list = get(object, name).dyn_into::<Array>().ok()?;
    let mut texts = Vec::new();
    for index in 0..list.length() {
        if let Some(text) = list.get(index).as_string() {
            texts.push(text);
        }
    }
    Some(texts)
}

/// Reads fields that must be there. Whichever is missing, reading goes on, and ends in nothing: to give up at each of
/// them in its place would take more code than all the rest.
#[derive(Default)]
struct Reader {
    failed: Cell<bool>,
}

impl Reader {
    fn failed<T: Default>(&self) -> T {
        self.failed.set(true);
        T::default()
    }

    fn text(&self, object: &JsValue, name: &str) -> String {
        text(object, name).unwrap_or_else(|| self.failed())
    }

    fn sensitive(&self, object: &JsValue, name: &str) -> Sensitive {
        Sensitive::new(self.text(object, name))
    }

    fn instant(&self, object: &JsValue, name: &str) -> Timestamp {
        instant(object, name).unwrap_or_else(|| Timestamp::from_unix_millis(self.failed()))
    }

    fn truth(&self, object: &JsValue, name: &str) -> bool {
        get(object, name).as_bool().unwrap_or_else(|| self.failed())
    }

    fn connection(&self, value: &JsValue) -> ConnectionView {
        let methods = texts(value, "methods").unwrap_or_else(|| self.failed());
        // None of those that are newer than this page, and none at all from a proxy that is older.
        let actions = texts(value, "actions").unwrap_or_default();
        ConnectionView {
            label: self.text(value, "label"),
            provider: self.text(value, "provider"),
            state: self.session_state(value),
            methods: known(&methods, &Method::ALL, Method::as_str),
            actions: known(&actions, &Action::ALL, Action::as_str),
            // An older proxy does not say.
            wrong_phone: get(value, "wrong_phone").is_truthy(),
        }
    }

    fn session_state(&self, value: &JsValue) -> SessionState {
        let state = self.text(value, "state");
        find(&state, &SessionState::ALL, SessionState::as_str).unwrap_or(SessionState::Unknown)
    }

    fn pass(&self, value: &JsValue) -> Pass {
        let method = self.text(value, "method");
        let method = find(&method, &Method::ALL, Method::as_str).unwrap_or_else(|| {
            self.failed.set(true);
            Method::Qr
        });
        Pass {
            id: self.text(value, "id"),
            issued_at: self.instant(value, "issued_at"),
            expires_at: self.instant(value, "expires_at"),
            content: match method {
                Method::Link => {
                    let url = self.sensitive(value, "url");
                    if !is_web_address(url.expose()) {
                        self.failed.set(true);
                    }
                    PassContent::Link { url }
                }
                Method::Qr => PassContent::Qr {
                    payload: self.sensitive(value, "payload"),
                },
                Method::Code => PassContent::Code {
                    code: self.sensitive(value, "code"),
                },
                Method::Token => PassContent::Token {
                    token: self.sensitive(value, "token"),
                    token_type: self.text(value, "token_type"),
                },
            },
        }
    }

    /// What was read, if nothing was missing.
    fn whole<T>(&self, read: T) -> Option<T> {
        (!self.failed.get()).then_some(read)
    }
}

/// The one of these that is called so.
fn find<T: Copy>(name: &str, all: &[T], called: fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|one| called(*one) == name)
}

/// Those of the names that are known.
fn known<T: Copy>(names: &[String], all: &[T], called: fn(T) -> &'static str) -> Vec<T> {
    let mut known = Vec::new();
    for name in names {
        if let Some(one) = find(name, all, called) {
            known.push(one);
        }
    }
    known
}

/// A link goes into an `href`: whatever the server says, it is never a script.
fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Reads a [`PassView`].
pub(crate) fn pass_view(value: &JsValue) -> Option<PassView> {
    let reader = Reader::default();
    let pass = get(value, "pass");
    let issuing = text(value, "issuing").unwrap_or_default();
    reader.whole(PassView {
        connection: reader.connection(&get(value, "connection")),
        pass: (!pass.is_null()).then(|| reader.pass(&pass)),
        issuing: find(&issuing, &Method::ALL, Method::as_str),
        server_time: reader.instant(value, "server_time"),
    })
}

/// Reads the state of the login that an object holds.
pub(crate) fn session_state(value: &JsValue) -> Option<SessionState> {
    let reader = Reader::default();
    reader.whole(reader.session_state(value))
}

/// Reads an [`IssuedPass`].
pub(crate) fn issued_pass(value: &JsValue) -> Option<IssuedPass> {
    let reader = Reader::default();
    reader.whole(IssuedPass {
        pass: reader.pass(&get(value, "pass")),
        replaced: reader.truth(value, "replaced"),
        server_time: reader.instant(value, "server_time"),
    })
}

/// Reads [`RevokedPasses`].
pub(crate) fn revoked_passes(value: &JsValue) -> Option<RevokedPasses> {
    let reader = Reader::default();
    reader.whole(RevokedPasses {
        revoked: reader.truth(value, "revoked"),
        revocation: match reader.text(value, "revocation").as_str() {
            "upstream" => Revocation::Upstream,
            "local_only" => Revocation::LocalOnly,
            // Also what a word that is newer than this page may mean at best.
            _ => Revocation::Pending,
        },
        dead_by: reader.instant(value, "dead_by"),
        server_time: reader.instant(value, "server_time"),
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
        retry_after_seconds: get(value, "retry_after")
            .as_f64()
            .map(|seconds| seconds as u32),
    }
}
