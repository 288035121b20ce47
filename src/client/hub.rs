//! One stream of events for all widgets of a page that read the same connection: it begins with the first listener and
//! ends with the last.

use std::cell::RefCell;
use std::rc::Rc;

use pairlink_protocol::EventKind;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::Client;
use crate::task::Task;

/// What a listener is told.
pub(crate) enum Heard {
    /// The stream delivered an event, with this view as it was on the wire.
    News(EventKind, JsValue),
    /// It ended, or never began, and whoever wants another one has to ask for it. With a die of 0 to 255, the same for
    /// all: they come back together, to one stream.
    Ended(u8),
}

/// The stream of a client, and who listens to it.
#[derive(Default)]
pub(super) struct Hub {
    listeners: RefCell<Vec<Callback<Heard>>>,
    /// What reads the stream, while somebody listens.
    pump: RefCell<Option<Task>>,
    /// What the stream delivered last.
    newest: RefCell<Option<JsValue>>,
}

/// Listens until it is dropped.
pub(crate) struct Listening {
    client: Rc<Client>,
    hear: Callback<Heard>,
}

impl Client {
    /// Joins the stream of events, and opens it if nobody has.
    pub(crate) fn listen(self: &Rc<Self>, hear: Callback<Heard>) -> Listening {
        let hub = &self.hub;
        hub.listeners.borrow_mut().push(hear.clone());
        if hub.pump.borrow().is_none() {
            let client = Rc::clone(self);
            let pump = Task::spawn(Box::pin(async move {
                client.read_stream().await;
                client.hub.ended();
            }));
            hub.pump.replace(Some(pump));
        } else if let Some(view) = hub.newest.borrow().clone() {
            // It may be younger than what this listener has read.
            hear.emit(Heard::News(EventKind::Resync, view));
        }
        Listening {
            client: Rc::clone(self),
            hear,
        }
    }
}

impl Hub {
    pub(super) fn tell(&self, kind: EventKind, view: &JsValue) {
        // Whoever is told may stop listening.
        let listeners = self.listeners.borrow().clone();
        for hear in listeners {
            hear.emit(Heard::News(kind, view.clone()));
        }
        self.newest.replace(Some(view.clone()));
    }

    fn ended(&self) {
        let listeners = self.listeners.take();
        self.end();
        let die = die();
        for hear in listeners {
            hear.emit(Heard::Ended(die));
        }
    }

    fn end(&self) {
        self.newest.replace(None);
        let pump = self.pump.take();
        drop(pump);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let hub = &self.client.hub;
        let nobody = {
            let mut listeners = hub.listeners.borrow_mut();
            listeners.retain(|hear| *hear != self.hear);
            listeners.is_empty()
        };
        if nobody {
            hub.end();
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float is cast to the nearest integer that fits"
)]
fn die() -> u8 {
    (js_sys::Math::random() * 256.0) as u8
}
