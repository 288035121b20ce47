//! What is counted for operators: the names, their labels, and the text that Prometheus reads.
//!
//! Labels have few values, all of them known beforehand: no id, no address, nothing that came from outside. Whoever
//! counts something new does it here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::domain::{BreakerScope, DeliveryOutcome, Method, NoticeKind, ProblemCode};
use crate::provider::ProviderError;
use crate::store::Tally;

const HTTP_REQUESTS: &str = "pairlink_http_requests_total";
const HTTP_DURATION: &str = "pairlink_http_request_duration_seconds";
const UPSTREAM_CALLS: &str = "pairlink_upstream_calls_total";
const UPSTREAM_DURATION: &str = "pairlink_upstream_call_duration_seconds";
const ISSUES: &str = "pairlink_passes_issued_total";
const ISSUE_DURATION: &str = "pairlink_pass_issue_duration_seconds";
const REVOCATION_DURATION: &str = "pairlink_revocation_duration_seconds";
const OUTBOX_LAG: &str = "pairlink_outbox_lag_seconds";
const TIME_TO_CONNECT: &str = "pairlink_time_to_connect_seconds";
const RENEWALS: &str = "pairlink_renewals_total";
const REMINDERS: &str = "pairlink_reminders_total";
const TOKENS_SERVED: &str = "pairlink_tokens_served_total";
const WEBHOOK_ATTEMPTS: &str = "pairlink_webhook_attempts_total";
const NOTICES: &str = "pairlink_notices_total";
const STREAMS: &str = "pairlink_open_streams";
const RESEALED: &str = "pairlink_resealed_total";
const REFUSED: &str = "pairlink_limited_total";
const OBSERVING: &str = "pairlink_observing";
const BREAKERS: &str = "pairlink_breaker_state";
const CLOCK_SUSPECT: &str = "pairlink_clock_suspect";

/// From an answer out of the store to the longest call to a provider.
const SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0,
];

/// What people need: from one look at a code to half an hour, the longest life of a link.
const HUMAN_SECONDS: &[f64] = &[
    5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0,
];

/// Keeps what is counted, and writes it down for whoever asks.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

/// Why nothing is counted.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be kept")]
pub struct RecorderUnavailable(#[source] BuildError);

impl Recorder {
    /// Keeps what this process counts from now on; once in a process.
    pub fn install() -> Result<Self, RecorderUnavailable> {
        let handle = PrometheusBuilder::new()
            .set_buckets(SECONDS)
            .and_then(|builder| {
                let matcher = Matcher::Full(TIME_TO_CONNECT.to_owned());
                builder.set_buckets_for_metric(matcher, HUMAN_SECONDS)
            })
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(RecorderUnavailable)?;
        describe();
        Ok(Self(handle))
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Sums up what was measured since the last time; without it memory grows while nobody asks.
    pub fn sum_up(&self) {
        self.0.run_upkeep();
    }
}

fn describe() {
    for (name, words) in [
        (HTTP_REQUESTS, "Requests answered, by route as declared"),
        (UPSTREAM_CALLS, "Calls to providers"),
        (ISSUES, "Attempts to issue a pass"),
        (
            RENEWALS,
            "Attempts to renew what connections are called with",
        ),
        (REMINDERS, "Reminders that credentials grow old"),
        (
            TOKENS_SERVED,
            "API tokens that were given out, held or just renewed",
        ),
        (WEBHOOK_ATTEMPTS, "Attempts to deliver to a webhook"),
        (
            NOTICES,
            "Notices handed out to webhooks: reminders, trouble, recovery",
        ),
        (REFUSED, "What was turned away by a limit, by which"),
        (RESEALED, "Values sealed anew by another data key"),
    ] {
        describe_counter!(name, words);
    }
    for (name, words) in [
        (HTTP_DURATION, "How long answers took"),
        (UPSTREAM_DURATION, "How long calls to providers took"),
        (
            ISSUE_DURATION,
            "How long it took until a pass was issued or given up",
        ),
        (
            REVOCATION_DURATION,
            "How long it took until the provider confirmed a revocation, or was left to be asked again",
        ),
        (
            OUTBOX_LAG,
            "How long it took from a change until this replica told its open pages",
        ),
        (
            TIME_TO_CONNECT,
            "How long people took from the first code or link until the provider said that a phone is linked",
        ),
    ] {
        describe_histogram!(name, Unit::Seconds, words);
    }
    describe_gauge!(STREAMS, "Pages that listen for events");
    describe_gauge!(
        OBSERVING,
        "1 while the store, out of a backup, only observes"
    );
    describe_gauge!(
        BREAKERS,
        "How many connections, or whole providers, are left alone by this process"
    );
    describe_gauge!(
        CLOCK_SUSPECT,
        "1 while this machine's clock is behind what the store has seen"
    );
    for (name, words) in Tally::NAMES {
        describe_gauge!(*name, *words);
    }
}

/// A request was answered. `route` is as declared, never an address.
pub(crate) fn http_answered(route: &str, method: &axum::http::Method, status: u16, took: Duration) {
    let labels = [
        ("route", route.to_owned()),
        ("method", method_name(method).to_owned()),
    ];
    let class = match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _server => "5xx",
    };
    histogram!(HTTP_DURATION, &labels).record(took);
    let [route, method] = labels;
    counter!(
        HTTP_REQUESTS,
        &[route, method, ("status", class.to_owned())]
    )
    .increment(1);
}

/// A caller may make a method up.
fn method_name(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _made_up => "other",
    }
}

/// A provider was called; what it answered, or why it did not.
pub(crate) fn upstream_called(
    provider: &'static str,
    answered: Result<u16, ProviderError>,
    took: Duration,
) {
    let outcome = match answered {
        Ok(200..=299) => "success",
        Ok(400..=499) => "refused",
        Ok(_status) => "failed",
        Err(error) => upstream_outcome(error),
    };
    counter!(UPSTREAM_CALLS, "provider" => provider, "outcome" => outcome).increment(1);
    histogram!(UPSTREAM_DURATION, "provider" => provider).record(took);
}

const fn upstream_outcome(error: ProviderError) -> &'static str {
    match error {
        ProviderError::Timeout => "timeout",
        ProviderError::Unreachable => "unreachable",
        ProviderError::Broken => "broken",
        ProviderError::Malformed => "malformed",
        ProviderError::Credentials
        | ProviderError::Token
        | ProviderError::Refused(_)
        | ProviderError::RateLimited { .. }
        | ProviderError::AlreadyConnected
        | ProviderError::NotReady { .. }
        | ProviderError::LeftAlone { .. }
        | ProviderError::NotOffered => "refused",
        ProviderError::Status(_) => "failed",
    }
}

/// An attempt to issue a pass came to its end.
pub(crate) fn pass_issued(
    provider: &'static str,
    method: Method,
    problem: Option<ProblemCode>,
    took: Duration,
) {
    let (method, outcome) = (
        method.as_str(),
        problem.map_or("issued", ProblemCode::as_str),
    );
    counter!(ISSUES, "provider" => provider, "method" => method, "outcome" => outcome).increment(1);
    histogram!(ISSUE_DURATION, "provider" => provider, "method" => method).record(took);
}

/// A revocation was confirmed by the provider, left to be asked for again, or cannot be asked for.
pub(crate) fn revoked(provider: &'static str, outcome: &'static str, took: Duration) {
    histogram!(REVOCATION_DURATION, "provider" => provider, "outcome" => outcome).record(took);
}

/// A phone was linked, that long after it was first given something to link with.
pub(crate) fn phone_linked(provider: &'static str, method: Method, took: Duration) {
    histogram!(TIME_TO_CONNECT, "provider" => provider, "method" => method.as_str()).record(took);
}

/// A change was told to the pages that are open here, so many milliseconds after it was made.
pub(crate) fn event_carried(millis: i64) {
    let took = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
    histogram!(OUTBOX_LAG).record(took);
}

/// An attempt to renew came to its end.
pub(crate) fn renewed(provider: &str, outcome: &'static str) {
    counter!(RENEWALS, "provider" => provider.to_owned(), "outcome" => outcome).increment(1);
}

/// Somebody was told that credentials grow old, or has to be.
pub(crate) fn reminded(kind: &'static str) {
    counter!(REMINDERS, "kind" => kind).increment(1);
}

/// An API token was given out, from the store or after it was renewed.
pub(crate) fn token_served(provider: &'static str, from: &'static str) {
    counter!(TOKENS_SERVED, "provider" => provider, "from" => from).increment(1);
}

/// An attempt to deliver to a webhook came to its end.
pub(crate) fn webhook_attempted(outcome: DeliveryOutcome) {
    let outcome = match outcome {
        DeliveryOutcome::Delivered => "delivered",
        DeliveryOutcome::Gone => "gone",
        DeliveryOutcome::Status(_) => "status",
        DeliveryOutcome::Unreachable => "unreachable",
        DeliveryOutcome::Broken => "broken",
        DeliveryOutcome::Timeout => "timeout",
        DeliveryOutcome::AddressNotAllowed => "address_not_allowed",
    };
    counter!(WEBHOOK_ATTEMPTS, "outcome" => outcome).increment(1);
}

/// A notice was handed out, whether a webhook wanted it or not.
pub(crate) fn notice_handed_out(kind: NoticeKind) {
    counter!(NOTICES, "kind" => kind.as_str()).increment(1);
}

/// Values were sealed anew.
pub(crate) fn resealed(values: u64) {
    counter!(RESEALED).increment(values);
}

/// Whether the store only observes.
pub(crate) fn observing(observing: bool) {
    gauge!(OBSERVING).set(if observing { 1.0 } else { 0.0 });
}

/// Whether the machine's clock is behind what the store has seen.
pub(crate) fn clock_suspect(suspect: bool) {
    gauge!(CLOCK_SUSPECT).set(if suspect { 1.0 } else { 0.0 });
}

/// How many breakers of a provider let nothing by, and how many wait for the end of one call.
pub(crate) fn breakers(provider: &'static str, scope: BreakerScope, open: usize, half_open: usize) {
    for (state, count) in [("open", open), ("half_open", half_open)] {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact up to 2^53, more than there can be"
        )]
        gauge!(BREAKERS, "provider" => provider, "scope" => scope.as_str(), "state" => state)
            .set(count as f64);
    }
}

/// What the store counts. A kind of which there is nothing any more is set to nothing.
pub(crate) fn tallied(tallies: &[Tally]) {
    static KNOWN: Mutex<BTreeSet<Kind>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let counted: BTreeMap<Kind, i64> = tallies
        .iter()
        .map(|tally| ((tally.name, tally.labels.clone()), tally.count))
        .collect();
    known.extend(counted.keys().cloned());
    for kind in known.iter() {
        let (name, labels) = kind;
        let count = counted.get(kind).copied().unwrap_or_default();
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact up to 2^53, which no store holds"
        )]
        gauge!(*name, labels).set(count as f64);
    }
}

/// A name and its labels.
type Kind = (&'static str, Vec<(&'static str, String)>);

/// By which limit something was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Connections of this process.
    Connections,
    /// Connections of one address.
    ConnectionsOfAddress,
    /// Requests of one address.
    Address,
    /// Requests of one address with what opens nothing.
    Failures,
    /// Requests with one embed token.
    EmbedToken,
    /// Requests with one API key.
    ApiKey,
    /// Requests about one tenant.
    Tenant,
    /// Streams of events, of whomever.
    Streams,
}

impl Refusal {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::ConnectionsOfAddress => "connections_of_address",
            Self::Address => "address",
            Self::Failures => "failures",
            Self::EmbedToken => "embed_token",
            Self::ApiKey => "api_key",
            Self::Tenant => "tenant",
            Self::Streams => "streams",
        }
    }
}

/// Something was turned away by a limit.
pub(crate) fn refused(by: Refusal) {
    counter!(REFUSED, "limit" => by.as_str()).increment(1);
}

/// A page that listens, as long as this lives.
pub(crate) struct OpenStream(());

impl OpenStream {
    pub(crate) fn count() -> Self {
        gauge!(STREAMS).increment(1.0);
        Self(())
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        gauge!(STREAMS).decrement(1.0);
    }
}
