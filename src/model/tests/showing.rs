//! Reading, showing, expiring, covering.

use super::*;

#[test]
fn says_at_first_that_it_is_loading() {
    let mut widget = Widget::new();
    assert_eq!(widget.stage(), Stage::Loading);
    assert!(widget.asked_to_read().is_some());
    widget.happen(Event::Offline);
    assert_eq!(widget.stage(), Stage::Offline);
}

#[test]
fn shows_what_the_server_says() {
    let mut widget = Widget::new();
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::None);
    assert_eq!(widget.told, [Announcement::Ready]);

    let widget = Widget::live(30 * MINUTE);
    assert_eq!(widget.stage(), Stage::Live);
    assert!(widget.shows("pas_1"));

    let mut widget = Widget::new();
    let view = widget.connected(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::Connected);
    assert_eq!(widget.told, [Announcement::Ready, Announcement::Connected]);
}

#[test]
fn a_pass_that_is_dead_on_arrival_is_never_shown() {
    let mut widget = Widget::new();
    let view = widget.view(Some(widget.pass("pas_1", 0)));
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::Expired);
}

#[test]
fn covers_at_the_very_moment_at_which_the_pass_ends() {
    let mut widget = Widget::live(2 * MINUTE);
    widget.wait(MINUTE - 1);
    assert_eq!(widget.stage(), Stage::Live);
    widget.wait(1);
    assert_eq!(widget.stage(), Stage::Expiring);
    widget.wait(MINUTE - 1);
    assert!(widget.shows("pas_1"));
    widget.wait(1);
    assert_eq!(widget.stage(), Stage::Expired);
    assert!(!widget.shows("pas_1"));
    assert_eq!(widget.told, [Announcement::Expired]);
}

#[test]
fn any_event_after_the_end_covers() {
    let mut widget = Widget::live(MINUTE);
    widget.now = widget.now.plus_millis(MINUTE);
    widget.happen(Event::CopyAsked);
    assert_eq!(widget.stage(), Stage::Expired);
    assert!(
        !widget
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_)))
    );
}

#[test]
fn a_code_too_long_to_draw_is_shown_as_text() {
    let mut widget = Widget::new();
    let mut pass = widget.pass("pas_1", MINUTE);
    pass.content = PassContent::Link {
        url: Sensitive::new("https://provider.example/".to_owned() + &"x".repeat(2000)),
    };
    let view = widget.view(Some(pass));
    widget.answer_read(Ok(view));
    assert!(matches!(widget.state.lifecycle(), Lifecycle::Live(live) if live.drawing.is_none()));
}

#[test]
fn what_is_put_away_is_covered_and_asks_nothing_before_it_is_back() {
    let mut widget = Widget::live(30 * MINUTE);
    let asked = widget.effects.len();
    widget.happen(Event::PutAway);
    assert!(!widget.shows("pas_1"));
    assert_eq!(widget.effects.len(), asked, "it would be cut off");

    widget.happen(Event::Slept);
    assert_eq!(widget.stage(), Stage::Checking);
    let view = widget.view(Some(widget.pass("pas_1", 20 * MINUTE)));
    widget.answer_read(Ok(view));
    assert!(widget.shows("pas_1"));
}

#[test]
fn after_sleep_covers_first_then_checks_then_shows() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Slept);
    assert_eq!(widget.stage(), Stage::Checking);
    assert!(!widget.shows("pas_1"));

    widget.answer_read(Err(Failure::Unreachable));
    assert_eq!(
        widget.stage(),
        Stage::Checking,
        "it stays covered until it is known"
    );
    widget.wait(1000);
    let view = widget.view(Some(widget.pass("pas_1", 20 * MINUTE)));
    widget.answer_read(Ok(view));
    assert!(widget.shows("pas_1"));

    widget.happen(Event::Slept);
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert_eq!(
        widget.stage(),
        Stage::Revoked,
        "it died before its time while we were away"
    );
}

#[test]
fn coming_back_checks_without_covering() {
    for event in [Event::Shown, Event::Online] {
        let mut widget = Widget::live(30 * MINUTE);
        widget.happen(event);
        assert!(widget.shows("pas_1"));
        assert!(widget.asked_to_read().is_some());
    }
}

#[test]
fn offline_covers_nothing_that_is_valid_and_everything_that_is_not() {
    let mut widget = Widget::live(5 * MINUTE);
    widget.happen(Event::Offline);
    assert!(widget.shows("pas_1") && widget.state.is_offline());
    widget.wait(5 * MINUTE);
    assert_eq!(widget.stage(), Stage::Expired);
}

#[test]
fn an_answer_to_a_superseded_read_is_dropped() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Shown);
    let first = widget.asked_to_read().unwrap();
    widget.happen(Event::Shown);
    let view = widget.view(None);
    widget.happen(Event::ReadAnswered(first, Ok(view)));
    assert!(widget.shows("pas_1"));
}

#[test]
fn a_phone_that_connects_covers_the_code() {
    let mut widget = Widget::live(30 * MINUTE);
    let view = widget.connected(Some(widget.pass("pas_1", 30 * MINUTE)));
    widget.deliver(EventKind::State, view);
    assert_eq!(widget.stage(), Stage::Connected);
    assert_eq!(
        widget.told,
        [
            Announcement::State(SessionState::Connected),
            Announcement::Connected
        ]
    );
    let view = widget.view(None);
    widget.deliver(EventKind::State, view);
    assert_eq!(widget.stage(), Stage::None, "the phone was unlinked");
}

#[test]
fn reads_that_fail_are_tried_again_ever_later_and_never_in_a_loop() {
    let mut widget = Widget::new();
    widget.answer_read(Err(Failure::NoToken));
    assert_eq!(widget.stage(), Stage::Error);
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        widget.wait(seconds * 1000 - 1);
        assert!(widget.asked_to_read().is_none(), "before {seconds} s");
        widget.wait(1);
        widget.answer_read(Err(Failure::NoToken));
    }
    let errors = |told: &[Announcement]| {
        told.iter()
            .filter(|told| matches!(told, Announcement::Error { .. }))
            .count()
    };
    assert_eq!(errors(&widget.told), 1, "the same error is told once");

    widget.happen(Event::RetryAsked(key("unused")));
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn what_only_support_can_change_is_not_tried_again() {
    let mut widget = Widget::new();
    widget.answer_read(Err(problem(ProblemCode::OriginNotAllowed)));
    widget.wait(10 * MINUTE);
    assert_eq!(widget.stage(), Stage::Error);
    assert!(widget.asked_to_read().is_none());
}

#[test]
fn the_proxys_wish_to_be_left_alone_is_heard() {
    let mut widget = Widget::new();
    widget.answer_read(Err(Failure::Problem {
        code: ProblemCode::TooManyRequests,
        request_id: String::new(),
        retry_after_seconds: Some(20),
    }));
    widget.wait(19_999);
    assert!(widget.asked_to_read().is_none());
    widget.wait(1);
    assert!(widget.asked_to_read().is_some());
}

#[test]
fn a_failed_check_takes_nothing_away() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Shown);
    widget.answer_read(Err(Failure::Unreachable));
    assert!(widget.shows("pas_1") && widget.state.is_offline());
    let view = widget.view(Some(widget.pass("pas_1", 30 * MINUTE)));
    widget.deliver(EventKind::State, view);
    assert!(!widget.state.is_offline());
}

#[test]
fn copies_only_what_is_shown() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::CopyAsked);
    let copied = widget.take(|effect| match effect {
        Effect::Copy(text) => Some(text.expose().to_owned()),
        _ => None,
    });
    assert_eq!(copied.unwrap(), "https://provider.example/temp-qr/pas_1");
    widget.happen(Event::Copied(true));
    assert!(matches!(widget.state.lifecycle(), Lifecycle::Live(live) if live.copy != Copy::Idle));
    widget.wait(COPIED_MS);
    assert!(matches!(widget.state.lifecycle(), Lifecycle::Live(live) if live.copy == Copy::Idle));

    widget.happen(Event::Slept);
    widget.happen(Event::CopyAsked);
    assert!(
        !widget
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_)))
    );
}

#[test]
fn every_stage_has_a_name_of_its_own() {
    let mut names: Vec<_> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Stage::ALL.len());
}
