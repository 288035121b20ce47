//! Reminds people of credentials that grow old: each reminder once for the same credentials, whoever runs and restarts.

use super::{Service, ServiceError};
use crate::metrics;
use crate::store::GivenReminders;

/// How many connections are reminded of at a time.
const BATCH: u32 = 64;

impl Service {
    pub(super) fn start_reminding(&self) {
        let service = self.clone();
        tokio::spawn(async move {
            while service.pause(service.pace().tick).await {
                if let Err(error) = service.remind_all().await {
                    tracing::error!(error = &error as &dyn std::error::Error, "cannot remind");
                }
            }
        });
    }

    /// Gives every reminder that is due.
    async fn remind_all(&self) -> Result<(), ServiceError> {
        loop {
            let now = self.now();
            let due = self.store().due_reminders(now, BATCH).await?;
            if due.is_empty() {
                return Ok(());
            }
            for (connection, was_due_at) in due {
                let issued_at = connection.credentials_issued_at;
                let mut reminders = connection.policy.due(issued_at, now);
                let told = connection.reminded.max(reminders.last().copied());
                reminders.retain(|one| Some(*one) > connection.reminded);
                let given = GivenReminders {
                    connection: connection.id.clone(),
                    was_due_at,
                    reminders,
                    next_at: connection.policy.next(issued_at, told),
                };
                // Otherwise another process was quicker, or the credentials are other ones.
                if !self.store().remind(&given, now).await? {
                    continue;
                }
                for reminder in given.reminders {
                    let kind = reminder.as_str();
                    metrics::reminded(kind);
                    tracing::warn!(connection.id = %connection.id, connection.provider = connection.provider, reminder = kind, expires_at = ?connection.policy.expires_at(issued_at), "credentials grow old");
                }
                self.hint();
            }
        }
    }
}
