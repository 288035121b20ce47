//! The page behind a link.

use axum::Router;

use super::Wawp;

pub(super) fn router(_wawp: Wawp) -> Router {
    Router::new()
}
