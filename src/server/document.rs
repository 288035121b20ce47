//! The document around what a page shows.

use yew::{AttrValue, Component, Context, Html, Properties, html};

use super::{Frame, Page, connect, notices};

/// A page and what is around it.
#[derive(Properties)]
pub(super) struct Shown {
    page: Page,
    frame: Frame,
}

impl Shown {
    pub(super) const fn new(page: Page, frame: Frame) -> Self {
        Self { page, frame }
    }
}

impl PartialEq for Shown {
    /// It is drawn once.
    fn eq(&self, _other: &Self) -> bool {
        false
    }
}

pub(super) struct Document;

impl Component for Document {
    type Message = ();
    type Properties = Shown;

    fn create(_context: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Shown { page, frame } = context.props();
        let words = frame.words;
        let (title, refresh, body) = match page {
            Page::Consent(consent) => (words.title, None, notices::consent(words, consent)),
            Page::Connect(connect) => {
                let (refresh, body) = connect::connect(frame, connect);
                (words.title, refresh, body)
            }
            Page::NoPhone(label) => (
                words.no_phone.title,
                None,
                notices::no_phone(&words.no_phone, label),
            ),
            Page::Closed => (words.closed.title, None, notices::notice(&words.closed)),
            Page::Ended => (words.ended.title, None, notices::notice(&words.ended)),
            Page::TooMany => (words.too_many.title, None, notices::notice(&words.too_many)),
            Page::Unknown => (words.unknown.title, None, notices::notice(&words.unknown)),
            Page::Foreign => (words.foreign.title, None, notices::notice(&words.foreign)),
            Page::Failed(reference) => (
                words.failed.title,
                None,
                notices::failed(words, reference.as_str()),
            ),
        };
        let with_card = matches!(page, Page::Connect(_));
        html! {
            <html lang={words.language} dir={words.direction}>
                { head(page, frame, title, refresh) }
                <body>
                    { body }
                    if with_card {
                        // It starts the element.
                        { as_written("<script type=\"module\">", &frame.script, "</script>") }
                    }
                </body>
            </html>
        }
    }
}

/// A style sheet in its place.
pub(super) fn style(sheet: &str) -> Html {
    as_written("<style>", sheet, "</style>")
}

/// A style sheet or a script, letter by letter: a policy may know it by its hash.
#[expect(
    clippy::disallowed_methods,
    reason = "neither is text of a page, and both come from whoever serves it"
)]
fn as_written(start: &str, text: &str, end: &str) -> Html {
    Html::from_html_unchecked([start, text, end].concat().into())
}

fn head(page: &Page, frame: &Frame, title: &'static str, refresh: Option<AttrValue>) -> Html {
    let with_card = matches!(page, Page::Connect(_));
    // What a messenger shows of the address: nothing of whose it is.
    html! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="robots" content="noindex, nofollow, noarchive, nosnippet" />
            <meta property="og:title" content={frame.words.title} />
            <title>{ title }</title>
            <link rel="icon" href="data:," />
            if with_card || matches!(page, Page::Consent(_)) {
                // For the forms, which stand outside of the card.
                { style(&frame.card_style) }
            }
            { style(&frame.style) }
            if let Some(refresh) = refresh {
                <noscript><meta http-equiv="refresh" content={refresh} /></noscript>
            }
        </head>
    }
}
