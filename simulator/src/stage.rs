//! What every dialect plays on: time, faults, holds, counts and the end of it all.
//!
//! A dialect hands each call to [`Stage::perform`]; nothing here knows what the call means.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use tokio_util::sync::CancellationToken;

use crate::answer;
use crate::clock::Clock;
use crate::dialect::Script;
use crate::fault::{Fault, FaultKind, Plan, When};
use crate::hold::Holds;
use crate::lock::lock;

/// The shared ground of all dialects. Clones are the same stage.
#[derive(Clone, Debug)]
pub struct Stage(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    shutdown: CancellationToken,
    plan: Mutex<Plan>,
    holds: Holds,
    /// Every call there is, with the names of its provider's refusals.
    calls: BTreeMap<&'static str, &'static [&'static str]>,
    arrivals: Mutex<BTreeMap<&'static str, u64>>,
}

/// No provider has a call of this name.
#[derive(Debug, thiserror::Error)]
#[error("unknown call `{name}`; the calls are {}", known.join(", "))]
pub struct UnknownCall {
    name: String,
    known: Vec<&'static str>,
}

/// Why a fault cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum InjectError {
    /// It would strike nothing.
    #[error(transparent)]
    UnknownCall(#[from] UnknownCall),
    /// The call's provider never refuses like that.
    #[error("unknown refusal `{name}` of `{call}`; its refusals are {}", known.join(", "))]
    UnknownRefusal {
        /// The call that it was meant for.
        call: &'static str,
        /// The name that was given.
        name: String,
        /// The names that there are.
        known: &'static [&'static str],
    },
}

/// What a fault left of a call.
enum Outcome {
    Unharmed,
    Replaced(Response),
    CutShort,
}

impl Stage {
    pub(crate) fn new(clock: Clock, shutdown: CancellationToken, scripts: &[Script]) -> Self {
        let calls = scripts.iter().flat_map(|script| {
            let with_refusals = |&call| (call, script.refusals);
            script.calls.iter().map(with_refusals)
        });
        let calls: BTreeMap<_, _> = calls.collect();
        Self(Arc::new(Shared {
            clock,
            shutdown,
            plan: Mutex::default(),
            holds: Holds::new(),
            arrivals: Mutex::new(calls.keys().map(|&call| (call, 0)).collect()),
            calls,
        }))
    }

    /// What time it is, and what moves it.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    pub(crate) fn arrivals(&self) -> BTreeMap<&'static str, u64> {
        lock(&self.0.arrivals).clone()
    }

    pub(crate) fn calls(&self, call: &str) -> Result<u64, UnknownCall> {
        let call = self.known(call)?;
        Ok(lock(&self.0.arrivals).get(call).copied().unwrap_or(0))
    }

    pub(crate) fn inject(&self, call: &str, fault: Fault) -> Result<(), InjectError> {
        let call = self.known(call)?;
        if let FaultKind::Refusal(name) = &fault.kind {
            let known = self.0.calls.get(call).copied().unwrap_or_default();
            if !known.contains(&name.as_str()) {
                let name = name.clone();
                return Err(InjectError::UnknownRefusal { call, name, known });
            }
        }
        lock(&self.0.plan).add(call, fault);
        Ok(())
    }

    pub(crate) fn clear_faults(&self) {
        lock(&self.0.plan).clear();
    }

    pub(crate) fn release(&self) -> usize {
        self.0.holds.release()
    }

    pub(crate) async fn held(&self, call: &str) -> Result<(), UnknownCall> {
        let call = self.known(call)?;
        self.0.holds.held(call).await;
        Ok(())
    }

    fn known(&self, name: &str) -> Result<&'static str, UnknownCall> {
        match self.0.calls.get_key_value(name) {
            Some((&call, _refusals)) => Ok(call),
            None => Err(UnknownCall {
                name: name.to_owned(),
                known: self.0.calls.keys().copied().collect(),
            }),
        }
    }

    /// Plays one call: counts it, lets faults strike, takes the effect. `refuse` turns the name of a refusal into the
    /// provider's own answer.
    ///
    /// A provider does what it was asked also when nobody waits for the answer any more, so the call outlives its
    /// client.
    pub async fn perform(
        &self,
        call: &'static str,
        refuse: impl Fn(&str) -> Response + Send + Sync + 'static,
        effect: impl Future<Output = Response> + Send + 'static,
    ) -> Response {
        let client_left = CancellationToken::new();
        let _leaves_with_the_client = client_left.clone().drop_guard();
        let stage = self.clone();
        let playing = async move { stage.play(call, &refuse, effect, client_left).await };
        let played = tokio::spawn(playing).await;
        played.unwrap_or_else(|_panicked| answer::hang_up())
    }

    async fn play(
        &self,
        call: &'static str,
        refuse: &(impl Fn(&str) -> Response + Sync),
        effect: impl Future<Output = Response>,
        client_left: CancellationToken,
    ) -> Response {
        if let Some(count) = lock(&self.0.arrivals).get_mut(call) {
            *count += 1;
        }
        match self.suffer(call, refuse, When::Before, &client_left).await {
            Outcome::Unharmed => {}
            Outcome::Replaced(answer) => return answer,
            Outcome::CutShort => return answer::cut_short(answer::success()).await,
        }
        let Some(answer) = self.0.shutdown.run_until_cancelled(effect).await else {
            return answer::hang_up();
        };
        match self.suffer(call, refuse, When::After, &client_left).await {
            Outcome::Unharmed => answer,
            Outcome::Replaced(other) => other,
            Outcome::CutShort => answer::cut_short(answer).await,
        }
    }

    async fn suffer(
        &self,
        call: &'static str,
        refuse: &(impl Fn(&str) -> Response + Sync),
        when: When,
        client_left: &CancellationToken,
    ) -> Outcome {
        let Some(kind) = lock(&self.0.plan).take(call, when) else {
            return Outcome::Unharmed;
        };
        tracing::info!(call, ?when, kind = kind.name(), "fault");
        match kind {
            FaultKind::Delay(delay) => self.pause(tokio::time::sleep(delay)).await,
            FaultKind::Hold => self.pause(self.0.holds.hold(call)).await,
            FaultKind::Hang => self.pause(client_left.cancelled()).await.or_silence(),
            FaultKind::Status {
                status,
                retry_after,
            } => Outcome::Replaced(answer::status(status, retry_after)),
            FaultKind::Redirect { status, location } => {
                Outcome::Replaced((status, [(LOCATION, location)]).into_response())
            }
            FaultKind::Refusal(name) => Outcome::Replaced(refuse(&name)),
            FaultKind::Json(body) => Outcome::Replaced(Json(body).into_response()),
            FaultKind::Malformed => Outcome::Replaced(answer::malformed()),
            FaultKind::Huge => Outcome::Replaced(answer::huge()),
            FaultKind::Html => Outcome::Replaced(answer::html()),
            FaultKind::Empty => Outcome::Replaced(answer::empty()),
            FaultKind::Disconnect => Outcome::Replaced(answer::hang_up()),
            FaultKind::Truncate => Outcome::CutShort,
        }
    }

    /// Waits; a stop of the simulator ends both the waiting and the call.
    async fn pause(&self, until: impl Future<Output = ()>) -> Outcome {
        let unharmed = async {
            until.await;
            Outcome::Unharmed
        };
        self.0
            .shutdown
            .run_until_cancelled(unharmed)
            .await
            .unwrap_or_else(|| Outcome::Replaced(answer::hang_up()))
    }
}

impl Outcome {
    /// Who waited in vain gets nothing.
    fn or_silence(self) -> Self {
        match self {
            Self::Unharmed => Self::Replaced(answer::hang_up()),
            Self::Replaced(_) | Self::CutShort => self,
        }
    }
}
