//! The own page of a simulated account that programs use with tokens: no phone is linked to it.
//!
//! It knows no provider. A dialect says whose account it is, and answers the forms: `end-tokens`, `block` and `unblock`
//! below the account's address.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::page::{Action, Page, Screen};

/// An account in its owner's hands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenDesk<'a> {
    pub(crate) provider: &'a str,
    /// The account, in the provider's words.
    pub(crate) account: &'a str,
    pub(crate) blocked: bool,
    /// How many tokens of it work now.
    pub(crate) tokens: usize,
    /// Its address, without a slash at its end.
    pub(crate) path: &'a str,
}

impl TokenDesk<'_> {
    pub(crate) fn show(&self) -> Response {
        let [end_tokens, block, unblock] =
            ["end-tokens", "block", "unblock"].map(|verb| format!("{}/{verb}", self.path));
        let (title, lead, actions) = if self.blocked {
            (
                "The account is blocked",
                "The provider takes no token of it and gives out none, whatever the credentials. Pairlink then says \
                 that the account needs attention.",
                vec![Action::SubmitTo {
                    label: "Unblock the account",
                    path: &unblock,
                }],
            )
        } else {
            (
                "An account without a phone",
                "Programs use it with tokens, which Pairlink gets and renews. End them before their time, as providers \
                 sometimes do, or block the account, and see what the demonstration makes of it.",
                vec![
                    Action::SubmitTo {
                        label: "Let the tokens end now",
                        path: &end_tokens,
                    },
                    Action::AlsoSubmitTo {
                        label: "Block the account",
                        path: &block,
                    },
                ],
            )
        };
        let caption = match (self.blocked, self.tokens) {
            (true, _) => "Blocked".to_owned(),
            (false, 0) => "No token works".to_owned(),
            (false, 1) => "1 token works".to_owned(),
            (false, count) => format!("{count} tokens work"),
        };
        Page {
            status: StatusCode::OK,
            provider: self.provider,
            title,
            lead,
            facts: &[
                ("Account", self.account),
                ("State", words(self.blocked)),
                ("Tokens that work", &self.tokens.to_string()),
            ],
            screen: if self.blocked {
                Screen::Locked
            } else {
                Screen::Key
            },
            caption: &caption,
            actions: &actions,
        }
        .into_response()
    }
}

/// How such an account is doing, for people.
pub(crate) fn words(blocked: bool) -> &'static str {
    if blocked { "Blocked" } else { "Open" }
}

/// No account of the simulator has that id.
pub(crate) fn unknown(provider: &str) -> Response {
    Page {
        status: StatusCode::NOT_FOUND,
        provider,
        title: "There is no such account",
        lead: "No account of this simulator has that id.",
        facts: &[],
        screen: Screen::Locked,
        caption: "Nothing here",
        actions: &[],
    }
    .into_response()
}
