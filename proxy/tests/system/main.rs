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
mod backup;
mod bad_input;
mod canaries;
mod command_line;
mod connections;
mod crash;
mod events;
mod faults;
mod framed;
mod hosted;
mod lifetimes;
mod logins;
mod metrics;
mod openings;
mod operation;
mod passes;
mod races;
mod repeating;
mod replicas;
mod rotation;
mod upstream;
mod webhooks;
