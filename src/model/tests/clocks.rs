//! Clocks that are wrong, jump or stand still.

use super::*;

#[test]
fn a_server_clock_that_is_set_back_does_not_make_the_page_deaf() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.now = widget.now.plus_millis(-2 * 60 * MINUTE);
    let view = widget.view(None);
    widget.deliver(EventKind::Revoked, view.clone());
    widget.answer_read(Ok(view.clone()));
    assert_ne!(widget.stage(), Stage::Live);
    widget.deliver(
        EventKind::Pass,
        PassView {
            pass: Some(widget.pass("pas_2", MINUTE)),
            ..view
        },
    );
    assert!(widget.shows("pas_2"));
}

#[test]
fn an_hours_jump_ahead_covers() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.now = widget.now.plus_millis(60 * MINUTE);
    widget.happen(Event::Tick);
    assert_eq!(widget.stage(), Stage::Expired);
}

#[test]
fn the_timer_wakes_once_a_second_and_at_the_end() {
    let mut widget = Widget::live(3_500);
    let mut wakes = Vec::new();
    while let Some(at) = widget.state.next_wake(widget.now) {
        wakes.push(at.millis_since(Timestamp::from_unix_millis(START)));
        widget.now = at;
        widget.happen(Event::Tick);
    }
    assert_eq!(wakes, [500, 1500, 2500, 3500]);
    assert_eq!(widget.stage(), Stage::Expired);
}

#[test]
fn nobody_is_woken_for_a_countdown_that_nobody_sees() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Hidden);
    let end = widget.now.plus_millis(30 * MINUTE);
    assert_eq!(widget.state.next_wake(widget.now), Some(end));
}

#[test]
fn absurd_lifetimes_are_survived() {
    for left in [i64::MAX / 2, 400_000_000_000_000, -400_000_000_000_000] {
        let mut widget = Widget::new();
        let view = widget.view(Some(widget.pass("pas_1", left)));
        widget.answer_read(Ok(view));
        widget.wait(2_000);
        assert_eq!(widget.stage() == Stage::Live, left > 0);
    }
}
