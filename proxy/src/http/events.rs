//! `/v1/events`: Server-Sent Events, read with fetch so that the token stays in the header.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event as SseEvent, KeepAlive};
use axum::response::{IntoResponse, Sse};
use futures_util::stream;
use pairlink_protocol::{EventKind, PassView, Problem, ProblemCode};
use tokio::time::{sleep, sleep_until};

use super::convert;
use super::cors::Page;
use super::limits::HeldStream;
use super::problem::Failure;
use crate::domain::{Action, Event};
use crate::metrics;
use crate::service::{Service, Subscription, Watching};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Within what time pages are to come again when the process ends, spread: they all hear of it at once.
const COME_AGAIN: Duration = Duration::from_secs(10);

/// Streams what happens to the connection. Each event's data is the whole view, so that none is needed to understand
/// another. Ends with the embed token.
#[utoipa::path(
    get, path = "/v1/events", tag = "page", security(("embed_token" = [])),
    params(("last-event-id" = Option<String>, Header, description = "Resumes after that event")),
    responses(
        (status = 200, description = "Events `state`, `pass`, `revoked`, `expired`, `renewed`, `resync`; data: PassView", body = String, content_type = "text/event-stream"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Failed", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn stream(
    State(service): State<Service>,
    Extension(page): Extension<Page>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    service.admit(&page.grant, Action::Read)?;
    if !accepts_events(&headers) {
        return Err(Failure::new(ProblemCode::NotAcceptable));
    }
    let last_seen = headers
        .get(LAST_EVENT_ID)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let held = page.open_stream()?;
    let open = OpenStream {
        ended: false,
        subscription: service.subscribe(&page.grant.connection, last_seen).await?,
        _watching: service.watch(&page.grant.connection),
        _counted: metrics::OpenStream::count(),
        held,
        told_to_come_again: false,
        service,
        page,
    };
    let events = stream::unfold(open, |mut open| async move {
        let event = open.next().await?;
        Some((Ok::<_, Infallible>(event), open))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text(""));
    // Events hold passes; of itself this would say `no-cache`, which allows to keep them.
    Ok(([(header::CACHE_CONTROL, "no-store")], events))
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let Some(Ok(accept)) = headers.get(header::ACCEPT).map(|value| value.to_str()) else {
        return true;
    };
    accept
        .split(',')
        .filter_map(|range| range.split(';').next())
        .any(|range| matches!(range.trim(), "text/event-stream" | "text/*" | "*/*"))
}

struct OpenStream {
    /// Whether the last event was sent.
    ended: bool,
    service: Service,
    page: Page,
    subscription: Subscription,
    _watching: Watching,
    _counted: metrics::OpenStream,
    held: HeldStream,
    told_to_come_again: bool,
}

impl OpenStream {
    /// The next event; none when the token has ended, was revoked, or it is time to come again.
    async fn next(&mut self) -> Option<SseEvent> {
        if self.ended {
            return None;
        }
        let closing = self.service.closing();
        let left = self.page.grant.expires_at.millis_since(self.service.now());
        if self.told_to_come_again {
            return None;
        }
        let event = tokio::select! {
            () = closing.cancelled() => return Some(self.come_again()),
            () = sleep_until(self.held.ends) => return Some(self.come_again()),
            () = sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0))) => return None,
            event = self.subscription.next() => event?,
        };
        match self.tell(&event).await {
            Ok(told) => Some(told),
            Err(failure) if failure.code() == ProblemCode::TenantSuspended => {
                self.ended = true;
                self.tell_suspended(&event).await.ok()
            }
            Err(_failure) => None,
        }
    }

    /// Takes away what the page shows, before the stream ends.
    async fn tell_suspended(&self, event: &Event) -> Result<SseEvent, Failure> {
        let connection = self.service.connection_of(&self.page.grant).await?;
        let view = convert::view(self.service.view(connection, &[]).await?);
        written(event, EventKind::Revoked, view)
    }

    /// Before the end, says once when to come again (`retry`, as the format has it).
    fn come_again(&mut self) -> SseEvent {
        self.told_to_come_again = true;
        let pause = COME_AGAIN.mul_f64(rand::random_range(0.0..1.0));
        SseEvent::default().retry(pause)
    }

    /// Reads the view for an event, if the page may still see it.
    async fn tell(&self, event: &Event) -> Result<SseEvent, Failure> {
        let unauthenticated = Failure::new(ProblemCode::Unauthenticated);
        let grant = self
            .service
            .embed_grant(self.page.token.expose())
            .await?
            .ok_or(unauthenticated)?;
        self.service.admit(&grant, Action::Read)?;
        let connection = self.service.connection_of(&grant).await?;
        let view = convert::view(self.service.view(connection, &grant.actions).await?);
        written(event, event.kind, view)
    }
}

fn written(event: &Event, kind: EventKind, view: PassView) -> Result<SseEvent, Failure> {
    SseEvent::default()
        .id(event.sequence.to_string())
        .event(kind.as_str())
        .json_data(view)
        .map_err(|_cause| Failure::new(ProblemCode::Internal))
}
