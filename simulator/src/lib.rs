//! The WhatsApp providers as they are documented, with time and faults under a test's control.
//!
//! It stands where a provider would stand, so that a proxy can be tried without an account, a phone or the internet. It
//! must not know the proxy: it is written from the providers' documents alone, and so can contradict it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use pairlink_simulator::{Fault, FaultKind, Simulator, wawp};
//!
//! let simulator = Simulator::start().await?;
//! // The next link is minted, but its answer never arrives.
//! simulator.inject(wawp::MINT, Fault::after(FaultKind::Disconnect))?;
//! // … point the proxy at simulator.base_url(), let it mint, and then ask what is alive:
//! assert!(simulator.ledger().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Control plane
//!
//! Tests in other processes say the same over HTTP, in JSON. Unknown keys are refused by name, with 400.
//!
//! | call | body or query | answer |
//! |---|---|---|
//! | `GET /__control/clock` | | `{"now"}` |
//! | `POST /__control/clock` | `{"advance_ms"}` | `{"now"}` |
//! | `POST /__control/faults` | `{"call", "when", "kind", "times"?}` and the kind's own keys | 201 |
//! | `DELETE /__control/faults` | | 204 |
//! | `GET /__control/held` | `?call=` | 204 as soon as such a call is being held |
//! | `POST /__control/release` | | `{"released"}`: how many calls were held |
//! | `GET /__control/calls` | | how many calls of each name arrived |
//! | `GET /__control/ledger` | | what is alive now, per provider |
//! | `POST /__control/wawp/instances` | `{"instance_id", "access_token"}` | 201; an instance that exists starts afresh |
//! | `POST /__control/wawp/session` | `{"instance_id", "status"}` | 204 |
//! | `POST /__control/wawp/scan` | `{"instance_id"}` | 204, or 409 if no code is shown |
//! | `POST /__control/wawp/log-out` | `{"instance_id"}` | 204 |
//!
//! `when` is `before` or `after` the call's effect. `times` is 1 if absent, and 0 is until cleared. The kinds, with
//! their own keys: `status` (`status`, `retry_after`? in seconds), `refusal` (`name`), `delay` (`delay_ms`), `hang`, `hold`, `redirect`
//! (`status`, `location`), `json` (`body`), `malformed`, `huge`, `html`, `empty`, `disconnect`, `truncate`;
//! [`FaultKind`] says what each does. Faults of the same call and side strike one after the other.
//!
//! Nobody is asked who he is: keep it on a loopback address.

mod answer;
mod authorization;
mod clock;
mod control;
mod dialect;
mod fault;
mod handset;
mod hold;
mod ledger;
mod lock;
mod page;
mod pairing;
mod qr;
mod random;
mod server;
mod short_lived;
mod simulator;
mod stage;
mod webhook;

pub use axum::http::{HeaderValue, StatusCode};
pub use clock::Clock;
pub use dialect::{enablex, green_api, wawp, wazzup};
pub use fault::{Fault, FaultKind, Times, When};
pub use ledger::Alive;
pub use simulator::{Options, Simulator, StartError};
pub use stage::{InjectError, UnknownCall};
