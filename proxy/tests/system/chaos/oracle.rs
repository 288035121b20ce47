//! What must be so, and what must never be.

use std::time::Duration;

use pairlink_simulator::{Fault, FaultKind, wawp};
use reqwest::Method;
use serde_json::{Value, json};

use super::Violation;
use super::run::Theatre;

/// How long it may take until the books agree, on a machine that does much else.
const SETTLES_WITHIN: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(25);

impl Theatre {
    /// With nothing in the way any more: what is alive is known, a revocation leaves nothing, and no refresh token was
    /// sent twice.
    pub(super) async fn look(&mut self) -> Result<(), Violation> {
        self.simulator.clear_faults();
        self.simulator.release();
        // A start settles at once; otherwise a proxy that was failed often takes its time.
        self.kill().await;
        self.quiet().await;
        self.start().await;
        let connections = self.connections.clone();
        let mut unknown = String::new();
        for _look in 0..SETTLES_WITHIN {
            unknown.clear();
            for (connection, account) in &connections {
                let known = self.given(connection).await;
                let alive = self.alive().remove(account);
                let excused = self.was_full && alive.is_none();
                if known != alive && !excused {
                    unknown = if alive.is_some() {
                        "alive and unknown".to_owned()
                    } else {
                        "given out, and dead".to_owned()
                    };
                }
            }
            if unknown.is_empty() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        if !unknown.is_empty() {
            return Err(Violation(unknown));
        }
        for (connection, account) in &connections {
            self.revoke(connection).await?;
            if self.given(connection).await.is_some() {
                return Err(Violation("used after its revocation".to_owned()));
            }
            if self.alive().contains_key(account) {
                return Err(Violation("alive after its revocation".to_owned()));
            }
        }
        if self.simulator.wazzup().refresh_token_reuses() > 0 {
            return Err(Violation("a refresh token was sent twice".to_owned()));
        }
        self.was_full = false;
        self.figures.checks += 1;
        Ok(())
    }

    /// A revocation meets a link that is read, and one that is being minted.
    pub(super) async fn race(&mut self) -> Result<(), Violation> {
        let Some((connection, account)) = self.connections.first().cloned() else {
            return Ok(());
        };
        let path = format!("/v1/connections/{connection}/pass");
        let issue = self
            .request(Method::POST, &path)
            .json(&json!({ "method": "link" }));
        drop(issue.send().await);
        drop(self.given(&connection).await);
        self.revoke(&connection).await?;
        if self.given(&connection).await.is_some() {
            return Err(Violation("used after its revocation".to_owned()));
        }

        let hold = Fault::after(FaultKind::Hold);
        self.simulator.inject(wawp::MINT, hold).unwrap();
        let issue = self
            .request(Method::POST, &path)
            .json(&json!({ "method": "link" }));
        let issued = tokio::spawn(issue.send());
        let reached = self.simulator.held(wawp::MINT);
        if tokio::time::timeout(Duration::from_secs(10), reached)
            .await
            .is_err()
        {
            return Err(Violation("a free provider was not asked".to_owned()));
        }
        let revoked = tokio::spawn(self.request(Method::DELETE, &path).send());
        // From the commit on it is not being issued any more.
        for _look in 0..SETTLES_WITHIN {
            if self.seen(&connection).await["issuing"].is_null() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.simulator.release();
        let issued = issued.await.unwrap().map(|answer| answer.status().as_u16());
        let revoked = revoked
            .await
            .unwrap()
            .map(|answer| answer.status().as_u16());
        if revoked.ok() == Some(200) {
            if issued.ok() == Some(201) || self.given(&connection).await.is_some() {
                return Err(Violation("given out after its revocation".to_owned()));
            }
            for _look in 0..SETTLES_WITHIN {
                if !self.alive().contains_key(&account) {
                    return Ok(());
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
            return Err(Violation("alive after its revocation".to_owned()));
        }
        Err(Violation(
            "a revocation was refused with nothing in its way".to_owned(),
        ))
    }

    /// Revokes until the provider has confirmed it.
    async fn revoke(&self, connection: &str) -> Result<(), Violation> {
        let path = format!("/v1/connections/{connection}/pass");
        for _attempt in 0..SETTLES_WITHIN {
            if let Ok(answer) = self.request(Method::DELETE, &path).send().await
                && answer.status() == 200
                && let Ok(told) = answer.json::<Value>().await
                && told["revocation"] == "upstream"
            {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(Violation("a revocation never came to its end".to_owned()))
    }

    /// The link that a connection gives out.
    async fn given(&self, connection: &str) -> Option<String> {
        let seen = self.seen(connection).await;
        seen["pass"]["url"].as_str().map(ToOwned::to_owned)
    }

    /// What the proxy says of a connection.
    async fn seen(&self, connection: &str) -> Value {
        let path = format!("/v1/connections/{connection}/pass");
        match self.request(Method::GET, &path).send().await {
            Ok(answer) => answer.json().await.unwrap_or_default(),
            Err(_lost) => Value::Null,
        }
    }
}
