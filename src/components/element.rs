//! Elements in the making. Every view goes through here, because the code that makes elements is what a page loads most
//! of: one step is one short call, and none of them knows more of an element than its place in memory.
//!
//! All attributes that there are stand in one list, which all elements have in common, so that two renderings of an
//! element are compared place by place. Yew's ways for elements whose attributes are named differently are not taken,
//! and what is built for a page leaves them out: `xtask/src/widget/panics.rs`.

use yew::virtual_dom::listeners::Listeners;
use yew::virtual_dom::{AttributeOrProperty, Attributes, VList, VTag, VText};
use yew::{AttrValue, Html, NodeRef};

macro_rules! attributes {
    ($($name:ident = $text:literal,)*) => {
        /// An attribute of an element.
        #[derive(Clone, Copy)]
        pub(super) enum Name {
            $($name,)*
        }

        /// What the attributes are called, in the order of [`Name`].
        static NAMES: [&str; [$(Name::$name),*].len()] = [$($text),*];
    };
}

attributes! {
    Namespace = "xmlns",
    Class = "class",
    TabIndex = "tabindex",
    Part = "part",
    Lang = "lang",
    Role = "role",
    Dir = "dir",
    Type = "type",
    Named = "name",
    Value = "value",
    Href = "href",
    Target = "target",
    Rel = "rel",
    AriaLabel = "aria-label",
    AriaBusy = "aria-busy",
    AriaLive = "aria-live",
    AriaHidden = "aria-hidden",
    AriaInvalid = "aria-invalid",
    AriaReadOnly = "aria-readonly",
    Stage = "data-stage",
    Theme = "data-theme",
    Busy = "data-busy",
    Press = "data-press",
    Disabled = "disabled",
    ReadOnly = "readonly",
    NoValidate = "novalidate",
    InputMode = "inputmode",
    AutoComplete = "autocomplete",
    ViewBox = "viewBox",
    Rendering = "shape-rendering",
    Path = "d",
    Width = "width",
    Height = "height",
    CenterX = "cx",
    CenterY = "cy",
    Radius = "r",
    PathLength = "pathLength",
    Dashes = "stroke-dasharray",
}

/// An element in the making.
pub(super) struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    /// What a field holds, whatever was typed into it.
    value: Option<AttrValue>,
    checked: Option<bool>,
    place: NodeRef,
    attributes: Box<[Option<AttributeOrProperty>; NAMES.len()]>,
    children: Vec<Html>,
}

/// What elements are of. Yew is told of each: it would otherwise look at the element around it, and keep a table of
/// elements to copy.
#[cfg(target_arch = "wasm32")]
const fn namespace(tag: &str) -> &'static str {
    match tag.as_bytes() {
        b"svg" | b"path" | b"circle" => "http://www.w3.org/2000/svg",
        _ => "http://www.w3.org/1999/xhtml",
    }
}

/// Begins an element.
#[inline(never)]
pub(super) fn element(tag: &'static str) -> Element {
    let element = Element(Box::new(Parts {
        tag,
        value: None,
        checked: None,
        place: NodeRef::default(),
        attributes: Box::new([const { None }; NAMES.len()]),
        children: Vec::new(),
    }));
    // What a server writes is read as HTML, which knows it by itself.
    #[cfg(target_arch = "wasm32")]
    let element = element.set(Name::Namespace, namespace(tag));
    element
}

/// Begins an element of that class.
#[inline(never)]
pub(super) fn classed(tag: &'static str, class: &'static str) -> Element {
    element(tag).set(Name::Class, class)
}

impl Element {
    /// Gives it an attribute, if it has a value.
    pub(super) fn set(self, name: Name, value: impl Into<Option<&'static str>>) -> Self {
        self.set_fixed(name, value.into())
    }

    #[inline(never)]
    fn set_fixed(self, name: Name, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.put(name, AttrValue::Static(value)),
            None => self,
        }
    }

    /// Gives it an attribute of today.
    #[inline(never)]
    pub(super) fn set_text(self, name: Name, value: &str) -> Self {
        self.put(name, AttrValue::Rc(value.into()))
    }

    /// Gives it an attribute without a value, or not.
    #[inline(never)]
    pub(super) fn set_if(self, name: Name, given: bool) -> Self {
        // As pages write it.
        let own_name = NAMES.get(name as usize).copied();
        self.set(name, own_name.filter(|_name| given))
    }

    #[inline(never)]
    fn put(mut self, name: Name, value: AttrValue) -> Self {
        if let Some(place) = self.0.attributes.get_mut(name as usize) {
            *place = Some(AttributeOrProperty::Attribute(value));
        }
        self
    }

    /// What a field holds, whatever was typed into it.
    #[inline(never)]
    pub(super) fn holding(mut self, value: &str) -> Self {
        self.0.value = Some(AttrValue::Rc(value.into()));
        self
    }

    /// Whether a button of a group is the chosen one.
    #[inline(never)]
    pub(super) fn checked(mut self, checked: bool) -> Self {
        self.0.checked = Some(checked);
        self
    }

    /// Tells where it is in the page.
    #[inline(never)]
    pub(super) fn known_as(mut self, place: &NodeRef) -> Self {
        self.0.place = place.clone();
        self
    }

    /// Puts something into it, behind all else.
    #[inline(never)]
    pub(super) fn with(mut self, child: Html) -> Self {
        self.0.children.push(child);
        self
    }

    /// Puts an element into it.
    #[inline(never)]
    pub(super) fn holds(self, child: Self) -> Self {
        self.with(child.html())
    }

    /// Puts an element into it, or keeps its place free.
    #[inline(never)]
    pub(super) fn may_hold(self, child: Option<Self>) -> Self {
        self.with(child.map_or_else(Html::default, Self::html))
    }

    /// Puts a text of the language into it.
    #[inline(never)]
    pub(super) fn says(self, text: &'static str) -> Self {
        self.with(words(text))
    }

    /// Puts a text of today into it.
    #[inline(never)]
    pub(super) fn tells(self, text: &str) -> Self {
        self.with(said(text))
    }

    /// What Yew draws.
    #[inline(never)]
    pub(super) fn html(self) -> Html {
        let Parts {
            tag,
            value,
            checked,
            place,
            attributes,
            children,
        } = *self.0;
        let attributes = Attributes::Dynamic {
            keys: &NAMES,
            values: attributes,
        };
        // As Yew's macros make them: its other way begins with a table of attributes, which is thrown away.
        let tag = if tag == "input" {
            VTag::__new_input(value, checked, place, None, attributes, Listeners::None)
        } else {
            let children = list(children);
            let tag = AttrValue::Static(tag);
            VTag::__new_other(tag, place, None, attributes, Listeners::None, children)
        };
        tag.into()
    }
}

/// One behind the other.
#[inline(never)]
pub(super) fn list(children: Vec<Html>) -> Html {
    VList::with_children(children, None).into()
}

/// A text of the language.
#[inline(never)]
pub(super) fn words(text: &'static str) -> Html {
    VText::new(AttrValue::Static(text)).into()
}

/// A text of today.
#[inline(never)]
pub(super) fn said(text: &str) -> Html {
    VText::new(AttrValue::Rc(text.into())).into()
}
