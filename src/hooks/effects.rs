//! Runs the model's effects, and turns what comes of them into events.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use pairlink_protocol::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;
use yew::Callback;

use super::countries::country_of;
use super::listener::Listener;
use crate::client::answer::pass_view;
use crate::client::{Answered, Client, Early, Heard, Listening, Request, TokenSource};
use crate::clock::{self, SleepWatch};
use crate::model::{Announcement, Effect, Event, Failure, IdempotencyKey, Page};
use crate::object;
use crate::task::Task;

/// What an answer tells.
type Telling = dyn Fn(&Client, Result<Answered, Failure>) -> Event;

/// Everything that one mounted widget has under way.
///
/// There is one slot for each kind of call: a newer call ends the older one of its kind.
pub(crate) struct Effects {
    client: Rc<Client>,
    early: Early,
    watch: RefCell<SleepWatch>,
    emit: Callback<Event>,
    announce: Callback<Announcement>,
    read: Option<Task>,
    change: Option<Task>,
    stream: Option<Listening>,
    copy: Option<Task>,
    timer: Option<Timeout>,
    _listeners: Vec<Listener>,
}

impl Effects {
    /// Begins to listen to the page; nothing is asked of anybody yet.
    pub(crate) fn new(
        base: &str,
        source: &TokenSource,
        early: Early,
        emit: Callback<Event>,
        announce: Callback<Announcement>,
    ) -> Self {
        Self {
            client: Client::shared(base, source),
            early,
            watch: RefCell::new(SleepWatch::new(clock::monotonic_now(), clock::wall_now())),
            _listeners: listen_to_page(&emit),
            emit,
            announce,
            read: None,
            change: None,
            stream: None,
            copy: None,
            timer: None,
        }
    }

    /// The server's time, as far as it is known.
    pub(crate) fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// Who is told of events.
    pub(crate) fn emit(&self) -> Callback<Event> {
        self.emit.clone()
    }

    /// Whether the page stood still since the last look.
    pub(crate) fn slept(&self) -> bool {
        let (monotonic, wall) = (clock::monotonic_now(), clock::wall_now());
        self.watch.borrow_mut().slept(monotonic, wall)
    }

    /// Tells somebody else from now on.
    pub(crate) fn announce_to(&mut self, announce: Callback<Announcement>) {
        self.announce = announce;
    }

    /// Does what the model asked for.
    pub(crate) fn run(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Read(request) => {
                    let early = self.early.take();
                    self.read = Some(self.ask(self.client.read(), early, move |client, answer| {
                        let view = answer.and_then(|answer| client.view(&answer));
                        Event::ReadAnswered(request, view)
                    }));
                }
                Effect::Issue {
                    request,
                    method,
                    phone_number,
                    key,
                } => {
                    let asked = self.client.issue(method, phone_number.as_ref(), &key);
                    self.change(asked, move |client, answer| {
                        let issued = answer.and_then(|answer| client.issued(&answer));
                        Event::IssueAnswered(request, issued)
                    });
                }
                Effect::Revoke(request) => {
                    self.change(self.client.revoke(), move |client, answer| {
                        let revoked = answer.and_then(|answer| client.revoked(&answer));
                        Event::RevokeAnswered(request, revoked)
                    });
                }
                Effect::LogOut(request) => {
                    self.change(self.client.log_out(), move |client, answer| {
                        let state = answer.and_then(|answer| client.logged_out(&answer));
                        Event::LogOutAnswered(request, state)
                    });
                }
                Effect::OpenStream(stream) => {
                    let emit = self.emit.clone();
                    let hear = Callback::from(move |heard| {
                        let event = match heard {
                            Heard::News(kind, view) => match pass_view(&view) {
                                Some(view) => Event::StreamDelivered(stream, kind, view),
                                None => return,
                            },
                            Heard::Ended(die) => Event::StreamEnded(stream, die),
                        };
                        emit.emit(event);
                    });
                    self.stream = Some(self.client.listen(hear));
                }
                Effect::Copy(text) => {
                    let emit = self.emit.clone();
                    self.copy = Some(Task::spawn(Box::pin(async move {
                        emit.emit(Event::Copied(copy(text.expose()).await));
                    })));
                }
                Effect::Announce(announcement) => self.announce.emit(announcement),
            }
        }
    }

    fn change(
        &mut self,
        request: Request,
        told: impl Fn(&Client, Result<Answered, Failure>) -> Event + 'static,
    ) {
        self.read = None;
        self.change = Some(self.ask(request, None, told));
    }

    /// Sends a request, and emits what it tells. All of them wait in the same code.
    fn ask(
        &self,
        request: Request,
        early: Option<Promise>,
        told: impl Fn(&Client, Result<Answered, Failure>) -> Event + 'static,
    ) -> Task {
        self.ask_boxed(request, early, Box::new(told))
    }

    fn ask_boxed(&self, request: Request, early: Option<Promise>, told: Box<Telling>) -> Task {
        let (client, emit) = (Rc::clone(&self.client), self.emit.clone());
        Task::spawn(Box::pin(async move {
            let answer = client.ask(request, early).await;
            emit.emit(told(&client, answer));
        }))
    }

    /// Sees to it that the model hears of the next moment that matters to it.
    pub(crate) fn wake_at(&mut self, at: Option<Timestamp>) {
        let now = self.now();
        let emit = self.emit.clone();
        self.timer = at.map(|at| {
            // Longer waits than a timer can hold end early, and are begun again.
            let wait = u32::try_from(at.millis_since(now).max(0)).unwrap_or(u32::MAX);
            Timeout::new(wait.min(i32::MAX as u32), move || emit.emit(Event::Tick))
        });
    }
}

/// A phone: pointed at with a finger, and small. Tablets can be held in front of another phone.
const HANDHELD: &str = "(pointer: coarse) and (max-width: 600px)";

/// What the page is like now.
pub(crate) fn page() -> Page {
    let window = web_sys::window();
    let window = window.as_ref();
    Page {
        visible: is_visible(),
        online: window.is_none_or(|window| window.navigator().on_line()),
        handheld: window
            .and_then(|window| window.match_media(HANDHELD).ok()?)
            .is_some_and(|query| query.matches()),
        country: window
            .and_then(|window| window.navigator().language())
            .and_then(|language| country_of(&language)),
    }
}

fn is_visible() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_none_or(|document| !document.hidden())
}

fn listen_to_page(emit: &Callback<Event>) -> Vec<Listener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on = |target: &EventTarget, name, event: fn(&web_sys::Event) -> Option<Event>| {
        let emit = emit.clone();
        Listener::new(target, name, move |happened| {
            if let Some(event) = event(&happened) {
                emit.emit(event);
            }
        })
    };
    let mut listeners = vec![
        on(&window, "online", |_| Some(Event::Online)),
        on(&window, "offline", |_| Some(Event::Offline)),
        // Out of the back-forward cache: the page stood still, whatever the clocks say.
        on(&window, "pageshow", |happened| {
            object::get(happened, "persisted")
                .is_truthy()
                .then_some(Event::Slept)
        }),
        // Into it, perhaps. A page that comes back may be painted before it can change anything.
        on(&window, "pagehide", |_| Some(Event::PutAway)),
    ];
    if let Some(document) = window.document() {
        listeners.push(on(&document, "resume", |_| Some(Event::Slept)));
        listeners.push(on(&document, "visibilitychange", |_| {
            Some(if is_visible() {
                Event::Shown
            } else {
                Event::Hidden
            })
        }));
    }
    listeners
}

async fn copy(text: &str) -> bool {
    // Absent outside secure contexts, whatever the bindings say.
    let clipboard = web_sys::window()
        .map(|window| window.navigator().clipboard())
        .filter(|clipboard| !AsRef::<JsValue>::as_ref(clipboard).is_undefined());
    match clipboard {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}

/// A new key of 128 bits: 32 lowercase hex digits.
pub(crate) fn idempotency_key() -> IdempotencyKey {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Fails only for more bytes than anybody asks for here.
        drop(crypto.get_random_values_with_u8_array(&mut bytes));
    }
    let mut key = String::new();
    for byte in &bytes {
        for half in [byte >> 4, byte & 15] {
            let digit = usize::from(half);
            key.push_str("0123456789abcdef".get(digit..=digit).unwrap_or_default());
        }
    }
    IdempotencyKey(key)
}
