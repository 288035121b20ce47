//! Hosts' backends are told what happens.

mod crash;
mod delivery;
mod registration;

use pairlink_protocol::{SessionState, Timestamp};
use pairlink_proxy::domain::ConnectionId;

use pairlink_proxy::store::Store;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::World;
use crate::harness::receiver::Receiver;

/// A webhook of a test.
struct Hook {
    id: String,
    secret: String,
}

impl World {
    /// Registers a webhook for everything.
    async fn hook(&self, receiver: &Receiver) -> Hook {
        self.hook_as(&self.key, json!({ "url": receiver.url }))
            .await
    }

    async fn hook_as(&self, key: &str, asked: Value) -> Hook {
        let request = self.at(Method::POST, "/v1/webhooks").bearer_auth(key);
        let made = self.send(request.json(&asked)).await.json(201);
        Hook {
            id: made["id"].as_str().unwrap().to_owned(),
            secret: made["secret"].as_str().unwrap().to_owned(),
        }
    }

    async fn deliveries(&self, hook: &Hook, query: &str) -> Vec<Value> {
        let path = format!("/v1/webhooks/{}/deliveries{query}", hook.id);
        let answer = self.send(self.backend(Method::GET, &path)).await;
        answer.json(200)["deliveries"].as_array().unwrap().clone()
    }

    async fn retry(&self, hook: &Hook, delivery: &str) -> crate::harness::answer::Answer {
        let path = format!("/v1/webhooks/{}/deliveries/{delivery}/retry", hook.id);
        self.send(self.backend(Method::POST, &path)).await
    }

    /// Another process writes down that the state of a login is another one, `count` times.
    async fn changes(&self, connection: &str, count: usize) {
        let store = self.household.store().await;
        changes(store.as_ref(), connection, self.service.now(), count).await;
        store.close().await;
    }
}

/// The state of a login is another one, `count` times: a millisecond apart, so that each can be told from the others.
async fn changes(store: &dyn Store, connection: &str, begin: Timestamp, count: usize) {
    let id = ConnectionId::from_text(connection);
    for number in 0..count {
        let at = begin.plus_millis(i64::try_from(number).unwrap());
        let mut states = [SessionState::Starting, SessionState::Failed].into_iter();
        // Whatever it is now, one of the two is news.
        let first = states.next().unwrap();
        if !store.record_session(&id, first, at).await.unwrap() {
            let second = states.next().unwrap();
            assert!(store.record_session(&id, second, at).await.unwrap());
        }
    }
}
