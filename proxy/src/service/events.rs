//! Tells open pages. The outbox is the truth; a hint only shortens the wait for it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};

use super::{Service, ServiceError};
use crate::domain::{ConnectionId, Event, EventKind, Timestamp};
use crate::metrics;

/// How many events a slow page may be behind before it is told to read everything anew.
const BACKLOG: usize = 32;
/// How many missed events are told one by one.
const REPLAY: u32 = 32;

#[derive(Default)]
pub(super) struct Relay {
    hint: Notify,
    /// One for each connection that a page is open for: an event wakes nobody else.
    channels: Mutex<HashMap<ConnectionId, broadcast::Sender<Event>>>,
}

impl Relay {
    fn listen(&self, connection: &ConnectionId) -> broadcast::Receiver<Event> {
        self.channels()
            .entry(connection.clone())
            .or_insert_with(|| broadcast::Sender::new(BACKLOG))
            .subscribe()
    }

    fn tell(&self, event: Event) {
        if let Some(channel) = self.channels().get(&event.connection) {
            // The last page may just have been closed.
            drop(channel.send(event));
        }
    }

    /// Forgets the connections of which no page is open any more.
    fn tidy(&self) {
        self.channels()
            .retain(|_connection, channel| channel.receiver_count() > 0);
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<ConnectionId, broadcast::Sender<Event>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The events of one connection, from a point on.
pub struct Subscription {
    connection: ConnectionId,
    missed: std::collections::VecDeque<Event>,
    told_until: i64,
    told_at: Timestamp,
    receiver: broadcast::Receiver<Event>,
}

impl Service {
    /// Says that there may be something in the outbox, or something to tell hosts' backends.
    pub(super) fn hint(&self) {
        self.hinted();
        self.store().hint();
    }

    fn hinted(&self) {
        self.0.relay.hint.notify_one();
        self.0.dispatcher.hint();
    }

    /// Starts to carry the outbox to open pages.
    pub(super) async fn start_relay(&self) -> Result<(), ServiceError> {
        let mut carried = self.store().newest_event().await?;
        let service = self.clone();
        tokio::spawn(self.closing().run_until_cancelled_owned(async move {
            loop {
                service.store().hinted().await;
                service.hinted();
            }
        }));
        let service = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = service.0.closing.cancelled() => break,
                    () = service.0.relay.hint.notified() => {}
                    () = tokio::time::sleep(service.pace().tick) => {}
                }
                loop {
                    let events = match service.store().events_after(carried, REPLAY).await {
                        Ok(events) => events,
                        Err(error) => {
                            tracing::warn!(
                                error = &error as &dyn std::error::Error,
                                "cannot read the outbox"
                            );
                            break;
                        }
                    };
                    let Some(last) = events.last() else { break };
                    carried = last.sequence;
                    for event in events {
                        metrics::event_carried(service.now().millis_since(event.at));
                        service.0.relay.tell(event);
                    }
                }
                service.0.relay.tidy();
            }
        });
        Ok(())
    }

    /// The events of a connection. Begins with the ones after `last_seen`, or with [`EventKind::Resync`] if that is
    /// not known, too long ago, or not a number of ours.
    pub async fn subscribe(
        &self,
        connection: &ConnectionId,
        last_seen: Option<i64>,
    ) -> Result<Subscription, ServiceError> {
        // First listen, then read: what happens in between is told twice rather than never.
        let receiver = self.0.relay.listen(connection);
        // The connection's: of another one there may be an event under way that is before the newest of all.
        let newest = self.store().newest_event_of(connection).await?;
        let resync = Event {
            sequence: newest,
            connection: connection.clone(),
            kind: EventKind::Resync,
            at: self.now(),
        };
        let missed = match last_seen {
            Some(seen) if (1..=newest).contains(&seen) => {
                let missed = self.store().events_of(connection, seen, REPLAY).await?;
                // What came before the oldest event kept may have been about this connection.
                let oldest = self.store().oldest_event().await?;
                if missed.len() == REPLAY as usize || seen < oldest {
                    vec![resync]
                } else {
                    missed
                }
            }
            Some(_) | None => vec![resync],
        };
        let told_until = last_seen.unwrap_or(0).min(newest);
        Ok(Subscription {
            connection: connection.clone(),
            missed: missed.into(),
            told_until,
            told_at: self.now(),
            receiver,
        })
    }
}

impl Subscription {
    /// The next event; none when there will be no more.
    pub async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.missed.pop_front() {
            self.told_until = event.sequence;
            return Some(event);
        }
        loop {
            match self.receiver.recv().await {
                Ok(event) if event.sequence > self.told_until => {
                    self.told_until = event.sequence;
                    self.told_at = event.at;
                    return Some(event);
                }
                Ok(_told_already) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    return Some(Event {
                        sequence: self.told_until,
                        connection: self.connection.clone(),
                        kind: EventKind::Resync,
                        at: self.told_at,
                    });
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
