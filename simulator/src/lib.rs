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
//! | `POST /__control/{provider}/…` | see below | 201 or 204; 404 for an unknown account, 409 where a phone cannot |
//!
//! `{provider}` is `wawp`, `green_api`, `enablex` or `wazzup`. Each has an account from the start, as the constants of its
//! module say; an account that is added again starts afresh. What can be told to them:
//!
//! | call | body |
//! |---|---|
//! | `wawp/instances` | `{"instance_id", "access_token"}` |
//! | `wawp/session` | `{"instance_id", "status"}` |
//! | `wawp/scan` | `{"instance_id", "payload"?}`: with a payload, only the one that is shown counts |
//! | `wawp/enter-code` | `{"instance_id", "code"}` |
//! | `wawp/log-out` | `{"instance_id"}` |
//! | `green_api/instances` | `{"id_instance", "api_token_instance"}` |
//! | `green_api/state` | `{"id_instance", "state"}` |
//! | `green_api/scan`, `/enter-code`, `/log-out` | as `wawp`'s, with `id_instance` |
//! | `green_api/answer-delay` | `{"id_instance", "delay_ms"}`: how long a pairing code takes, in simulated time |
//! | `green_api/webhook` | `{"id_instance", "url", "token"?}`: what `setSettings` sets, too; `http://` only |
//! | `enablex/apps` | `{"app_id", "app_key"}` |
//! | `enablex/active` | `{"app_id", "active"}` |
//! | `enablex/forget-tokens` | `{"app_id"}` |
//! | `enablex/manner` | `{"expiry_unit"?: "seconds" or "milliseconds", "failure_status"?}` |
//! | `wazzup/partners` | `{"email", "password", "client_id"?}` |
//! | `wazzup/partner` | `{"email", "active"?, "scope"?}` |
//! | `wazzup/accounts` | `{"email", "account_id"}` |
//! | `wazzup/grant` | `{"account_id", "granted"}` |
//! | `wazzup/revoke-tokens` | `{"account_id"}` |
//! | `wazzup/manner` | `{"envelope"?, "account_id_form"?, "rotates"?, "skew_seconds"?, "machine_ttl_seconds"?, "access_ttl_seconds"?, "refresh_ttl_seconds"?}` |
//! | `wazzup/refresh-token-reuses` (`GET`) | answers `{"count"}` |
//!
//! A page of the ledger lists, for each thing, the account, the thing under its kind, `issued_at` and `expires_at`. `wawp`
//! holds links alone; Wawp's `qr` and `code` stand on `wawp_pairing`. The phones that scan and take codes are pages, too:
//! `/wawp/phone/{instance_id}` and `/green-api/phone/{id_instance}`. So are the accounts without a phone, which end their
//! tokens and can be blocked: `/enablex/account/{app_id}` and `/wazzup/account/{account_id}`. `/` leads to all of them.
//!
//! `when` is `before` or `after` the call's effect. `times` is 1 if absent, and 0 is until cleared. The kinds, with
//! their own keys: `status` (`status`, `retry_after`? in seconds), `refusal` (`name`), `delay` (`delay_ms`), `hang`,
//! `hold`, `redirect` (`status`, `location`), `json` (`body`), `malformed`, `huge`, `html`, `empty`, `disconnect`,
//! `truncate`; [`FaultKind`] says what each does. A refusal is the provider's own answer to the call; an unknown name is
//! refused with a list of those that there are. Faults of the same call and side strike one after the other.
//!
//! Nobody is asked who he is: keep it on a loopback address.

mod answer;
mod authorization;
mod clock;
mod control;
mod dialect;
mod fault;
mod front;
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
mod token_desk;
mod webhook;

pub use axum::http::{HeaderValue, StatusCode};
pub use clock::Clock;
pub use dialect::{Dialect, Guest, LedgerPage, Script, enablex, green_api, wawp, wazzup};
pub use fault::{Fault, FaultKind, Times, When};
pub use front::{Entry, Thing};
pub use ledger::Alive;
pub use simulator::{Options, Simulator, StartError};
pub use stage::{InjectError, Stage, UnknownCall};
