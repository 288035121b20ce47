//! Simulator, proxy and demo host, wired as in `cargo xtask demo`, with credentials that exist in this run only.

use std::mem;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;

use crate::accounts::Account;
use crate::process::{program, run, widget_folder, workspace};
use crate::short_life;
use crate::{Canaries, Leak, Log, Process, Simulator};

/// One whole system. Dropped, it leaves nothing behind.
pub struct System {
    demo: Process,
    proxy: Process,
    simulator_process: Process,
    simulator: Simulator,
    api_key: String,
    accounts: [Account; 4],
    /// What parts wrote that have been replaced since.
    earlier_logs: Vec<(&'static str, Log)>,
    folder: TempDir,
}

impl System {
    /// Starts all of it.
    pub async fn start() -> Self {
        Self::start_with(None, None).await
    }

    /// Starts all of it; the demo host gives tokens to pages of this origin as well.
    pub async fn start_for_pages_of(origin: &str) -> Self {
        Self::start_with(None, Some(origin)).await
    }

    /// Starts all of it, with a provider whose links live no longer than this.
    pub async fn start_with_links_that_live(life: Duration) -> Self {
        Self::start_with(Some(life), None).await
    }

    async fn start_with(life: Option<Duration>, other_origin: Option<&str>) -> Self {
        // Another test of this process may have been first with the same provider.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let folder = tempfile::tempdir().unwrap();
        let accounts = Account::all();

        let simulator_process = Process::serve("simulator", {
            let mut command = program("pairlink-simulator");
            command.args(["--listen", "127.0.0.1:0"]);
            command
        })
        .await;
        let provider_url = simulator_process.address().to_owned();
        let http = Client::builder().no_proxy().build().unwrap();
        let simulator = Simulator::new(http.clone(), provider_url.clone());
        for account in &accounts {
            account.open(&simulator).await;
        }
        let base_url = match life {
            Some(life) => short_life::start(http, provider_url.clone(), life).await,
            None => provider_url.clone(),
        };

        let api_key = run(
            pairlink(&folder, &["api-key", "create", "--all-tenants"]),
            "",
        )
        .await;
        let channels = connect(&folder, &accounts, &base_url).await;
        let proxy = start_proxy(&folder, "127.0.0.1:0").await;
        let demo = Process::serve("demo", {
            let mut command = program("pairlink-demo");
            command
                .args(["--listen", "127.0.0.1:0"])
                .args(["--pairlink-url", proxy.address()])
                .args(["--simulator-url", &provider_url])
                .arg("--channels")
                .arg(channels)
                .args(["--invitation", "counter"])
                .arg("--pages")
                .arg(workspace().join("www/demo"))
                .env("PAIRLINK_API_KEY", &api_key);
            if let Some(origin) = other_origin {
                command.args(["--extra-origin", origin]);
            }
            command
        })
        .await;
        Self {
            demo,
            proxy,
            simulator_process,
            simulator,
            api_key,
            accounts,
            earlier_logs: Vec::new(),
            folder,
        }
    }

    /// The address of the console.
    pub fn dashboard(&self) -> String {
        format!("{}/", self.demo.address())
    }

    /// The address of the customer's page.
    pub fn onboarding(&self) -> String {
        format!("{}/onboarding", self.demo.address())
    }

    /// The origin of both pages.
    pub fn origin(&self) -> &str {
        self.demo.address()
    }

    /// The origin of the proxy.
    pub fn proxy(&self) -> &str {
        self.proxy.address()
    }

    /// The address of the page that has the widget in a frame.
    pub fn framed(&self) -> String {
        format!("{}/frame", self.demo.address())
    }

    /// The address of the page with every attribute, method and event.
    pub fn reference(&self) -> String {
        format!("{}/reference", self.demo.address())
    }

    /// An embed token of the counter's connection for pages of this origin.
    pub async fn embed_token(&self, origin: &str) -> String {
        let asked = json!({"actions": ["read", "issue", "revoke"], "origins": [origin]});
        let given = self.ask(Method::POST, "counter", "/embed-tokens", &asked);
        let given = given.await;
        given
            .get("token")
            .and_then(serde_json::Value::as_str)
            .unwrap()
            .to_owned()
    }

    /// Makes a share link of the channel's connection, and returns it.
    pub async fn share_link(&self, channel: &str) -> String {
        let made = self
            .ask(Method::POST, channel, "/share-link", &json!({}))
            .await;
        let link = made.get("link").and_then(serde_json::Value::as_str);
        link.unwrap().to_owned()
    }

    /// From now on only this phone may be linked to the channel's connection.
    pub async fn expect_phone(&self, channel: &str, phone: &str) {
        let asked = json!({"expected_phone": phone});
        self.ask(Method::PATCH, channel, "", &asked).await;
    }

    /// What the host's backend asks of the connection behind a channel.
    async fn ask(
        &self,
        method: Method,
        channel: &str,
        path: &str,
        asked: &serde_json::Value,
    ) -> serde_json::Value {
        let text = std::fs::read_to_string(self.folder.path().join("channels.json")).unwrap();
        let channels: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let connection = channels
            .iter()
            .find(|known| known.get("name").is_some_and(|name| name == channel))
            .and_then(|known| known.get("connection")?.as_str())
            .unwrap();
        let address = format!("{}/v1/connections/{connection}{path}", self.proxy.address());
        let client = Client::builder().no_proxy().build().unwrap();
        let request = client.request(method, address);
        let request = request.bearer_auth(&self.api_key).json(asked);
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        answer.json().await.unwrap()
    }

    /// The provider, as the test steers it.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// What must not be found anywhere: what the proxy was given, and what providers have given it to keep since.
    pub async fn canaries(&self) -> Canaries {
        let secrets = self.accounts.iter().map(|account| account.secret.clone());
        let secrets = secrets.chain([("the API key", self.api_key.clone())]);
        Canaries::new(secrets.chain(self.simulator.inner_tokens().await))
    }

    /// The address of the console when it shows this channel.
    pub fn channel(&self, name: &str) -> String {
        format!("{}/#{name}", self.demo.address())
    }

    /// The page of the phone or the account behind this channel, in its owner's hands.
    pub fn handset(&self, channel: &str) -> String {
        let mut accounts = self.accounts.iter();
        let account = accounts.find(|account| account.channel == channel);
        let path = account.expect("a channel of this system").handset;
        format!("{}{path}", self.simulator_process.address())
    }

    /// Ends the proxy as the power going out would, and starts it again in the same place.
    pub async fn crash_proxy(&mut self) {
        let address = self
            .proxy
            .address()
            .trim_start_matches("http://")
            .to_owned();
        self.proxy.kill().await;
        let crashed = (self.proxy.name(), self.proxy.log().clone());
        self.earlier_logs.push(crashed);
        self.proxy = start_proxy(&self.folder, &address).await;
    }

    /// Ends the proxy, and leaves it so.
    pub async fn stop_proxy(&mut self) {
        self.proxy.kill().await;
    }

    /// Asks every part to end, and returns how each did.
    pub async fn terminate(&mut self) -> Vec<(&'static str, ExitStatus)> {
        let mut ends = Vec::new();
        for part in [&mut self.demo, &mut self.proxy, &mut self.simulator_process] {
            ends.push((part.name(), part.terminate().await));
        }
        ends
    }

    /// Ends every part and looks for secrets in all that was ever written.
    pub async fn leaks_in_logs(mut self) -> Vec<Leak> {
        // While the provider can be asked.
        let canaries = self.canaries().await;
        let mut logs = mem::take(&mut self.earlier_logs);
        for part in [&mut self.demo, &mut self.proxy, &mut self.simulator_process] {
            part.kill().await;
            logs.push((part.name(), part.log().clone()));
        }
        let leaks = logs.into_iter().flat_map(|(name, log)| {
            let text = log.text();
            assert!(!text.is_empty(), "the log of {name} is being read");
            canaries.find_in_log(&format!("the log of {name}"), &text)
        });
        leaks.collect()
    }
}

async fn start_proxy(folder: &TempDir, listen: &str) -> Process {
    Process::serve("proxy", pairlink(folder, &["serve", "--listen", listen])).await
}

/// Adds a connection for each account, and returns the file that tells the demo host whose they are.
async fn connect(folder: &TempDir, accounts: &[Account], base_url: &str) -> PathBuf {
    let mut channels = Vec::new();
    for account in accounts {
        let connection = run(
            pairlink(
                folder,
                &[
                    "connection",
                    "add",
                    "--provider",
                    account.provider,
                    "--label",
                    account.label,
                    "--base-url",
                    base_url,
                    "--credentials-file",
                    "-",
                ],
            ),
            &account.credentials.to_string(),
        )
        .await;
        channels.push(json!({
            "workspace": "juniper-bakery",
            "name": account.channel,
            "connection": connection,
            "actions": account.actions,
        }));
    }
    let file = folder.path().join("channels.json");
    std::fs::write(&file, json!(channels).to_string()).unwrap();
    file
}

/// The proxy's binary with the test's store and key.
fn pairlink(folder: &TempDir, arguments: &[&str]) -> Command {
    let store = folder.path().join("pairlink.db");
    let mut command = program("pairlink");
    command
        .args(arguments)
        .env(
            "PAIRLINK_DATABASE_URL",
            format!("sqlite://{}", store.display()),
        )
        .env("PAIRLINK_MASTER_KEY_FILE", folder.path().join("master.key"))
        .env("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true")
        .env("PAIRLINK_WIDGET_DIR", widget_folder())
        .env("PAIRLINK_LOG", "trace");
    command
}
