//! Connects a WhatsApp account from a web page, without any secret in the page.
//!
//! Three ways in: the Yew component [`PairLink`], the custom element `<pair-link>` of `www/widget.js`, and, below
//! both, `mount(element, options)` for JavaScript. All talk to a Pairlink proxy with a short-lived embed token that
//! the host's own backend asks for.
//!
//! Data flows one way: the views in `components` are functions of the state of [`model`]; what they want becomes an
//! event of it, what it wants becomes an effect that `hooks` runs, and only `client` fetches.

mod client;
mod clock;
mod components;
mod embed;
mod hooks;
mod model;
mod object;
mod options;
mod pair_link;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
mod task;
mod text;

use pairlink_qr as qr;
/// What the component says, in every language: `words::of(tag)`, or `words::de::WORDS` for one alone.
pub use pairlink_words as words;

pub use client::{Early, TokenSource};
pub use embed::{Handle, mount, stack};
pub use model::{Announcement, ErrorCode};
pub use options::{InvalidOptions, Options, Theme, TokenOption};
pub use pair_link::{Message, PairLink, PairLinkProps};
