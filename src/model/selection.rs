//! Which way to connect is in view. One at a time; choosing another one issues nothing and revokes nothing.
//!
//! The view follows the pass that came last, until a person chooses: from then on it is his. A pass of another method
//! than the one in view stays alive, and is spoken of, but not shown.

use pairlink_protocol::{Action, Method};

use super::{Lifecycle, Live, Parting, State};

impl State {
    /// The methods that this page offers, the preferred one first: what the host wishes of what the connection has.
    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// Works out what this page offers.
    pub(super) fn offer(&mut self) {
        let may_issue = self.may(Action::Issue);
        let Some(connection) = &self.connection else {
            return;
        };
        let offered = &connection.methods;
        let wishes = &self.settings.methods;
        let from = if wishes.is_empty() { offered } else { wishes };
        self.methods.clear();
        for method in from {
            if may_issue && offered.contains(method) && !self.methods.contains(method) {
                self.methods.push(*method);
            }
        }
        // Nobody can scan the screen that he holds in his hand.
        if wishes.is_empty()
            && self.page.handheld
            && let Some(at) = self
                .methods
                .iter()
                .position(|method| *method == Method::Code)
        {
            let code = self.methods.remove(at);
            self.methods.insert(0, code);
        }
    }

    /// The method in view.
    pub(crate) fn method(&self) -> Option<Method> {
        let methods = self.methods();
        match (self.selected, &self.lifecycle) {
            // One that was issued elsewhere is shown, even where no other of its kind can be made.
            (Some(selected), Lifecycle::Live(live)) if live.pass.method() == selected => {
                Some(selected)
            }
            (selected, _) => selected
                .filter(|selected| methods.contains(selected))
                .or_else(|| methods.first().copied()),
        }
    }

    /// The method that can be issued from the page as it is.
    pub(crate) fn issuable(&self) -> Option<Method> {
        self.method()
            .filter(|method| self.methods().contains(method))
    }

    /// A living pass that is not in view.
    pub(crate) fn aside(&self) -> Option<&Live> {
        match &self.lifecycle {
            Lifecycle::Live(live) if Some(live.pass.method()) != self.method() => Some(live),
            Lifecycle::Live(_)
            | Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Revoking { .. }
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_)
            | Lifecycle::Unissued { .. } => None,
        }
    }

    /// Whether the number of the phone has to be typed: the host gave none, or the proxy did not take it.
    pub(crate) fn asks_for_number(&self) -> bool {
        self.method() == Some(Method::Code)
            && (self.settings.phone_number.is_none()
                || self.number.faulty
                || self.number.is_typed())
    }

    /// Whether there is more than one method, and if so, whether another one can be chosen now.
    pub(crate) fn switch(&self) -> Option<bool> {
        let several = self.methods().len() > 1;
        match &self.lifecycle {
            Lifecycle::Idle
            | Lifecycle::Live(_)
            | Lifecycle::Expired
            | Lifecycle::Revoked(_)
            | Lifecycle::Unissued { .. } => several.then_some(true),
            Lifecycle::Issuing { .. } | Lifecycle::Revoking { .. } => several.then_some(false),
            Lifecycle::Loading
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_) => None,
        }
    }

    pub(super) fn choose(&mut self, method: Method) {
        if self.switch() != Some(true) || self.method() == Some(method) {
            return;
        }
        self.mask();
        self.number.faulty = false;
        self.selected = Some(method);
        self.selected_by_hand = true;
        match &self.lifecycle {
            // What was said of the method before says nothing of this one.
            Lifecycle::Expired | Lifecycle::Revoked(_) | Lifecycle::Unissued { .. } => {
                self.parting = Parting::No;
                self.lifecycle = Lifecycle::Idle;
            }
            Lifecycle::Loading
            | Lifecycle::Idle
            | Lifecycle::Issuing { .. }
            | Lifecycle::Live(_)
            | Lifecycle::Revoking { .. }
            | Lifecycle::Connected { .. }
            | Lifecycle::LoggingOut(_)
            | Lifecycle::Unread(_) => {}
        }
    }

    /// Brings the method of what comes into view, unless a person chose another one.
    pub(super) fn follow(&mut self, next: &Lifecycle) {
        if let Lifecycle::Live(live) = next
            && !self.selected_by_hand
        {
            self.selected = Some(live.pass.method());
        }
    }
}
