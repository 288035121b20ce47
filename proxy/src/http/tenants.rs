//! `/v1/tenants/{tenant}/suspension`.

use axum::Json;
use axum::extract::State;
use pairlink_protocol::{Problem, ProblemCode, TenantSuspension};

use super::api_keys::Backend;
use super::body::PathName;
use super::problem::Failure;
use crate::domain::{Tenant, TenantScope, Timestamp};
use crate::service::Service;

/// Says whether a tenant is suspended. A key of another tenant finds nothing.
#[utoipa::path(
    get, path = "/v1/tenants/{tenant}/suspension", tag = "backend", security(("api_key" = [])),
    params(("tenant" = String, Path, description = "The tenant")),
    responses(
        (status = 200, description = "Whether it is suspended, and since when", body = TenantSuspension),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read(
    State(service): State<Service>,
    backend: Backend,
    PathName(name): PathName,
) -> Result<Json<TenantSuspension>, Failure> {
    let tenant = named(&name)?;
    if !backend.0.key.scope.reaches(&tenant) {
        return Err(Failure::new(ProblemCode::NotFound));
    }
    let since = service.suspended_since(&tenant).await?;
    Ok(answer(&service, &tenant, since))
}

/// Suspends a tenant: every pass and share link is revoked, embed tokens end, open pages are closed within a second, and
/// nothing is given out until it is resumed. For keys that reach every tenant.
#[utoipa::path(
    put, path = "/v1/tenants/{tenant}/suspension", tag = "backend", security(("api_key" = [])),
    params(("tenant" = String, Path, description = "The tenant")),
    responses(
        (status = 200, description = "It is suspended", body = TenantSuspension),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn suspend(
    State(service): State<Service>,
    backend: Backend,
    PathName(name): PathName,
) -> Result<Json<TenantSuspension>, Failure> {
    require_all_tenants(&backend)?;
    let tenant = named(&name)?;
    let since = service.suspend_tenant(&tenant, &backend.0.actor()).await?;
    Ok(answer(&service, &tenant, Some(since)))
}

/// Resumes a tenant. Nothing that was revoked comes back. For keys that reach every tenant.
#[utoipa::path(
    delete, path = "/v1/tenants/{tenant}/suspension", tag = "backend", security(("api_key" = [])),
    params(("tenant" = String, Path, description = "The tenant")),
    responses(
        (status = 200, description = "It is not suspended", body = TenantSuspension),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resume(
    State(service): State<Service>,
    backend: Backend,
    PathName(name): PathName,
) -> Result<Json<TenantSuspension>, Failure> {
    require_all_tenants(&backend)?;
    let tenant = named(&name)?;
    service.resume_tenant(&tenant, &backend.0.actor()).await?;
    Ok(answer(&service, &tenant, None))
}

/// A tenant must not lift what an operator laid on it, nor lay it on another.
fn require_all_tenants(backend: &Backend) -> Result<(), Failure> {
    match backend.0.key.scope {
        TenantScope::All => Ok(()),
        TenantScope::One(_) => Err(Failure::new(ProblemCode::ActionNotAllowed)),
    }
}

/// What cannot be a tenant is none.
fn named(name: &str) -> Result<Tenant, Failure> {
    Tenant::parse(name).map_err(|_invalid| Failure::new(ProblemCode::NotFound))
}

fn answer(service: &Service, tenant: &Tenant, since: Option<Timestamp>) -> Json<TenantSuspension> {
    Json(TenantSuspension {
        tenant: tenant.as_str().to_owned(),
        suspended: since.is_some(),
        since,
        server_time: service.now(),
    })
}
