//! The own page of a simulated phone: it scans what is on a screen, takes a pairing code, or is connected already.
//!
//! It knows no provider. A dialect says whose phone it is, and answers the forms: `scan`, `scan-text`, `enter-code` and
//! `log-out` below the phone's address.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::page::{Action, Page, Screen};

/// A phone in a customer's hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handset<'a> {
    pub(crate) provider: &'a str,
    /// The account that it can be linked to, in the provider's words.
    pub(crate) account: &'a str,
    /// The session's state, for people.
    pub(crate) session: &'a str,
    /// Its address, without a slash at its end.
    pub(crate) path: &'a str,
}

/// Why the phone could not do what its owner wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fumble {
    /// Nothing that works is shown anywhere.
    NoQr,
    WrongCode,
    /// The session does not wait for a phone.
    NotWaiting,
}

impl Handset<'_> {
    pub(crate) fn connected(&self) -> Response {
        let log_out = format!("{}/log-out", self.path);
        let lead = "The session works. You can go back to the page that you came from. To play it again, log out the \
                    phone: the session then waits for a new scan.";
        let actions = [Action::AlsoSubmitTo {
            label: "Log out the simulated phone",
            path: &log_out,
        }];
        let shown = (Screen::Connected, "Connected");
        self.page("The phone is connected", lead, shown, &actions)
    }

    pub(crate) fn not_connected(&self) -> Response {
        let scan = format!("{}/scan", self.path);
        let scan_text = format!("{}/scan-text", self.path);
        let enter_code = format!("{}/enter-code", self.path);
        let lead = "It scans the QR code that is shown elsewhere at this moment, or takes the pairing code. Nothing shown \
                    yet? Ask for a code first, where you want to connect, and come back.";
        let actions = [
            Action::SubmitTo {
                label: "Scan the QR code on the screen",
                path: &scan,
            },
            Action::EnterCode {
                label: "Link with the pairing code",
                path: &enter_code,
            },
            Action::PasteQr {
                summary: "Or paste what a QR code says",
                label: "Scan that",
                path: &scan_text,
            },
        ];
        let title = "The phone is not connected";
        self.page(title, lead, (Screen::Idle, "No linked device"), &actions)
    }

    pub(crate) fn fumbled(&self, fumble: Fumble) -> Response {
        let (title, lead) = match fumble {
            Fumble::NoQr => (
                "There is no QR code on a screen",
                "Ask for one where you want to connect, and scan it while it is shown.",
            ),
            Fumble::WrongCode => (
                "This pairing code does not work",
                "It may be mistyped, expired, or replaced by a newer one.",
            ),
            Fumble::NotWaiting => (
                "There is no code to scan",
                "The session does not wait for a phone at the moment. Try again when it does.",
            ),
        };
        let actions = [Action::Go {
            label: "Back to the simulated phone",
            path: self.path,
        }];
        let mut answer = self.page(title, lead, (Screen::Idle, "Not connected"), &actions);
        *answer.status_mut() = StatusCode::CONFLICT;
        answer
    }

    fn page(
        &self,
        title: &str,
        lead: &str,
        (screen, caption): (Screen, &str),
        actions: &[Action<'_>],
    ) -> Response {
        Page {
            status: StatusCode::OK,
            provider: self.provider,
            title,
            lead,
            facts: &[("Instance", self.account), ("Session", self.session)],
            screen,
            caption,
            actions,
        }
        .into_response()
    }
}

/// No account of the simulator has that id.
pub(crate) fn unknown(provider: &str) -> Response {
    Page {
        status: StatusCode::NOT_FOUND,
        provider,
        title: "There is no such phone",
        lead: "No instance of this simulator has that id.",
        facts: &[],
        screen: Screen::Idle,
        caption: "Nothing to scan",
        actions: &[],
    }
    .into_response()
}
