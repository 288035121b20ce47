//! The providers that can be played, each in a file of its own.
//!
//! A provider's name stands in its own file and in the registration below, nowhere else.

pub mod enablex;
pub mod green_api;
pub mod wawp;
pub mod wazzup;

use axum::Router;

use crate::ledger::Alive;
use crate::stage::Stage;

use enablex::Enablex;
use green_api::GreenApi;
use wawp::Wawp;
use wazzup::Wazzup;

/// What can be heard from a provider, known before it is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    /// The names of its calls, `provider.thing.verb`.
    pub(crate) calls: &'static [&'static str],
    /// The names of its documented refusals, which a fault can ask for.
    pub(crate) refusals: &'static [&'static str],
}

/// A page of the ledger, or a part of one: things of one provider that are listed together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LedgerPage {
    pub(crate) name: &'static str,
    /// What stands on it, as in [`Alive::kind`].
    pub(crate) kinds: &'static [&'static str],
    /// What the provider calls the account, as in `instance_id`.
    pub(crate) account_field: &'static str,
}

/// How one provider is played.
pub(crate) trait Dialect {
    /// The provider's name on the control plane.
    fn provider(&self) -> &'static str;

    /// Where in the ledger its things stand.
    fn pages(&self) -> &'static [LedgerPage];

    /// What it gave out and what works now.
    fn alive(&self) -> Vec<Alive>;

    /// The provider as the world sees it.
    fn router(&self, stage: &Stage) -> Router;

    /// The page of the phone of its demo account: what it is called, and its path. None if no phone is linked to it.
    fn demo_phone(&self) -> Option<(&'static str, String)> {
        None
    }

    /// What only this provider has to steer; found under `/__control/{provider}`.
    fn control(&self) -> Router;
}

/// Every provider that is played.
#[derive(Clone, Debug)]
pub(crate) struct Dialects {
    pub(crate) enablex: Enablex,
    pub(crate) green_api: GreenApi,
    pub(crate) wawp: Wawp,
    pub(crate) wazzup: Wazzup,
}

impl Dialects {
    pub(crate) const SCRIPTS: &[Script] = &[
        enablex::SCRIPT,
        green_api::SCRIPT,
        wawp::SCRIPT,
        wazzup::SCRIPT,
    ];

    /// `public_url` is where browsers find the simulator, without a slash at its end.
    pub(crate) fn new(stage: &Stage, public_url: &str) -> Self {
        Self {
            enablex: Enablex::new(stage.clock().clone()),
            green_api: GreenApi::new(stage),
            wawp: Wawp::new(stage.clock().clone(), public_url.to_owned()),
            wazzup: Wazzup::new(stage.clock().clone()),
        }
    }

    pub(crate) fn all(&self) -> [&dyn Dialect; 4] {
        [&self.enablex, &self.green_api, &self.wawp, &self.wazzup]
    }
}
