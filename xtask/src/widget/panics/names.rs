//! Which functions the built module does without. They are named as the compiler's newer scheme names them, which both
//! builds ask for.

/// Functions that begin a panic and never return, or that only a panic calls. Those that do nothing but call one of
/// them are found by themselves.
pub(super) const PANICS: [&str; 10] = [
    "core::panicking::",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::panicking::begin_panic",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "__rustc::rust_begin_unwind",
    // An exception would pass through the module as a trap does, and leave it no better.
    "wasm_bindgen::throw_str",
    // Yew's hook, and what it writes before it panics itself.
    "console_error_panic_hook::hook",
    "gloo_console::externs::error",
];
/// Parts of Yew for what the widget never makes. Yew takes nodes apart by kind, so that nothing but this can say that a
/// kind does not occur. Named are beginnings of functions whose code is like no other: the compiler gives functions that
/// are the same one name.
pub(super) const NEVER_CALLED: [&str; 47] = [
    // Raw markup.
    "<yew::virtual_dom::vraw::VRaw as yew::dom_bundle::traits::Reconcilable>::",
    "<yew::dom_bundle::braw::BRaw>::detach_bundle",
    // Portals.
    "<alloc::rc::Rc<yew::virtual_dom::vportal::VPortal> as yew::utils::RcExt",
    "<alloc::rc::Rc<yew::virtual_dom::vportal::VPortal>>::drop_slow",
    "<yew::virtual_dom::vportal::VPortal as yew::dom_bundle::traits::Reconcilable>::",
    "<yew::dom_bundle::bportal::BPortal as yew::dom_bundle::traits::ReconcileTarget>::",
    // Suspense.
    "<alloc::rc::Rc<yew::virtual_dom::vsuspense::VSuspense> as yew::utils::RcExt",
    "<yew::virtual_dom::vsuspense::VSuspense as yew::dom_bundle::traits::Reconcilable>::",
    "<yew::dom_bundle::bsuspense::BSuspense as yew::dom_bundle::traits::ReconcileTarget>::",
    "<yew::suspense::suspension::Suspension>::listen",
    "<yew::html::component::lifecycle::ComponentState>::suspend",
    "<alloc::rc::Rc<yew::virtual_dom::vsuspense::VSuspense>>::drop_slow",
    "<yew::html::component::scope::AnyScope>::find_parent_scope::<yew::suspense::component::feat_csr_ssr::BaseSuspense>",
    // Components within the one that there is.
    "<alloc::rc::Rc<yew::virtual_dom::vcomp::VComp> as yew::utils::RcExt",
    "<alloc::rc::Rc<yew::virtual_dom::vcomp::VComp>>::drop_slow",
    "<yew::virtual_dom::vcomp::VComp as yew::dom_bundle::traits::Reconcilable>::",
    // Nodes that are drawn twice.
    "<yew::virtual_dom::vnode::VNode as core::clone::Clone>::clone",
    "<yew::virtual_dom::vcomp::VComp as core::clone::Clone>::clone",
    "<yew::virtual_dom::vlist::VList as core::clone::Clone>::clone",
    "<alloc::vec::Vec<yew::virtual_dom::vnode::VNode> as core::clone::Clone>::clone",
    "<alloc::boxed::Box<[core::option::Option<yew::virtual_dom::AttributeOrProperty>]> as core::clone::Clone>::clone",
    "<alloc::boxed::Box<[core::option::Option<alloc::rc::Rc<dyn yew::virtual_dom::listeners::Listener>>]> as core::clone::Clone>::clone",
    // Lists in which the middle moves.
    "<hashbrown::set::HashSet<yew::dom_bundle::blist::KeyedEntry, std::hash::random::RandomState>>::with_capacity_and_hasher",
    "<alloc::vec::Vec<yew::dom_bundle::bnode::BNode>>::drain::<core::ops::range::Range<usize>>",
    "<yew::dom_bundle::bnode::BNode as yew::dom_bundle::traits::ReconcileTarget>::shift",
    "<yew::dom_bundle::blist::NodeWriter>::shift",
    // Elements whose attributes are named differently, and attributes that are properties.
    "<yew::virtual_dom::Attributes>::apply_diff_as_maps::collect",
    "<indexmap::map::IndexMap<implicit_clone::unsync::string::IString, yew::virtual_dom::AttributeOrProperty>>::get",
    "<alloc::rc::Rc<indexmap::map::IndexMap<implicit_clone::unsync::string::IString, yew::virtual_dom::AttributeOrProperty>>>::drop_slow",
    "<yew::virtual_dom::Attributes>::iter::{closure#0}",
    "<yew::virtual_dom::Attributes>::iter::{closure#2}",
    "<core::iter::adapters::filter_map::FilterMap<indexmap::map::iter::Iter<implicit_clone::unsync::string::IString, yew::virtual_dom::AttributeOrProperty>, <yew::virtual_dom::Attributes>::iter::{closure#2}> as core::iter::traits::iterator::Iterator>::next",
    "<core::iter::adapters::filter_map::FilterMap<core::slice::iter::Iter<(&str, yew::virtual_dom::AttributeOrProperty)>, <yew::virtual_dom::Attributes>::iter::{closure#0}> as core::iter::traits::iterator::Iterator>::next",
    // Elements that are made by name alone, and copied from the first of theirs.
    "<std::thread::local::LocalKey<core::cell::RefCell<std::collections::hash::map::HashMap<alloc::string::String, web_sys::features::gen_Element::Element>>>>::with::<",
    // Large text fields.
    "<yew::virtual_dom::vtag::TextareaFields as yew::dom_bundle::btag::Apply>::",
    "<yew::virtual_dom::vtag::Value<web_sys::features::gen_HtmlTextAreaElement::HtmlTextAreaElement> as yew::dom_bundle::btag::Apply>::",
    // Listeners of single nodes.
    LISTENERS,
    "<yew::dom_bundle::btag::listeners::Registry>::",
    "<yew::dom_bundle::subtree_root::BSubtree>::ensure_handled",
    "<yew::dom_bundle::subtree_root::SubtreeData>::add_listener",
    "<yew::dom_bundle::subtree_root::EventDescriptor as ",
    "<hashbrown::raw::RawTableInner>::drop_elements::<(yew::dom_bundle::subtree_root::EventDescriptor, alloc::vec::Vec<",
    "<hashbrown::raw::RawTableInner>::drop_elements::<(u32, std::collections::hash::map::HashMap<yew::dom_bundle::subtree_root::EventDescriptor",
    // Tables out of which something was taken.
    "<hashbrown::raw::RawTableInner>::rehash_in_place",
    // What stands in for `self`, which every page has.
    "js_sys::global::get_global_object::GLOBAL_THIS::init",
    "js_sys::global::get_global_object::WINDOW::init",
    "js_sys::global::get_global_object::GLOBAL::init",
];
const LISTENERS: &str = "<yew::dom_bundle::btag::listeners::ListenerRegistration>::register";
/// Without which none of this would have had an effect: where panics end, and where Yew begins to listen for a node.
pub(in super::super) const LAST_STATIONS: [&str; 2] = ["__rustc::rust_begin_unwind", LISTENERS];
/// The same where the compiler itself has panics abort at once: they are traps by then, and this is what is left.
pub(in super::super) const LAST_STATIONS_OF_ABORTS: [&str; 2] =
    ["wasm_bindgen::throw_str", LISTENERS];
/// Functions that have nothing to do, and give nothing back: what is to be done in a panic, and what becomes of the
/// listeners of a node that has none.
pub(super) const IDLE: [&str; 3] = [
    "std::panicking::set_hook",
    "<yew::html::component::lifecycle::ComponentState>::resume_existing_suspension",
    "<yew::virtual_dom::listeners::Listeners as yew::dom_bundle::btag::Apply>::apply_diff",
];
