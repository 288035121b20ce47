//! An answer of the proxy, read whole.

use pairlink_protocol::{PROBLEM_MEDIA_TYPE, ProblemCode};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

use super::in_time;

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Sends a request that is answered.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = in_time("an answer", request.send()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = in_time("a body", response.text()).await.unwrap();
    Answer {
        status,
        headers,
        text,
    }
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    /// The problem, which must be this one and complete.
    #[track_caller]
    pub(crate) fn problem(&self, code: &str) -> Value {
        assert_eq!(
            self.headers
                .get("content-type")
                .map(|value| value.to_str().unwrap()),
            Some(PROBLEM_MEDIA_TYPE),
            "{} {}",
            self.status,
            self.text
        );
        let problem: Value = serde_json::from_str(&self.text).unwrap();
        assert_eq!(problem["code"], code, "{}", self.text);
        let known = ProblemCode::from_name(code);
        assert_eq!(self.status, known.status());
        assert_eq!(problem["status"], known.status());
        assert_eq!(problem["title"], known.title());
        assert_eq!(problem["type"], format!("urn:pairlink:problem:{code}"));
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        let waits = self
            .headers
            .get("retry-after")
            .map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(
            problem.get("retry_after").map(Value::to_string),
            waits,
            "the header and the body say the same"
        );
        self.is_private();
        problem
    }

    /// The problem, which must name this field.
    #[track_caller]
    pub(crate) fn problem_of(&self, code: &str, field: &str) {
        let problem = self.problem(code);
        assert_eq!(problem["field"], field, "{}", self.text);
    }

    /// Nothing between here and the browser may keep it.
    #[track_caller]
    pub(crate) fn is_private(&self) {
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
    }
}
