//! The page that shows the code: the element, and below it the way out.

use pairlink_protocol::{Method, Timestamp};
use yew::{AttrValue, Html, html};

use super::card::Card;
use super::document::style;
use super::{Connect, Frame, HostedWords, forms, paths};
use crate::model::{Lifecycle, Stage, State};

/// Seconds between two readings of a page that waits for the phone. WhatsApp's codes change every 20 to 60.
const QR_SECONDS: u32 = 10;
const CODE_SECONDS: u32 = 15;
const LINK_SECONDS: u32 = 30;
/// While something is being made.
const PENDING_SECONDS: u32 = 3;

/// The page, and when a browser without JavaScript reads it again.
pub(super) fn connect(frame: &Frame, connect: &Connect) -> (Option<AttrValue>, Html) {
    let words = frame.words;
    let card = Card::new(connect, words);
    let refresh = refresh_after(card.state(), connect);
    // The element is told where its tokens come from only where there is a script that can ask for them.
    let endpoint = frame.with_element.then_some(paths::TOKEN);
    let body = html! {
        <main class="card">
            // The card's own headline says how it stands, and changes.
            <h1 class="unseen">{ words.title }</h1>
            <pair-link token-endpoint={endpoint}>
                <template shadowrootmode="open" shadowrootdelegatesfocus="">
                    { style(&frame.card_style) }
                    { card.html() }
                </template>
                { forms::forms(&card, connect, words) }
                if let Some(seconds) = refresh {
                    { refreshes(words, seconds) }
                }
            </pair-link>
            { way_out(words, connect) }
        </main>
    };
    // After the last reading, which says that the link has ended.
    let seconds = refresh.unwrap_or_else(|| seconds_until(connect.ends_at, connect));
    let mut content = seconds.to_string();
    content.push_str(";url=");
    content.push_str(&paths::connect(connect.chosen));
    (Some(content.into()), body)
}

fn refreshes(words: &'static HostedWords, seconds: u32) -> Html {
    let text = words.connect.refreshes;
    html! { <p class="small">{ text.replace("{seconds}", &seconds.to_string()) }</p> }
}

/// Always there, also below the element that runs.
fn way_out(words: &'static HostedWords, connect: &Connect) -> Html {
    let said = &words.connect;
    let left = words.duration(connect.ends_at.millis_since(connect.view.server_time));
    html! {
        <footer>
            // It would stay as it is in a page that is not read again.
            <noscript><p>{ said.page_until.replace("{time}", &left) }</p></noscript>
            <form method="post" action={paths::REFUSE}>
                <button>{ said.not_me }</button>
                <p>{ said.not_me_hint }</p>
            </form>
        </footer>
    }
}

/// Seconds until something may be different, where nobody is typing.
fn refresh_after(state: &State, connect: &Connect) -> Option<u32> {
    let now = connect.view.server_time;
    let waiting = |live_until: Timestamp, seconds: u32| {
        // A moment after its end, when the next one is there or on its way.
        seconds_until(live_until, connect).clamp(2, seconds)
    };
    match (state.stage(now), state.lifecycle()) {
        (Stage::Live | Stage::Expiring, Lifecycle::Live(live)) => {
            let method = live.pass.method();
            if method == Method::Code && state.number().faulty {
                return None;
            }
            let seconds = match method {
                Method::Qr => QR_SECONDS,
                Method::Code | Method::Token => CODE_SECONDS,
                Method::Link => LINK_SECONDS,
            };
            Some(waiting(live.pass.expires_at, seconds))
        }
        (Stage::Issuing | Stage::Loading | Stage::Checking | Stage::Revoking, _) => {
            Some(PENDING_SECONDS)
        }
        (
            Stage::None
            | Stage::Live
            | Stage::Expiring
            | Stage::Expired
            | Stage::Revoked
            | Stage::Connected
            | Stage::LoggingOut
            | Stage::Offline
            | Stage::Error,
            _,
        ) => None,
    }
}

fn seconds_until(at: Timestamp, connect: &Connect) -> u32 {
    let left = at.millis_since(connect.view.server_time).max(0);
    u32::try_from(left / 1000 + 1).unwrap_or(u32::MAX)
}
