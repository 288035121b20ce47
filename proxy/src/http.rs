//! HTTP: routes, what is read from requests, what is written into answers. No rule of Pairlink is made here.

mod admin;
mod api_keys;
mod assets;
mod body;
mod connections;
mod convert;
mod cors;
mod embed_tokens;
mod events;
mod health;
mod hosted;
mod idempotency;
mod openapi;
mod page;
mod pass;
mod problem;
mod request;
mod share_link;
mod webhooks;

use std::path::PathBuf;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use admin::admin_router;
pub use openapi::document;

use crate::service::Service;

/// The longest body that is read. The longest that anybody needs holds a connection's credentials.
const BODY_BYTES: usize = 16 * 1024;

/// Everything that is served.
pub fn router(service: Service, widget: Option<PathBuf>) -> Router {
    let pages = page_routes().route_layer(middleware::from_fn_with_state(
        service.clone(),
        cors::page_access,
    ));
    let (api, _document) = operator_and_backend_routes().merge(pages).split_for_parts();
    api.merge(cors::preflights(&["/v1/pass", "/v1/events"]))
        .merge(hosted::router())
        .merge(assets::router(widget))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(
            service.clone(),
            request::answer,
        ))
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
        .routes(routes!(pass::read, pass::issue, pass::revoke))
        .routes(routes!(
            share_link::read,
            share_link::create,
            share_link::revoke
        ))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::retry))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(openapi::serve))
}
