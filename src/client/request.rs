//! One HTTP request that ends when it is dropped. The only place that calls `fetch`.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response};

use crate::clock;
use crate::object;

#[wasm_bindgen]
extern "C" {
    type TextDecoder;

    #[wasm_bindgen(catch, constructor)]
    fn new() -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn decode(this: &TextDecoder, piece: &JsValue, how: &Object) -> Result<String, JsValue>;
}

/// Waits for the promise, but not longer; nothing if it is rejected or late.
pub(super) async fn within(limit_ms: u32, promise: Promise) -> Option<JsValue> {
    let mut timer = None;
    let late = Promise::new(&mut |_resolve, reject| {
        timer = Some(Timeout::new(limit_ms, move || {
            // Rejecting cannot fail.
            drop(reject.call0(&JsValue::NULL));
        }));
    });
    let first = Promise::race(&Array::of2(&promise, &late));
    let outcome = JsFuture::from(first).await;
    drop(timer);
    outcome.ok()
}

/// What to send.
pub(crate) struct Request {
    /// As `fetch` takes it.
    init: Object,
    headers: Object,
    address: String,
    limit_ms: u32,
}

impl Request {
    /// A call of the proxy, which goes by its token alone and must not see the host's cookies.
    pub(super) fn for_proxy(method: &str, address: String, limit_ms: u32) -> Self {
        Self::new(method, address, limit_ms, "omit")
    }

    /// A call of the host's own backend, which knows the visitor by his cookies.
    pub(super) fn for_token(address: &str, limit_ms: u32) -> Self {
        Self::new("POST", address.to_owned(), limit_ms, "same-origin")
    }

    fn new(method: &str, address: String, limit_ms: u32, credentials: &str) -> Self {
        let init = object::of(&[
            ("method", method),
            ("credentials", credentials),
            ("cache", "no-store"),
            // A redirect would carry the token to wherever it points.
            ("redirect", "error"),
        ]);
        let headers = Object::new();
        object::set(&init, "headers", &headers);
        Self {
            init,
            headers,
            address,
            limit_ms,
        }
    }

    pub(super) const fn limit_ms(&self) -> u32 {
        self.limit_ms
    }

    pub(super) fn header(&self, name: &str, value: &str) {
        object::set(&self.headers, name, &JsValue::from_str(value));
    }

    pub(super) fn json(&self, body: &str) {
        self.header("content-type", "application/json");
        object::set(&self.init, "body", &JsValue::from_str(body));
    }
}

/// Ends a request when nobody waits for it any more.
///
/// No reason is given to `abort`: pages that wrap `fetch` expect the exception that the browser makes.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer whose body may still be on its way.
pub(super) struct Answer {
    response: Response,
    sent: f64,
    limit_ms: u32,
    abort: AbortOnDrop,
}

/// Sends the request; nothing if nobody answered in time.
pub(super) async fn send(request: &Request) -> Option<Answer> {
    let abort = AbortOnDrop(AbortController::new().ok()?);
    object::set(&request.init, "signal", &abort.0.signal());
    let sent = clock::monotonic_now();
    let promise = web_sys::window()?.fetch_with_str_and_init(
        &request.address,
        request.init.unchecked_ref::<RequestInit>(),
    );
    let response = within(request.limit_ms, promise).await?;
    Some(Answer {
        response: response.unchecked_into(),
        sent,
        limit_ms: request.limit_ms,
        abort,
    })
}

impl Answer {
    /// When it was asked for, by the monotonic clock.
    pub(super) const fn sent(&self) -> f64 {
        self.sent
    }

    pub(super) fn status(&self) -> u16 {
        self.response.status()
    }

    /// The body as a JavaScript value; null if it is no JSON.
    pub(super) async fn json(&self) -> JsValue {
        match self.response.json() {
            Ok(body) => within(self.limit_ms, body).await.unwrap_or(JsValue::NULL),
            Err(_thrown) => JsValue::NULL,
        }
    }

    /// The body piece by piece.
    pub(super) fn pieces(self) -> Option<Pieces> {
        Some(Pieces {
            reader: self.response.body()?.get_reader().unchecked_into(),
            decoder: TextDecoder::new().ok()?,
            _abort: self.abort,
        })
    }
}

/// A body that arrives in pieces.
pub(super) struct Pieces {
    reader: ReadableStreamDefaultReader,
    decoder: TextDecoder,
    _abort: AbortOnDrop,
}

impl Pieces {
    /// The next piece, as text; nothing at the end, whatever ended it, or if it is late.
    pub(super) async fn next(&self, limit_ms: u32) -> Option<String> {
        let result = within(limit_ms, self.reader.read()).await?;
        let piece = object::get(&result, "value");
        if piece.is_undefined() {
            return None;
        }
        // Half a letter at the end of a piece waits for the rest of it.
        let how = object::of(&[("stream", "true")]);
        self.decoder.decode(&piece, &how).ok()
    }
}
