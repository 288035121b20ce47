//! The control plane: what tests in other processes ask and tell. It mirrors the library's handle.
//!
//! Unknown keys are refused by name, so that a misspelt fault is a failure and not a test that tests nothing.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::clock::iso_8601;
use crate::dialect::{Dialect, Dialects};
use crate::fault::{Fault, FaultKind, Times, When};
use crate::stage::{Stage, UnknownCall};

/// Everything under `/__control`.
pub(crate) fn router(stage: &Stage, dialects: &Dialects) -> Router {
    let ledger = get({
        let dialects = dialects.clone();
        async move || Json(ledger(&dialects))
    });
    let common = Router::new()
        .route("/clock", get(read_clock).post(advance_clock))
        .route("/faults", post(inject).delete(clear_faults))
        .route("/calls", get(count_calls))
        .route("/held", get(wait_for_held))
        .route("/release", post(release))
        .with_state(stage.clone())
        .route("/ledger", ledger);
    dialects.all().into_iter().fold(common, |router, dialect| {
        router.nest(&format!("/{}", dialect.provider()), dialect.control())
    })
}

/// A JSON body, or a refusal that says what is wrong with it.
pub(crate) struct Told<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Told<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let Json(told) = Json::from_request(request, state).await?;
        Ok(Self(told))
    }
}

/// What the control plane says when it does not do as told.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: String) -> Self {
        Self { status, message }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<UnknownCall> for Refusal {
    fn from(unknown: UnknownCall) -> Self {
        Self::bad_request(unknown.to_string())
    }
}

async fn read_clock(State(stage): State<Stage>) -> Json<Value> {
    Json(json!({ "now": iso_8601(stage.clock().now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

async fn advance_clock(
    State(stage): State<Stage>,
    Told(Advance { advance_ms }): Told<Advance>,
) -> Json<Value> {
    stage.clock().advance(Duration::from_millis(advance_ms));
    read_clock(State(stage)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    call: String,
    when: When,
    kind: KindName,
    status: Option<u16>,
    retry_after: Option<u64>,
    delay_ms: Option<u64>,
    times: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KindName {
    Status,
    Delay,
    Hang,
    Hold,
    Malformed,
    Huge,
    Html,
    Empty,
    Disconnect,
    Truncate,
}

impl FaultRequest {
    fn fault(&self) -> Result<Fault, Refusal> {
        let of_status = self.kind == KindName::Status;
        let misplaced = [
            ("status", self.status.is_some() && !of_status),
            ("retry_after", self.retry_after.is_some() && !of_status),
            (
                "delay_ms",
                self.delay_ms.is_some() && self.kind != KindName::Delay,
            ),
        ];
        if let Some((key, _)) = misplaced.into_iter().find(|(_, misplaced)| *misplaced) {
            return Err(Refusal::bad_request(format!(
                "`{key}` means nothing for this kind of fault"
            )));
        }
        let times = NonZeroU32::new(self.times.unwrap_or(1));
        Ok(Fault {
            when: self.when,
            kind: self.fault_kind()?,
            times: times.map_or(Times::UntilCleared, |count| Times::Count(count.get())),
        })
    }

    fn fault_kind(&self) -> Result<FaultKind, Refusal> {
        Ok(match self.kind {
            KindName::Status => FaultKind::Status {
                status: self.final_status()?,
                retry_after: self.retry_after.map(Duration::from_secs),
            },
            KindName::Delay => FaultKind::Delay(
                self.delay_ms
                    .map(Duration::from_millis)
                    .ok_or_else(|| Refusal::bad_request("`delay_ms` is missing"))?,
            ),
            KindName::Hang => FaultKind::Hang,
            KindName::Hold => FaultKind::Hold,
            KindName::Malformed => FaultKind::Malformed,
            KindName::Huge => FaultKind::Huge,
            KindName::Html => FaultKind::Html,
            KindName::Empty => FaultKind::Empty,
            KindName::Disconnect => FaultKind::Disconnect,
            KindName::Truncate => FaultKind::Truncate,
        })
    }

    /// A status that can stand at the head of an answer.
    fn final_status(&self) -> Result<StatusCode, Refusal> {
        self.status
            .filter(|status| (200..600).contains(status))
            .and_then(|status| StatusCode::from_u16(status).ok())
            .ok_or_else(|| Refusal::bad_request("`status` is missing or not 200 to 599"))
    }
}

async fn inject(
    State(stage): State<Stage>,
    Told(request): Told<FaultRequest>,
) -> Result<StatusCode, Refusal> {
    stage.inject(&request.call, request.fault()?)?;
    Ok(StatusCode::CREATED)
}

async fn clear_faults(State(stage): State<Stage>) -> StatusCode {
    stage.clear_faults();
    StatusCode::NO_CONTENT
}

async fn count_calls(State(stage): State<Stage>) -> Response {
    Json(stage.arrivals()).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    call: String,
}

/// Answers as soon as such a call is being held: a long poll.
async fn wait_for_held(
    State(stage): State<Stage>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    let Query(Which { call }) = which?;
    let stopping = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    stage
        .shutdown()
        .run_until_cancelled(stage.held(&call))
        .await
        .ok_or_else(stopping)??;
    Ok(StatusCode::NO_CONTENT)
}

async fn release(State(stage): State<Stage>) -> Json<Value> {
    Json(json!({ "released": stage.release() }))
}

fn ledger(dialects: &Dialects) -> Map<String, Value> {
    let page = |dialect: &dyn Dialect| {
        let entries: Vec<_> = dialect
            .alive()
            .into_iter()
            .map(|alive| {
                json!({
                    dialect.account_field(): alive.account,
                    alive.kind: alive.secret,
                    "issued_at": iso_8601(alive.issued_at),
                    "expires_at": iso_8601(alive.expires_at),
                })
            })
            .collect();
        (dialect.provider().to_owned(), Value::from(entries))
    };
    dialects.all().into_iter().map(page).collect()
}
