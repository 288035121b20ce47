//! A future that runs while its handle lives.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// A running future. Dropping it drops the future at once, and with it whatever the future holds.
///
/// Boxed, so that the machinery of running is compiled once and not for every call that the widget makes.
pub(crate) struct Task(Rc<RefCell<Running>>);

struct Running {
    work: Option<Work>,
    waker: Option<Waker>,
}

impl Task {
    pub(crate) fn spawn(work: Work) -> Self {
        let running = Rc::new(RefCell::new(Running {
            work: Some(work),
            waker: None,
        }));
        let polled = Rc::clone(&running);
        wasm_bindgen_futures::spawn_local(poll_fn(move |context| {
            // Taken out while it runs: what it does may drop the task that it belongs to.
            let Some(mut work) = polled.borrow_mut().work.take() else {
                return Poll::Ready(());
            };
            polled.borrow_mut().waker = Some(context.waker().clone());
            let progress = work.as_mut().poll(context);
            let mut running = polled.borrow_mut();
            if progress.is_pending() && running.waker.is_some() {
                running.work = Some(work);
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
        Self(running)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let (work, waker) = {
            let mut running = self.0.borrow_mut();
            (running.work.take(), running.waker.take())
        };
        drop(work);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
