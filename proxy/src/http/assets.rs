//! The widget's files: `/widget.js` and `/embed.js` by names that stay, everything else by a name that says its content.

use std::path::PathBuf;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tower::util::MapResponseLayer;
use tower_http::services::{ServeDir, ServeFile};

use crate::service::Service;

/// Serves what the widget's build put into a directory.
pub(super) fn router(directory: Option<PathBuf>) -> Router<Service> {
    let Some(directory) = directory else {
        return Router::new();
    };
    let script = |name: &str| {
        ServeFile::new(directory.join(name))
            .precompressed_br()
            .precompressed_gzip()
    };
    let hashed = ServeDir::new(directory.join("assets"))
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let scripts = Router::new()
        .route_service("/widget.js", script("widget.js"))
        .route_service("/embed.js", script("embed.js"))
        .layer(MapResponseLayer::new(|response| {
            for_every_origin(response, "no-cache")
        }));
    let hashed = Router::new()
        .nest_service("/assets", hashed)
        .layer(MapResponseLayer::new(|response| {
            for_every_origin(response, "public, max-age=31536000, immutable")
        }));
    scripts.merge(hashed)
}

/// The widget is for pages of every origin, and holds nothing that is anybody's.
fn for_every_origin(mut response: Response, cached: &'static str) -> Response {
    if response.status().is_success() || response.status() == axum::http::StatusCode::NOT_MODIFIED {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cached));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
