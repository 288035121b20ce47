//! Issues of this process that are on their way, so that those who ask for the same thing wait for it together; and the
//! order in which those of this process change something of a connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, oneshot};

use super::ServiceError;
use super::issue::Earlier;
use super::mint::Minted;
use crate::domain::{ConnectionId, PassId, PassRequest};
use crate::secret::Secret;

/// The end of an issue, for everybody who waits for it.
pub(super) type Landing = Shared<oneshot::Receiver<Result<Minted, ServiceError>>>;

/// What a caller asks for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) request: PassRequest,
    pub(super) earlier: Earlier,
}

impl Asked {
    /// All of it as one text: two are the same if their texts are. Holds the phone number.
    pub(super) fn text(&self) -> Secret {
        match self.earlier {
            Earlier::Replace => self.request.text(),
            Earlier::Reuse => Secret::new(format!("reuse {}", self.request.text().expose())),
        }
    }
}

/// An issue that is on its way.
#[derive(Clone)]
pub(super) struct Flight {
    asked: Asked,
    pub(super) landing: Landing,
}

impl Flight {
    /// Whether what it brings is what is asked for.
    pub(super) fn is_for(&self, request: &PassRequest) -> bool {
        self.asked.request.text().expose() == request.text().expose()
    }

    /// Whether whoever asks so can wait for it: what was there will not do for everybody.
    pub(super) fn would_do_for(&self, asked: &Asked) -> bool {
        let fresh = match (self.asked.earlier, asked.earlier) {
            (Earlier::Replace, _) | (Earlier::Reuse, Earlier::Reuse) => true,
            (Earlier::Reuse, Earlier::Replace) => false,
        };
        fresh && self.is_for(&asked.request)
    }
}

#[derive(Default)]
pub(super) struct Flights {
    under_way: Mutex<HashMap<PassId, Flight>>,
    beginnings: Turns,
    upstream: Turns,
}

impl Flights {
    /// Waits for the turn to begin an issue of the connection: between the intent's commit and its entry here nobody
    /// may take it for abandoned.
    pub(super) async fn beginning(&self, connection: &ConnectionId) -> OwnedMutexGuard<()> {
        self.beginnings.turn(connection).await
    }

    /// Waits for the turn among those of this process that change something of the connection at the provider.
    pub(super) async fn upstream(&self, connection: &ConnectionId) -> OwnedMutexGuard<()> {
        self.upstream.turn(connection).await
    }

    /// Enters an issue. What is returned says how it ended; dropping it unsaid says that it was given up.
    pub(super) fn enter(
        &self,
        pass: PassId,
        asked: Asked,
    ) -> (oneshot::Sender<Result<Minted, ServiceError>>, Landing) {
        let (sender, receiver) = oneshot::channel();
        let landing = receiver.shared();
        let flight = Flight {
            asked,
            landing: landing.clone(),
        };
        self.map().insert(pass, flight);
        (sender, landing)
    }

    /// Takes an issue out that has come to its end.
    pub(super) fn leave(&self, pass: &PassId) {
        self.map().remove(pass);
    }

    /// The issue of that pass, if it is on its way here.
    pub(super) fn of(&self, pass: &PassId) -> Option<Flight> {
        self.map().get(pass).cloned()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<PassId, Flight>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One turn at a time for each connection, in the order of asking.
#[derive(Default)]
struct Turns(Mutex<HashMap<ConnectionId, Weak<AsyncMutex<()>>>>);

impl Turns {
    async fn turn(&self, connection: &ConnectionId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(turn) = turns.get(connection).and_then(Weak::upgrade) {
                turn
            } else {
                turns.retain(|_connection, turn| turn.strong_count() > 0);
                let turn = Arc::new(AsyncMutex::new(()));
                turns.insert(connection.clone(), Arc::downgrade(&turn));
                turn
            }
        };
        turn.lock_owned().await
    }
}
