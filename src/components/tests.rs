//! The views as text: words, roles, and what must not be there.

#![expect(
    clippy::unnecessary_wraps,
    clippy::wildcard_enum_match_arm,
    reason = "helpers that read well where they are used, and pick out one effect of many"
)]

mod methods;
mod sessions;

use pairlink_protocol::{
    Action, ConnectionView, EventKind, Method, Pass, PassContent, PassView, ProblemCode,
    Revocation, RevokedPasses, Sensitive, SessionState, Timestamp,
};
use yew::{Component, Context, Html, NodeRef, Properties, ServerRenderer};

use super::*;
use crate::model::{
    Effect, Event, Failure, IdempotencyKey, Issued, Page, RequestId, Settings, country, step,
};

const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_300_000);
const URL: &str = "https://provider.example/temp-qr/0123456789";

#[derive(Clone, PartialEq, Properties)]
struct Shown {
    state: State,
    now: Timestamp,
}

struct Picture;

impl Component for Picture {
    type Message = ();
    type Properties = Shown;

    fn create(_context: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Shown { state, now } = context.props();
        card(&View {
            state,
            now: *now,
            words: pairlink_words::english(),
            theme: Theme::Dark,
            time_of_day: &|_| "12:34".to_owned(),
            count: &|count| match count {
                Count::In(seconds) => format!("in {seconds} seconds"),
                Count::Of(seconds) => format!("{seconds} seconds"),
            },
            root: &NodeRef::default(),
            heading: &NodeRef::default(),
            fields: &Fields {
                countries: &[NamedCountry {
                    country: country("GB").unwrap(),
                    name: "United Kingdom (+44)".into(),
                }],
                country: &NodeRef::default(),
                number: &NodeRef::default(),
            },
            still: false,
        })
    }
}

async fn render(state: &State, now: Timestamp) -> String {
    let shown = Shown {
        state: state.clone(),
        now,
    };
    let html = ServerRenderer::<Picture>::with_props(move || shown)
        .hydratable(false)
        .render()
        .await;
    let name = state.stage(now).as_str();
    assert!(
        html.contains(&["data-stage=\"", name, "\""].concat()),
        "{name}"
    );
    assert!(
        html.contains("role=\"status\"") && html.contains("<h2"),
        "{name}"
    );
    assert!(
        !html.contains("style="),
        "{name}: ignored under a strict policy"
    );
    assert!(
        !html.contains("<slot>") && !html.contains("<slot name=\"switch\">"),
        "{name}: what a server leaves to forms is not shown beside what runs"
    );
    html
}

/// Runs events over a state; requests are numbered from 1 in the order in which they are made.
fn after(events: impl IntoIterator<Item = Event>) -> State {
    let page = Page {
        visible: true,
        online: true,
        handheld: false,
        country: country("GB"),
    };
    let (mut state, _effects) = State::start(Settings::default(), page);
    for event in events {
        state = step(state, event, NOW).0;
    }
    state
}

fn view(state: SessionState, content: Option<PassContent>) -> PassView {
    let method = content.as_ref().map_or(Method::Link, PassContent::method);
    PassView {
        connection: ConnectionView {
            label: "Acme <support> line".to_owned(),
            provider: "wawp".to_owned(),
            state,
            methods: vec![method],
            actions: vec![Action::Read, Action::Issue, Action::Revoke],
            wrong_phone: false,
        },
        pass: content.map(|content| Pass {
            id: "pas_1".to_owned(),
            issued_at: NOW.plus_millis(-60_000),
            expires_at: NOW.plus_millis(1_740_000),
            content,
        }),
        issuing: None,
        server_time: NOW,
    }
}

fn link() -> Option<PassContent> {
    Some(PassContent::Link {
        url: Sensitive::new(URL),
    })
}

/// The view of a connection that offers these methods and may be logged out.
fn offering(methods: &[Method], state: SessionState, content: Option<PassContent>) -> PassView {
    let mut view = view(state, content);
    view.connection.methods = methods.to_vec();
    view.connection.actions.push(Action::Logout);
    view
}

/// Takes the newest request out of what was asked for.
fn asked(effects: Vec<Effect>) -> RequestId {
    let request = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Issue { request, .. } | Effect::Revoke(request) | Effect::LogOut(request) => {
            Some(request)
        }
        _ => None,
    });
    request.unwrap()
}

fn key() -> IdempotencyKey {
    IdempotencyKey("k".to_owned())
}

fn read(state: SessionState, content: Option<PassContent>) -> Event {
    Event::ReadAnswered(request(1), Ok(view(state, content)))
}

fn request(number: u32) -> RequestId {
    RequestId::numbered(number)
}

/// The state after revoking, and the number of that request.
fn revoking() -> (State, RequestId) {
    let state = after([read(SessionState::Waiting, link())]);
    let (state, effects) = step(state, Event::RevokeAsked, NOW);
    (state, asked(effects))
}

#[tokio::test]
async fn a_live_link_is_explained_drawn_and_written() {
    let html = render(&after([read(SessionState::Waiting, link())]), NOW).await;
    for wanted in [
        "role=\"img\"",
        "aria-label=\"QR code of the link, for the camera of another screen\"",
        "viewBox=\"0 0 ",
        "29:00",
        "role=\"timer\"",
        "rel=\"noopener noreferrer\"",
        "target=\"_blank\"",
        &["href=\"", URL, "\""].concat(),
        "Copy link",
        "New link",
        "Revoke",
        "This link stops working everywhere at once.",
        "Acme &lt;support&gt; line",
        "<slot name=\"logo\">",
        "<slot name=\"code-logo\">",
        "Linked devices",
        "part=\"card\"",
        "data-theme=\"dark\"",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(!html.to_lowercase().contains("scan with whatsapp"));
}

#[tokio::test]
async fn the_time_is_read_out_at_60_30_and_10_seconds_only() {
    let state = after([read(SessionState::Waiting, link())]);
    for (left, told) in [
        (61_000, None),
        (60_000, Some("60 seconds left.")),
        (45_000, Some("60 seconds left.")),
        (30_000, Some("30 seconds left.")),
        (11_000, Some("30 seconds left.")),
        (10_000, Some("10 seconds left.")),
        (1, Some("10 seconds left.")),
    ] {
        let html = render(&state, NOW.plus_millis(1_740_000 - left)).await;
        let all = ["60 seconds left.", "30 seconds left.", "10 seconds left."];
        for text in all {
            assert_eq!(html.contains(text), told == Some(text), "{left} ms: {text}");
        }
    }
}

#[tokio::test]
async fn a_dead_code_is_not_in_the_document() {
    let live = after([read(SessionState::Waiting, link())]);
    let asleep = step(live.clone(), Event::Slept, NOW).0;
    let expired = NOW.plus_millis(1_740_000);
    for (state, now) in [(&live, expired), (&asleep, NOW), (&revoking().0, NOW)] {
        let html = render(state, now).await;
        assert!(
            !html.contains(URL) && !html.contains("role=\"img\""),
            "{}",
            state.stage(now).as_str()
        );
    }
}

#[tokio::test]
async fn revocation_is_told_as_it_is() {
    let (state, asked) = revoking();
    let html = render(&state, NOW).await;
    assert!(
        html.contains("Revoking…") && !html.contains("<h2 tabindex=\"-1\" part=\"title\">Revoked")
    );
    for (revocation, wanted, with_time) in [
        (Revocation::Upstream, "stopped working everywhere", false),
        (Revocation::Pending, "has not confirmed yet", true),
        (Revocation::LocalOnly, "cannot take back", true),
    ] {
        let answer = RevokedPasses {
            revoked: true,
            revocation,
            dead_by: NOW.plus_millis(if with_time { 600_000 } else { 0 }),
            server_time: NOW,
        };
        let state = step(state.clone(), Event::RevokeAnswered(asked, Ok(answer)), NOW).0;
        let html = render(&state, NOW).await;
        assert!(html.contains(wanted), "{wanted}");
        assert_eq!(html.contains("12:34"), with_time);
    }
    let state = step(
        state,
        Event::RevokeAnswered(asked, Err(Failure::Unreachable)),
        NOW,
    )
    .0;
    let html = render(&state, NOW).await;
    assert!(html.contains("Not revoked yet") && html.contains("role=\"alert\""));
    assert!(html.contains("Try again") && html.contains("Trying again in 1 seconds."));
}

#[tokio::test]
async fn every_problem_has_words_and_a_next_step() {
    for code in ProblemCode::ALL {
        let failure = Failure::Problem {
            code: *code,
            request_id: "req_9".to_owned(),
            retry_after_seconds: None,
        };
        let html = render(&after([Event::ReadAnswered(request(1), Err(failure))]), NOW).await;
        assert!(
            html.contains("req_9") && html.contains("Try again"),
            "{}",
            code.as_str()
        );
    }
}

#[tokio::test]
async fn waiting_for_the_proxy_is_counted_down() {
    let state = after([read(SessionState::Waiting, None)]);
    let (state, effects) = step(state, Event::IssueAsked(key()), NOW);
    assert!(render(&state, NOW).await.contains("Making a new one"));
    let failure = Failure::Problem {
        code: ProblemCode::UpstreamRateLimited,
        request_id: "req_9".to_owned(),
        retry_after_seconds: Some(30),
    };
    let state = step(
        state,
        Event::IssueAnswered(asked(effects), Err(failure)),
        NOW,
    )
    .0;
    let html = render(&state, NOW).await;
    assert!(html.contains("You can try again in 30 seconds.") && !html.contains("<button"));
    let html = render(&state, NOW.plus_millis(30_000)).await;
    assert!(html.contains("Try again</button>"));
}

#[tokio::test]
async fn the_other_stages_say_what_to_do() {
    let offline = step(after([]), Event::Offline, NOW).0;
    for (state, wanted, button) in [
        (after([]), "Just a moment", None),
        (
            after([read(SessionState::Waiting, None)]),
            "Connect WhatsApp",
            Some("Make a link"),
        ),
        (
            after([read(SessionState::Connected, None)]),
            "WhatsApp is connected",
            None,
        ),
        (offline, "You are offline", None),
    ] {
        let html = render(&state, NOW).await;
        assert!(html.contains(wanted), "{wanted}");
        assert_eq!(html.contains("<button"), button.is_some(), "{wanted}");
        assert!(
            button.is_none_or(|button| html.contains(button)),
            "{wanted}"
        );
    }
    let live = step(
        after([read(SessionState::Waiting, link())]),
        Event::Offline,
        NOW,
    )
    .0;
    let html = render(&live, NOW).await;
    assert!(html.contains(URL) && html.contains("No connection right now."));
}
