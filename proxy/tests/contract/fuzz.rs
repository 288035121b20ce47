//! What comes from outside, changed at random, against everything that reads it: nothing may panic, hang, or pass for what
//! it is not.
//!
//! Inputs are made of right ones: bytes are flipped, cut, doubled and mixed, and the values of a JSON document exchanged for
//! nasty ones. Without coverage of the code to go by, what led to an answer of a new kind is kept and changed further. Each
//! target runs for two seconds; `cargo xtask fuzz --seconds N` runs them for longer. An input that was found is kept in
//! `target/fuzz`, and belongs into the target's seeds, so that it is tried first from then on.
#![expect(
    clippy::print_stdout,
    reason = "says how much was tried, to whoever runs it for long"
)]

mod bodies;
mod engine;
mod mutation;
mod texts;
