//! What every call out of the proxy has in common, whoever is called: where it may go, and a client that cannot be led
//! elsewhere.

mod address;
mod replay;

use std::time::Duration;

use reqwest::Client;

pub use address::{AddressPolicy, ForbiddenAddress};
pub use replay::{BodyFault, Replay, ReplayLimits};

/// The client could not be made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no HTTPS client: the system offers no usable certificates")]
pub struct ClientUnavailable;

/// A client that calls what the policy admits, follows no redirect, and sends nothing twice. Its errors print
/// addresses: they must not leave the file that made the call.
pub(crate) fn client(
    policy: AddressPolicy,
    connect: Duration,
    deadline: Duration,
) -> Result<Client, ClientUnavailable> {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // A proxy from the environment would resolve names itself, past the check of addresses.
        .no_proxy()
        .retry(reqwest::retry::never())
        .connect_timeout(connect)
        .timeout(deadline)
        .dns_resolver(address::CheckedResolver(policy))
        .user_agent(concat!("pairlink/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_cause| ClientUnavailable)
}
