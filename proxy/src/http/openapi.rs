//! The API document, made from the routes themselves.

use axum::Json;
use axum::response::IntoResponse;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi};

/// The API document (OpenAPI 3.1).
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation",
    responses((status = 200, description = "This document", body = Object, content_type = "application/json")),
)]
pub(super) async fn serve() -> impl IntoResponse {
    Json(document())
}

/// The API document.
pub fn document() -> OpenApi {
    let mut document = super::operator_and_backend_routes()
        .merge(super::page_routes())
        .into_openapi();
    super::upstream::describe(&mut document);
    document.info = InfoBuilder::new()
        .title("Pairlink")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Connects WhatsApp accounts without any secret in a page.",
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("MIT OR Apache-2.0")
                .identifier(Some("MIT OR Apache-2.0"))
                .build(),
        ))
        .build();
    let components = document.components.get_or_insert_default();
    for (name, description) in [
        ("api_key", "What a host's backend holds: `plk_…`"),
        (
            "embed_token",
            "What a page holds: `ple_…`; only from the origins that it was made for",
        ),
    ] {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(description.to_owned());
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    document
}
