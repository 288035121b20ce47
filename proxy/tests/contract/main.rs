//! What every adapter promises, tried against the provider's dialect in the simulator: the same tests for all.
//!
//! A new provider is one case more in `cases`, and nothing here but that.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod calls;
mod cases;
mod desk;
mod faults;
mod fuzz;
mod house;
mod log;
mod logouts;
mod names;
mod passing;
mod promises;
mod quirks;
