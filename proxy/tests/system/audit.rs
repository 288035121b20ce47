//! The audit: read, chained, and verified.

mod chain;
mod reading;
mod rows;
mod tampering;
