//! HTTP: routes, what is read from requests, what is written into answers. No rule of Pairlink is made here.

mod address;
mod admin;
mod api_keys;
mod api_token;
mod assets;
mod audit;
mod body;
mod connections;
mod convert;
mod cors;
mod embed_page;
mod embed_tokens;
mod events;
mod health;
mod hosted;
mod idempotency;
mod limits;
mod openapi;
mod paced;
mod page;
mod pass;
mod problem;
mod provider_events;
mod request;
mod server;
mod session;
mod shape;
mod share_link;
mod tenants;
mod upstream;
mod webhooks;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use address::{ForwardedHeader, InvalidNetworks, TrustedProxies};
pub use admin::admin_router;
pub use limits::{LimitSettings, Limits};
pub use openapi::document;
pub use server::{ConnectionLimits, serve};
pub use upstream::PassingLimits;

use crate::service::Service;

/// The longest body that is read. The longest that anybody needs holds a connection's credentials.
const BODY_BYTES: usize = 16 * 1024;

/// Everything that is served.
pub fn router(service: Service, widget: Option<PathBuf>) -> Router {
    let limits = Limits::new(LimitSettings::default());
    router_with(service, widget, PassingLimits::default(), limits)
}

/// The same, with other bounds on what is passed on to providers, and on who asks how often.
pub fn router_with(
    service: Service,
    widget: Option<PathBuf>,
    passing: PassingLimits,
    limits: Arc<Limits>,
) -> Router {
    let watch = middleware::from_fn_with_state(limits, limits::watch);
    let pages = page_routes().route_layer(middleware::from_fn_with_state(
        service.clone(),
        cors::page_access,
    ));
    let upstream = upstream::router(passing)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(watch.clone())
        .layer(middleware::from_fn(request::answer_who_waits));
    let (api, _document) = operator_and_backend_routes().merge(pages).split_for_parts();
    api.merge(cors::preflights(&cors::PATHS))
        .merge(hosted::router(widget.as_deref()))
        .merge(embed_page::router(widget.clone()))
        .merge(assets::router(widget))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(watch)
        .layer(middleware::from_fn_with_state(
            service.clone(),
            request::answer,
        ))
        .merge(upstream)
        .with_state(service)
}

fn page_routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(
            page::read_pass,
            page::issue_pass,
            page::revoke_passes
        ))
        .routes(routes!(events::stream))
        .routes(routes!(session::log_out_page))
        .routes(routes!(share_link::create_for_page))
}

fn operator_and_backend_routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(connections::list, connections::create))
        .routes(routes!(
            connections::read,
            connections::update,
            connections::remove
        ))
        .routes(routes!(connections::health))
        .routes(routes!(embed_tokens::create))
        .routes(routes!(api_token::give))
        .routes(routes!(pass::read, pass::issue, pass::revoke))
        .routes(routes!(session::log_out))
        .routes(routes!(provider_events::create))
        .routes(routes!(provider_events::receive))
        .routes(routes!(
            share_link::read,
            share_link::create,
            share_link::revoke
        ))
        .routes(routes!(audit::list))
        .routes(routes!(tenants::read, tenants::suspend, tenants::resume))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::retry))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(openapi::serve))
}
