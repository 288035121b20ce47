//! The providers that can be played, each in a file of its own.
//!
//! A provider's name stands in its own file and in the registration below, nowhere else.

pub mod enablex;
pub mod green_api;
pub mod wawp;
pub mod wazzup;

use std::fmt::Debug;
use std::sync::Arc;

use axum::Router;

use crate::front::Entry;
use crate::ledger::Alive;
use crate::stage::Stage;

use enablex::Enablex;
use green_api::GreenApi;
use wawp::Wawp;
use wazzup::Wazzup;

/// What can be heard from a provider, known before it is played.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// The names of its calls, `provider.thing.verb`.
    pub calls: &'static [&'static str],
    /// The names of its documented refusals, which a fault can ask for.
    pub refusals: &'static [&'static str],
}

/// A page of the ledger, or a part of one: things of one provider that are listed together.
#[derive(Clone, Copy, Debug)]
pub struct LedgerPage {
    /// What the control plane calls it.
    pub name: &'static str,
    /// What stands on it, as in [`Alive::kind`].
    pub kinds: &'static [&'static str],
    /// What the provider calls the account, as in `instance_id`.
    pub account_field: &'static str,
}

/// How one provider is played.
pub trait Dialect: Debug + Send + Sync {
    /// The provider's name on the control plane.
    fn provider(&self) -> &'static str;

    /// Where in the ledger its things stand.
    fn pages(&self) -> &'static [LedgerPage];

    /// What it gave out and what works now.
    fn alive(&self) -> Vec<Alive>;

    /// The provider as the world sees it.
    fn router(&self, stage: &Stage) -> Router;

    /// What the front page says of its demo account, if it has one.
    fn entry(&self) -> Option<Entry> {
        None
    }

    /// What only this provider has to steer; found under `/__control/{provider}`.
    fn control(&self) -> Router {
        Router::new()
    }
}

/// A provider that is played beside those of this crate, as one is before it belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// What can be heard from it.
    pub script: Script,
    /// Brings it onto the stage.
    pub play: fn(&Stage) -> Arc<dyn Dialect>,
}

/// Every provider that is played.
#[derive(Clone, Debug)]
pub(crate) struct Dialects {
    pub(crate) enablex: Enablex,
    pub(crate) green_api: GreenApi,
    pub(crate) wawp: Wawp,
    pub(crate) wazzup: Wazzup,
    guests: Vec<Arc<dyn Dialect>>,
}

impl Dialects {
    pub(crate) fn scripts(guests: &[Guest]) -> Vec<Script> {
        let own = [
            enablex::SCRIPT,
            green_api::SCRIPT,
            wawp::SCRIPT,
            wazzup::SCRIPT,
        ];
        let guests = guests.iter().map(|guest| guest.script);
        own.into_iter().chain(guests).collect()
    }

    /// `public_url` is where browsers find the simulator, without a slash at its end.
    pub(crate) fn new(stage: &Stage, public_url: &str, guests: &[Guest]) -> Self {
        Self {
            enablex: Enablex::new(stage.clock().clone()),
            green_api: GreenApi::new(stage),
            wawp: Wawp::new(stage.clock().clone(), public_url.to_owned()),
            wazzup: Wazzup::new(stage.clock().clone()),
            guests: guests.iter().map(|guest| (guest.play)(stage)).collect(),
        }
    }

    pub(crate) fn all(&self) -> Vec<&dyn Dialect> {
        let own: [&dyn Dialect; 4] = [&self.enablex, &self.green_api, &self.wawp, &self.wazzup];
        let guests = self.guests.iter().map(AsRef::as_ref);
        own.into_iter().chain(guests).collect()
    }
}
