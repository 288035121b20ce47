//! The page of `trunk serve`: the Yew component in an ordinary Yew application, against a running demo.

use pairlink::{PairLink, Theme, TokenSource};
use yew::{Html, component, html};

/// Where `cargo xtask demo` runs the proxy: another origin, as in the real thing.
const DEMO_PROXY: &str = "http://127.0.0.1:8401";

#[component]
fn Page() -> Html {
    html! {
        <PairLink
            base={DEMO_PROXY}
            token={TokenSource::Endpoint("/api/pairlink-token".into())}
            theme={Theme::Auto}
        />
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
