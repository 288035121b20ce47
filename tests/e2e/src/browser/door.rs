//! What stands between one page and the servers that it talks to, so that every engine can be tested in the same way.
//!
//! It relays both origins of a page, the host's and Pairlink's, each under an address of its own, and exchanges the
//! addresses in headers and pages. It puts one script before all others, under the page's own policy: it needs no
//! exception. It can be shut, and can hold back or lose single answers.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use futures_util::TryStreamExt as _;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Visit;
use super::gate::Gate;

/// Where a page finds the script that comes before all others.
const WITNESS_PATH: &str = "/witness-of-the-tests.js";
const WITNESS: &str = include_str!("witness.js");

/// The servers of one page, under other addresses.
pub(super) struct Door {
    host: Gate,
    proxy: Gate,
    relays: [JoinHandle<()>; 2],
    trouble: watch::Sender<Trouble>,
}

/// What becomes of requests with this in their method and path, such as `GET /v1/pass`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// They get no answer until that changes.
    Held(&'static str),
    /// They are not found.
    Lost(&'static str),
    /// Whatever the page asks, in the answers the second text stands for the first: what no provider of ours can be
    /// brought to say.
    Told(&'static str, &'static str),
}

/// What a page asks first, unless it is told with its token.
const READ: &str = "GET /v1/pass";

/// What a relay knows.
struct Relay {
    http: Client,
    /// Where it sends everything.
    server: String,
    /// Addresses as the servers know them, and as the page does.
    exchanged: [(String, String); 2],
    witness: String,
    trouble: watch::Receiver<Trouble>,
}

impl Door {
    /// Builds one for the page at an address, if that page runs scripts of its own and of Pairlink, or is Pairlink's.
    pub(super) async fn build(address: &Url, visit: &Visit) -> Option<Self> {
        let http = Client::builder().no_proxy().redirect(Policy::none());
        let http = http.build().unwrap();
        let page = http.get(address.clone()).send().await.unwrap();
        let policy = page.headers().get(CONTENT_SECURITY_POLICY)?.to_str();
        let origin = address.origin().ascii_serialization();
        let pairlink = script_origin(policy.unwrap(), &origin)?.to_owned();

        let ((host, host_target), (proxy, proxy_target)) = (Gate::open().await, Gate::open().await);
        let exchanged = [
            (origin.clone(), host.address().to_owned()),
            (pairlink.clone(), proxy.address().to_owned()),
        ];
        let (trouble, is_troubled) = watch::channel(visit.trouble);
        let mut relays = Vec::new();
        for (server, target) in [(origin, host_target), (pairlink, proxy_target)] {
            let relay = Relay {
                http: http.clone(),
                server,
                exchanged: exchanged.clone(),
                witness: format!("{WITNESS}{}", wrong_clock(visit.clock_ahead_hours)),
                trouble: is_troubled.clone(),
            };
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            target.send_replace(Some(listener.local_addr().unwrap().to_string()));
            let router = Router::new().fallback(relay_on).with_state(Arc::new(relay));
            relays.push(tokio::spawn(async move {
                axum::serve(listener, router).await.unwrap();
            }));
        }
        let relays = relays.try_into().expect("two of them");
        Some(Self {
            host,
            proxy,
            relays,
            trouble,
        })
    }

    /// The page's address as the browser goes to it.
    pub(super) fn enter(&self, address: &Url) -> String {
        let origin = address.origin().ascii_serialization();
        address.as_str().replacen(&origin, self.host.address(), 1)
    }

    /// Makes trouble, instead of what there was.
    pub(super) fn trouble(&self, trouble: Trouble) {
        self.trouble.send_replace(trouble);
    }

    /// Cuts the page off from both servers, or lets it back.
    pub(super) fn shut(&self, shut: bool) {
        self.host.shut(shut);
        self.proxy.shut(shut);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        for relay in &self.relays {
            relay.abort();
        }
    }
}

/// The other origin from which a page takes scripts; its own if it knows one by its hash, as the hosted pages do.
fn script_origin<'a>(policy: &'a str, own: &'a str) -> Option<&'a str> {
    let directives = policy.split(';').map(str::trim);
    let mut scripts = directives.filter_map(|directive| directive.strip_prefix("script-src "));
    let sources = scripts.next()?;
    let other = sources
        .split_whitespace()
        .find(|source| source.starts_with("http"));
    other.or(sources.contains("'sha256-").then_some(own))
}

/// A `Date` that is wrong by so many hours, everywhere in the page.
fn wrong_clock(hours: i32) -> String {
    if hours == 0 {
        return String::new();
    }
    format!(
        "{{
          const Right = Date;
          const ahead = {hours} * 3600000;
          globalThis.Date = class Date extends Right {{
            constructor(...given) {{ given.length ? super(...given) : super(Right.now() + ahead); }}
            static now() {{ return Right.now() + ahead; }}
          }};
        }}"
    )
}

async fn relay_on(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if path == WITNESS_PATH {
        return ([(CONTENT_TYPE, "text/javascript")], relay.witness.clone()).into_response();
    }
    let call = format!("{} {path}", parts.method);
    let mut trouble = relay.trouble.clone();
    let settled = trouble.wait_for(|trouble| match trouble {
        Trouble::Held(what) => !call.contains(what),
        Trouble::None | Trouble::Lost(_) | Trouble::Told(..) => true,
    });
    let settled = settled.await.map(|trouble| *trouble);
    let told = match settled {
        Ok(Trouble::Lost(what)) if call.contains(what) => {
            return StatusCode::NOT_FOUND.into_response();
        }
        Ok(Trouble::Told(said, instead)) if path.starts_with("/v1/") => Some((said, instead)),
        // What is kept from the page does not come along with its token either.
        Ok(Trouble::Held(READ) | Trouble::Lost(READ)) if path.ends_with("pairlink-token") => {
            Some(("\"view\":", "\"kept\":"))
        }
        // The door may be gone, and with it whoever would read the answer.
        Ok(Trouble::None | Trouble::Held(_) | Trouble::Lost(_) | Trouble::Told(..)) | Err(_) => {
            None
        }
    };
    let mut headers = relay.exchange(&parts.headers, Relay::to_servers);
    headers.remove(HOST);
    let wants_page = headers
        .get(ACCEPT)
        .is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/html"));
    if wants_page {
        // Something is put into it.
        headers.remove(ACCEPT_ENCODING);
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("{}{}", relay.server, relay.asked_for(&parts.uri));
    let call = relay.http.request(parts.method, url).headers(headers);
    // A page that cannot reach a server sees an error of the network, and so it does if this answer names no origin.
    let Ok(answer) = call.body(body).send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, mut headers) = (
        answer.status(),
        relay.exchange(answer.headers(), Relay::to_page),
    );
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let body = if is_page {
        headers.remove(CONTENT_LENGTH);
        let text = relay.to_page(&answer.text().await.unwrap());
        Body::from(text.replacen(
            "<head>",
            &format!("<head><script src=\"{WITNESS_PATH}\"></script>"),
            1,
        ))
    } else {
        let body = Body::new(reqwest::Body::from(answer));
        match told {
            Some((said, instead)) => {
                headers.remove(CONTENT_LENGTH);
                telling(body, said, instead)
            }
            None => body,
        }
    };
    (status, headers, body).into_response()
}

/// An answer in which one text stands for another. Servers send an event, as an answer, in one piece.
fn telling(body: Body, said: &'static str, instead: &'static str) -> Body {
    Body::from_stream(body.into_data_stream().map_ok(move |piece| {
        String::from_utf8_lossy(&piece)
            .replace(said, instead)
            .into_bytes()
    }))
}

impl Relay {
    fn to_servers(&self, text: &str) -> String {
        let pairs = self.exchanged.iter();
        pairs.fold(text.to_owned(), |text, (server, page)| {
            text.replace(page, server)
        })
    }

    /// A path and its query, in which addresses stand encoded.
    fn asked_for(&self, uri: &Uri) -> String {
        let encoded = |address: &str| address.replace(':', "%3A").replace('/', "%2F");
        let pairs = self.exchanged.iter();
        pairs.fold(uri.to_string(), |text, (server, page)| {
            text.replace(&encoded(page), &encoded(server))
        })
    }

    fn to_page(&self, text: &str) -> String {
        let pairs = self.exchanged.iter();
        pairs.fold(text.to_owned(), |text, (server, page)| {
            text.replace(server, page)
        })
    }

    /// Headers with other addresses in them, without those that are about one connection alone.
    fn exchange(&self, headers: &HeaderMap, how: fn(&Self, &str) -> String) -> HeaderMap {
        let mut exchanged = HeaderMap::new();
        for (name, value) in headers {
            if ["connection", "keep-alive", "transfer-encoding"].contains(&name.as_str()) {
                continue;
            }
            let value = match value.to_str() {
                Ok(text) => HeaderValue::try_from(how(self, text)).unwrap(),
                Err(_binary) => value.clone(),
            };
            exchanged.append(name, value);
        }
        exchanged
    }
}
