//! The choice between methods: radio buttons, so that arrow keys, screen readers and both writing directions work as
//! the browser knows them.

use yew::{Html, html};

use super::{Press, View, fixed};
use crate::text::Speak as _;

/// The choice, where there is one. It stays where it is while a change is under way, and cannot be used then.
pub(super) fn switch(view: &View<'_>) -> Html {
    let Some(usable) = view.state.switch() else {
        return Html::default();
    };
    if view.is_still() {
        return html! { <slot name="switch" /> };
    }
    let selected = view.state.method();
    html! {
        // A form of its own keeps these buttons apart from those of another widget on the page.
        <form>
            <div class="switch" part="switch" role="radiogroup" aria-label={fixed(view.words.switch)}>
                { for view.state.methods().iter().copied().map(|method| html! {
                    <label part="method">
                        <input
                            class="unseen" type="radio" name="method" value={method.as_str()}
                            checked={selected == Some(method)} disabled={!usable}
                            // Arrow keys click as well.
                            onclick={view.on_press(Press::Choose(method))}
                        />
                        <span>{ fixed(view.words.method(method).name) }</span>
                    </label>
                }) }
            </div>
        </form>
    }
}
