//! Live updates and what stands in for them.

use super::*;

fn lose_stream(widget: &mut Widget) {
    let stream = widget.stream();
    widget.happen(Event::StreamEnded(stream, 255));
}

#[test]
fn the_stream_opens_after_the_first_answer_and_not_before() {
    let mut widget = Widget::new();
    assert!(widget.open_stream().is_none());
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert!(widget.open_stream().is_some());
    assert!(widget.open_stream().is_none());
}

#[test]
fn a_lost_stream_is_opened_again_ever_later() {
    let mut widget = Widget::idle();
    for wait in [1000, 2000, 4000, 8000] {
        lose_stream(&mut widget);
        widget.wait(wait - 1);
        assert!(widget.open_stream().is_none());
        widget.wait(1);
        assert!(widget.open_stream().is_some());
    }
    let view = widget.view(None);
    widget.deliver(EventKind::Resync, view);
    lose_stream(&mut widget);
    widget.wait(1000);
    assert!(
        widget.open_stream().is_some(),
        "one that worked starts over"
    );
}

#[test]
fn the_jitter_spreads_over_half_of_the_wait() {
    let mut widget = Widget::idle();
    let stream = widget.stream();
    widget.happen(Event::StreamEnded(stream, 0));
    widget.wait(499);
    assert!(widget.open_stream().is_none());
    widget.wait(1);
    assert!(widget.open_stream().is_some());
}

#[test]
fn after_three_failures_it_reads_every_five_seconds_while_visible() {
    let mut widget = Widget::idle();
    for wait in [1000, 2000] {
        lose_stream(&mut widget);
        widget.wait(wait);
    }
    assert!(widget.asked_to_read().is_none());
    lose_stream(&mut widget);
    for _ in 0..5 {
        let view = widget.view(None);
        widget.answer_read(Ok(view));
        assert!(widget.asked_to_read().is_none());
        widget.wait(POLL);
    }
    widget.asked_to_read();
    widget.happen(Event::Hidden);
    widget.wait(10 * POLL);
    assert!(widget.asked_to_read().is_none(), "nobody is looking");
}

const POLL: i64 = 5_000;

#[test]
fn a_poll_that_hangs_is_not_piled_upon() {
    let mut widget = Widget::idle();
    for wait in [1000, 2000, 0] {
        lose_stream(&mut widget);
        widget.wait(wait);
    }
    assert!(widget.asked_to_read().is_some());
    widget.wait(10 * POLL);
    assert!(widget.asked_to_read().is_none());
}

#[test]
fn events_of_a_stream_that_was_given_up_are_dropped() {
    let mut widget = Widget::live(30 * MINUTE);
    let old = widget.stream();
    lose_stream(&mut widget);
    widget.wait(1000);
    let view = widget.view(None);
    widget.happen(Event::StreamDelivered(old, EventKind::Revoked, view));
    assert!(widget.shows("pas_1"));
    widget.happen(Event::StreamEnded(old, 0));
    assert_ne!(widget.stream(), old);
}

#[test]
fn coming_online_reconnects_at_once() {
    let mut widget = Widget::idle();
    for wait in [1000, 2000, 4000, 0] {
        lose_stream(&mut widget);
        widget.wait(wait);
    }
    widget.open_stream();
    widget.happen(Event::Online);
    assert!(widget.open_stream().is_some());
}

#[test]
fn an_old_event_is_no_news_and_makes_it_ask() {
    let mut widget = Widget::live(30 * MINUTE);
    let old = widget.view(None);
    widget.now = widget.now.plus_millis(1000);
    let view = widget.view(Some(widget.pass("pas_2", 30 * MINUTE)));
    widget.deliver(EventKind::Pass, view);
    widget.deliver(EventKind::Revoked, old);
    assert!(widget.shows("pas_2"));
    assert!(widget.asked_to_read().is_some());
}

#[test]
fn the_end_as_the_server_tells_it_covers_too() {
    let mut widget = Widget::live(30 * MINUTE);
    let view = widget.view(None);
    widget.deliver(EventKind::Expired, view);
    assert_eq!(widget.stage(), Stage::Expired);
}
