//! Pages of other origins: let in by their embed token, from exactly the origins that it names.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::options;
use pairlink_protocol::ProblemCode;

use super::api_keys::bearer;
use super::limits::{Caller, HeldStream};
use super::problem::Failure;
use crate::domain::{EmbedGrant, Origin};
use crate::secret::Secret;
use crate::service::Service;

/// What pages call.
pub(super) const PATHS: [&str; 4] = ["/v1/pass", "/v1/events", "/v1/session", "/v1/share-link"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origin of the page around our own page in a frame, as that page was told it by its browser.
const EMBEDDER: HeaderName = HeaderName::from_static("pairlink-embedder");

/// The page that asks, let in; put into the request for its handlers.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) grant: EmbedGrant,
    /// For asking again, in long answers, whether it is still let in.
    pub(super) token: Secret,
    caller: Caller,
}

impl Page {
    /// Counts a stream of events until it ends.
    pub(super) fn open_stream(&self) -> Result<HeldStream, Failure> {
        self.caller.open_stream(&self.grant)
    }
}

/// Lets a page in, and lets its browser show it the answer.
pub(super) async fn page_access(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request
        .headers()
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let (mut response, readable) = match enter(&service, request, origin.as_deref()).await {
        Ok(request) => (next.run(request).await, true),
        // An error is shown to pages of origins for which there is some token: they must be able to tell an ended
        // token from a broken network.
        Err(failure) => (
            failure.into_response(),
            is_known(&service, origin.as_deref()).await,
        ),
    };
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("origin"));
    if readable && let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(&origin).ok())
    {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("idempotent-replayed, retry-after, x-request-id"),
        );
    }
    response
}

async fn enter(
    service: &Service,
    mut request: Request,
    origin: Option<&str>,
) -> Result<Request, Failure> {
    let caller = Caller::of(request.extensions())?;
    caller.admit_address()?;
    let token = Secret::new(bearer(request.headers())?);
    let grant = service
        .embed_grant(token.expose())
        .await?
        .ok_or(Failure::new(ProblemCode::Unauthenticated))?;
    let admitted =
        page_of(service, request.headers(), origin).is_some_and(|page| grant.admits(&page));
    if !admitted {
        return Err(Failure::new(ProblemCode::OriginNotAllowed));
    }
    caller.admit_page(&grant)?;
    let page = Page {
        grant,
        token,
        caller,
    };
    request.extensions_mut().insert(page);
    Ok(request)
}

/// Where the page stands that asks; nothing if it cannot be told.
///
/// # Security
///
/// Our own page stands in frames of other pages, and says in which. It is believed because it is ours: a page elsewhere
/// cannot send that header, which no preflight allows, and whoever sends it with an origin of its own is turned away.
fn page_of(service: &Service, headers: &HeaderMap, origin: Option<&str>) -> Option<String> {
    let own = Origin::of(service.public_url());
    let is_own = match origin {
        Some(origin) => origin == own.as_str(),
        // Browsers leave the origin out when a page reads from its own.
        None => is_same_origin(headers),
    };
    let mut embedders = headers.get_all(EMBEDDER).iter();
    match (is_own, embedders.next(), embedders.next()) {
        (true, Some(embedder), None) => embedder.to_str().ok().map(str::to_owned),
        (true, None, _) => Some(own.as_str().to_owned()),
        (false, None, _) => origin.map(str::to_owned),
        (true, Some(_), Some(_)) | (false, Some(_), _) => None,
    }
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    headers
        .get(SEC_FETCH_SITE)
        .is_some_and(|site| site == "same-origin")
}

async fn is_known(service: &Service, origin: Option<&str>) -> bool {
    match origin {
        Some(origin) => service.knows_origin(origin).await.unwrap_or(false),
        None => false,
    }
}

/// Answers what browsers ask before they ask, on the paths of pages.
pub(super) fn preflights(paths: &[&str]) -> Router<Service> {
    paths.iter().fold(Router::new(), |router, path| {
        router.route(path, options(preflight))
    })
}

/// Browsers send no token along here, so this says only whether there is any token for that origin; the request itself
/// is judged by its own.
async fn preflight(State(service): State<Service>, asked: HeaderMap) -> Response {
    let origin = asked.get(header::ORIGIN);
    let known = is_known(&service, origin.and_then(|origin| origin.to_str().ok())).await;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(|_origin| known) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST, DELETE"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key, last-event-id"),
        );
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("600"),
        );
    }
    response
}
