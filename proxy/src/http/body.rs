//! Paths, bodies and queries of requests: read once, refused by name.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use pairlink_protocol::ProblemCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Failure;

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

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    Bytes::from_request(request, state)
        .await
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
        // The parser's own word on this is not used: it takes a number in the place of a name for bad syntax.
        _refused if serde_json::from_slice::<Value>(body).is_err() => {
            Err(Failure::new(ProblemCode::InvalidJson))
        }
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
    (name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic())).then_some(name)
}
