//! What the loader asked while this module was on its way: a token of the host, and what is alive.

use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::answer::field;

/// What was begun before the widget; nothing if the widget has to begin by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Early(JsValue);

impl Early {
    /// Takes over the loader's promise, which never fails, and is of
    /// `{token, status, body, sent, received}`, or `{token, late}` if nobody answered.
    pub(crate) const fn of(promise: JsValue) -> Self {
        Self(promise)
    }

    /// What is to be waited for, once.
    pub(crate) fn take(&mut self) -> Option<Promise> {
        std::mem::take(&mut self.0).dyn_into().ok()
    }
}

/// What became of it.
pub(super) struct Outcome {
    pub(super) token: JsValue,
    pub(super) answer: Result<Received, Silence>,
}

/// An answer of the proxy, and when it was asked for and came, by the monotonic clock.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) body: Option<JsValue>,
    pub(super) sent: f64,
    pub(super) at: f64,
}

/// Nobody answered.
pub(super) enum Silence {
    /// At once.
    Unreachable,
    /// In all the time that there was.
    TimedOut,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float is cast to the nearest integer that fits"
)]
pub(super) async fn outcome(promise: Promise) -> Outcome {
    let told = JsFuture::from(promise).await.unwrap_or_default();
    let number = |name| field(&told, name).and_then(|value| value.as_f64());
    let answer = match (number("status"), number("sent"), number("received")) {
        (Some(status), Some(sent), Some(at)) => Ok(Received {
            status: status as u16,
            body: field(&told, "body").filter(|body| !body.is_null()),
            sent,
            at,
        }),
        (_, _, _) if field(&told, "late").is_some_and(|late| late.is_truthy()) => {
            Err(Silence::TimedOut)
        }
        (_, _, _) => Err(Silence::Unreachable),
    };
    Outcome {
        token: field(&told, "token").unwrap_or_default(),
        answer,
    }
}
