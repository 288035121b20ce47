//! The proxy: holds the providers' long-lived credentials, mints, renews and revokes the short-lived things, and
//! tells every open page when something changed.
//!
//! Arrows point inwards: `http → service → domain`. `service` reaches providers and stores through the traits in
//! [`provider`] and [`store`]; their implementations know the domain and nothing else of this crate. Vocabulary that
//! is the same on the wire and inside (instants, methods, states, actions) is taken from `pairlink_protocol`; shapes
//! of requests and answers are known to `http` alone.

#[macro_use]
mod failpoint;
#[macro_use]
mod defect;

pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod metrics;
pub mod outbound;
pub mod provider;
pub mod secret;
pub mod service;
pub mod store;
pub mod vault;
pub mod webhook;
