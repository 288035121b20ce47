//! The ways to use a pass without its picture: open it, copy it, read it.

use pairlink_protocol::PassContent;
use yew::{Html, html};

use super::super::{Press, View, fixed, icon};
use crate::model::{Copy, Live};

/// As many for every token: not even its length is told.
const MASK: &str = "••••••••••••••••";

pub(super) fn ways(view: &View<'_>, live: &Live) -> Html {
    let words = view.words;
    html! {
        <>
            <div class="ways">
                { field(view, live) }
                { copy(view, live) }
            </div>
            if live.copy == Copy::Refused {
                <p class="small" role="alert">{ fixed(words.copy_refused) }</p>
            }
        </>
    }
}

fn field(view: &View<'_>, live: &Live) -> Html {
    let words = view.words;
    match &live.pass.content {
        PassContent::Link { url } => html! {
            <>
                <input
                    class="field" part="field" type="text" readonly=true dir="ltr"
                    aria-label={fixed(words.link_field)} value={url.expose().to_owned()}
                />
                <a
                    class="button" part="button primary" target="_blank" rel="noopener noreferrer"
                    href={url.expose().to_owned()}
                >
                    { fixed(words.open) }{ icon::opens_elsewhere() }
                    <span class="unseen">{ fixed(words.opens_in_new_tab) }</span>
                </a>
            </>
        },
        PassContent::Token { token, .. } => {
            let revealed = live.revealed_until.is_some() && live.is_visible(view.now);
            html! {
                <>
                    if revealed {
                        <textarea
                            class="field" part="field" readonly=true dir="ltr" rows="4" spellcheck="false"
                            aria-label={fixed(words.token.picture)} value={token.expose().to_owned()}
                        />
                    } else {
                        <span class="field" part="field" role="img" aria-label={fixed(words.masked)}>{ fixed(MASK) }</span>
                    }
                    <button class="button" part="button" type="button" onclick={view.on_press(Press::Reveal)}>
                        { fixed(if revealed { words.mask } else { words.reveal }) }
                    </button>
                </>
            }
        }
        PassContent::Qr { .. } | PassContent::Code { .. } => Html::default(),
    }
}

fn copy(view: &View<'_>, live: &Live) -> Html {
    let words = view.words;
    let part = match &live.pass.content {
        PassContent::Code { .. } | PassContent::Token { .. } => "button primary",
        PassContent::Link { .. } => "button",
        // It changes before anybody could paste it anywhere.
        PassContent::Qr { .. } => return Html::default(),
    };
    let (icon, label) = match live.copy {
        Copy::Idle | Copy::Refused => (icon::copy(), words.method(live.pass.method()).copy),
        Copy::Done(_) => (icon::tick(), words.copied),
    };
    html! {
        <button class="button" {part} type="button" onclick={view.on_press(Press::Copy)}>
            { icon }<span aria-live="polite">{ fixed(label) }</span>
        </button>
    }
}
