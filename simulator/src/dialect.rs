//! The providers that can be played, each in a file of its own.
//!
//! A provider's name stands in its own file and in the registration below, nowhere else.

pub mod wawp;

use axum::Router;

use crate::clock::Clock;
use crate::ledger::Alive;
use crate::stage::Stage;

use wawp::Wawp;

/// How one provider is played.
pub(crate) trait Dialect {
    /// The provider's name on the control plane and in the ledger.
    fn provider(&self) -> &'static str;

    /// What the provider calls an account, as in `instance_id`.
    fn account_field(&self) -> &'static str;

    /// The names of its calls, `provider.thing.verb`.
    fn calls(&self) -> &'static [&'static str];

    /// What it gave out and what works now.
    fn alive(&self) -> Vec<Alive>;

    /// The provider as the world sees it.
    fn router(&self, stage: &Stage) -> Router;

    /// What only this provider has to steer; found under `/__control/{provider}`.
    fn control(&self) -> Router;
}

/// Every provider that is played.
#[derive(Clone, Debug)]
pub(crate) struct Dialects {
    pub(crate) wawp: Wawp,
}

impl Dialects {
    /// `public_url` is where browsers find the simulator, without a slash at its end.
    pub(crate) fn new(clock: &Clock, public_url: &str) -> Self {
        Self {
            wawp: Wawp::new(clock.clone(), public_url.to_owned()),
        }
    }

    pub(crate) fn all(&self) -> [&dyn Dialect; 1] {
        [&self.wawp]
    }
}
