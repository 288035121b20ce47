//! The control plane: what tests in other processes ask and tell. It mirrors the library's handle.
//!
//! Unknown keys are refused by name, so that a misspelt fault is a failure and not a test that tests nothing.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;
use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::iso_8601;
use crate::dialect::{Dialects, LedgerPage};
use crate::fault::{Fault, FaultKind, Times, When};
use crate::ledger::Alive;
use crate::stage::{InjectError, Stage, UnknownCall};

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

impl From<InjectError> for Refusal {
    fn from(error: InjectError) -> Self {
        Self::bad_request(error.to_string())
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

/// A fault to plan. Keys that are not here must belong to the kind, which refuses what it does not know.
#[derive(Deserialize)]
struct FaultRequest {
    call: String,
    when: When,
    /// 0 is: until cleared.
    times: Option<u32>,
    #[serde(flatten)]
    kind: KindRequest,
}

/// Kinds without keys of their own have braces all the same: serde lets a unit variant take any key.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum KindRequest {
    Status {
        status: u16,
        retry_after: Option<u64>,
    },
    Refusal {
        name: String,
    },
    Delay {
        delay_ms: u64,
    },
    Hang {},
    Hold {},
    Redirect {
        status: u16,
        location: String,
    },
    Json {
        body: Value,
    },
    Malformed {},
    Huge {},
    Html {},
    Empty {},
    Disconnect {},
    Truncate {},
}

impl KindRequest {
    fn checked(self) -> Result<FaultKind, Refusal> {
        Ok(match self {
            Self::Status {
                status,
                retry_after,
            } => FaultKind::Status {
                status: status_within(200..600, status, "status")?,
                retry_after: retry_after.map(Duration::from_secs),
            },
            Self::Refusal { name } => FaultKind::Refusal(name),
            Self::Delay { delay_ms } => FaultKind::Delay(Duration::from_millis(delay_ms)),
            Self::Hang {} => FaultKind::Hang,
            Self::Hold {} => FaultKind::Hold,
            Self::Redirect { status, location } => FaultKind::Redirect {
                status: status_within(300..400, status, "status")?,
                location: HeaderValue::try_from(location)
                    .map_err(|_invalid| Refusal::bad_request("`location` is not a header value"))?,
            },
            Self::Json { body } => FaultKind::Json(body),
            Self::Malformed {} => FaultKind::Malformed,
            Self::Huge {} => FaultKind::Huge,
            Self::Html {} => FaultKind::Html,
            Self::Empty {} => FaultKind::Empty,
            Self::Disconnect {} => FaultKind::Disconnect,
            Self::Truncate {} => FaultKind::Truncate,
        })
    }
}

/// A status that can stand at the head of such an answer; `key` is where it was given.
pub(crate) fn status_within(
    range: Range<u16>,
    status: u16,
    key: &str,
) -> Result<StatusCode, Refusal> {
    let within = range.contains(&status).then_some(status);
    within
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or_else(|| {
            Refusal::bad_request(format!(
                "`{key}` is not {} to {}",
                range.start,
                range.end - 1
            ))
        })
}

async fn inject(
    State(stage): State<Stage>,
    Told(request): Told<FaultRequest>,
) -> Result<StatusCode, Refusal> {
    let times = NonZeroU32::new(request.times.unwrap_or(1));
    let fault = Fault {
        when: request.when,
        kind: request.kind.checked()?,
        times: times.map_or(Times::UntilCleared, |count| Times::Count(count.get())),
    };
    stage.inject(&request.call, fault)?;
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

/// Every page of the ledger, also where nothing stands on it.
fn ledger(dialects: &Dialects) -> BTreeMap<&'static str, Vec<Value>> {
    let mut pages = BTreeMap::<_, Vec<_>>::new();
    for dialect in dialects.all() {
        let alive = dialect.alive();
        for page in dialect.pages() {
            let listed = alive
                .iter()
                .filter(|alive| page.kinds.contains(&alive.kind));
            let entries = listed.map(|alive| entry(page, alive));
            pages.entry(page.name).or_default().extend(entries);
        }
    }
    pages
}

fn entry(page: &LedgerPage, alive: &Alive) -> Value {
    json!({
        page.account_field: alive.account,
        alive.kind: alive.secret,
        "issued_at": iso_8601(alive.issued_at),
        "expires_at": iso_8601(alive.expires_at),
    })
}
