//! `/l/{token}`: the page behind a share link.
//!
//! Opening the address changes nothing: link previews and mail scanners do that too. A person presses a button; the
//! browser then trades the token of the address for a cookie and goes to `/connect`, so that the token is gone from
//! its address bar, and the widget there gets its embed tokens by the cookie.

use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use pairlink_protocol::{EmbedToken, ProblemCode, Timestamp};

use super::embed_tokens::embed_token;
use super::problem::Failure;
use crate::domain::{Actor, ActorKind, Origin, RequestId};
use crate::service::{Service, ViewedLink};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const STYLE: &str = include_str!("hosted/hosted.css");

/// The routes; not part of the API document.
pub(super) fn router() -> Router<Service> {
    Router::new()
        .route("/l/{token}", get(look).post(open))
        .route("/l/{token}/refuse", post(refuse))
        .route("/connect", get(connect))
        .route("/connect/token", post(token))
        .route("/hosted.css", get(style))
}

async fn style() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        STYLE,
    )
}

/// Says who asks and what it grants. Changes nothing.
async fn look(
    State(service): State<Service>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    Ok(match service.look_at_share_link(&token).await? {
        Some(ViewedLink::Live {
            connection,
            expires_at,
        }) => {
            let minutes = minutes_left(expires_at, service.now());
            let label = escape(connection.label.as_str());
            // The forms post to where they stand, so the token is not repeated in the page.
            page(
                StatusCode::OK,
                "Connect WhatsApp",
                &format!(
                    "<p class=\"who\">{label}</p>\
                     <h1>Connect your WhatsApp?</h1>\
                     <p>If you continue, <strong>{label}</strong> will be able to read and send WhatsApp messages from \
                     the account that you connect.</p>\
                     <p>Only continue if you asked for this and know who sent it to you. You can undo it at any time in \
                     WhatsApp under <em>Linked devices</em>.</p>\
                     <p class=\"quiet\">This page stops working in {minutes}.</p>\
                     <div class=\"choices\">\
                     <form method=\"post\"><button class=\"go\">Continue</button></form>\
                     <form method=\"post\" action=\"{refuse}\"><button>I did not ask for this</button></form>\
                     </div>",
                    refuse = format_args!("/l/{}/refuse", escape(&token)),
                ),
            )
        }
        Some(ViewedLink::Ended) => ended(),
        None => unknown(),
    })
}

/// Opens the link in this browser.
async fn open(
    State(service): State<Service>,
    Path(token): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    require_own_page(&service, &headers)?;
    if service.look_at_share_link(&token).await?.is_none() {
        return Ok(unknown());
    }
    let Some(opened) = service.open_share_link(&token, request).await? else {
        return Ok(ended());
    };
    let mut response = Redirect::to("/connect").into_response();
    let seconds = opened.expires_at.millis_since(service.now()) / 1000;
    let name = cookie_name(&service);
    let secure = if is_https(&service) { "; Secure" } else { "" };
    let cookie = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}",
        opened.viewer.expose()
    );
    let cookie =
        HeaderValue::from_str(&cookie).map_err(|_cause| Failure::new(ProblemCode::Internal))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Revokes a link that reached somebody who did not ask for it, and whatever was issued.
async fn refuse(
    State(service): State<Service>,
    Path(token): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    require_own_page(&service, &headers)?;
    match service.look_at_share_link(&token).await? {
        Some(ViewedLink::Live { connection, .. }) => {
            let actor = Actor {
                kind: ActorKind::ShareLink,
                id: String::new(),
                request: Some(request),
            };
            service.revoke_share_link(&connection, &actor).await?;
            service.revoke_passes(&connection, &actor).await?;
            Ok(page(
                StatusCode::OK,
                "Closed",
                "<h1>Closed</h1><p>The link no longer works, for anybody.</p>\
                 <p>If somebody urged you to open it, do not answer them, and look in WhatsApp under \
                 <em>Linked devices</em> for devices that you do not know.</p>",
            ))
        }
        Some(ViewedLink::Ended) => Ok(ended()),
        None => Ok(unknown()),
    }
}

/// The page with the widget, for a browser that opened a link.
async fn connect(State(service): State<Service>, headers: HeaderMap) -> Result<Response, Failure> {
    let Some(viewer) = viewer(&service, &headers) else {
        return Ok(ended());
    };
    if !service.is_viewer(viewer).await? {
        return Ok(ended());
    }
    Ok(page(
        StatusCode::OK,
        "Connect WhatsApp",
        // The element brings its own card, and says whose connection it is.
        "<pair-link token-endpoint=\"/connect/token\"></pair-link>\
         <noscript><p>Connecting needs JavaScript here. Please switch it on, or open the link in another \
         browser.</p></noscript>\
         <script type=\"module\" src=\"/widget.js\"></script>",
    ))
}

/// An embed token for that page.
async fn token(
    State(service): State<Service>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Result<Json<EmbedToken>, Failure> {
    require_own_page(&service, &headers)?;
    let viewer = viewer(&service, &headers).ok_or(Failure::new(ProblemCode::Unauthenticated))?;
    Ok(Json(embed_token(
        &service.viewer_embed_token(viewer, request).await?,
    )))
}

/// Refuses what another site's page sends (OWASP: fetch metadata, with the origin for browsers without it).
fn require_own_page(service: &Service, headers: &HeaderMap) -> Result<(), Failure> {
    let own = match (headers.get(SEC_FETCH_SITE), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == Origin::of(service.public_url()).as_str(),
        (None, None) => false,
    };
    if own {
        Ok(())
    } else {
        Err(Failure::new(ProblemCode::OriginNotAllowed))
    }
}

fn is_https(service: &Service) -> bool {
    service.public_url().scheme() == "https"
}

/// With the prefix no other host of the domain can set it; browsers take the prefix over https only.
fn cookie_name(service: &Service) -> &'static str {
    if is_https(service) {
        "__Host-pairlink"
    } else {
        "pairlink"
    }
}

fn viewer<'a>(service: &Service, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = cookie_name(service);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

fn ended() -> Response {
    page(
        StatusCode::GONE,
        "This link has ended",
        "<h1>This link has ended</h1><p>It was used, revoked, or its time is over. Ask whoever sent it for a new \
         one.</p>",
    )
}

fn unknown() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Nothing here",
        "<h1>Nothing here</h1><p>Check that the whole link was copied, or ask whoever sent it for a new one.</p>",
    )
}

/// `body` is trusted markup: what came from outside was escaped.
fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/hosted.css\"></head>\
         <body><main>{body}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
        ),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow, noarchive, nosnippet",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
        ),
    ];
    (status, headers, html).into_response()
}

fn minutes_left(until: Timestamp, now: Timestamp) -> String {
    match until.millis_since(now) / 60_000 {
        ..=1 => "about a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

fn escape(text: &str) -> String {
    text.chars().fold(
        String::with_capacity(text.len()),
        |mut escaped, character| {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
            escaped
        },
    )
}
