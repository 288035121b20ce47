//! Errors as answers (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pairlink_protocol::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode};

use crate::domain::RequestId;
use crate::service::ServiceError;

/// The longest name of a field that is repeated.
const LONGEST_FIELD: usize = 64;

/// A problem without the name of its request, which only `request::answer` knows.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    code: ProblemCode,
    field: Option<String>,
    retry_after: Option<u32>,
}

impl Failure {
    pub(super) const fn new(code: ProblemCode) -> Self {
        Self {
            code,
            field: None,
            retry_after: None,
        }
    }

    /// Trying again may help after so many seconds.
    pub(super) const fn later(code: ProblemCode, retry_after: u32) -> Self {
        Self {
            code,
            field: None,
            retry_after: Some(retry_after),
        }
    }

    pub(super) const fn code(&self) -> ProblemCode {
        self.code
    }

    /// Seconds after which trying again may help.
    pub(super) const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// A field of the request is at fault.
    pub(super) fn field(code: ProblemCode, field: impl Into<String>) -> Self {
        Self {
            code,
            field: Some(field.into()),
            retry_after: None,
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let (code, retry_after) = (error.code(), error.retry_after());
        if code.status() >= 500 && !matches!(error, ServiceError::Provider(_)) {
            // What providers do wrong is logged where it happens.
            tracing::error!(error = &error as &dyn std::error::Error, "cannot answer");
        }
        let field = if let ServiceError::InvalidField(field) = error {
            Some(field)
        } else {
            None
        };
        Self {
            code,
            field,
            retry_after,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.code.status_code().into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The status of a code as a type of its own crate.
pub(super) trait StatusOf {
    /// That status.
    fn status_code(self) -> StatusCode;
}

impl StatusOf for ProblemCode {
    fn status_code(self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The answer to a request that failed.
pub(super) fn response(code: ProblemCode) -> Response {
    Failure::new(code).into_response()
}

/// Writes the problem, now that its request has a name.
pub(super) fn name(response: &mut Response, id: &RequestId) {
    let Some(failure) = response.extensions_mut().remove::<Failure>() else {
        return;
    };
    let mut problem = Problem::new(failure.code, id.as_str());
    problem.field = failure.field.map(shown);
    problem.retry_after = failure.retry_after;
    let (parts, body) = Json(problem).into_response().into_parts();
    *response.body_mut() = body;
    response.headers_mut().extend(parts.headers);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(PROBLEM_MEDIA_TYPE),
    );
}

/// A name that a caller made up is repeated only if it could be one; the known part before it is named otherwise.
fn shown(field: String) -> String {
    let plain = field.len() <= LONGEST_FIELD && field.bytes().all(|byte| byte.is_ascii_graphic());
    if plain {
        field
    } else {
        field
            .split('.')
            .next()
            .unwrap_or_default()
            .chars()
            .take(LONGEST_FIELD)
            .collect()
    }
}

pub(super) async fn not_found() -> Failure {
    Failure::new(ProblemCode::NotFound)
}

pub(super) async fn method_not_allowed() -> Failure {
    Failure::new(ProblemCode::MethodNotAllowed)
}
