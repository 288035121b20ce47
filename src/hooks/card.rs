//! Hears what is pressed and typed in the widget, all of it at its frame. The elements say of themselves what they are
//! for; no closure belongs to any of them, and Yew's own register of listeners, which would weigh as much as all views
//! together, stays out of a page's module.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use yew::{Callback, NodeRef};

use super::listener::Listener;
use crate::components::Press;
use crate::model::Event;

/// The frame, and who is told of what happens in it.
pub(crate) struct Card {
    /// The frame.
    pub root: NodeRef,
    /// The field for the country.
    pub country: NodeRef,
    /// The field for the digits.
    pub number: NodeRef,
    /// Hears of pressed buttons.
    pub press: Callback<Press>,
    /// Hears of what is typed.
    pub emit: Callback<Event>,
}

/// Listens until what is returned is dropped.
pub(crate) fn listen_to_card(card: Card) -> Vec<Listener> {
    let Some(root) = card.root.get() else {
        return Vec::new();
    };
    let card = Rc::new(card);
    let mut listeners = Vec::new();
    for name in ["click", "input", "submit"] {
        let card = Rc::clone(&card);
        listeners.push(Listener::new(&root, name, move |event| {
            card.hear(name, &event);
        }));
    }
    listeners
}

impl Card {
    fn hear(&self, name: &str, event: &web_sys::Event) -> Option<()> {
        let target: Element = event.target()?.unchecked_into();
        match name {
            "click" => {
                let button = target.closest("[data-press]").ok()??;
                // What a host puts into a slot may be anything, and lies in elements of his.
                if self.root.get()?.contains(Some(&button)) {
                    let named = button.get_attribute("data-press")?;
                    self.press.emit(Press::of(&named)?);
                }
            }
            "input" => {
                let is = |field: &NodeRef| field.get().is_some_and(|field| *target == field);
                let event = if is(&self.country) {
                    Event::RegionChosen
                } else if is(&self.number) {
                    Event::NumberTyped
                } else {
                    return None;
                };
                // Both have a value that is read in the same way.
                let field = target.unchecked_ref::<HtmlInputElement>();
                self.emit.emit(event(field.value()));
            }
            _ => {
                // Nothing in here may take the visitor to another page.
                event.prevent_default();
                if target.contains(Some(&self.number.get()?)) {
                    self.press.emit(Press::Issue);
                }
            }
        }
        Some(())
    }
}
