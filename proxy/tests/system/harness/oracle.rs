//! What must be so after every fault, whatever it was.

use reqwest::Method;
use serde_json::json;

use super::answer::send;
use super::books::Books;
use super::eventually;
use super::leaks::found;
use super::program::Running;
use super::scene::Scene;
use pairlink_simulator::wawp;

/// The signal of `abort`.
pub(crate) const SIGABRT: Option<i32> = Some(6);

impl Scene {
    /// The common oracle: it is ready, what is alive at the provider is known here, a revocation leaves nothing
    /// usable and nothing alive, the audit records are whole, and no secret stands anywhere. Ends the proxy.
    pub(crate) async fn assert_sound(&self, running: Running, case: &str) {
        self.program.steer("");
        self.simulator.clear_faults();
        self.simulator.release();
        eventually(&format!("{case}: ready"), async || {
            let asked = self.client.get(format!("{}/readyz", running.url)).send();
            asked.await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        let mut books = Books::open(self.program.directory()).await;
        eventually(&format!("{case}: agreement"), async || {
            let unsettled = books.passes_in(&["minting", "revoking"]).await;
            let links = self.links_alive();
            unsettled == 0 && links.len() <= books.passes_in(&["live"]).await
        })
        .await;
        let given = send(self.pass(&running, Method::GET)).await.json(200);
        let answer = send(self.pass(&running, Method::DELETE)).await.json(200);
        // What died had the turn at the provider, and keeps it until its lease has run out.
        let revocation = answer["revocation"].as_str().unwrap_or_default();
        assert!(
            ["upstream", "pending"].contains(&revocation),
            "{case}: {answer}"
        );
        let after = send(self.pass(&running, Method::GET)).await.json(200);
        assert!(after["pass"].is_null(), "{case}: used after its revocation");
        if revocation == "upstream" {
            assert!(self.links_alive().is_empty(), "{case}: alive and revoked");
        }
        eventually(&format!("{case}: nothing alive"), async || {
            self.links_alive().is_empty()
        })
        .await;
        books.close().await;
        running.kill().await;
        self.assert_audit_is_whole(case).await;
        self.assert_clean(given["pass"]["url"].as_str(), case);
    }

    /// How often the provider was asked for a link.
    pub(crate) fn minted(&self) -> u64 {
        self.simulator.calls(wawp::MINT).unwrap()
    }

    /// The links of the scene's account that work now.
    pub(crate) fn links_alive(&self) -> Vec<String> {
        let alive = self.simulator.ledger().into_iter();
        alive
            .filter(|alive| alive.kind == "link" && alive.account == wawp::DEMO_INSTANCE_ID)
            .map(|alive| alive.secret)
            .collect()
    }

    /// No record of what was done is missing, added, moved or changed.
    async fn assert_audit_is_whole(&self, case: &str) {
        let verified = self.program.run(&["audit", "verify"]).await;
        assert!(verified.status.success(), "{case}: {verified:?}");
    }

    /// No secret stands in what the proxy logged, nor in any file of its store.
    fn assert_clean(&self, link: Option<&str>, case: &str) {
        let directory = self.program.directory();
        let key = std::fs::read_to_string(directory.join("pairlink.key")).unwrap();
        let link = link.and_then(|link| link.rsplit('/').next());
        let mut secrets = vec![
            ("access token", wawp::DEMO_ACCESS_TOKEN),
            ("API key", self.key.as_str()),
            ("master key", key.trim()),
        ];
        secrets.extend(link.map(|link| ("link", link)));
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name == "pairlink.key") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(
                found(&secrets, &bytes),
                [""; 0],
                "{case}: {}",
                path.display()
            );
        }
    }

    /// Asks for a link while the proxy is told to die on the way, and waits until it has.
    pub(crate) async fn die_at(&self, place: &str, method: Method) {
        self.program.steer(&format!("{place}=abort"));
        let running = self.program.serve().await;
        let request = if method == Method::POST {
            self.issue(&running)
        } else {
            self.pass(&running, method)
        };
        let asked = tokio::spawn(request.send());
        assert_eq!(running.died_of().await, SIGABRT, "{place}");
        assert!(
            asked.await.unwrap().is_err(),
            "{place}: nobody was answered"
        );
        self.program.steer("");
    }

    /// Adds a connection to another account of the simulator.
    pub(crate) async fn connect(
        &self,
        running: &Running,
        provider: &str,
        credentials: serde_json::Value,
    ) -> String {
        let asked = json!({
            "provider": provider, "credentials": credentials, "base_url": self.simulator.base_url(),
        });
        let request = self
            .client
            .post(format!("{}/v1/connections", running.url))
            .bearer_auth(&self.key);
        let added = send(request.json(&asked)).await.json(201);
        added["id"].as_str().unwrap().to_owned()
    }
}
