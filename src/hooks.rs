//! What a mounted widget does to the world: requests, streams, timers, listeners.
//!
//! All of it is owned by [`Effects`] and ends when that is dropped. Decides nothing: that is the model's.

mod card;
mod countries;
mod effects;
mod listener;
mod time;

pub(crate) use self::card::{Card, listen_to_card};
pub(crate) use self::countries::{knows, named_countries};
pub(crate) use self::effects::Effects;
pub(crate) use self::effects::{idempotency_key, page};
pub(crate) use self::listener::Listener;
pub(crate) use self::time::{count, time_of_day};
