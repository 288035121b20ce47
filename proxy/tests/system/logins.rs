//! Logins: ended, told of by providers, begun by codes that renew themselves and that nobody is flooded with.

mod code_limits;
mod log_out;
mod phones;
mod provider_events;
mod reuse;
mod rounds;
mod states;
