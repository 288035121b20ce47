//! What can be done without JavaScript: forms and links of the document, which stand in the card's slots.

use pairlink_protocol::{Method, ProblemCode};
use yew::{Html, html};

use super::card::Card;
use super::{Connect, HostedWords, paths};
use crate::model::{ErrorCode, Lifecycle, Stage};
use crate::text::Speak as _;

/// The choice between methods, and what the stage allows.
pub(super) fn forms(card: &Card, connect: &Connect, words: &'static HostedWords) -> Html {
    html! { <>{ switch(card) }{ actions(card, connect, words) }</> }
}

/// Links: choosing makes nothing and ends nothing.
fn switch(card: &Card) -> Html {
    let state = card.state();
    if state.switch() != Some(true) {
        return Html::default();
    }
    let selected = state.method();
    html! {
        <nav slot="switch" class="methods" aria-label={card.words().switch}>
            { for state.methods().iter().copied().map(|method| html! {
                <a
                    href={paths::connect(Some(method))}
                    aria-current={(selected == Some(method)).then_some("true")}
                >
                    { card.words().method(method).name }
                </a>
            }) }
        </nav>
    }
}

fn actions(card: &Card, connect: &Connect, words: &'static HostedWords) -> Html {
    let (state, now) = (card.state(), connect.view.server_time);
    let Some(method) = state.issuable() else {
        return Html::default();
    };
    let said = card.words().method(method);
    match (state.stage(now), state.lifecycle()) {
        (Stage::Live | Stage::Expiring, _) => {
            let again = match method {
                Method::Code if state.number().faulty => {
                    return number(card, connect, words, said.reissue);
                }
                // Without its number: that was typed into another page.
                Method::Code => html! {
                    <a class="button" href={[paths::connect(Some(method)).as_str(), "&anew"].concat()}>
                        { said.reissue }
                    </a>
                },
                Method::Link | Method::Qr | Method::Token => {
                    make(connect, method, "button", said.reissue)
                }
            };
            html! { <div class="actions divided">{ again }{ refresh(connect, words) }</div> }
        }
        (Stage::Issuing, _) => html! { <div class="actions">{ refresh(connect, words) }</div> },
        (Stage::Error, Lifecycle::Unissued { failure, .. }) => {
            let connected = ErrorCode::Problem(ProblemCode::AlreadyConnected);
            let label = card.words().retry;
            if method == Method::Code && failure.code() != connected {
                number(card, connect, words, label)
            } else {
                let again = make(connect, method, "button primary", label);
                html! { <div class="actions">{ again }</div> }
            }
        }
        (Stage::None | Stage::Expired | Stage::Revoked, _) => match method {
            Method::Code => number(card, connect, words, said.issue),
            Method::Link | Method::Qr | Method::Token => {
                let make = make(connect, method, "button primary", said.issue);
                html! { <div class="actions">{ make }</div> }
            }
        },
        (
            Stage::Loading
            | Stage::Checking
            | Stage::Revoking
            | Stage::Connected
            | Stage::LoggingOut
            | Stage::Offline
            | Stage::Error,
            _,
        ) => Html::default(),
    }
}

fn refresh(connect: &Connect, words: &'static HostedWords) -> Html {
    html! { <a class="button" href={paths::connect(connect.chosen)}>{ words.connect.refresh }</a> }
}

fn make(connect: &Connect, method: Method, part: &'static str, label: &'static str) -> Html {
    html! {
        <form method="post" action={paths::PASS}>
            { what(connect, method) }
            <button class="button" {part}>{ label }</button>
        </form>
    }
}

fn what(connect: &Connect, method: Method) -> Html {
    html! {
        <>
            <input type="hidden" name="method" value={method.as_str()} />
            <input type="hidden" name="key" value={connect.key.clone()} />
        </>
    }
}

/// One field: countries are named by the browser's JavaScript.
fn number(
    card: &Card,
    connect: &Connect,
    words: &'static HostedWords,
    label: &'static str,
) -> Html {
    let said = &words.connect;
    let number = card.state().number();
    html! {
        <form class="number" method="post" action={paths::PASS}>
            { what(connect, Method::Code) }
            <label>
                { said.number }
                <input
                    class="field" type="tel" name="phone_number" inputmode="tel" autocomplete="tel" dir="ltr"
                    required=true maxlength="40" value={number.typed().to_owned()}
                    aria-invalid={number.faulty.then_some("true")}
                />
                if number.faulty {
                    <b role="alert">{ said.number_faulty }</b>
                } else {
                    <span class="small">{ said.number_hint }</span>
                }
            </label>
            <div class="actions">
                <button class="button" part="button primary">{ label }</button>
            </div>
        </form>
    }
}
