//! The Yew component: the model's state in the middle, effects on one side, views on the other.

use pairlink_protocol::{Method, Sensitive};
use pairlink_words::Words;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::{AttrValue, Callback, Component, Context, Html, NodeRef, Properties};

use crate::client::{Early, TokenSource};
use crate::components::{self, Fields, NamedCountry, Press, View};
use crate::hooks::{self, Card, Effects, Listener};
use crate::model::{Announcement, Event, Settings, State};
use crate::options::Theme;

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
    /// What the component says: `words::of` finds the language for a tag. Which one is the host's business.
    #[prop_or(pairlink_words::english())]
    pub words: &'static Words,
    /// The variant of that language in which times and names of countries are written, such as `en-GB`.
    #[prop_or_default]
    pub locale: Option<AttrValue>,
    /// The theme.
    #[prop_or_default]
    pub theme: Theme,
    /// What the loader of the element has begun already.
    #[doc(hidden)]
    #[prop_or_default]
    pub early: Early,
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
    root: NodeRef,
    heading: NodeRef,
    country: NodeRef,
    number: NodeRef,
    /// What is pressed and typed.
    listeners: Vec<Listener>,
    /// Named once they are needed.
    countries: Vec<NamedCountry>,
    /// What takes the focus after the next rendering.
    focus: Option<Focus>,
}

/// Where the focus goes when it has to go somewhere.
#[derive(Clone, Copy)]
enum Focus {
    /// The pressed button may be gone: the headline says what became of it.
    Heading,
    /// The number of the phone is wanting.
    Number,
}

impl PairLink {
    /// Only once they are to be chosen from: it takes a moment.
    fn name_countries(&mut self, context: &Context<Self>) {
        if self.countries.is_empty() && self.state.asks_for_number() {
            self.countries = hooks::named_countries(locale(context.props()));
        }
    }

    fn begin(context: &Context<Self>, early: Early) -> (State, Effects) {
        let props = context.props();
        let mut effects = Effects::new(
            &props.base,
            &props.token,
            early,
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
        let effects = self.state.step(event, now);
        self.effects.run(effects);
        self.effects.wake_at(self.state.next_wake(now));
    }
}

impl Component for PairLink {
    type Message = Message;
    type Properties = PairLinkProps;

    fn create(context: &Context<Self>) -> Self {
        let (state, effects) = Self::begin(context, context.props().early.clone());
        Self {
            state,
            effects,
            root: NodeRef::default(),
            heading: NodeRef::default(),
            country: NodeRef::default(),
            number: NodeRef::default(),
            listeners: Vec::new(),
            countries: Vec::new(),
            focus: None,
        }
    }

    fn changed(&mut self, context: &Context<Self>, old: &Self::Properties) -> bool {
        if locale(context.props()) != locale(old) {
            self.countries.clear();
        }
        if context.props().continues(old) {
            self.effects.announce_to(context.props().on_event.clone());
        } else {
            (self.state, self.effects) = Self::begin(context, Early::default());
        }
        self.name_countries(context);
        true
    }

    fn update(&mut self, context: &Context<Self>, Message(told): Message) -> bool {
        if self.effects.slept() {
            self.take_in(Event::Slept);
        }
        let was_faulty = self.state.number().faulty;
        let mut pressed = false;
        let event = match told {
            Told::Happened(event) => *event,
            Told::Asked(press) => event_of(press),
            Told::Pressed(press) => {
                pressed = press.leads_elsewhere();
                event_of(press)
            }
        };
        self.take_in(event);
        if self.state.number().faulty && (pressed || !was_faulty) {
            self.focus = Some(Focus::Number);
        } else if pressed {
            self.focus = Some(Focus::Heading);
        }
        self.name_countries(context);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        components::card(&View {
            state: &self.state,
            now: self.effects.now(),
            words: props.words,
            theme: props.theme,
            time_of_day: &|at| hooks::time_of_day(at, locale(props)),
            count: &|count| hooks::count(count, locale(props)),
            root: &self.root,
            heading: &self.heading,
            fields: &Fields {
                countries: &self.countries,
                country: &self.country,
                number: &self.number,
            },
            #[cfg(not(target_arch = "wasm32"))]
            still: false,
        })
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first {
            self.listeners = hooks::listen_to_card(Card {
                root: self.root.clone(),
                country: self.country.clone(),
                number: self.number.clone(),
                press: context
                    .link()
                    .callback(|press| Message(Told::Pressed(press))),
                emit: self.effects.emit(),
            });
        }
        if let Some(field) = self.country.get() {
            // The browser and the visitor change what is selected, and a rendering does not know of it.
            let field = field.unchecked_into::<HtmlInputElement>();
            let country = self.state.number().country();
            let region = country.map_or("", |country| country.region);
            if field.value() != region {
                field.set_value(region);
            }
        }
        let element = match self.focus.take() {
            Some(Focus::Heading) => &self.heading,
            Some(Focus::Number) => &self.number,
            None => return,
        };
        if let Some(element) = element.cast::<HtmlElement>() {
            // An element that was removed meanwhile cannot be focused, and need not be.
            drop(element.focus());
        }
    }
}

fn event_of(press: Press) -> Event {
    match press {
        Press::Issue => Event::IssueAsked(hooks::idempotency_key()),
        Press::Revoke => Event::RevokeAsked,
        Press::Retry => Event::RetryAsked(hooks::idempotency_key()),
        Press::Copy => Event::CopyAsked,
        Press::Choose(method) => Event::MethodChosen(method),
        Press::Reveal => Event::RevealAsked,
        Press::LogOut => Event::PartingAsked(true),
        Press::LogOutMeant => Event::LogOutAsked,
        Press::Stay => Event::PartingAsked(false),
    }
}

/// The language to write times and names in: that of the words, in the variant that the host wants of it.
fn locale(props: &PairLinkProps) -> &str {
    let language = props.words.language;
    match props.locale.as_deref() {
        Some(tag) if tag.starts_with(language) && hooks::knows(tag) => tag,
        Some(_) | None => language,
    }
}
