//! Reads `GET /v1/events`.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use super::in_time;
use super::world::World;

/// An open stream.
pub(crate) struct Events {
    response: Response,
    unread: String,
}

/// One event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl World {
    pub(crate) fn events_request(&self, token: &str) -> RequestBuilder {
        self.page(Method::GET, "/v1/events", token)
    }

    pub(crate) async fn events(&self, token: &str) -> Events {
        Events::open(self.events_request(token)).await
    }
}

impl Events {
    pub(crate) async fn open(request: RequestBuilder) -> Self {
        let response = in_time("a stream", request.send()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self {
            response,
            unread: String::new(),
        }
    }

    /// The next event; none when the server ended the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        in_time("an event", async {
            loop {
                if let Some(end) = self.unread.find("\n\n") {
                    let block: String = self.unread.drain(..end + 2).collect();
                    let event = read(&block);
                    if event.is_some() {
                        return event;
                    }
                    continue;
                }
                // A server that ends cuts the stream off rather than closing it.
                let chunk = self.response.chunk().await.ok().flatten()?;
                self.unread
                    .push_str(std::str::from_utf8(&chunk).expect("events are ASCII or whole"));
            }
        })
        .await
    }

    /// Skips to the next event of a kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Event {
        loop {
            let event = self.next().await;
            let event = event.unwrap_or_else(|| panic!("the stream ended before {kind}"));
            if event.kind == kind {
                return event;
            }
        }
    }

    /// Skips to the moment at which the login is in a state.
    pub(crate) async fn until_state(&mut self, state: &str) -> Event {
        loop {
            let event = self.until("state").await;
            if event.data["connection"]["state"] == state {
                return event;
            }
        }
    }

    /// Waits for the end of the stream.
    pub(crate) async fn end(&mut self) {
        while self.next().await.is_some() {}
    }
}

/// None for a comment.
fn read(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    Some(Event {
        id: field("id")?.to_owned(),
        kind: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}
