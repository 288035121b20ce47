//! The simulator's front page: what is played, for somebody who sees it for the first time.

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::dialect::{Dialect, Dialects};
use crate::page::{Document, escaped};

/// A demo account, as the front page tells of it.
#[derive(Debug)]
pub struct Entry {
    /// The provider, as people call it.
    pub provider: &'static str,
    /// Whatever is in the customer's hands.
    pub thing: Thing,
    /// What can be done with it.
    pub lead: &'static str,
    /// How it is doing.
    pub state: String,
    /// Its page.
    pub path: String,
}

/// What a person finds at a provider.
#[derive(Clone, Copy, Debug)]
pub enum Thing {
    /// A phone that is linked.
    Phone,
    /// An account that programs use with tokens.
    Account,
}

const LEAD: &str = "No WhatsApp account is needed to try Pairlink: this program plays its providers, and what their \
                    customers hold in their hands. Ask for a code in the demonstration, and use it here, in another tab.";

pub(crate) fn router(dialects: Dialects) -> Router {
    Router::new().route("/", get(async move || front(&dialects)))
}

fn front(dialects: &Dialects) -> Response {
    let entries = dialects.all().into_iter().filter_map(Dialect::entry);
    let entries: Vec<_> = entries.map(|entry| entry.html()).collect();
    let body = format!(
        r#"<main class="front">
<section class="words">
<p class="provider">Simulator</p>
<h1>Providers, played</h1>
<p class="lead">{LEAD}</p>
</section>
<ul class="entries">
{}</ul>
</main>"#,
        entries.concat()
    );
    Document {
        title: "Providers, played · Simulator",
        body: &body,
    }
    .into_response()
}

impl Entry {
    fn html(&self) -> String {
        let (mark, go) = match self.thing {
            Thing::Phone => (
                r#"<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M8.5 3h7A1.5 1.5 0 0 1 17 4.5v15a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 19.5v-15A1.5 1.5 0 0 1 8.5 3M11 18h2"/></svg>"#,
                "Take the phone",
            ),
            Thing::Account => (
                r#"<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12.3 11.7 20 4M17 7l2.5 2.5M8.5 20a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9"/></svg>"#,
                "Open the account",
            ),
        };
        let [provider, lead, state, path] =
            [self.provider, self.lead, &self.state, &self.path].map(escaped);
        format!(
            r#"<li class="entry">
{mark}
<h2>{provider}</h2>
<p class="state">{state}</p>
<p class="lead">{lead}</p>
<a class="button quiet" href="{path}">{go}<span class="unseen"> of {provider}</span></a>
</li>
"#
        )
    }
}
