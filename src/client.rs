//! Talks to the proxy and to the host's token endpoint. Nothing else in the widget fetches.
//!
//! Every call ends in time, and ends at once when its future is dropped. Holds the embed token; never shows, stores
//! or logs it. Widgets of one page that read the same connection share a client: one token, one clock, one stream.

pub(crate) mod answer;
mod early;
pub(crate) mod events;
mod hub;
mod request;
mod token;
mod turn;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Promise;
use pairlink_protocol::{Method, PassView, RevokedPasses, Sensitive, SessionState, Timestamp};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

pub use self::early::Early;
use self::hub::Hub;
pub(crate) use self::hub::{Heard, Listening};

use self::request::Answer;
pub(crate) use self::request::Request;
use self::token::Token;
pub use self::token::TokenSource;
use self::turn::Turns;
use crate::clock::{self, ServerClock};
use crate::model::{Failure, IdempotencyKey, Issued};
use crate::object;

/// A read is one query; longer means that something is wrong.
const READ_LIMIT_MS: u32 = 12_000;
/// The proxy waits 5 s for a provider, then says that it takes longer.
const ISSUE_LIMIT_MS: u32 = 20_000;
/// Covers the provider's own limits.
const REVOKE_LIMIT_MS: u32 = 20_000;
/// Two heartbeats and a little: a stream that is silent for longer is dead, whatever the socket says.
const SILENCE_LIMIT_MS: u32 = 35_000;

thread_local! {
    /// Whom the widgets of this page share. Nobody is kept alive by it.
    static CLIENTS: RefCell<Vec<Weak<Client>>> = const { RefCell::new(Vec::new()) };
}

/// The proxy, as the widgets reach it that get their tokens from the same place.
pub(crate) struct Client {
    base: String,
    source: TokenSource,
    token: RefCell<Option<Token>>,
    /// Who asks for a token: one for all.
    turns: Turns,
    clock: ServerClock,
    last_event_id: RefCell<String>,
    hub: Hub,
}

/// An answer with its body, and when it was asked for and came.
pub(crate) struct Answered {
    status: u16,
    body: JsValue,
    sent: f64,
    at: f64,
}

impl Client {
    /// The client of the proxy at `base`, which has no slash at its end, with tokens from that source.
    pub(crate) fn shared(base: &str, source: &TokenSource) -> Rc<Self> {
        CLIENTS.with_borrow_mut(|clients| {
            clients.retain(|client| client.strong_count() > 0);
            let known = clients
                .iter()
                .filter_map(Weak::upgrade)
                .find(|client| client.base == base && client.source == *source);
            known.unwrap_or_else(|| {
                let client = Rc::new(Self::new(base, source.clone()));
                clients.push(Rc::downgrade(&client));
                client
            })
        })
    }

    fn new(base: &str, source: TokenSource) -> Self {
        Self {
            base: base.to_owned(),
            source,
            token: RefCell::new(None),
            turns: Turns::default(),
            clock: ServerClock::default(),
            last_event_id: RefCell::new(String::new()),
            hub: Hub::default(),
        }
    }

    /// The server's time, as far as it is known.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now(clock::monotonic_now(), clock::wall_now())
    }

    /// `GET /v1/pass`.
    pub(crate) fn read(&self) -> Request {
        self.request("GET", "/v1/pass", READ_LIMIT_MS)
    }

    /// `POST /v1/pass`.
    pub(crate) fn issue(
        &self,
        method: Method,
        phone_number: Option<&Sensitive>,
        key: &IdempotencyKey,
    ) -> Request {
        // Neither a method nor digits need escaping.
        let mut body = ["{\"method\":\"", method.as_str()].concat();
        if let Some(number) = phone_number {
            body.push_str("\",\"phone_number\":\"");
            body.push_str(number.expose());
        }
        body.push_str("\"}");
        let request = self.request("POST", "/v1/pass", ISSUE_LIMIT_MS);
        request.header("idempotency-key", &key.0);
        request.json(&body);
        request
    }

    /// `DELETE /v1/pass`.
    pub(crate) fn revoke(&self) -> Request {
        self.request("DELETE", "/v1/pass", REVOKE_LIMIT_MS)
    }

    /// `DELETE /v1/session`.
    pub(crate) fn log_out(&self) -> Request {
        self.request("DELETE", "/v1/session", REVOKE_LIMIT_MS)
    }

    fn request(&self, method: &str, path: &str, limit_ms: u32) -> Request {
        Request::for_proxy(method, [&self.base, path].concat(), limit_ms)
    }

    /// Sends a request and reads its answer; or takes the answer that was asked for before there was a widget.
    ///
    /// One for all requests: what waits is code of its own for each kind, and most of all that is done here is to wait.
    pub(crate) async fn ask(
        &self,
        request: Request,
        early: Option<Promise>,
    ) -> Result<Answered, Failure> {
        if let Some(early) = early {
            let told = JsFuture::from(early).await.unwrap_or_default();
            if !told.is_undefined() {
                return self.told(&told);
            }
        }
        let answer = self.authorized(&request).await?;
        let body = answer.json().await;
        judged(answer.status(), body, answer.sent(), clock::monotonic_now())
    }

    /// The state of the connection.
    pub(crate) fn view(&self, answered: &Answered) -> Result<PassView, Failure> {
        let view = answer::pass_view(&answered.body).ok_or(Failure::Unreadable)?;
        self.set_clock(view.server_time, answered);
        Ok(view)
    }

    /// What came of asking for a pass.
    pub(crate) fn issued(&self, answered: &Answered) -> Result<Issued, Failure> {
        if answered.status == 202 {
            let pending = answer::instant(&answered.body, "server_time");
            return pending.map(Issued::Later).ok_or(Failure::Unreadable);
        }
        let issued = answer::issued_pass(&answered.body).ok_or(Failure::Unreadable)?;
        self.set_clock(issued.server_time, answered);
        Ok(Issued::Now(issued))
    }

    /// What came of revoking.
    pub(crate) fn revoked(&self, answered: &Answered) -> Result<RevokedPasses, Failure> {
        let revoked = answer::revoked_passes(&answered.body).ok_or(Failure::Unreadable)?;
        self.set_clock(revoked.server_time, answered);
        Ok(revoked)
    }

    /// The state of the login after it was to end.
    pub(crate) fn logged_out(&self, answered: &Answered) -> Result<SessionState, Failure> {
        let state = answer::session_state(&answered.body).ok_or(Failure::Unreadable)?;
        if let Some(server_time) = answer::instant(&answered.body, "server_time") {
            self.set_clock(server_time, answered);
        }
        Ok(state)
    }

    /// What the loader tells.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float is cast to the nearest integer that fits"
    )]
    fn told(&self, told: &JsValue) -> Result<Answered, Failure> {
        let value = |name| object::get(told, name);
        let token = Token::read(&value("token")).ok_or(Failure::NoToken)?;
        self.token.replace(Some(token));
        let number = |name| value(name).as_f64();
        match (number("status"), number("sent"), number("received")) {
            (Some(status), Some(sent), Some(at)) => judged(status as u16, value("body"), sent, at),
            (_, _, _) if value("late").is_truthy() => Err(Failure::TimedOut),
            (_, _, _) => Err(Failure::Unreachable),
        }
    }

    /// `GET /v1/events`: tells who listens of events until the stream ends, for whatever reason.
    async fn read_stream(&self) {
        let last_event_id = self.last_event_id.borrow().clone();
        let request = self.request("GET", "/v1/events", READ_LIMIT_MS);
        request.header("accept", "text/event-stream");
        if !last_event_id.is_empty() {
            request.header("last-event-id", &last_event_id);
        }
        let Ok(answer) = self.authorized(&request).await else {
            return;
        };
        let Some(pieces) = (answer.status() == 200).then(|| answer.pieces()).flatten() else {
            return;
        };
        let mut reader = events::Reader::default();
        while let Some(piece) = pieces.next(self.patience_ms()).await {
            if reader
                .push(&piece, &mut |message| self.hear(message))
                .is_err()
            {
                return;
            }
        }
    }

    fn hear(&self, message: events::Message) {
        let Ok(view) = js_sys::JSON::parse(&message.data) else {
            return;
        };
        let server_time = answer::instant(&view, "server_time");
        if let (Ok(kind), Some(server_time)) = (message.event.parse(), server_time) {
            self.clock.heard(server_time, clock::monotonic_now());
            self.last_event_id.replace(message.id);
            self.hub.tell(kind, &view);
        }
    }

    /// How long to wait for the next piece of a stream: never past the moment at which the token is replaced, so that
    /// the next stream is opened with a new one before the server ends this.
    fn patience_ms(&self) -> u32 {
        let left = self
            .token
            .borrow()
            .as_ref()
            .and_then(Token::renew_at)
            .map(|renew_at| renew_at.millis_since(self.now()));
        left.map_or(SILENCE_LIMIT_MS, |left| {
            u32::try_from(left.max(1))
                .unwrap_or(u32::MAX)
                .min(SILENCE_LIMIT_MS)
        })
    }

    /// Sends a request with the embed token; once more with a new one if the proxy does not accept it.
    async fn authorized(&self, request: &Request) -> Result<Answer, Failure> {
        let mut is_last = false;
        loop {
            let turn = self.turns.take().await;
            if !self.has_fresh_token() {
                let token = self.source.fetch().await?;
                self.token.replace(Some(token));
            }
            drop(turn);
            if let Some(token) = &*self.token.borrow() {
                request.header("authorization", &token.authorization());
            }
            let sent = clock::monotonic_now();
            match request::send(request).await {
                Some(answer) if is_last || answer.status() != 401 => return Ok(answer),
                Some(_refused) => {
                    self.token.replace(None);
                    is_last = true;
                }
                None if clock::monotonic_now() - sent < request.limit_ms().into() => {
                    return Err(Failure::Unreachable);
                }
                None => return Err(Failure::TimedOut),
            }
        }
    }

    fn has_fresh_token(&self) -> bool {
        let now = self.now();
        let token = self.token.borrow();
        token.as_ref().is_some_and(|token| {
            // Before the first answer the time is a guess, and a guess must not throw a token away.
            !self.clock.is_set() || token.renew_at().is_none_or(|renew_at| now < renew_at)
        })
    }

    fn set_clock(&self, server_time: Timestamp, answered: &Answered) {
        self.clock.answered(server_time, answered.sent, answered.at);
    }
}

/// Tells answers from refusals. A body that is no JSON is null, which no answer is.
fn judged(status: u16, body: JsValue, sent: f64, at: f64) -> Result<Answered, Failure> {
    if status >= 300 {
        return Err(answer::problem(status, &body));
    }
    Ok(Answered {
        status,
        body,
        sent,
        at,
    })
}
