//! Looks at logins while somebody waits for them: providers do not tell, so they are asked, but only while a page is
//! open.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Service, ServiceError};
use crate::domain::{Actor, ConnectionId, Method, SessionState, Timestamp};
use crate::metrics;
use crate::provider::ProviderError;

#[derive(Default)]
pub(super) struct Watchers(Mutex<HashMap<ConnectionId, Watcher>>);

struct Watcher {
    pages: usize,
    stop: CancellationToken,
}

/// A page that is open: as long as this lives, its connection's login is looked at.
pub struct Watching {
    service: Service,
    connection: ConnectionId,
}

impl Service {
    /// Looks at a login until the last page that asked for it is closed.
    pub fn watch(&self, connection: &ConnectionId) -> Watching {
        let mut watchers = self
            .0
            .watchers
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let watcher = watchers.entry(connection.clone()).or_insert_with(|| {
            let stop = self.0.closing.child_token();
            let (service, connection) = (self.clone(), connection.clone());
            let stopped = stop.clone();
            tokio::spawn(async move {
                let looking = Box::pin(service.keep_looking(&connection));
                let turning = Box::pin(service.keep_turning(&connection));
                stopped
                    .run_until_cancelled(async { tokio::join!(looking, turning) })
                    .await;
            });
            Watcher { pages: 0, stop }
        });
        watcher.pages += 1;
        Watching {
            service: self.clone(),
            connection: connection.clone(),
        }
    }

    /// Looks at a login for a while: for a page that reads itself again instead of listening.
    pub fn watch_for(&self, connection: &ConnectionId, time: Duration) {
        let watching = self.watch(connection);
        let closing = self.closing();
        tokio::spawn(async move {
            closing.run_until_cancelled(tokio::time::sleep(time)).await;
            drop(watching);
        });
    }

    async fn keep_looking(&self, connection: &ConnectionId) {
        let pace = self.pace();
        let mut failures: u32 = 0;
        let Ok(mut events) = self.subscribe(connection, None).await else {
            return;
        };
        // The first says only that there is nothing to catch up with.
        drop(events.next().await);
        loop {
            if !self.looks(connection).await {
                // Another process does, and what it sees is heard of here.
                drop(tokio::time::timeout(pace.watch_live, events.next()).await);
                continue;
            }
            let looked = self.check_session(connection).await;
            failures = if looked.is_ok() {
                0
            } else {
                failures.saturating_add(1)
            };
            match looked {
                Err(ServiceError::NotFound | ServiceError::Provider(ProviderError::NotOffered)) => {
                    return;
                }
                Err(ServiceError::Provider(error)) => self.note_error(connection, error).await,
                Ok(_) | Err(_) => {}
            }
            let live = self.store().live_passes(connection, self.now()).await;
            let waiting = live.is_ok_and(|live| !live.is_empty());
            let pause = if waiting {
                pace.watch_live
            } else {
                pace.watch_idle
            };
            // A provider in trouble is asked less and less, down to once in sixteen pauses.
            let pause = pause * 2_u32.pow(failures.min(4));
            // What happens to the connection is a reason to look sooner.
            drop(tokio::time::timeout(pause, events.next()).await);
        }
    }

    /// Whether it is for this process to look at a login. It stays with whoever does, until that one is not heard of for
    /// longer than it ever pauses. Without the store's word nobody looks.
    pub(super) async fn looks(&self, connection: &ConnectionId) -> bool {
        let pause = self.pace().watch_idle.max(self.pace().watch_live) * 2;
        let millis = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        let now = self.now();
        let (process, stale) = (self.0.process.as_str(), now.plus_millis(-millis));
        let claimed = self
            .store()
            .claim_look(connection, process, now, stale)
            .await;
        claimed.unwrap_or(false)
    }

    /// Looks at a login once, in the background: whether an account that was refused is accepted now.
    pub(super) fn look_soon(&self, connection: ConnectionId) {
        let service = self.clone();
        self.0.tasks.spawn(async move {
            if let Err(ServiceError::Provider(error)) = service.check_session(&connection).await
                && error != ProviderError::NotOffered
            {
                service.note_error(&connection, error).await;
            }
        });
    }

    /// Asks the provider how the login is doing, and writes it down. Once a phone is linked, whatever could link
    /// another is revoked.
    pub(super) async fn check_session(
        &self,
        id: &ConnectionId,
    ) -> Result<SessionState, ServiceError> {
        let (connection, provider, account) = self.account_in_use(id).await?;
        let asked_at = self.now();
        let told = provider.session(&account).await?;
        let session = if told == SessionState::Connected {
            self.vouch(&connection, provider.as_ref(), &account).await?
        } else {
            told
        };
        let news = self.store().record_session(id, session, asked_at).await?;
        if news {
            self.hint();
        }
        if session == SessionState::Connected
            && let Some((since, method)) = self.could_link_since(id).await?
        {
            let took = u64::try_from(asked_at.millis_since(since)).unwrap_or_default();
            metrics::phone_linked(provider.profile().name, method, Duration::from_millis(took));
            self.revoke_passes(&connection, &Actor::pairlink()).await?;
        }
        Ok(session)
    }

    /// Since when there is something that could link a phone, or is about to be; and of which kind.
    async fn could_link_since(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(Timestamp, Method)>, ServiceError> {
        let live = self.store().live_passes(id, self.now()).await?;
        let round = self.store().qr_round(id).await?;
        let since = live
            .into_iter()
            .map(|pass| (pass.issued_at.unwrap_or(pass.requested_at), pass.method))
            .chain(round.map(|round| (round.began_at, Method::Qr)))
            .min_by_key(|(since, _method)| *since);
        Ok(since)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut watchers = self
            .service
            .0
            .watchers
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(watcher) = watchers.get_mut(&self.connection) {
            watcher.pages -= 1;
            if watcher.pages == 0 {
                watcher.stop.cancel();
                watchers.remove(&self.connection);
            }
        }
    }
}
