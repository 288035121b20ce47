//! The ways to use a pass without its picture: open it, copy it, read it.

use pairlink_protocol::PassContent;
use yew::{Html, html};

use super::super::parts::{button, small, words};
use super::super::{Press, View, fixed, icon};
use crate::model::{Copy, Live};
use crate::text::Speak as _;

/// As many for every token: not even its length is told.
const MASK: &str = "••••••••••••••••";

pub(super) fn ways(view: &View<'_>, live: &Live) -> Html {
    let said = view.words;
    if view.is_still() {
        return match &live.pass.content {
            PassContent::Link { url } => {
                html! { <div class="ways">{ link(view, url.expose()) }</div> }
            }
            PassContent::Qr { .. } | PassContent::Code { .. } | PassContent::Token { .. } => {
                Html::default()
            }
        };
    }
    let (field, part) = match &live.pass.content {
        // It changes before anybody could paste it anywhere.
        PassContent::Qr { .. } => return Html::default(),
        PassContent::Code { .. } => (Html::default(), "button primary"),
        PassContent::Link { url } => (link(view, url.expose()), "button"),
        PassContent::Token { token, .. } => {
            (self::token(view, live, token.expose()), "button primary")
        }
    };
    let (icon, label) = match live.copy {
        Copy::Idle | Copy::Refused => (icon::copy(), said.method(live.pass.method()).copy),
        Copy::Done(_) => (icon::tick(), said.copied),
    };
    let label = html! { <>{ icon }<span aria-live="polite">{ fixed(label) }</span></> };
    html! {
        <>
            <div class="ways">
                { field }
                { button(view, part, Press::Copy, label) }
            </div>
            if live.copy == Copy::Refused {
                { small(Some("alert"), words(said.copy_refused)) }
            }
        </>
    }
}

fn link(view: &View<'_>, url: &str) -> Html {
    html! {
        <>
            <input
                class="field" part="field" type="text" readonly=true dir="ltr"
                aria-label={fixed(view.words.link_field)} value={url.to_owned()}
            />
            <a
                class="button" part="button primary" target="_blank" rel="noopener noreferrer"
                href={url.to_owned()}
            >
                { fixed(view.words.open) }{ icon::opens_elsewhere() }
                <span class="unseen">{ fixed(view.words.opens_in_new_tab) }</span>
            </a>
        </>
    }
}

fn token(view: &View<'_>, live: &Live, token: &str) -> Html {
    let said = view.words;
    let (label, text, press) = if live.revealed_until.is_some() && live.is_visible(view.now) {
        (said.token.picture, token.to_owned(), said.mask)
    } else {
        (said.masked, MASK.to_owned(), said.reveal)
    };
    html! {
        <>
            <div class="field" part="field" role="textbox" aria-readonly="true" tabindex="0" dir="ltr" aria-label={fixed(label)}>
                { text }
            </div>
            { button(view, "button", Press::Reveal, words(press)) }
        </>
    }
}
