//! What providers post about logins: a reason to ask, never an answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Service, ServiceError};
use crate::domain::{Actor, Connection, ConnectionId, TokenClass};
use crate::secret::Secret;
use crate::store::Change;

/// How often a provider that cannot answer is asked once more, before the hint is left to the next look.
const MORE_ATTEMPTS: u32 = 4;

/// The connections whose logins are being looked at because of a hint, and whether that is to be done once more.
#[derive(Default)]
pub(super) struct Hints(Mutex<HashMap<ConnectionId, bool>>);

impl Hints {
    fn map(&self) -> MutexGuard<'_, HashMap<ConnectionId, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a hint in. True if nobody is on it; whoever is looks once more.
    fn take(&self, connection: &ConnectionId) -> bool {
        let mut hints = self.map();
        if let Some(once_more) = hints.get_mut(connection) {
            *once_more = true;
            return false;
        }
        hints.insert(connection.clone(), false);
        true
    }

    /// Whether to look once more. If not, nobody is on it any more.
    fn once_more(&self, connection: &ConnectionId) -> bool {
        let mut hints = self.map();
        let once_more = hints.get_mut(connection).is_some_and(std::mem::take);
        if !once_more {
            hints.remove(connection);
        }
        once_more
    }
}

impl Service {
    /// Makes the address to which the provider is to post the connection's events. An earlier one is none any more.
    pub async fn make_event_address(
        &self,
        connection: &Connection,
        actor: &Actor,
    ) -> Result<Secret, ServiceError> {
        if !self.provider_of(connection)?.profile().posts_events {
            return Err(ServiceError::MethodNotOffered);
        }
        let class = TokenClass::ProviderEvents;
        let token = class.random(&mut rand::rng());
        let hash = self.vault().hash(class, token.expose())?;
        let (id, at) = (&connection.id, self.now());
        let set = self
            .store()
            .set_event_address(id, &hash, Change { actor, at });
        if !set.await? {
            return Err(ServiceError::NotFound);
        }
        let base = self.public_url().as_str().trim_end_matches('/');
        let path = format!("/v1/connections/{}/provider-events/", id.as_str());
        Ok(Secret::new(format!("{base}{path}{}", token.expose())))
    }

    /// The connection whose events come to that address. What is wrong with an address is not told.
    pub async fn event_address(
        &self,
        connection: &ConnectionId,
        token: &str,
    ) -> Result<ConnectionId, ServiceError> {
        let class = TokenClass::ProviderEvents;
        if !class.matches(token) {
            return Err(ServiceError::NotFound);
        }
        let hash = self.vault().hash(class, token)?;
        let found = self.store().connection_of_event_address(&hash).await?;
        found
            .filter(|found| found == connection)
            .ok_or(ServiceError::NotFound)
    }

    /// Takes in what was posted. If it hints at the login, the provider is asked about that: at once, and of a flood of
    /// hints once a tick.
    pub async fn hear_provider(&self, id: &ConnectionId, body: &[u8]) -> Result<(), ServiceError> {
        let (_, provider, account) = self.account(id).await?;
        if provider.hints_at_login(&account, body) && self.0.hints.take(id) {
            let (service, id) = (self.clone(), id.clone());
            self.0
                .tasks
                .spawn(async move { service.follow_hints(&id).await });
        }
        Ok(())
    }

    async fn follow_hints(&self, id: &ConnectionId) {
        let mut failures = 0;
        loop {
            match self.check_session(id).await {
                Ok(_state) => failures = 0,
                Err(error) => {
                    tracing::warn!(connection.id = %id, error.code = error.code().as_str(), "cannot follow a hint");
                    if failures < MORE_ATTEMPTS {
                        failures += 1;
                        self.0.hints.take(id);
                    }
                }
            }
            let pause = self.pace().tick * 2_u32.pow(failures);
            if !self.pause(pause).await || !self.0.hints.once_more(id) {
                return;
            }
        }
    }
}
