//! New passes: asked for once, shown once, never confused with the one before.

use super::*;

#[test]
fn covers_the_old_one_while_a_new_one_is_made() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.issue();
    assert_eq!(widget.stage(), Stage::Issuing);
    let (request, _) = widget.asked_to_issue().unwrap();
    let issued = widget.issued(widget.pass("pas_2", 30 * MINUTE));
    widget.happen(Event::IssueAnswered(request, Ok(issued)));
    assert!(widget.shows("pas_2"));
    assert_eq!(
        widget.told,
        [Announcement::Pass {
            method: Method::Link,
            expires_at: widget.now.plus_millis(30 * MINUTE)
        }]
    );
}

#[test]
fn is_asked_for_once_however_often_the_button_is_pressed() {
    let mut widget = Widget::idle();
    widget.issue();
    widget.issue();
    widget.happen(Event::RetryAsked(key("key-2")));
    assert!(widget.asked_to_issue().is_some());
    assert!(widget.asked_to_issue().is_none());
}

#[test]
fn nothing_is_asked_for_before_the_methods_are_known_or_when_none_fits() {
    let mut widget = Widget::new();
    widget.issue();
    assert!(widget.asked_to_issue().is_none());

    let mut widget = Widget::with(Settings {
        methods: vec![Method::Qr],
        phone_number: None,
    });
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    widget.issue();
    assert!(widget.asked_to_issue().is_none());
    assert_eq!(widget.state.method(), None);
}

#[test]
fn the_event_may_come_before_the_answer() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let view = widget.view(Some(widget.pass("pas_2", 30 * MINUTE)));
    widget.deliver(EventKind::Pass, view);
    assert!(widget.shows("pas_2"));
    let issued = widget.issued(widget.pass("pas_2", 30 * MINUTE));
    widget.happen(Event::IssueAnswered(request, Ok(issued)));
    assert!(widget.shows("pas_2"));
    assert_eq!(widget.told.len(), 1, "one pass is told once");
}

#[test]
fn the_old_one_does_not_come_back_while_a_new_one_is_made() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Shown);
    let read = widget.asked_to_read().unwrap();
    let old = widget.view(Some(widget.pass("pas_1", 30 * MINUTE)));
    widget.issue();
    widget.happen(Event::ReadAnswered(read, Ok(old.clone())));
    assert_eq!(widget.stage(), Stage::Issuing);
    widget.deliver(EventKind::Resync, old);
    assert_eq!(widget.stage(), Stage::Issuing);
}

#[test]
fn a_revocation_that_overtakes_the_answer_wins() {
    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let issued = widget.issued(widget.pass("pas_2", 30 * MINUTE));
    widget.now = widget.now.plus_millis(500);
    let view = widget.view(None);
    widget.deliver(EventKind::Revoked, view);
    widget.happen(Event::IssueAnswered(request, Ok(issued)));
    assert!(!widget.shows("pas_2"), "it was dead before its answer came");
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn a_slow_provider_is_waited_for() {
    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
    widget.wait(PENDING_READ_MS);
    let view = widget.view(None);
    widget.answer_read(Ok(PassView {
        issuing: Some(Method::Link),
        ..view
    }));
    assert_eq!(widget.stage(), Stage::Issuing);
    widget.wait(PENDING_READ_MS);
    let view = widget.view(Some(widget.pass("pas_2", 30 * MINUTE)));
    widget.answer_read(Ok(view));
    assert!(widget.shows("pas_2"));

    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
    widget.wait(PENDING_LIMIT_MS);
    assert_eq!(widget.stage(), Stage::Error, "but not for ever");
}

#[test]
fn a_slow_provider_that_fails_is_not_waited_for() {
    let mut widget = Widget::idle();
    let before = widget.view(None);
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    widget.wait(1_000);
    widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
    widget.deliver(EventKind::Resync, before);
    assert_eq!(widget.stage(), Stage::Issuing, "older than the answer");
    let failed = widget.view(None);
    widget.deliver(EventKind::Resync, failed);
    assert_eq!(widget.stage(), Stage::Error);
}

#[test]
fn a_failure_says_so_and_shows_what_outlived_it() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let failure = problem(ProblemCode::UpstreamRateLimited);
    widget.happen(Event::IssueAnswered(request, Err(failure.clone())));
    assert_eq!(widget.stage(), Stage::Error);
    let view = widget.view(Some(widget.pass("pas_1", 29 * MINUTE)));
    widget.answer_read(Ok(view));
    assert!(widget.shows("pas_1"));
    assert!(matches!(widget.state.lifecycle(), Lifecycle::Live(live)
        if live.trouble.as_ref() == Some(&failure)));
}

#[test]
fn an_unknown_outcome_is_asked_about_with_the_same_key() {
    for (failure, same_key) in [
        (Failure::Unreachable, true),
        (Failure::TimedOut, true),
        (problem(ProblemCode::UpstreamTimeout), true),
        (problem(ProblemCode::TooManyRequests), false),
        (problem(ProblemCode::PassEnded), false),
    ] {
        let mut widget = Widget::idle();
        widget.issue();
        let (request, first) = widget.asked_to_issue().unwrap();
        widget.happen(Event::IssueAnswered(request, Err(failure)));
        let view = widget.view(None);
        widget.answer_read(Ok(view));
        assert_eq!(widget.stage(), Stage::Error);
        widget.happen(Event::RetryAsked(key("key-2")));
        let (_, second) = widget.asked_to_issue().unwrap();
        assert_eq!(first == second, same_key);
    }
}

#[test]
fn waits_as_long_as_the_proxy_asks() {
    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let failure = Failure::Problem {
        code: ProblemCode::UpstreamRateLimited,
        request_id: "req_1".to_owned(),
        retry_after_seconds: Some(30),
    };
    widget.happen(Event::IssueAnswered(request, Err(failure)));
    widget.happen(Event::RetryAsked(key("key-2")));
    assert!(widget.asked_to_issue().is_none());
    widget.wait(30_000);
    widget.happen(Event::RetryAsked(key("key-2")));
    assert!(widget.asked_to_issue().is_some());
}

#[test]
fn an_account_that_is_connected_already_is_shown_as_connected() {
    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let failure = problem(ProblemCode::AlreadyConnected);
    widget.happen(Event::IssueAnswered(request, Err(failure)));
    let view = widget.connected(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::Connected);
}

#[test]
fn revoked_while_it_was_made_is_revoked() {
    let mut widget = Widget::idle();
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let failure = problem(ProblemCode::RevokedDuringIssue);
    widget.happen(Event::IssueAnswered(request, Err(failure)));
    assert_eq!(widget.stage(), Stage::Revoked);
}
