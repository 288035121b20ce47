//! Paths, bodies and queries of requests: read once, refused by name.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, RawForm, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use pairlink_protocol::ProblemCode;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::problem::Failure;
use super::server::BodyDeadline;
use super::shape::{self, Misshapen};

/// A form, as it was sent.
pub(super) struct FormBody(pub(super) Bytes);

/// A body that is JSON and says exactly what `T` takes.
pub(super) struct JsonBody<T>(pub(super) T);

/// As [`JsonBody`]; no body at all is `T`'s default.
pub(super) struct OptionalJsonBody<T>(pub(super) T);

/// The one name in a path. One that is no text names nothing.
pub(super) struct PathName(pub(super) String);

/// The two names in a path. One that is no text names nothing.
pub(super) struct PathNames(pub(super) String, pub(super) String);

/// A query that says exactly what `T` takes.
pub(super) struct StrictQuery<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Failure::new(ProblemCode::UnsupportedMediaType));
        }
        parse(&read(request, state).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let is_json = is_json(request.headers());
        let body = read(request, state).await?;
        match (body.is_empty(), is_json) {
            (true, _) => Ok(Self(T::default())),
            (false, true) => parse(&body).map(Self),
            (false, false) => Err(Failure::new(ProblemCode::UnsupportedMediaType)),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let within = BodyDeadline::of(request.extensions());
        let form = in_time(within, RawForm::from_request(request, state)).await?;
        match form {
            Ok(RawForm(form)) => Ok(Self(form)),
            Err(rejection) => Err(Failure::new(match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
                _other => ProblemCode::InvalidRequest,
            })),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathName {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(_not_text) => Err(Failure::new(ProblemCode::NotFound)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathNames {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path((first, second))) => Ok(Self(first, second)),
            Err(_not_text) => Err(Failure::new(ProblemCode::NotFound)),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for StrictQuery<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Query(query) = Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| {
                Failure::field(
                    ProblemCode::InvalidField,
                    named_in(&rejection.body_text()).unwrap_or("query"),
                )
            })?;
        Ok(Self(query))
    }
}

/// `application/json`, in UTF-8 as JSON always is.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(media_type)) = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.to_str())
    else {
        return false;
    };
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let (name, charset) = parameters.trim().split_once('=').unwrap_or(("", ""));
    essence.trim().eq_ignore_ascii_case("application/json")
        && (!name.eq_ignore_ascii_case("charset")
            || charset.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// Reads a body to its end, if that comes in time.
pub(super) async fn in_time<T>(
    within: Duration,
    reading: impl Future<Output = T>,
) -> Result<T, Failure> {
    timeout(within, reading)
        .await
        .map_err(|_elapsed| Failure::new(ProblemCode::RequestTimeout))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    let within = BodyDeadline::of(request.extensions());
    in_time(within, Bytes::from_request(request, state))
        .await?
        .map_err(|rejection| {
            let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            Failure::new(if too_large {
                ProblemCode::TooLarge
            } else {
                ProblemCode::InvalidRequest
            })
        })
}

/// Reads an object. What is JSON and something else is refused by the field at fault, what is not JSON as a whole.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    shape::check(body).map_err(|misshapen| match misshapen {
        Misshapen::NoJson => Failure::new(ProblemCode::InvalidJson),
        Misshapen::TooComplex => Failure::new(ProblemCode::TooComplex),
        Misshapen::Twice(name) => {
            let name = could_be_a_name(&name).then_some(name);
            Failure::field(ProblemCode::InvalidField, name.as_deref().unwrap_or("body"))
        }
    })?;
    #[cfg(feature = "broken")]
    if crate::defect::is_chosen("leak-body") {
        tracing::debug!(body = %String::from_utf8_lossy(body), "read a body");
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    // A list would pass for an object whose fields it holds in order.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    match (read, deserializer.end()) {
        (Ok(value), Ok(())) if is_object => Ok(value),
        (Err(error), _) if is_object => {
            let path = error.path().to_string();
            let text = error.inner().to_string();
            #[cfg(feature = "broken")]
            if crate::defect::is_chosen("leak-answer") {
                let said = String::from_utf8_lossy(body).into_owned();
                return Err(Failure::field(ProblemCode::InvalidField, &said));
            }
            Err(Failure::field(
                ProblemCode::InvalidField,
                named_in(&text).unwrap_or(&path),
            ))
        }
        (Ok(_) | Err(_), _) => Err(Failure::field(ProblemCode::InvalidField, "body")),
    }
}

/// The name that serde puts into "unknown field `x`" and "missing field `x`". Of other messages nothing is taken: they
/// may repeat a value.
fn named_in(message: &str) -> Option<&str> {
    let at = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.find(start).map(|at| at + start.len()))?;
    let name = message.get(at..)?.split('`').next()?;
    could_be_a_name(name).then_some(name)
}

fn could_be_a_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic())
}
