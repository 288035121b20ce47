//! `GET /api/channels`: how each of the visitor's channels is doing, for the console's list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use futures_util::future::join_all;
use pairlink_protocol::SessionState;
use serde::Serialize;

use crate::Host;
use crate::channels::{Channel, Visitor};

/// A channel as the console's list shows it.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    state: SessionState,
}

pub(crate) async fn list(State(host): State<Arc<Host>>, visitor: Visitor) -> impl IntoResponse {
    let listed = host.channels.all_owned_by(&visitor).map(async |channel| {
        let state = state(&host, channel).await;
        Listed {
            name: &channel.name,
            state,
        }
    });
    let body = Json(join_all(listed).await).into_response();
    ([(CACHE_CONTROL, "no-store")], body)
}

/// A list with a gap is better than none.
async fn state(host: &Host, channel: &Channel) -> SessionState {
    match host.pairlink.connection(&channel.connection).await {
        Ok(connection) => connection.state,
        Err(error) => {
            tracing::warn!(%error, channel = channel.name, "no state from Pairlink");
            SessionState::Unknown
        }
    }
}
