//! The Yew component: the model's state in the middle, effects on one side, views on the other.

use pairlink_protocol::{Method, Sensitive, Timestamp};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;
use yew::{AttrValue, Callback, Component, Context, Html, NodeRef, Properties};

use crate::client::TokenSource;
use crate::clock;
use crate::components::{self, Press, View};
use crate::hooks::{self, Effects};
use crate::model::{self, Announcement, Event, Settings, State};
use crate::options::Theme;
use crate::text;

/// Properties of [`PairLink`].
#[derive(Clone, PartialEq, Properties)]
pub struct PairLinkProps {
    /// The address of the proxy, with no slash at its end.
    pub base: AttrValue,
    /// Where embed tokens come from.
    pub token: TokenSource,
    /// The methods wanted, the preferred one first; all that the connection offers if empty.
    #[prop_or_default]
    pub methods: Vec<Method>,
    /// The number of the phone for pairing codes: international, digits only.
    #[prop_or_default]
    pub phone_number: Option<Sensitive>,
    /// The language, as a language tag; the document's or the browser's is the host's business.
    #[prop_or_default]
    pub locale: Option<AttrValue>,
    /// The theme.
    #[prop_or_default]
    pub theme: Theme,
    /// Told what happens; never a secret.
    #[prop_or_default]
    pub on_event: Callback<Announcement>,
}

impl PairLinkProps {
    /// Whether the widget can go on with these instead of beginning anew.
    fn continues(&self, old: &Self) -> bool {
        self.base == old.base
            && self.token == old.token
            && self.methods == old.methods
            && self.phone_number == old.phone_number
    }

    fn settings(&self) -> Settings {
        Settings {
            methods: self.methods.clone(),
            phone_number: self.phone_number.clone(),
        }
    }
}

/// What the component is told: by its buttons, its host, or the world.
pub struct Message(Told);

enum Told {
    Asked(Press),
    Pressed(Press),
    Happened(Box<Event>),
}

impl Message {
    /// Asks for a new pass.
    pub const fn issue() -> Self {
        Self(Told::Asked(Press::Issue))
    }

    /// Asks to revoke every live pass of the connection.
    pub const fn revoke() -> Self {
        Self(Told::Asked(Press::Revoke))
    }
}

/// Connects a WhatsApp account: shows the live pass of a connection, with its countdown, renewal and revocation.
///
/// Everything that it has under way ends when it is unmounted.
pub struct PairLink {
    state: State,
    effects: Effects,
    heading: NodeRef,
    press: Callback<Press>,
    /// A button was pressed that may be gone after the next rendering.
    focus_is_due: bool,
}

impl PairLink {
    fn begin(context: &Context<Self>) -> (State, Effects) {
        let props = context.props();
        let mut effects = Effects::new(
            &props.base,
            props.token.clone(),
            context
                .link()
                .callback(|event| Message(Told::Happened(Box::new(event)))),
            props.on_event.clone(),
        );
        let (state, first) = State::start(props.settings(), hooks::page());
        effects.run(first);
        (state, effects)
    }

    fn take_in(&mut self, event: Event) {
        let now = self.effects.now();
        let (state, effects) = model::step(std::mem::take(&mut self.state), event, now);
        self.state = state;
        self.effects.run(effects);
        self.effects.wake_at(self.state.next_wake(now));
    }
}

impl Component for PairLink {
    type Message = Message;
    type Properties = PairLinkProps;

    fn create(context: &Context<Self>) -> Self {
        let (state, effects) = Self::begin(context);
        Self {
            state,
            effects,
            heading: NodeRef::default(),
            press: context
                .link()
                .callback(|press| Message(Told::Pressed(press))),
            focus_is_due: false,
        }
    }

    fn changed(&mut self, context: &Context<Self>, old: &Self::Properties) -> bool {
        if context.props().continues(old) {
            self.effects.announce_to(context.props().on_event.clone());
        } else {
            (self.state, self.effects) = Self::begin(context);
        }
        true
    }

    fn update(&mut self, _context: &Context<Self>, Message(told): Message) -> bool {
        if self.effects.slept() {
            self.take_in(Event::Slept);
        }
        let event = match told {
            Told::Happened(event) => *event,
            Told::Asked(press) => event_of(press),
            Told::Pressed(press) => {
                self.focus_is_due = press != Press::Copy;
                event_of(press)
            }
        };
        self.take_in(event);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let words = text::words(props.locale.as_deref());
        components::card(&View {
            state: &self.state,
            now: self.effects.now(),
            words,
            theme: props.theme,
            time_of_day: &|at| time_of_day(at, props.locale.as_deref().unwrap_or(words.language)),
            press: &self.press,
            heading: &self.heading,
        })
    }

    fn rendered(&mut self, _context: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.focus_is_due)
            && let Some(heading) = self.heading.cast::<HtmlElement>()
        {
            // An element that was removed meanwhile cannot be focused, and need not be.
            drop(heading.focus());
        }
    }
}

fn event_of(press: Press) -> Event {
    match press {
        Press::Issue => Event::IssueAsked(hooks::idempotency_key()),
        Press::Revoke => Event::RevokeAsked,
        Press::Retry => Event::RetryAsked(hooks::idempotency_key()),
        Press::Copy => Event::CopyAsked,
    }
}

/// Hours and minutes where the visitor is, in the way of his language.
fn time_of_day(at: Timestamp, locale: &str) -> String {
    let options = js_sys::Object::new();
    for part in ["hour", "minute"] {
        // Cannot fail on an object of our own.
        drop(js_sys::Reflect::set(
            &options,
            &JsValue::from_str(part),
            &JsValue::from_str("2-digit"),
        ));
    }
    String::from(
        clock::date(at).to_locale_time_string_with_options(locale, options.unchecked_ref()),
    )
}
