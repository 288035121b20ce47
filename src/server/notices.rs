//! Pages without the element: consent, and what there is to say where nothing can be opened.

use yew::{Html, html};

use super::{Consent, HostedWords};
use pairlink_words::hosted::Notice;

/// Who asks, what it grants, until when; and both ways on.
pub(super) fn consent(words: &'static HostedWords, consent: &Consent) -> Html {
    let said = &words.consent;
    let left = words.duration(consent.ends_at.millis_since(consent.now));
    html! {
        <main class="sheet">
            <h1>{ said.title }</h1>
            <dl>
                <div>
                    <dt>{ said.who }</dt>
                    <dd class="who"><bdi>{ consent.label.clone() }</bdi></dd>
                </div>
                if let Some(tenant) = &consent.tenant {
                    <div><dt>{ said.purpose }</dt><dd><bdi>{ tenant.clone() }</bdi></dd></div>
                }
                <div><dt>{ said.through }</dt><dd><bdi dir="ltr">{ consent.host.clone() }</bdi></dd></div>
                <div>
                    <dt>{ said.grants }</dt>
                    <dd>{ labelled(said.granted, &consent.label) }</dd>
                </div>
                <div>
                    <dt>{ said.until }</dt>
                    <dd>{ said.page_until.replace("{time}", &left) }{ " " }{ said.grant_until }</dd>
                </div>
            </dl>
            <p>{ said.caution }</p>
            <div class="choices">
                // To this page's own address: where that stays, Chromium starts no process anew.
                <form method="post"><button class="go">{ said.go_on }</button></form>
                <form method="post" action={consent.refuse.clone()}><button>{ said.refuse }</button></form>
            </div>
        </main>
    }
}

/// A headline and paragraphs.
pub(super) fn notice(notice: &'static Notice) -> Html {
    sheet(notice.title, notice.body.iter().map(|text| html! { text }))
}

pub(super) fn no_phone(notice: &'static Notice, label: &str) -> Html {
    let body = notice.body.iter().map(|text| labelled(text, label));
    sheet(notice.title, body)
}

pub(super) fn failed(words: &'static HostedWords, reference: &str) -> Html {
    let reference = words.reference.replace("{reference}", reference);
    let body = words.failed.body.iter().map(|text| html! { text });
    sheet(
        words.failed.title,
        body.chain(std::iter::once(html! { reference })),
    )
}

fn sheet(title: &'static str, body: impl Iterator<Item = Html>) -> Html {
    html! {
        <main class="sheet">
            <h1>{ title }</h1>
            { for body.map(|content| html! { <p>{ content }</p> }) }
        </main>
    }
}

/// A text with the name of who asks, so that it is seen where the name ends.
fn labelled(text: &'static str, label: &str) -> Html {
    match text.split_once("{label}") {
        Some((before, after)) => html! {
            <>{ before }<strong dir="auto">{ label.to_owned() }</strong>{ after }</>
        },
        None => html! { text },
    }
}
