//! Cancelling what takes long, and logging out.

use super::*;

impl Widget {
    /// A widget whose new pass takes longer.
    fn waiting() -> Self {
        let mut widget = Self::idle();
        widget.issue();
        let (request, _) = widget.asked_to_issue().unwrap();
        widget.happen(Event::IssueAnswered(request, Ok(Issued::Later(widget.now))));
        widget
    }

    fn may_log_out(&self, state: SessionState) -> PassView {
        let mut view = self.view(None);
        view.connection.actions.push(Action::Logout);
        view.connection.state = state;
        view
    }

    /// A widget whose phone is linked, and which may log it out.
    fn linked() -> Self {
        let mut widget = Self::new();
        let view = widget.may_log_out(SessionState::Connected);
        widget.answer_read(Ok(view));
        widget.open_stream();
        widget.told.clear();
        widget
    }

    fn logging_out() -> (Self, RequestId) {
        let mut widget = Self::linked();
        widget.happen(Event::PartingAsked(true));
        widget.happen(Event::LogOutAsked);
        let request = widget.asked_to_log_out().unwrap();
        (widget, request)
    }
}

#[test]
fn waiting_counts_the_seconds_while_somebody_looks() {
    let mut widget = Widget::waiting();
    assert_eq!(
        widget.state.next_wake(widget.now),
        Some(widget.now.plus_millis(1_000))
    );
    widget.happen(Event::Hidden);
    assert!(widget.state.next_wake(widget.now) > Some(widget.now.plus_millis(1_000)));
}

#[test]
fn cancelling_revokes_and_ends_calmly() {
    let mut widget = Widget::waiting();
    widget.happen(Event::RevokeAsked);
    assert_eq!(widget.stage(), Stage::Revoking);
    let request = widget.asked_to_revoke().unwrap();
    let revoked = widget.revoked(Revocation::LocalOnly);
    widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
    assert_eq!(widget.stage(), Stage::None);
    assert!(
        matches!(widget.state.lifecycle(), Lifecycle::Revoked(death) if *death == Death::Unborn)
    );
    let view = widget.view(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn what_arrives_after_cancelling_is_never_shown() {
    let mut widget = Widget::waiting();
    let late = widget.view(Some(widget.pass("pas_2", 30 * MINUTE)));
    widget.now = widget.now.plus_millis(100);
    widget.happen(Event::RevokeAsked);
    widget.deliver(EventKind::Pass, late.clone());
    assert_eq!(widget.stage(), Stage::Revoking);
    let request = widget.asked_to_revoke().unwrap();
    let revoked = widget.revoked(Revocation::LocalOnly);
    widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
    widget.deliver(EventKind::Pass, late);
    assert_eq!(widget.stage(), Stage::None, "it was sent before");
}

#[test]
fn a_cancellation_that_fails_is_tried_again_as_one() {
    let mut widget = Widget::waiting();
    widget.happen(Event::RevokeAsked);
    let request = widget.asked_to_revoke().unwrap();
    widget.happen(Event::RevokeAnswered(request, Err(Failure::TimedOut)));
    widget.wait(1_000);
    let request = widget.asked_to_revoke().unwrap();
    let revoked = widget.revoked(Revocation::LocalOnly);
    widget.happen(Event::RevokeAnswered(request, Ok(revoked)));
    assert!(
        matches!(widget.state.lifecycle(), Lifecycle::Revoked(death) if *death == Death::Unborn)
    );
}

#[test]
fn logging_out_is_asked_for_twice() {
    let mut widget = Widget::linked();
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_none());
    widget.happen(Event::PartingAsked(true));
    assert!(widget.state.is_parting());
    assert_eq!(widget.stage(), Stage::Connected);
    widget.happen(Event::PartingAsked(false));
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_none());
    widget.happen(Event::PartingAsked(true));
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_some());
    assert_eq!(widget.stage(), Stage::LoggingOut);
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_none(), "once is enough");
}

#[test]
fn a_page_that_may_not_log_out_does_not() {
    let mut widget = Widget::new();
    let view = widget.connected(None);
    widget.answer_read(Ok(view));
    widget.happen(Event::PartingAsked(true));
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_none());
}

#[test]
fn the_question_goes_with_what_it_was_about() {
    let mut widget = Widget::linked();
    widget.happen(Event::PartingAsked(true));
    let view = widget.may_log_out(SessionState::LoggedOut);
    widget.deliver(EventKind::State, view);
    assert!(!widget.state.is_parting());
    assert_eq!(widget.stage(), Stage::None);
}

#[test]
fn logged_out_one_can_connect_again() {
    let (mut widget, request) = Widget::logging_out();
    widget.happen(Event::LogOutAnswered(request, Ok(SessionState::LoggedOut)));
    assert_eq!(widget.stage(), Stage::None);
    assert_eq!(widget.told, [Announcement::State(SessionState::LoggedOut)]);
    let view = widget.may_log_out(SessionState::LoggedOut);
    widget.answer_read(Ok(view));
    assert_eq!(widget.told.len(), 1, "one state is told once");
    widget.issue();
    assert!(widget.asked_to_issue().is_some());
}

#[test]
fn the_event_may_come_before_the_answer() {
    let (mut widget, request) = Widget::logging_out();
    let linked = widget.may_log_out(SessionState::Connected);
    widget.deliver(EventKind::Resync, linked);
    assert_eq!(widget.stage(), Stage::LoggingOut);
    let view = widget.may_log_out(SessionState::LoggedOut);
    widget.deliver(EventKind::State, view.clone());
    assert_eq!(widget.stage(), Stage::None);
    widget.happen(Event::LogOutAnswered(request, Ok(SessionState::LoggedOut)));
    assert_eq!(widget.stage(), Stage::None);
    // Passes die by a log-out, too.
    widget.deliver(EventKind::Revoked, view);
    assert_eq!(widget.stage(), Stage::None);
    assert!(widget.state.has_parted());
}

#[test]
fn a_failure_says_that_the_phone_is_still_linked() {
    let (mut widget, request) = Widget::logging_out();
    let failure = problem(ProblemCode::UpstreamTimeout);
    widget.happen(Event::LogOutAnswered(request, Err(failure.clone())));
    assert_eq!(widget.stage(), Stage::Connected);
    let view = widget.may_log_out(SessionState::Connected);
    widget.answer_read(Ok(view));
    assert!(
        matches!(widget.state.lifecycle(), Lifecycle::Connected { trouble } if trouble.as_ref() == Some(&failure)),
        "the news that it is connected takes the words away"
    );
    assert!(matches!(
        widget.told.as_slice(),
        [Announcement::Error { .. }]
    ));
}

#[test]
fn a_phone_that_is_linked_already_can_be_logged_out_from_there() {
    let mut widget = Widget::new();
    let view = widget.may_log_out(SessionState::Unknown);
    widget.answer_read(Ok(view));
    widget.issue();
    let (request, _) = widget.asked_to_issue().unwrap();
    let failure = problem(ProblemCode::AlreadyConnected);
    widget.happen(Event::IssueAnswered(request, Err(failure)));
    widget.happen(Event::PartingAsked(true));
    widget.happen(Event::LogOutAsked);
    assert!(widget.asked_to_log_out().is_some());
}

#[test]
fn nothing_else_is_done_while_logging_out() {
    let (mut widget, _request) = Widget::logging_out();
    widget.issue();
    widget.happen(Event::RevokeAsked);
    assert!(widget.asked_to_issue().is_none() && widget.asked_to_revoke().is_none());
}

#[test]
fn that_it_was_logged_out_is_said_until_something_else_is_done() {
    let (mut widget, request) = Widget::logging_out();
    widget.happen(Event::LogOutAnswered(request, Ok(SessionState::Waiting)));
    let view = widget.may_log_out(SessionState::Waiting);
    widget.answer_read(Ok(view));
    assert!(widget.state.has_parted());
    widget.issue();
    assert!(!widget.state.has_parted());
}
