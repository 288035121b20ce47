//! What the demo connects: at each provider, the account that the simulator knows from its start.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::stage::Stage;
use crate::process;

/// The channel that the customer's page is for.
pub(super) const INVITATION: &str = "counter";

/// An account, and what the demo's console makes of it.
struct Account {
    provider: &'static str,
    credentials: &'static str,
    /// What pages call the connection.
    label: &'static str,
    /// What the console's addresses call it.
    channel: &'static str,
    /// What the team may do in a page.
    actions: &'static [&'static str],
}

/// A phone is linked to these, which the team may log out.
const PHONE: &[&str] = &["read", "issue", "revoke", "logout"];
/// Programs use these with tokens, which the team may see.
const TOKENS: &[&str] = &["read", "issue", "revoke", "token"];

const ACCOUNTS: [Account; 4] = [
    Account {
        provider: "wawp",
        credentials: r#"{"instance_id": "DEMO00000001", "access_token": "demo-access-token-not-a-secret"}"#,
        label: "Bakery counter",
        channel: INVITATION,
        actions: PHONE,
    },
    Account {
        provider: "green-api",
        credentials: r#"{"id_instance": "1101000001", "api_token_instance": "demo-api-token-instance-not-a-secret"}"#,
        label: "Deliveries",
        channel: "deliveries",
        actions: PHONE,
    },
    Account {
        provider: "enablex",
        credentials: r#"{"app_id": "demo-app-id", "app_key": "demo-app-key-not-a-secret"}"#,
        label: "Order updates",
        channel: "orders",
        actions: TOKENS,
    },
    Account {
        provider: "wazzup",
        credentials: r#"{"email": "partner@wazzup.example", "password": "demo-password-not-a-secret",
            "account_id": "12345678", "scope": "transport,crm", "client_id": "demo-partner"}"#,
        label: "Wholesale desk",
        channel: "wholesale",
        actions: TOKENS,
    },
];

/// Connects all of them, and returns the file that tells the demo host whose they are.
pub(super) fn connect(stage: &Stage) -> Result<PathBuf> {
    let mut channels = Vec::new();
    for account in ACCOUNTS {
        let connection = account.connect(stage)?;
        channels.push(account.channel(connection.trim()));
    }
    let file = stage.state.join("channels.json");
    let text = serde_json::to_string_pretty(&channels)?;
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

impl Account {
    /// Returns the connection's name.
    fn connect(&self, stage: &Stage) -> Result<String> {
        let mut command = stage.pairlink();
        command
            .args(["connection", "add"])
            .args(["--provider", self.provider])
            .args(["--label", self.label])
            .arg("--base-url")
            .arg(stage.ports.simulator.url())
            .args(["--credentials-file", "-"]);
        process::output_with_input(&mut command, self.credentials.as_bytes())
    }

    fn channel(&self, connection: &str) -> Value {
        json!({
            "workspace": "juniper-bakery",
            "name": self.channel,
            "connection": connection,
            "actions": self.actions,
        })
    }
}
