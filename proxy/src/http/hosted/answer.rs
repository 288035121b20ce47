//! Pages as answers: their documents, and what browsers are told to do and not to do with them.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use pairlink::server::{self, Page, paths};
use pairlink_protocol::{Method, ProblemCode};

use super::cookie;
use super::visit::Visit;
use crate::http::problem::{Failure, StatusOf as _};
use crate::secret::Secret;

/// For every page. What is not named comes with all answers: not kept, no referrer.
const HEADERS: [(&str, &str); 8] = [
    ("x-robots-tag", "noindex, nofollow, noarchive, nosnippet"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=(), payment=(), usb=()",
    ),
    ("vary", "accept-language"),
];

/// What is answered.
pub(super) enum Reply {
    /// A page.
    Page(StatusCode, Page),
    /// A page, and the cookie by which the browser comes back to it.
    Opened {
        cookie: Secret,
        seconds: i64,
        status: StatusCode,
        page: Page,
    },
    /// The browser goes to where the code is, to that method.
    ToConnect(Method),
    /// The link was closed; the browser forgets what it has of it.
    Closed,
}

impl Reply {
    pub(super) const fn page(page: Page) -> Self {
        Self::Page(StatusCode::OK, page)
    }
}

impl Visit {
    /// Answers with a page, whatever became of the request: a person sees it.
    pub(super) async fn answer(&self, reply: Result<Reply, Failure>) -> Response {
        match reply {
            Ok(Reply::Page(status, page)) => self.page(status, page).await,
            Ok(Reply::Opened {
                cookie,
                seconds,
                status,
                page,
            }) => {
                let mut response = self.page(status, page).await;
                let set = cookie::set(&self.service, cookie.expose(), seconds);
                let headers = response.headers_mut();
                headers.extend(set.map(|set| (header::SET_COOKIE, set)));
                response
            }
            Ok(Reply::ToConnect(method)) => {
                let address = paths::connect(Some(method));
                Redirect::to(&address).into_response()
            }
            Ok(Reply::Closed) => {
                let mut response = self.page(StatusCode::OK, Page::Closed).await;
                let headers = response.headers_mut();
                let cookie = cookie::forget(&self.service);
                headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
                headers.insert(
                    HeaderName::from_static("clear-site-data"),
                    HeaderValue::from_static("\"cache\", \"storage\""),
                );
                response
            }
            Err(failure) => {
                let status = failure.code().status_code();
                let page = if failure.code() == ProblemCode::OriginNotAllowed {
                    Page::Foreign
                } else {
                    Page::Failed(self.request.as_str().to_owned())
                };
                let mut response = self.page(status, page).await;
                if let Some(seconds) = failure.retry_after() {
                    let headers = response.headers_mut();
                    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
        }
    }

    async fn page(&self, status: StatusCode, page: Page) -> Response {
        let document = server::render(page, self.assets.frame(self.words)).await;
        let mut headers = HeaderMap::new();
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, html);
        let language = HeaderValue::from_static(self.words.language);
        headers.insert(header::CONTENT_LANGUAGE, language);
        headers.insert(header::CONTENT_SECURITY_POLICY, self.assets.policy());
        for (name, value) in HEADERS {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_static(value));
        }
        if cookie::is_https(&self.service) {
            headers.insert(
                header::STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static("max-age=63072000"),
            );
        }
        (status, headers, document).into_response()
    }
}
