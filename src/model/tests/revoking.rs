//! Revoking: covered at once, never called done before the server said so.

use super::*;

#[test]
fn covers_at_once_and_waits_for_the_server() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    assert_eq!(widget.stage(), Stage::Revoking);
    assert!(widget.told.is_empty(), "nothing is revoked yet");
    let request = widget.asked_to_revoke().unwrap();
    for revocation in [
        Revocation::Upstream,
        Revocation::Pending,
        Revocation::LocalOnly,
    ] {
        let mut widget = Widget {
            state: widget.state.clone(),
            now: widget.now,
            effects: Vec::new(),
            told: Vec::new(),
        };
        let revoked = widget.revoked(revocation);
        let dead_by = revoked.dead_by;
        widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
        assert_eq!(widget.stage(), Stage::Revoked);
        assert!(
            matches!(widget.state.lifecycle(), Lifecycle::Revoked(Death::Here { revocation: said, dead_by: at })
            if *said == revocation && *at == dead_by)
        );
        assert_eq!(widget.told, [Announcement::Revoked]);
        let view = widget.view(None);
        widget.answer_read(Ok(view));
        assert_eq!(widget.stage(), Stage::Revoked);
    }
}

#[test]
fn is_asked_for_once_while_under_way() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    widget.happen(Event::RevokeAsked);
    widget.issue();
    assert!(widget.asked_to_revoke().is_some());
    assert!(widget.asked_to_revoke().is_none());
    assert!(widget.asked_to_issue().is_none());
}

#[test]
fn nothing_uncovers_what_is_being_revoked() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Shown);
    let read = widget.asked_to_read().unwrap();
    let view = widget.view(Some(widget.pass("pas_1", 30 * MINUTE)));
    widget.happen(Event::RevokeAsked);
    widget.happen(Event::ReadAnswered(read, Ok(view.clone())));
    widget.deliver(EventKind::Resync, view);
    widget.happen(Event::Shown);
    assert_eq!(widget.stage(), Stage::Revoking);
}

#[test]
fn offline_it_stays_not_revoked_and_goes_on_when_online() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Offline);
    widget.happen(Event::RevokeAsked);
    let request = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(request, Err(Failure::Unreachable)));
    assert_eq!(widget.stage(), Stage::Revoking);
    assert!(
        matches!(widget.state.lifecycle(), Lifecycle::Revoking { call, .. } if call.failure().is_some())
    );
    widget.happen(Event::Online);
    let request = widget.asked_to_revoke().unwrap();
    let revoked = widget.revoked(Revocation::Upstream);
    widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
    assert_eq!(widget.stage(), Stage::Revoked);
}

#[test]
fn is_tried_again_by_itself_and_by_hand() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    let request = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(request, Err(Failure::TimedOut)));
    widget.wait(1000);
    let request = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(request, Err(Failure::TimedOut)));
    widget.happen(Event::RetryAsked(key("unused")));
    assert!(widget.asked_to_revoke().is_some());
}

#[test]
fn the_event_of_another_page_covers_here() {
    let mut widget = Widget::live(30 * MINUTE);
    let view = widget.view(None);
    widget.deliver(EventKind::Revoked, view);
    assert_eq!(widget.stage(), Stage::Revoked);
    assert!(
        matches!(widget.state.lifecycle(), Lifecycle::Revoked(death) if *death == Death::Elsewhere)
    );
    assert_eq!(widget.told, [Announcement::Revoked]);
}

#[test]
fn a_read_that_was_answered_before_the_revocation_does_not_bring_the_code_back() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::Shown);
    let request = widget.asked_to_read().unwrap();
    let old = widget.view(Some(widget.pass("pas_1", 30 * MINUTE)));
    widget.now = widget.now.plus_millis(100);
    let view = widget.view(None);
    widget.deliver(EventKind::Revoked, view);
    widget.happen(Event::ReadAnswered(request, Ok(old)));
    assert_eq!(widget.stage(), Stage::Revoked);
}

#[test]
fn the_news_ends_a_revocation_that_failed_here() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    let request = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(request, Err(Failure::TimedOut)));
    let view = widget.view(None);
    widget.deliver(EventKind::Revoked, view);
    assert_eq!(widget.stage(), Stage::Revoked);
}

#[test]
fn a_pass_that_somebody_issued_meanwhile_is_shown_afterwards() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    let request = widget.asked_to_revoke().unwrap();
    let revoked = widget.revoked(Revocation::Upstream);
    widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
    let view = widget.view(Some(widget.pass("pas_2", 30 * MINUTE)));
    widget.answer_read(Ok(view));
    assert!(widget.shows("pas_2"));
}

#[test]
fn an_answer_to_the_call_before_is_dropped() {
    let mut widget = Widget::live(30 * MINUTE);
    widget.happen(Event::RevokeAsked);
    let first = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(first, Err(Failure::TimedOut)));
    widget.wait(1000);
    let revoked = widget.revoked(Revocation::Upstream);
    widget.happen(Event::RevokeAnswered(first, Ok(revoked)));
    assert_eq!(widget.stage(), Stage::Revoking);
}
