//! The proxy through its public door: its router on a real socket, its real store in a directory of its own, and the
//! simulated providers behind it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod harness;

mod access;
mod at_rest;
mod audit;
mod backup;
mod bad_input;
mod canaries;
#[cfg(all(unix, feature = "failpoints", feature = "broken"))]
mod chaos;
mod command_line;
mod connections;
mod crash;
mod doors;
mod events;
mod fault_list;
mod faults;
mod framed;
mod hosted;
mod lifetimes;
mod logins;
mod matrix;
mod metrics;
mod openings;
mod operation;
mod passes;
#[cfg(feature = "broken")]
mod planted;
mod races;
mod repeating;
mod replicas;
mod rotation;
mod security;
mod tenants;
mod upstream;
mod webhooks;
