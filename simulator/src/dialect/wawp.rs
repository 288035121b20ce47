//! Wawp: temporary access links and the state of a session, as documented.
//!
//! The bodies of errors and of DELETE are undocumented; what stands here is a guess that no client may lean on. Like
//! the provider, this never mints on GET, and keeps a link alive after a successful scan until somebody deletes it.

mod instances;
mod phone;

use std::sync::{Arc, Mutex};

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::{Clock, iso_8601};
use crate::control::{Refusal, Told};
use crate::dialect::Dialect;
use crate::ledger::Alive;
use crate::lock::lock;
use crate::stage::Stage;

use instances::{Instance, Instances, Link};
pub use instances::{Refused, SessionState};

/// GET of the temporary link.
pub const READ: &str = "wawp.temp_link.read";
/// POST of the temporary link.
pub const MINT: &str = "wawp.temp_link.mint";
/// DELETE of the temporary link.
pub const REVOKE: &str = "wawp.temp_link.revoke";
/// GET of the session's state.
pub const INFO: &str = "wawp.session.info";

/// The instance that exists from the start.
pub const DEMO_INSTANCE_ID: &str = "DEMO00000001";
/// Its access token.
pub const DEMO_ACCESS_TOKEN: &str = "demo-access-token-not-a-secret";

/// The simulated Wawp, and the phones in its customers' hands. Clones are the same Wawp.
#[derive(Clone, Debug)]
pub struct Wawp(Arc<Played>);

#[derive(Debug)]
struct Played {
    clock: Clock,
    public_url: String,
    instances: Mutex<Instances>,
}

impl Wawp {
    pub(crate) fn new(clock: Clock, public_url: String) -> Self {
        let mut instances = Instances::default();
        instances.start_afresh(DEMO_INSTANCE_ID, DEMO_ACCESS_TOKEN);
        Self(Arc::new(Played {
            clock,
            public_url,
            instances: Mutex::new(instances),
        }))
    }

    /// Adds an instance that waits for a scan. One that exists starts afresh, without a link.
    pub fn add_instance(&self, instance_id: &str, access_token: &str) -> Result<(), Refused> {
        lock(&self.0.instances).add(instance_id, access_token)
    }

    /// The state of an instance's session.
    pub fn session_state(&self, instance_id: &str) -> Result<SessionState, Refused> {
        Ok(lock(&self.0.instances).get(instance_id)?.session)
    }

    /// Puts an instance's session into a state.
    pub fn set_session_state(&self, instance_id: &str, state: SessionState) -> Result<(), Refused> {
        lock(&self.0.instances).get(instance_id)?.session = state;
        Ok(())
    }

    /// What the customer does: the phone scans the code, and the session works. It needs no link.
    pub fn scan(&self, instance_id: &str) -> Result<(), Refused> {
        lock(&self.0.instances).get(instance_id)?.scan()
    }

    /// The customer removes the linked device on the phone; the session waits for a scan again.
    pub fn log_out(&self, instance_id: &str) -> Result<(), Refused> {
        self.set_session_state(instance_id, SessionState::ScanQrCode)
    }

    fn url_of(&self, link: &Link) -> String {
        format!("{}/temp-qr/{}", self.0.public_url, link.token)
    }

    /// Answers on behalf of the instance that the credentials open.
    fn authorized(
        &self,
        credentials: Result<Query<Credentials>, QueryRejection>,
        answer: impl FnOnce(&mut Instance) -> Response,
    ) -> Response {
        let credentials = credentials.ok().and_then(|Query(given)| given.whole());
        let Some((instance_id, access_token)) = credentials else {
            return error(
                StatusCode::BAD_REQUEST,
                "missing_parameter",
                "Missing access_token or instance_id",
            );
        };
        let mut instances = lock(&self.0.instances);
        match instances.get(&instance_id) {
            Ok(instance) if instance.opens_with(&access_token) => answer(instance),
            Ok(_) | Err(_) => error(
                StatusCode::UNAUTHORIZED,
                "invalid_access_token",
                "Invalid access token or instance ID",
            ),
        }
    }

    fn found(&self, link: &Link, message: &str) -> Response {
        Json(LinkFound {
            status: "success",
            link: self.url_of(link),
            expires_at: iso_8601(link.expires_at),
            message,
        })
        .into_response()
    }

    fn read(&self, credentials: Result<Query<Credentials>, QueryRejection>) -> Response {
        self.authorized(credentials, |instance| {
            match instance.live_link(self.0.clock.now()) {
                Some(link) => self.found(link, "Temporary access link retrieved successfully"),
                None => Json(json!({ "link": null })).into_response(),
            }
        })
    }

    fn mint(&self, credentials: Result<Query<Credentials>, QueryRejection>) -> Response {
        self.authorized(credentials, |instance| {
            let link = instance.mint(self.0.clock.now());
            self.found(link, "Temporary access link generated successfully")
        })
    }

    fn revoke(&self, credentials: Result<Query<Credentials>, QueryRejection>) -> Response {
        self.authorized(credentials, |instance| {
            instance.revoke(self.0.clock.now());
            Json(json!({
                "status": "success",
                "message": "Temporary access links revoked successfully",
            }))
            .into_response()
        })
    }

    fn info(&self, credentials: Result<Query<Credentials>, QueryRejection>) -> Response {
        self.authorized(credentials, |instance| {
            Json(json!({ "instance_id": instance.id, "status": instance.session })).into_response()
        })
    }
}

/// The query's credentials. Other parameters are ignored, as by the provider.
#[derive(Deserialize)]
struct Credentials {
    instance_id: Option<String>,
    access_token: Option<String>,
}

impl Credentials {
    fn whole(self) -> Option<(String, String)> {
        let present = |text: &String| !text.is_empty();
        let instance_id = self.instance_id.filter(present)?;
        Some((instance_id, self.access_token.filter(present)?))
    }
}

/// The one documented body: four strings.
#[derive(Serialize)]
struct LinkFound<'a> {
    status: &'a str,
    link: String,
    expires_at: String,
    message: &'a str,
}

fn error(status: StatusCode, id: &str, message: &str) -> Response {
    let body = json!({ "status": "error", "error": id, "message": message });
    (status, Json(body)).into_response()
}

impl Dialect for Wawp {
    fn provider(&self) -> &'static str {
        "wawp"
    }

    fn account_field(&self) -> &'static str {
        "instance_id"
    }

    fn calls(&self) -> &'static [&'static str] {
        &[READ, MINT, REVOKE, INFO]
    }

    fn alive(&self) -> Vec<Alive> {
        let now = self.0.clock.now();
        lock(&self.0.instances)
            .live_links(now)
            .map(|(instance_id, link)| Alive {
                provider: self.provider(),
                account: instance_id.to_owned(),
                kind: "link",
                secret: self.url_of(link),
                issued_at: link.issued_at,
                expires_at: link.expires_at,
            })
            .collect()
    }

    fn router(&self, stage: &Stage) -> Router {
        let call = |name, answer: fn(&Self, Result<Query<Credentials>, QueryRejection>) -> _| {
            let (wawp, stage) = (self.clone(), stage.clone());
            move |credentials| async move {
                stage
                    .perform(name, move || answer(&wawp, credentials))
                    .await
            }
        };
        Router::new()
            .route(
                "/v2/session/temp-link",
                get(call(READ, Self::read))
                    .post(call(MINT, Self::mint))
                    .delete(call(REVOKE, Self::revoke)),
            )
            .route("/v2/session/info", get(call(INFO, Self::info)))
            .merge(phone::router(self.clone()))
    }

    fn control(&self) -> Router {
        let (adding, setting, scanning, logging_out) =
            (self.clone(), self.clone(), self.clone(), self.clone());
        let add = async move |Told(new): Told<NewInstance>| {
            adding.add_instance(&new.instance_id, &new.access_token)?;
            Ok::<_, Refusal>(StatusCode::CREATED)
        };
        let set = async move |Told(new): Told<NewState>| {
            setting.set_session_state(&new.instance_id, new.status)?;
            Ok::<_, Refusal>(StatusCode::NO_CONTENT)
        };
        let scan = async move |Told(whose): Told<Whose>| {
            scanning.scan(&whose.instance_id)?;
            Ok::<_, Refusal>(StatusCode::NO_CONTENT)
        };
        let log_out = async move |Told(whose): Told<Whose>| {
            logging_out.log_out(&whose.instance_id)?;
            Ok::<_, Refusal>(StatusCode::NO_CONTENT)
        };
        Router::new()
            .route("/instances", post(add))
            .route("/session", post(set))
            .route("/scan", post(scan))
            .route("/log-out", post(log_out))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewInstance {
    instance_id: String,
    access_token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewState {
    instance_id: String,
    status: SessionState,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    instance_id: String,
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::UnknownInstance => StatusCode::NOT_FOUND,
            Refused::NotInstanceId | Refused::EmptyAccessToken => StatusCode::BAD_REQUEST,
            Refused::NoCodeToScan(_) => StatusCode::CONFLICT,
        };
        Self::new(status, refused.to_string())
    }
}
