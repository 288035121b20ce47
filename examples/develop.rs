//! The page of `trunk serve`: the Yew component in an ordinary Yew application, against a running demo.

use pairlink::{PairLink, Theme, TokenSource};
use yew::{Html, component, html};

#[component]
fn Page() -> Html {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    html! {
        <PairLink
            base={origin.unwrap_or_default()}
            token={TokenSource::Endpoint("/api/pairlink-token".into())}
            theme={Theme::Auto}
        />
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
