//! The card of the element, from what the server knows: the model is told what a page would have been told, and the
//! views draw what became of it.

use pairlink_protocol::{PassContent, PassView, Sensitive, Timestamp};
use yew::{Html, NodeRef};

use super::{Connect, FailedIssue, HostedWords};
use crate::components::{self, Fields, View};
use crate::model::{Effect, Event, Failure, IdempotencyKey, Issued, Page, Settings, State, step};
use crate::options::Theme;
use pairlink_words::Words;

/// A card that nobody listens to.
pub(super) struct Card {
    state: State,
    now: Timestamp,
    words: &'static Words,
}

impl Card {
    pub(super) fn new(connect: &Connect, words: &HostedWords) -> Self {
        Self {
            state: state(connect),
            now: connect.view.server_time,
            words: pairlink_words::of(words.language),
        }
    }

    pub(super) const fn state(&self) -> &State {
        &self.state
    }

    pub(super) const fn words(&self) -> &'static Words {
        self.words
    }

    pub(super) fn html(&self) -> Html {
        components::card(&View {
            state: &self.state,
            now: self.now,
            words: self.words,
            theme: Theme::Auto,
            time_of_day: &time_of_day,
            // Nothing counts in a page that stands still.
            count: &|_count| String::new(),
            root: &NodeRef::default(),
            heading: &NodeRef::default(),
            fields: &Fields {
                countries: &[],
                country: &NodeRef::default(),
                number: &NodeRef::default(),
            },
            still: true,
        })
    }
}

/// Nobody has told the server where the visitor is.
fn time_of_day(at: Timestamp) -> String {
    let minutes = at.unix_millis().div_euclid(60_000);
    let (hour, minute) = (
        minutes.div_euclid(60).rem_euclid(24),
        minutes.rem_euclid(60),
    );
    std::fmt::format(format_args!("{hour:02}:{minute:02} UTC"))
}

/// A page under construction: what the model asks for is answered at once.
struct Telling {
    state: State,
    view: PassView,
    now: Timestamp,
}

fn state(connect: &Connect) -> State {
    let mut view = connect.view.clone();
    let now = view.server_time;
    let is_code = |content: &PassContent| matches!(content, PassContent::Code { .. });
    if connect.asks_anew
        && view
            .pass
            .as_ref()
            .is_some_and(|pass| is_code(&pass.content))
    {
        view.pass = None;
    }
    let pending = view.issuing.take();
    let pending = pending.filter(|method| {
        let in_view = connect.chosen.is_none_or(|chosen| chosen == *method);
        in_view && view.pass.is_none() && connect.failed.is_none()
    });
    let settings = Settings {
        methods: Vec::new(),
        // The number of what is under way was given; it is not known here, and not shown.
        phone_number: pending.map(|_method| Sensitive::new("")),
    };
    let page = Page {
        visible: true,
        online: true,
        handheld: connect.handheld,
        country: None,
    };
    let (state, first) = State::start(settings, page);
    let mut telling = Telling { state, view, now };
    telling.answer_reads(first);
    let failed = connect.failed.as_ref();
    let in_view = pending
        .or(failed.map(|failed| failed.method))
        .or(connect.chosen);
    if let Some(method) = in_view {
        telling.tell(Event::MethodChosen(method));
    }
    if pending.is_some() {
        telling.ask(Ok(Issued::Later(now)));
    }
    if let Some(failed) = failed {
        telling.fail(failed);
    }
    telling.state
}

impl Telling {
    fn tell(&mut self, event: Event) -> Vec<Effect> {
        let (state, effects) = step(std::mem::take(&mut self.state), event, self.now);
        self.state = state;
        effects
    }

    /// As somebody who pressed the button, and was answered.
    fn ask(&mut self, answer: Result<Issued, Failure>) {
        let effects = self.tell(Event::IssueAsked(IdempotencyKey(String::new())));
        let asked = effects.into_iter().find_map(|effect| {
            if let Effect::Issue { request, .. } = effect {
                Some(request)
            } else {
                None
            }
        });
        // None where the model does not even ask: a phone is linked, or the number cannot be one.
        if let Some(request) = asked {
            let effects = self.tell(Event::IssueAnswered(request, answer));
            self.answer_reads(effects);
        }
    }

    fn fail(&mut self, failed: &FailedIssue) {
        if let Some(number) = &failed.number {
            self.tell(Event::NumberTyped(number.expose().to_owned()));
        }
        self.ask(Err(Failure::Problem {
            code: failed.code,
            request_id: failed.request_id.clone(),
            retry_after_seconds: failed.retry_after_seconds,
        }));
    }

    fn answer_reads(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Read(request) = effect {
                self.tell(Event::ReadAnswered(request, Ok(self.view.clone())));
            }
        }
    }
}
