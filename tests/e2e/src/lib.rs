//! The whole system on a table: simulator, proxy and demo host as processes, and a real browser in front of them.
//!
//! Nothing here knows how a part works inside. A system starts on free ports with its own store, key, provider
//! account and credential, so that tests share nothing and may run in any order, side by side. Whatever does not go as
//! it should panics, with what was expected and what was there.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "only tests use this crate, and a test that cannot be set up has failed"
)]

mod accessible;
mod accounts;
mod browser;
mod canaries;
mod disguises;
mod frame;
mod host;
mod outpost;
mod poll;
mod process;
mod qr;
mod short_life;
mod simulator;
mod system;
mod widget;

pub use browser::{Browser, Engine, Page, Trouble, Visit};
pub use canaries::{Canaries, Leak};
pub use host::Host;
pub use outpost::{Damage, LINK, Outpost, TOKEN};
pub use poll::eventually;
pub use process::{Log, Process};
pub use qr::{decode_qr, decode_qrs};
pub use simulator::{Fault, Simulator};
pub use system::System;
pub use widget::Widget;
