//! Which method is in view, and what a pairing code needs.

use super::*;

const EVERYTHING: [Method; 3] = [Method::Link, Method::Qr, Method::Code];

fn number() -> Sensitive {
    Sensitive::new("442079460000")
}

fn content(method: Method) -> PassContent {
    match method {
        Method::Link => PassContent::Link {
            url: Sensitive::new("https://provider.example/temp-qr/1"),
        },
        Method::Qr => PassContent::Qr {
            payload: Sensitive::new("2@payload"),
        },
        Method::Code => PassContent::Code {
            code: Sensitive::new("GAPI2015"),
        },
        Method::Token => PassContent::Token {
            token: Sensitive::new("token"),
            token_type: "Bearer".to_owned(),
        },
    }
}

impl Widget {
    fn offering(&self, methods: &[Method], pass: Option<Pass>) -> PassView {
        let mut view = self.view(pass);
        view.connection.methods = methods.to_vec();
        view
    }

    fn pass_of(&self, method: Method, left: i64) -> Pass {
        Pass {
            content: content(method),
            ..self.pass("pas_1", left)
        }
    }

    /// Reads what the connection offers, and the pass that is alive.
    fn reads(mut self, methods: &[Method], pass: Option<Pass>) -> Self {
        let view = self.offering(methods, pass);
        self.answer_read(Ok(view));
        self.open_stream();
        self.told.clear();
        self
    }

    fn choose(&mut self, method: Method) {
        self.happen(Event::MethodChosen(method));
    }

    /// What was asked for: the method, and the number of the phone.
    fn issuing(&mut self) -> Option<(Method, Option<String>)> {
        self.take(|effect| match effect {
            Effect::Issue {
                method,
                phone_number,
                ..
            } => Some((
                *method,
                phone_number
                    .as_ref()
                    .map(|number| number.expose().to_owned()),
            )),
            _ => None,
        })
    }
}

fn everything() -> Widget {
    Widget::new().reads(&EVERYTHING, None)
}

#[test]
fn the_first_is_the_hosts_then_the_phones_then_the_providers() {
    use Method::{Code, Link, Qr};
    for (wishes, handheld, expected) in [
        (vec![], false, vec![Link, Qr, Code]),
        (vec![], true, vec![Code, Link, Qr]),
        (vec![Qr, Link], true, vec![Qr, Link]),
        (vec![Method::Token, Code, Code], false, vec![Code]),
    ] {
        let page = Page {
            visible: true,
            online: true,
            handheld,
            country: None,
        };
        let settings = Settings {
            methods: wishes,
            phone_number: None,
        };
        let widget = Widget::on(page, settings).reads(&EVERYTHING, None);
        assert_eq!(widget.state.methods(), expected);
        assert_eq!(widget.state.method(), expected.first().copied());
    }
}

#[test]
fn nothing_is_offered_to_a_page_that_may_only_read() {
    let mut widget = Widget::new();
    let mut view = widget.offering(&EVERYTHING, None);
    view.connection.actions = vec![Action::Read];
    widget.answer_read(Ok(view));
    assert_eq!(widget.state.methods(), []);
    assert_eq!(widget.state.method(), None);
    widget.issue();
    assert!(widget.asked_to_issue().is_none());
}

#[test]
fn choosing_issues_nothing_and_revokes_nothing() {
    let mut widget = everything();
    let before = widget.effects.len();
    for method in EVERYTHING {
        widget.choose(method);
        assert_eq!(widget.state.method(), Some(method));
        assert_eq!(widget.stage(), Stage::None);
    }
    assert_eq!(widget.effects.len(), before);
    widget.choose(Method::Qr);
    widget.issue();
    assert_eq!(widget.issuing(), Some((Method::Qr, None)));
}

#[test]
fn a_pass_stays_alive_beside_the_method_that_was_chosen() {
    let mut widget = everything();
    let link = widget.pass_of(Method::Link, 30 * MINUTE);
    let view = widget.offering(&EVERYTHING, Some(link));
    widget.deliver(EventKind::Pass, view);
    assert_eq!(widget.stage(), Stage::Live);
    widget.choose(Method::Code);
    assert_eq!(widget.stage(), Stage::None);
    assert!(widget.state.aside().is_some());
    widget.choose(Method::Link);
    assert_eq!(widget.stage(), Stage::Live);
    assert!(widget.state.aside().is_none());
}

#[test]
fn the_view_follows_a_pass_until_somebody_chooses() {
    let mut widget = everything();
    let code = widget.pass_of(Method::Code, 2 * MINUTE);
    let view = widget.offering(&EVERYTHING, Some(code));
    widget.deliver(EventKind::Pass, view);
    assert_eq!(widget.state.method(), Some(Method::Code));
    assert_eq!(widget.stage(), Stage::Live);

    let mut widget = everything();
    widget.choose(Method::Qr);
    let code = widget.pass_of(Method::Code, 2 * MINUTE);
    let view = widget.offering(&EVERYTHING, Some(code));
    widget.deliver(EventKind::Pass, view);
    assert_eq!(widget.state.method(), Some(Method::Qr));
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn what_ends_out_of_view_is_told_to_the_host_and_leaves_the_view_alone() {
    let mut widget = everything();
    let link = widget.pass_of(Method::Link, MINUTE);
    let view = widget.offering(&EVERYTHING, Some(link));
    widget.deliver(EventKind::Pass, view);
    widget.choose(Method::Code);
    widget.told.clear();
    widget.wait(MINUTE);
    assert_eq!(
        (widget.stage(), widget.state.method()),
        (Stage::None, Some(Method::Code))
    );
    assert!(widget.state.aside().is_none());
    assert_eq!(widget.told, [Announcement::Expired]);
}

#[test]
fn an_ended_pass_keeps_its_method_in_view() {
    let widget = Widget::new();
    let code = widget.pass_of(Method::Code, MINUTE);
    let mut widget = widget.reads(&EVERYTHING, Some(code));
    widget.wait(MINUTE);
    assert_eq!(
        (widget.stage(), widget.state.method()),
        (Stage::Expired, Some(Method::Code))
    );
    widget.choose(Method::Link);
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn nothing_can_be_chosen_while_a_change_is_under_way() {
    let mut widget = everything();
    assert_eq!(widget.state.switch(), Some(true));
    widget.issue();
    assert_eq!(widget.state.switch(), Some(false));
    widget.choose(Method::Qr);
    assert_eq!(widget.state.method(), Some(Method::Link));

    let widget = Widget::new().reads(&[Method::Link], None);
    assert_eq!(widget.state.switch(), None, "there is no choice");
    let mut widget = everything();
    let view = widget.connected(None);
    widget.deliver(EventKind::State, view);
    assert_eq!(widget.state.switch(), None, "there is nothing to do");
}

#[test]
fn a_failure_of_one_method_says_nothing_of_another() {
    let mut widget = everything();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Err(Failure::TimedOut)));
    assert_eq!(widget.stage(), Stage::Error);
    widget.choose(Method::Qr);
    assert_eq!(widget.stage(), Stage::None);
    widget.happen(Event::IssueAsked(key("key-2")));
    let (_, second) = widget.asked_to_issue().unwrap();
    assert_eq!(
        second,
        key("key-2"),
        "the key of another request cannot be used again"
    );
}

#[test]
fn a_new_pass_of_another_method_is_not_the_awaited_one() {
    let mut widget = everything();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
    let qr = widget.pass_of(Method::Qr, MINUTE);
    let mut view = widget.offering(&EVERYTHING, Some(qr));
    view.issuing = Some(Method::Link);
    widget.deliver(EventKind::Pass, view);
    assert_eq!(widget.stage(), Stage::Issuing);
}

#[test]
fn a_pairing_code_is_for_the_number_that_the_host_gave() {
    let settings = Settings {
        methods: vec![Method::Code],
        phone_number: Some(number()),
    };
    let mut widget = Widget::with(settings).reads(&EVERYTHING, None);
    assert!(!widget.state.asks_for_number());
    widget.issue();
    assert_eq!(
        widget.issuing(),
        Some((Method::Code, Some("442079460000".to_owned())))
    );
}

#[test]
fn a_pairing_code_is_for_the_number_that_was_typed() {
    let mut widget = everything();
    widget.choose(Method::Code);
    assert!(widget.state.asks_for_number());
    widget.issue();
    assert!(widget.issuing().is_none() && widget.state.number().faulty);
    widget.happen(Event::RegionChosen("GB".to_owned()));
    widget.happen(Event::NumberTyped("020 7946 0000".to_owned()));
    assert!(!widget.state.number().faulty);
    widget.issue();
    assert_eq!(
        widget.issuing(),
        Some((Method::Code, Some("442079460000".to_owned())))
    );
}

#[test]
fn a_number_that_the_proxy_refuses_is_corrected_where_it_stands() {
    for phone_number in [None, Some(number())] {
        let settings = Settings {
            methods: vec![Method::Code],
            phone_number,
        };
        let mut widget = Widget::with(settings).reads(&EVERYTHING, None);
        widget.happen(Event::NumberTyped("+44 20 7946 0000".to_owned()));
        widget.issue();
        let (request, _) = widget.asked_to_issue().unwrap();
        let failure = problem(ProblemCode::InvalidField);
        widget.happen(Event::IssueAnswered(request, Err(failure)));
        assert_eq!(widget.stage(), Stage::None);
        assert!(widget.state.number().faulty && widget.state.asks_for_number());
        let view = widget.offering(&EVERYTHING, None);
        widget.answer_read(Ok(view));
        assert!(widget.state.number().faulty, "it stays until it is changed");
    }
}

#[test]
fn a_token_is_read_on_purpose_and_not_for_long() {
    let revealed = |widget: &Widget| matches!(widget.state.lifecycle(), Lifecycle::Live(live) if live.revealed_until.is_some());
    let widget = Widget::new();
    let token = widget.pass_of(Method::Token, 60 * MINUTE);
    let mut widget = widget.reads(&[Method::Token], Some(token));
    assert!(!revealed(&widget));
    for hide in [Event::RevealAsked, Event::Hidden, Event::Slept] {
        widget.happen(Event::RevealAsked);
        assert!(revealed(&widget));
        widget.happen(hide);
        assert!(!revealed(&widget));
        widget.happen(Event::Shown);
    }
    widget.happen(Event::RevealAsked);
    widget.wait(REVEALED_MS - 1);
    assert!(revealed(&widget));
    widget.wait(1);
    assert!(!revealed(&widget));

    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevealAsked);
    assert!(!revealed(&widget), "nothing else is masked");
}

#[test]
fn another_number_is_another_request() {
    let mut widget = everything();
    widget.choose(Method::Code);
    widget.happen(Event::NumberTyped("+44 20 7946 0000".to_owned()));
    widget.issue();
    let (request, first) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Err(Failure::TimedOut)));
    widget.happen(Event::IssueAsked(key("key-2")));
    let (request, second) = widget.asked_to_issue().unwrap();
    assert_eq!(first, second, "it may have been made");
    widget.happen(Event::IssueAnswered(request, Err(Failure::TimedOut)));
    widget.happen(Event::NumberTyped("+44 20 7946 0001".to_owned()));
    widget.happen(Event::IssueAsked(key("key-3")));
    assert_eq!(widget.asked_to_issue().unwrap().1, key("key-3"));
}

#[test]
fn a_phone_that_is_linked_meanwhile_ends_the_wait() {
    let mut widget = everything();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
    let view = widget.connected(None);
    widget.deliver(EventKind::State, view);
    assert_eq!(widget.stage(), Stage::Connected);
}
