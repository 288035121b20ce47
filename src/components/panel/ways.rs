//! The ways to use a pass without its picture: open it, copy it, read it.

use pairlink_protocol::PassContent;
use yew::Html;

use super::super::element::{Element, Name, classed, element, list};
use super::super::parts::{button, small};
use super::super::{Press, View, icon};
use crate::model::{Copy, Live};
use crate::text::Speak as _;

/// As many for every token: not even its length is told.
const MASK: &str = "••••••••••••••••";

pub(super) fn ways(view: &View<'_>, live: &Live) -> Html {
    let said = view.words;
    let ways = classed("div", "ways");
    if view.is_still() {
        return match &live.pass.content {
            PassContent::Link { url } => ways.with(link(view, url.expose())).html(),
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
    let label = element("span").set(Name::AriaLive, "polite").says(label);
    let copy = button(part, Press::Copy).holds(icon).holds(label);
    let refused =
        (live.copy == Copy::Refused).then(|| small(Some("alert")).says(said.copy_refused));
    list(vec![
        ways.with(field).holds(copy).html(),
        refused.map_or_else(Html::default, Element::html),
    ])
}

fn link(view: &View<'_>, url: &str) -> Html {
    let address = classed("input", "field")
        .set(Name::Part, "field")
        .set(Name::Type, "text")
        .set_if(Name::ReadOnly, true)
        .set(Name::Dir, "ltr")
        .set(Name::AriaLabel, view.words.link_field)
        .holding(url);
    let open = classed("a", "button")
        .set(Name::Part, "button primary")
        .set(Name::Target, "_blank")
        .set(Name::Rel, "noopener noreferrer")
        .set_text(Name::Href, url)
        .says(view.words.open)
        .holds(icon::opens_elsewhere())
        .holds(classed("span", "unseen").says(view.words.opens_in_new_tab));
    list(vec![address.html(), open.html()])
}

fn token(view: &View<'_>, live: &Live, token: &str) -> Html {
    let said = view.words;
    let (label, text, press) = if live.revealed_until.is_some() && live.is_visible(view.now) {
        (said.token.picture, token, said.mask)
    } else {
        (said.masked, MASK, said.reveal)
    };
    let shown = classed("div", "field")
        .set(Name::Part, "field")
        .set(Name::Role, "textbox")
        .set(Name::AriaReadOnly, "true")
        .set(Name::TabIndex, "0")
        .set(Name::Dir, "ltr")
        .set(Name::AriaLabel, label)
        .tells(text);
    let reveal = button("button", Press::Reveal).says(press);
    list(vec![shown.html(), reveal.html()])
}
