//! The component of Pairlink in a Yew application: properties in, announcements out.

use pairlink::{Announcement, PairLink, Theme, TokenSource};
use yew::{Callback, Html, component, html, use_callback, use_state};

#[component]
fn App() -> Html {
    let news = use_state(|| "Loading".to_owned());
    let dark = use_state(|| false);
    let shown = use_state(|| true);
    let base = use_state(proxy);
    let token = use_state(|| TokenSource::Endpoint("/api/pairlink-token".into()));

    let on_event = use_callback((), {
        let news = news.clone();
        move |announcement: Announcement, ()| {
            if let Some(words) = say(&announcement) {
                news.set(words);
            }
        }
    });
    let theme = if *dark { Theme::Dark } else { Theme::Light };
    let toggle_theme = Callback::from({
        let dark = dark.clone();
        move |_click| dark.set(!*dark)
    });
    let toggle = Callback::from({
        let shown = shown.clone();
        move |_click| shown.set(!*shown)
    });

    html! {
        <main>
            <h1>{ "Connect WhatsApp" }</h1>
            <p id="news" role="status">{ news.as_str() }</p>
            if *shown {
                <PairLink base={(*base).clone()} token={(*token).clone()} {theme} {on_event} />
            }
            <p>
                <button type="button" id="theme" onclick={toggle_theme}>
                    { if *dark { "Light" } else { "Dark" } }
                </button>
                <button type="button" id="toggle" onclick={toggle}>
                    { if *shown { "Hide" } else { "Show" } }
                </button>
            </p>
        </main>
    }
}

/// Where the proxy is, as the page says: a host's own business.
fn proxy() -> String {
    web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
        .and_then(|root| root.get_attribute("data-pairlink"))
        .unwrap_or_default()
}

fn say(announcement: &Announcement) -> Option<String> {
    match announcement {
        Announcement::Ready => Some("Ready".to_owned()),
        Announcement::Pass { method, .. } => Some(format!("A {} is there", method.as_str())),
        Announcement::Connected => Some("Connected".to_owned()),
        Announcement::Revoked => Some("Revoked".to_owned()),
        Announcement::Error { code, .. } => Some(format!("Failed: {}", code.as_str())),
        Announcement::State(_) | Announcement::Expired => None,
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
