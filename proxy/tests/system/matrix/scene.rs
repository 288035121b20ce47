//! Two tenants, what each has, and everybody who could ask about it.

use std::collections::BTreeMap;
use std::time::Duration;

use pairlink_proxy::domain::{Actor, ApiKeyId};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::table::Row;
use crate::harness::books::Books;
use crate::harness::in_time;
use crate::harness::world::{ORIGIN, random};
use crate::harness::{Setup, World};
use crate::hosted::opened;

const TENANT: &str = "acme";
const OTHER_TENANT: &str = "bolt";
const EVERY: [&str; 5] = ["read", "issue", "revoke", "token", "logout"];

/// Who asks. The connection in question is of one tenant; "other" is of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Principal {
    Nobody,
    Garbage,
    /// The right shape, but nobody's.
    Guessed,
    RevokedKey,
    OtherKey,
    /// An embed token that has ended.
    Ended,
    /// An embed token of a connection of the other tenant, with every action.
    OtherPage,
    Reads,
    Issues,
    Revokes,
    LogsOut,
    EveryAction,
    /// A browser that opened the connection's share link.
    Viewer,
    OwnKey,
    AllKey,
}

impl Principal {
    pub(super) const ALL: [Self; 15] = [
        Self::Nobody,
        Self::Garbage,
        Self::Guessed,
        Self::RevokedKey,
        Self::OtherKey,
        Self::Ended,
        Self::OtherPage,
        Self::Reads,
        Self::Issues,
        Self::Revokes,
        Self::LogsOut,
        Self::EveryAction,
        Self::Viewer,
        Self::OwnKey,
        Self::AllKey,
    ];

    /// What his embed token allows; none if he has none that is alive.
    pub(super) fn actions(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Reads => Some(&["read"]),
            Self::Issues => Some(&["issue"]),
            Self::Revokes => Some(&["revoke"]),
            Self::LogsOut => Some(&["logout"]),
            Self::EveryAction | Self::OtherPage => Some(&EVERY),
            Self::Nobody
            | Self::Garbage
            | Self::Guessed
            | Self::RevokedKey
            | Self::OtherKey
            | Self::Ended
            | Self::Viewer
            | Self::OwnKey
            | Self::AllKey => None,
        }
    }

    /// Whether the tenant is none of his business.
    pub(super) fn is_foreign(self) -> bool {
        match self {
            Self::Nobody
            | Self::Garbage
            | Self::Guessed
            | Self::RevokedKey
            | Self::OtherKey
            | Self::Ended
            | Self::OtherPage => true,
            Self::Reads
            | Self::Issues
            | Self::Revokes
            | Self::LogsOut
            | Self::EveryAction
            | Self::Viewer
            | Self::OwnKey
            | Self::AllKey => false,
        }
    }
}

pub(super) struct Scene {
    world: World,
    books: Books,
    tokens: BTreeMap<Principal, String>,
    cookie: String,
    webhook: String,
    /// What is the tenant's alone, by name.
    secrets: BTreeMap<&'static str, String>,
    /// The first is taken for the second.
    pub(super) hole: Option<(Principal, Principal)>,
}

impl Scene {
    pub(super) async fn set() -> Self {
        let setup = Setup {
            callers: |limits| limits.streams_of_embed_token = super::super::doors::some(100),
            ..Setup::default()
        };
        let mut world = World::start_bare(setup).await;
        let mut tokens = BTreeMap::new();
        let key = async |tenant: &str| {
            let made = world.key_of(tenant).await;
            (made.key.id, made.token.expose().to_owned())
        };
        let (_, own) = key(TENANT).await;
        let (_, other) = key(OTHER_TENANT).await;
        let (id, revoked) = key(TENANT).await;
        let id = ApiKeyId::from_text(id.as_str());
        let operator = Actor::operator();
        let revoking = world.service.revoke_api_key(&id, &operator).await;
        revoking.unwrap();
        tokens.insert(Principal::OwnKey, own);
        tokens.insert(Principal::OtherKey, other);
        tokens.insert(Principal::RevokedKey, revoked);
        tokens.insert(Principal::AllKey, world.key.clone());
        tokens.insert(Principal::Garbage, random(40));
        tokens.insert(Principal::Guessed, "0a".repeat(32));
        world.connection = world.connect(OTHER_TENANT).await;
        tokens.insert(Principal::OtherPage, world.embed_token(&EVERY).await);
        let mut scene = Self {
            books: world.books().await,
            world,
            tokens,
            cookie: String::new(),
            webhook: String::new(),
            secrets: BTreeMap::new(),
            hole: None,
        };
        scene.furnish_anew().await;
        scene
    }

    /// A connection and a webhook of the tenant, and tokens for the connection.
    pub(super) async fn furnish_anew(&mut self) {
        let world = &mut self.world;
        world.connection = world.connect(TENANT).await;
        let label = format!("Label {}", random(20));
        let request = world.of_connection(Method::PATCH, "");
        let labelled = world.send(request.json(&json!({ "label": label }))).await;
        labelled.json(200);
        let url = format!("https://backend.example/{}", random(20));
        let request = world.backend(Method::POST, "/v1/webhooks");
        // Nothing of the kind happens here, so that nothing is posted meanwhile.
        let events = ["credential.rotation_due"];
        let asked = json!({ "url": url, "tenant": TENANT, "events": events });
        let made = world.send(request.json(&asked)).await.json(201);
        made["id"].as_str().unwrap().clone_into(&mut self.webhook);
        self.secrets = BTreeMap::from([
            ("the label", label),
            ("the address of a webhook", url),
            ("the name of a connection", world.connection.clone()),
            ("the name of a webhook", self.webhook.clone()),
        ]);
        let ended = world.embed_token_for(&EVERY, 60).await;
        world.simulator.advance(Duration::from_secs(61));
        self.tokens.insert(Principal::Ended, ended);
        for principal in Principal::ALL {
            if principal != Principal::OtherPage
                && let Some(actions) = principal.actions()
            {
                let token = world.embed_token(actions).await;
                self.tokens.insert(principal, token);
            }
        }
        self.furnish().await;
    }

    /// A live pass of the connection, and a browser that opened its share link.
    pub(super) async fn furnish(&mut self) {
        let world = &self.world;
        let link = world.issued().await;
        let request = world.of_connection(Method::POST, "/share-link");
        let made = world.send(request).await.json(201);
        let address = made["link"].as_str().unwrap();
        let path = address.strip_prefix(&world.url).unwrap();
        self.cookie = opened(world, path).await;
        self.secrets.insert("a link", link);
        let token = path.strip_prefix("/l/").unwrap().to_owned();
        self.secrets.insert("a share link", token);
    }

    /// Everything that the store holds of the tenant.
    pub(super) async fn rows_of_the_tenant(&mut self) -> Vec<String> {
        let mut rows = self.books.everything().await;
        let connection = &self.world.connection;
        rows.retain(|row| row.contains(TENANT) || row.contains(connection.as_str()));
        rows
    }

    /// The names of what is the tenant's alone and stands in an answer.
    pub(super) fn secrets_in(&self, text: &str) -> Vec<&'static str> {
        let secrets = self.secrets.iter();
        secrets
            .filter(|(_name, secret)| text.contains(secret.as_str()))
            .map(|(name, _secret)| *name)
            .collect()
    }

    /// Calls a route about the tenant's connection, and returns status and body.
    pub(super) async fn call(&self, row: &Row, principal: Principal) -> (u16, String) {
        let principal = match self.hole {
            Some((taken, as_if)) if taken == principal => as_if,
            Some(_) | None => principal,
        };
        let method: Method = row.method.parse().unwrap();
        // What suspends is about a tenant that nothing else here is about.
        let tenant = if method == Method::GET {
            TENANT
        } else {
            "spare"
        };
        let path = self.path(&row.path.replace("{tenant}", tenant));
        let mut request = self.world.at(method, &path);
        let is_own_page = ["/connect", "/l/"]
            .iter()
            .any(|start| row.path.starts_with(start));
        request = self.introduced(request, principal, is_own_page);
        if row.body.starts_with('{') {
            let body: Value = serde_json::from_str(
                &row.body
                    .replace("{provider}", self.world.simulator.base_url()),
            )
            .unwrap();
            request = request.json(&body);
        } else if !row.body.is_empty() {
            let form = "application/x-www-form-urlencoded";
            request = request.header("content-type", form).body(row.body);
        }
        let mut response = in_time("an answer", request.send()).await.unwrap();
        let status = response.status().as_u16();
        let is_endless = response
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream");
        let text = if is_endless {
            // The first event is the whole view.
            let first = in_time("an event", response.chunk()).await.unwrap();
            String::from_utf8(first.unwrap().to_vec()).unwrap()
        } else {
            in_time("a body", response.text()).await.unwrap()
        };
        (status, text)
    }

    /// Calls a route without anything, and returns the status.
    pub(super) async fn bare(&self, method: Method, path: &str) -> u16 {
        let request = self.world.at(method, &self.path(path));
        self.world.send(request).await.status.as_u16()
    }

    fn path(&self, path: &str) -> String {
        let id = if path.starts_with("/v1/webhooks") {
            &self.webhook
        } else {
            &self.world.connection
        };
        path.replace("{id}", id)
            .replace("{tenant}", TENANT)
            .replace("{secret}", &"0a".repeat(32))
            .replace("{delivery}", "del_none")
            .replace("{path}", "v2/session/info")
    }

    fn introduced(
        &self,
        request: RequestBuilder,
        principal: Principal,
        is_own_page: bool,
    ) -> RequestBuilder {
        let request = if is_own_page {
            request.header("sec-fetch-site", "same-origin")
        } else {
            request.header("origin", ORIGIN)
        };
        match self.tokens.get(&principal) {
            Some(token) => request.bearer_auth(token),
            None if principal == Principal::Viewer => request.header("cookie", &self.cookie),
            None => request,
        }
    }
}
