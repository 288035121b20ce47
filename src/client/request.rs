//! One HTTP request that ends when it is dropped. The only place that calls `fetch`.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response,
};

use crate::clock;

/// Waits for the promise, but not longer; nothing if it is rejected or late.
pub(super) async fn within(limit_ms: u32, promise: &Promise) -> Option<JsValue> {
    let mut timer = None;
    let late = Promise::new(&mut |_resolve, reject| {
        timer = Some(Timeout::new(limit_ms, move || {
            // Rejecting cannot fail.
            drop(reject.call0(&JsValue::NULL));
        }));
    });
    let first = Promise::race(&Array::of2(promise, &late));
    let outcome = JsFuture::from(first).await;
    drop(timer);
    outcome.ok()
}

/// What to send.
pub(super) struct Request<'a> {
    method: &'static str,
    address: &'a str,
    headers: Vec<(&'static str, &'a str)>,
    body: Option<&'a str>,
    limit_ms: u32,
    credentials: RequestCredentials,
}

impl<'a> Request<'a> {
    /// A call of the proxy, which goes by its token alone and must not see the host's cookies.
    pub(super) const fn for_proxy(method: &'static str, address: &'a str, limit_ms: u32) -> Self {
        Self {
            limit_ms,
            method,
            address,
            headers: Vec::new(),
            body: None,
            credentials: RequestCredentials::Omit,
        }
    }

    /// A call of the host's own backend, which knows the visitor by his cookies.
    pub(super) fn for_token(address: &'a str, limit_ms: u32) -> Self {
        Self {
            credentials: RequestCredentials::SameOrigin,
            ..Self::for_proxy("POST", address, limit_ms)
        }
    }

    pub(super) const fn limit_ms(&self) -> u32 {
        self.limit_ms
    }

    pub(super) fn header(mut self, name: &'static str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn json(mut self, body: &'a str) -> Self {
        self.body = Some(body);
        self.header("content-type", "application/json")
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
pub(super) async fn send(request: &Request<'_>, authorization: Option<&str>) -> Option<Answer> {
    let abort = AbortOnDrop(AbortController::new().ok()?);
    let headers = Headers::new().ok()?;
    for (name, value) in &request.headers {
        headers.set(name, value).ok()?;
    }
    if let Some(authorization) = authorization {
        headers.set("authorization", authorization).ok()?;
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers);
    init.set_signal(Some(&abort.0.signal()));
    init.set_credentials(request.credentials);
    init.set_cache(RequestCache::NoStore);
    // A redirect would carry the token to wherever it points.
    init.set_redirect(RequestRedirect::Error);
    if let Some(body) = request.body {
        init.set_body(&JsValue::from_str(body));
    }
    let sent = clock::monotonic_now();
    let promise = web_sys::window()?.fetch_with_str_and_init(request.address, &init);
    let response = within(request.limit_ms, &promise).await?;
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

    /// The body as a JavaScript value, if it is JSON.
    pub(super) async fn json(&self) -> Option<JsValue> {
        within(self.limit_ms, &self.response.json().ok()?).await
    }

    /// The body piece by piece.
    pub(super) fn pieces(self) -> Option<Pieces> {
        let reader = self.response.body()?.get_reader().dyn_into().ok()?;
        Some(Pieces {
            reader,
            _abort: self.abort,
        })
    }
}

/// A body that arrives in pieces.
pub(super) struct Pieces {
    reader: ReadableStreamDefaultReader,
    _abort: AbortOnDrop,
}

impl Pieces {
    /// The next piece; nothing at the end, whatever ended it, or if it is late.
    pub(super) async fn next(&self, limit_ms: u32) -> Option<Vec<u8>> {
        let result = within(limit_ms, &self.reader.read()).await?;
        js_sys::Reflect::get(&result, &JsValue::from_str("value"))
            .ok()?
            .dyn_into::<Uint8Array>()
            .ok()
            .map(|piece| piece.to_vec())
    }
}
