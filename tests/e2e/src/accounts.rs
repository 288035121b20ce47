//! The accounts of one system: one at each provider, with credentials that exist in this run only.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use serde_json::{Value, json};

use crate::Simulator;

/// An account at a provider, and what the console makes of it.
pub(crate) struct Account {
    pub(crate) provider: &'static str,
    /// What pages call the connection.
    pub(crate) label: &'static str,
    /// What the console's addresses call it.
    pub(crate) channel: &'static str,
    /// What Pairlink is given.
    pub(crate) credentials: Value,
    /// What nobody may find anywhere: its name, and itself.
    pub(crate) secret: (&'static str, String),
    /// What the console's pages may do.
    pub(crate) actions: &'static [&'static str],
    /// Where the simulator has the phone or the account in its owner's hands.
    pub(crate) handset: &'static str,
    /// What the simulator is told, and where, before anything works.
    openings: Vec<(&'static str, Value)>,
}

const PHONE: &[&str] = &["read", "issue", "revoke", "logout"];
const TOKENS: &[&str] = &["read", "issue", "revoke", "token"];

/// The instance that the tests of links steer.
pub(crate) const WAWP_INSTANCE: &str = "E2E000000001";

impl Account {
    /// One at each provider.
    pub(crate) fn all() -> [Self; 4] {
        [wawp(), green_api(), enablex(), wazzup()]
    }

    /// The simulator knows it from now on.
    pub(crate) async fn open(&self, simulator: &Simulator) {
        for (path, body) in &self.openings {
            simulator.steer(path, body).await;
        }
    }
}

fn wawp() -> Account {
    let token = unique("canary-access-token");
    let credentials = json!({"instance_id": WAWP_INSTANCE, "access_token": token});
    Account {
        provider: "wawp",
        label: "Bakery counter",
        channel: "counter",
        openings: vec![("wawp/instances", credentials.clone())],
        credentials,
        secret: ("Wawp's access token", token),
        actions: PHONE,
        handset: "/wawp/phone/E2E000000001",
    }
}

fn green_api() -> Account {
    let token = unique("canary-api-token-instance");
    let credentials = json!({"id_instance": "7103000001", "api_token_instance": token});
    Account {
        provider: "green-api",
        label: "Deliveries",
        channel: "deliveries",
        openings: vec![("green_api/instances", credentials.clone())],
        credentials,
        secret: ("Green-API's token", token),
        actions: PHONE,
        handset: "/green-api/phone/7103000001",
    }
}

fn enablex() -> Account {
    let key = unique("canary-app-key");
    let credentials = json!({"app_id": "e2e-app", "app_key": key});
    Account {
        provider: "enablex",
        label: "Order updates",
        channel: "orders",
        openings: vec![("enablex/apps", credentials.clone())],
        credentials,
        secret: ("EnableX's app key", key),
        actions: TOKENS,
        handset: "/enablex/account/e2e-app",
    }
}

fn wazzup() -> Account {
    let password = unique("canary-password");
    let (email, account_id) = ("e2e@partner.example", "71030001");
    Account {
        provider: "wazzup",
        label: "Wholesale desk",
        channel: "wholesale",
        credentials: json!({
            "email": email, "password": password, "account_id": account_id, "scope": "transport,crm",
        }),
        openings: vec![
            (
                "wazzup/partners",
                json!({"email": email, "password": password}),
            ),
            (
                "wazzup/accounts",
                json!({"email": email, "account_id": account_id}),
            ),
        ],
        secret: ("Wazzup's password", password),
        actions: TOKENS,
        handset: "/wazzup/account/71030001",
    }
}

/// A text that nothing else contains.
fn unique(prefix: &str) -> String {
    format!(
        "{prefix}-{:016x}",
        RandomState::new().build_hasher().finish()
    )
}
