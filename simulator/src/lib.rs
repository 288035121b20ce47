//! The WhatsApp providers as they are documented, with time and faults under a test's control.

mod answer;
mod clock;
mod control;
mod dialect;
mod fault;
mod hold;
mod ledger;
mod lock;
mod page;
mod server;
mod simulator;
mod stage;

pub use axum::http::StatusCode;
pub use clock::Clock;
pub use dialect::wawp;
pub use fault::{Fault, FaultKind, Times, When};
pub use ledger::Alive;
pub use simulator::{Options, Simulator, StartError};
pub use stage::UnknownCall;
