//! A host's backend, let in by its API key.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use pairlink_protocol::ProblemCode;

use super::limits::Caller;
use super::problem::Failure;
use crate::domain::{Connection, ConnectionId, RequestId};
use crate::service::{Authenticated, Service};

/// The caller's backend.
pub(super) struct Backend(pub(super) Authenticated, Caller);

impl Backend {
    /// The connection of the path, if the caller reaches it.
    pub(super) async fn reach(&self, service: &Service, id: String) -> Result<Connection, Failure> {
        let connection = service.reach(&self.0, &ConnectionId::from_text(id)).await?;
        self.1.admit_about(&self.0.key, &connection.tenant)?;
        Ok(connection)
    }
}

impl FromRequestParts<Service> for Backend {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Failure> {
        let token = bearer(&parts.headers)?;
        let request = request_id(parts)?;
        let known = service.authenticate(token, request).await?;
        let caller = Caller::of(&parts.extensions)?;
        caller.admit_backend(&known.key)?;
        Ok(Self(known, caller))
    }
}

/// The name that `request::answer` gave.
pub(super) fn request_id(parts: &Parts) -> Result<RequestId, Failure> {
    parts
        .extensions
        .get::<RequestId>()
        .cloned()
        .ok_or(Failure::new(ProblemCode::Internal))
}

/// The one bearer token of a request (RFC 6750).
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, Failure> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let unauthenticated = Failure::new(ProblemCode::Unauthenticated);
    let value = values.next().ok_or_else(|| unauthenticated.clone())?;
    if values.next().is_some() {
        // Two are one too many: whoever stands between may have looked at the other.
        return Err(Failure::field(ProblemCode::InvalidRequest, "authorization"));
    }
    let text = value.to_str().map_err(|_cause| unauthenticated.clone())?;
    let (scheme, token) = text
        .split_once(' ')
        .ok_or_else(|| unauthenticated.clone())?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token)
    } else {
        Err(unauthenticated)
    }
}
