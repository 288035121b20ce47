//! QR codes that are followed by others by themselves.

use super::super::live::RENEWAL_MS;
use super::*;

const LIFE: i64 = 20_000;

impl Widget {
    fn qr(&self, id: &str) -> Pass {
        Pass {
            issued_at: self.now,
            content: PassContent::Qr {
                payload: Sensitive::new(["2@payload of ", id].concat()),
            },
            ..self.pass(id, LIFE)
        }
    }

    fn offering_qr(&self, pass: Option<Pass>) -> PassView {
        let mut view = self.view(pass);
        view.connection.methods = vec![Method::Qr];
        view
    }

    fn showing_qr() -> Self {
        let mut widget = Self::new();
        let view = widget.offering_qr(Some(widget.qr("pas_1")));
        widget.answer_read(Ok(view));
        widget.open_stream();
        widget.told.clear();
        widget
    }

    /// What a rendering shows.
    fn seen(&self) -> Option<&str> {
        match self.state.lifecycle() {
            Lifecycle::Live(live) if live.is_visible(self.now) => Some(live.pass.id.as_str()),
            _ => None,
        }
    }
}

#[test]
fn a_renewed_code_takes_the_place_of_the_earlier_one() {
    let mut widget = Widget::showing_qr();
    widget.wait(LIFE - 1_000);
    assert_eq!(widget.stage(), Stage::Live, "nothing ends soon");
    let view = widget.offering_qr(Some(widget.qr("pas_2")));
    widget.deliver(EventKind::Renewed, view);
    assert_eq!(
        (widget.stage(), widget.seen()),
        (Stage::Live, Some("pas_2"))
    );
}

#[test]
fn a_code_that_ended_is_covered_and_its_successor_awaited() {
    let mut widget = Widget::showing_qr();
    widget.wait(LIFE);
    assert_eq!((widget.stage(), widget.seen()), (Stage::Live, None));
    let mut view = widget.offering_qr(None);
    view.issuing = Some(Method::Qr);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::Live, "it is being made");
    widget.wait(1_000);
    let view = widget.offering_qr(Some(widget.qr("pas_2")));
    widget.deliver(EventKind::Renewed, view);
    assert_eq!(
        (widget.stage(), widget.seen()),
        (Stage::Live, Some("pas_2"))
    );
    assert!(!widget.told.contains(&Announcement::Expired));
}

#[test]
fn no_successor_is_the_end() {
    let mut widget = Widget::showing_qr();
    widget.wait(LIFE);
    let view = widget.offering_qr(None);
    widget.answer_read(Ok(view));
    assert_eq!(widget.stage(), Stage::Expired);

    let mut widget = Widget::showing_qr();
    widget.happen(Event::Offline);
    widget.wait(LIFE + RENEWAL_MS - 1);
    assert_eq!((widget.stage(), widget.seen()), (Stage::Live, None));
    widget.wait(1);
    assert_eq!(widget.stage(), Stage::Expired, "nobody answers");
    assert_eq!(widget.told, [Announcement::Expired]);
}

#[test]
fn a_server_whose_clock_is_behind_does_not_end_the_wait() {
    let mut widget = Widget::showing_qr();
    let same = widget.offering_qr(Some(widget.qr("pas_1")));
    widget.wait(LIFE);
    widget.answer_read(Ok(PassView {
        server_time: widget.now,
        ..same
    }));
    assert_eq!((widget.stage(), widget.seen()), (Stage::Live, None));
}

#[test]
fn a_page_that_nobody_sees_does_not_spin_at_the_end() {
    let mut widget = Widget::showing_qr();
    widget.happen(Event::Hidden);
    widget.wait(LIFE + RENEWAL_MS);
    assert_eq!(widget.stage(), Stage::Expired);
}

#[test]
fn an_ended_code_cannot_be_copied() {
    let mut widget = Widget::showing_qr();
    widget.wait(LIFE);
    widget.happen(Event::CopyAsked);
    assert!(
        !widget
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_)))
    );
}

#[test]
fn a_server_whose_clock_is_ahead_tells_of_the_end_without_alarm() {
    let mut widget = Widget::showing_qr();
    widget.wait(LIFE - 500);
    let mut view = widget.offering_qr(None);
    view.issuing = Some(Method::Qr);
    widget.deliver(EventKind::Expired, view);
    assert_eq!((widget.stage(), widget.seen()), (Stage::Live, None));
    let view = widget.offering_qr(None);
    widget.deliver(EventKind::Revoked, view);
    assert_eq!(widget.stage(), Stage::Revoked);
}
