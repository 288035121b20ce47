//! `/l/{token}`: the page behind a share link.
//!
//! Opening the address changes nothing: link previews and mail scanners do that too. A person presses a button, which
//! posts to the same address; the browser is given a cookie for the token, and the code at once. It stands in the page
//! itself, and forms do without JavaScript what the element does with it; the element gets its embed tokens by the
//! cookie. From then on the page is `/connect`, so that the token leaves the address bar.

mod answer;
mod assets;
mod cookie;
mod visit;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, RawQuery, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::map_request;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use pairlink::server::{Connect, Consent, FailedIssue, Page, paths};
use pairlink_protocol::{EmbedToken, Method, ProblemCode, Sensitive};
use tower_http::compression::CompressionLayer;
use url::form_urlencoded;

use self::answer::Reply;
use self::assets::Assets;
use self::visit::{Visit, require_own_page};
use super::body::{FormBody, PathName};
use super::convert;
use super::embed_tokens::embed_token;
use super::problem::{Failure, StatusOf as _};
use crate::domain::{Actor, ActorKind, PassRequest, PhoneNumber, RequestId};
use crate::secret::Secret;
use crate::service::{Earlier, IssueOutcome, Opening, Service, ViewedLink, Viewer};

/// How long a page that was read without JavaScript is taken to be looked at: until it reads itself again, and then some.
const LOOKED_AT: Duration = Duration::from_secs(45);

/// The routes; not part of the API document.
pub(super) fn router(widget: Option<&Path>) -> Router<Service> {
    let assets = Arc::new(Assets::of(widget));
    Router::new()
        .route("/l/{token}", get(look).post(open))
        .route("/l/{token}/refuse", post(refuse_link))
        .route(paths::CONNECT, get(connect).post(read))
        .route(paths::PASS, post(issue))
        .route(paths::REFUSE, post(refuse))
        .route(paths::TOKEN, post(token))
        .layer(Extension(assets))
        .layer(CompressionLayer::new().compress_when(is_page))
        .layer(map_request(take_it_as_it_is))
}

/// Pages come with their styles, which compress well. Nothing is in a page that another site can choose (its requests
/// carry no cookie, and its forms are refused), so the length of an answer tells nobody what else is in it.
fn is_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Whoever rules encodings out is given none: a page that can be had in no way at all is of use to nobody, and what was
/// pressed is done by then.
async fn take_it_as_it_is(mut request: Request) -> Request {
    let rules_out = |value: &HeaderValue| {
        value
            .to_str()
            .ok()
            .is_none_or(|value| value.contains("q=0"))
    };
    if request
        .headers()
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .any(rules_out)
    {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

/// Says who asks and what it grants. Changes nothing.
async fn look(visit: Visit, PathName(token): PathName) -> Response {
    let reply = ask(&visit, &token).await;
    visit.answer(reply).await
}

async fn ask(visit: &Visit, token: &str) -> Result<Reply, Failure> {
    let service = &visit.service;
    Ok(match service.look_at_share_link(token).await? {
        Some(ViewedLink::Live {
            connection,
            expires_at,
        }) => {
            let label = connection.label.as_str().to_owned();
            if service.viewer_methods(&connection)?.is_empty() {
                return Ok(Reply::page(Page::NoPhone(label)));
            }
            let url = service.public_url();
            let host = url.host_str().unwrap_or_default();
            Reply::page(Page::Consent(Consent {
                label,
                tenant: connection.tenant.told().map(str::to_owned),
                host: match url.port() {
                    Some(port) => format!("{host}:{port}"),
                    None => host.to_owned(),
                },
                ends_at: expires_at,
                now: service.now(),
                refuse: format!("/l/{token}/refuse"),
            }))
        }
        Some(ViewedLink::Ended) => Reply::Page(StatusCode::GONE, Page::Ended),
        None => Reply::Page(StatusCode::NOT_FOUND, Page::Unknown),
    })
}

/// Opens the link in this browser, and shows what it leads to. Going somewhere else for that would take one more round
/// trip, and Chromium another process, which these pages do not share with others.
async fn open(visit: Visit, PathName(token): PathName) -> Response {
    let reply = trade(&visit, &token).await;
    visit.answer(reply).await
}

async fn trade(visit: &Visit, token: &str) -> Result<Reply, Failure> {
    visit.require_own_page()?;
    let known = visit.cookie.as_ref().map(Secret::expose);
    let request = visit.request.clone();
    let gone = |page| Ok(Reply::Page(StatusCode::GONE, page));
    match visit.service.open_share_link(token, known, request).await? {
        Opening::Opened { cookie, viewer } => {
            let seconds = viewer.expires_at.millis_since(visit.service.now()) / 1000;
            // The link counts this browser from now on: it gets its cookie whatever becomes of the page.
            let shown = page_of(visit, *viewer, None, false, None).await;
            let (status, page) = shown.unwrap_or_else(|failure| {
                let reference = visit.request.as_str().to_owned();
                (failure.code().status_code(), Page::Failed(reference))
            });
            Ok(Reply::Opened {
                cookie,
                seconds,
                status,
                page,
            })
        }
        Opening::Again(viewer) => {
            let (status, page) = page_of(visit, *viewer, None, false, None).await?;
            Ok(Reply::Page(status, page))
        }
        Opening::NoPhone(label) => Ok(Reply::page(Page::NoPhone(label))),
        Opening::TooMany => gone(Page::TooMany),
        Opening::Ended => gone(Page::Ended),
        Opening::Unknown => Ok(Reply::Page(StatusCode::NOT_FOUND, Page::Unknown)),
    }
}

/// Revokes a link that reached somebody who did not ask for it, and whatever was issued.
async fn refuse_link(visit: Visit, PathName(token): PathName) -> Response {
    let reply = close_link(&visit, &token).await;
    visit.answer(reply).await
}

async fn close_link(visit: &Visit, token: &str) -> Result<Reply, Failure> {
    visit.require_own_page()?;
    let service = &visit.service;
    Ok(match service.look_at_share_link(token).await? {
        Some(ViewedLink::Live { connection, .. }) => {
            let actor = Actor {
                kind: ActorKind::ShareLink,
                id: String::new(),
                request: Some(visit.request.clone()),
            };
            service.revoke_share_link(&connection, &actor).await?;
            service.revoke_passes(&connection, &actor).await?;
            Reply::Closed
        }
        Some(ViewedLink::Ended) => Reply::Page(StatusCode::GONE, Page::Ended),
        None => Reply::Page(StatusCode::NOT_FOUND, Page::Unknown),
    })
}

/// As [`refuse_link`], by a browser that has opened it.
async fn refuse(visit: Visit) -> Response {
    let reply = close(&visit).await;
    visit.answer(reply).await
}

async fn close(visit: &Visit) -> Result<Reply, Failure> {
    visit.require_own_page()?;
    let Some(viewer) = visit.viewer().await? else {
        return Ok(Reply::Page(StatusCode::GONE, Page::Ended));
    };
    let (service, actor) = (&visit.service, viewer.actor(visit.request.clone()));
    service
        .revoke_share_link(&viewer.connection, &actor)
        .await?;
    service.revoke_passes(&viewer.connection, &actor).await?;
    Ok(Reply::Closed)
}

/// The page with the code, for a browser that opened a link. Makes nothing and ends nothing.
async fn connect(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let reply = show(&visit, &query.unwrap_or_default()).await;
    visit.answer(reply).await
}

/// Safari sends the form of the button again when the page is read again, to the address that the page has by then.
async fn read() -> Redirect {
    Redirect::to(paths::CONNECT)
}

async fn show(visit: &Visit, query: &str) -> Result<Reply, Failure> {
    let Some(viewer) = visit.viewer().await? else {
        return Ok(Reply::Page(StatusCode::GONE, Page::Ended));
    };
    let mut chosen = None;
    let mut asks_anew = false;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "method" => chosen = method(&value),
            "anew" => asks_anew = true,
            // Messengers and mailers add theirs to every address.
            _ => {}
        }
    }
    let (status, page) = page_of(visit, viewer, chosen, asks_anew, None).await?;
    Ok(Reply::Page(status, page))
}

async fn page_of(
    visit: &Visit,
    viewer: Viewer,
    chosen: Option<Method>,
    asks_anew: bool,
    failed: Option<FailedIssue>,
) -> Result<(StatusCode, Page), Failure> {
    let service = &visit.service;
    if service.viewer_methods(&viewer.connection)?.is_empty() {
        let label = viewer.connection.label.as_str().to_owned();
        return Ok((StatusCode::OK, Page::NoPhone(label)));
    }
    service.watch_for(&viewer.connection.id, LOOKED_AT);
    let status = match &failed {
        Some(failed) => failed.code.status_code(),
        None => StatusCode::OK,
    };
    let view = service.viewer_view(viewer.connection).await?;
    let connect = Connect {
        view: convert::view(view),
        ends_at: viewer.expires_at,
        handheld: visit.handheld,
        chosen,
        asks_anew,
        failed,
        key: RequestId::random(&mut rand::rng()).as_str().to_owned(),
    };
    Ok((status, Page::Connect(Box::new(connect))))
}

/// Makes a pass, as the button of the element does.
async fn issue(visit: Visit, form: Result<FormBody, Failure>) -> Response {
    let reply = match form {
        Ok(FormBody(form)) => make(&visit, &form).await,
        Err(failure) => Err(failure),
    };
    visit.answer(reply).await
}

async fn make(visit: &Visit, form: &[u8]) -> Result<Reply, Failure> {
    visit.require_own_page()?;
    let Some(viewer) = visit.viewer().await? else {
        return Ok(Reply::Page(StatusCode::GONE, Page::Ended));
    };
    let asked = Asked::read(form)?;
    let Err(failure) = asked.issue(visit, &viewer).await else {
        return Ok(Reply::ToConnect(asked.method));
    };
    let failed = FailedIssue {
        method: asked.method,
        number: asked.readable_number(),
        code: failure.code(),
        request_id: visit.request.as_str().to_owned(),
        retry_after_seconds: failure.retry_after(),
    };
    let (status, page) = page_of(visit, viewer, Some(asked.method), false, Some(failed)).await?;
    Ok(Reply::Page(status, page))
}

/// What the form of `/connect` asks for.
struct Asked {
    method: Method,
    number: Option<Sensitive>,
    /// Made with the page, so that pressing twice makes one.
    key: Option<String>,
}

impl Asked {
    fn read(form: &[u8]) -> Result<Self, Failure> {
        let (mut asked, mut number, mut key) = (None, None, None);
        for (name, value) in form_urlencoded::parse(form) {
            match &*name {
                "method" => asked = method(&value),
                "phone_number" => number = Some(Sensitive::new(value)),
                "key" => key = Some(value.into_owned()),
                unknown => return Err(Failure::field(ProblemCode::InvalidField, unknown)),
            }
        }
        let fits =
            |key: &String| key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_graphic());
        Ok(Self {
            method: asked.ok_or(Failure::field(ProblemCode::InvalidField, "method"))?,
            number,
            key: key.filter(|key| !key.is_empty() && fits(key)),
        })
    }

    fn phone(&self) -> Result<Option<PhoneNumber>, Failure> {
        let invalid = |_cause| Failure::field(ProblemCode::InvalidField, "phone_number");
        let number = self.number.as_ref();
        number
            .map(|number| PhoneNumber::parse(number.expose()).map_err(invalid))
            .transpose()
    }

    /// With a plus, so that what was understood is seen; as it was typed if it was not.
    fn readable_number(&self) -> Option<Sensitive> {
        match self.phone() {
            Ok(phone) => phone.map(|phone| Sensitive::new(format!("+{}", phone.digits()))),
            Err(_faulty) => self.number.clone(),
        }
    }

    async fn issue(&self, visit: &Visit, viewer: &Viewer) -> Result<(), Failure> {
        let mismatched = |_cause| Failure::field(ProblemCode::InvalidField, "phone_number");
        let request = PassRequest::new(self.method, self.phone()?).map_err(mismatched)?;
        let (service, connection) = (&visit.service, &viewer.connection);
        if !service.viewer_methods(connection)?.contains(&self.method) {
            return Err(Failure::new(ProblemCode::MethodNotOffered));
        }
        let actor = viewer.actor(visit.request.clone());
        let issued = service
            .issue_pass(
                connection,
                &request,
                Earlier::Replace,
                self.key.as_deref(),
                &actor,
            )
            .await?;
        match issued {
            // The page reads it.
            IssueOutcome::Issued { .. } | IssueOutcome::Reused(_) | IssueOutcome::Pending => Ok(()),
        }
    }
}

fn method(name: &str) -> Option<Method> {
    Method::ALL
        .into_iter()
        .find(|method| method.as_str() == name)
}

/// An embed token for that page.
async fn token(
    State(service): State<Service>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Result<Json<EmbedToken>, Failure> {
    require_own_page(&service, &headers)?;
    let viewer = cookie::read(&service, &headers);
    let viewer = viewer.ok_or(Failure::new(ProblemCode::Unauthenticated))?;
    Ok(Json(embed_token(
        &service.viewer_embed_token(viewer, request).await?,
        None,
    )))
}
