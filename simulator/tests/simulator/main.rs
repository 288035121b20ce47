//! The simulator through its front door: a real socket, the library's handle and the process.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod control;
mod enablex;
mod faults;
mod green_api;
mod green_api_clients;
mod green_api_phone;
mod green_api_webhook;
mod messages;
mod owners;
mod page;
mod process;
mod steps;
mod wawp;
mod wawp_pairing;
mod wazzup;
mod wazzup_errors;
