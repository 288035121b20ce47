//! Hints from process to process that there is something in the outbox.
//!
//! They are sent after the commit, by a transaction that does nothing else: within the one that they are about they would
//! make all such commits wait for each other. Many at once become one. Whoever misses one finds out when it reads the
//! outbox by itself.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::doubt::Doubt;

const CHANNEL: &str = "pairlink_outbox";
/// How long after a failure the server is tried again.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) struct Hints {
    /// Who this is: what it said itself is no news.
    process: String,
    to_tell: Notify,
    told: Notify,
    ended: CancellationToken,
    doubt: Doubt,
}

impl Hints {
    pub(super) fn start(options: PgConnectOptions, writer: PgPool, doubt: Doubt) -> Arc<Self> {
        let hints = Arc::new(Self {
            process: format!("{:032x}", rand::random::<u128>()),
            to_tell: Notify::new(),
            told: Notify::new(),
            ended: CancellationToken::new(),
            doubt,
        });
        let ended = hints.ended.clone();
        tokio::spawn(
            ended
                .clone()
                .run_until_cancelled_owned(Arc::clone(&hints).keep_telling(writer)),
        );
        tokio::spawn(ended.run_until_cancelled_owned(Arc::clone(&hints).keep_listening(options)));
        hints
    }

    pub(super) fn tell(&self) {
        self.to_tell.notify_one();
    }

    pub(super) async fn told(&self) {
        self.told.notified().await;
    }

    pub(super) fn end(&self) {
        self.ended.cancel();
    }

    async fn keep_telling(self: Arc<Self>, writer: PgPool) {
        loop {
            self.to_tell.notified().await;
            let told = sqlx::query("-- hint\nSELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(&self.process)
                .execute(&writer)
                .await;
            if let Err(error) = told {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "cannot hint at an event"
                );
            }
        }
    }

    async fn keep_listening(self: Arc<Self>, options: PgConnectOptions) {
        loop {
            if let Err(error) = self.listen(options.clone()).await {
                self.doubt.cast();
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "hears no hints of other processes, and reads the outbox by itself"
                );
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Listens until the connection is lost.
    async fn listen(&self, options: PgConnectOptions) -> Result<(), sqlx::Error> {
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options)
            .await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // What was said before it listened, or while the connection was lost, is not said again.
            self.told.notify_one();
            loop {
                match listener.try_recv().await? {
                    Some(hint) if hint.payload() == self.process => {}
                    Some(_other) => self.told.notify_one(),
                    None => {
                        self.doubt.cast();
                        break;
                    }
                }
            }
        }
    }
}
