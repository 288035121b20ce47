//! Passes a backend's request on to a provider: streamed both ways, never repeated here, no redirects.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use reqwest::{Body, Method, Response, StatusCode, header};

use super::{Upstream, classify};
use crate::metrics;
use crate::outbound::{BodyFault, Replay};
use crate::provider::ProviderError;
use crate::provider::passage::{AnswerBody, AnswerBrokenOff, Passage, Passed};

/// How much of an answer is looked at before it is passed on: a refusal of a token is shorter.
const BEGINNING_BYTES: usize = 4 * 1024;
/// How long an answer that trickles is kept back to be looked at.
const GLANCE: Duration = Duration::from_secs(2);
/// The client's own deadline is for calls that are read whole; nothing that is passed on lasts longer than this.
const LONGEST_PASSAGE: Duration = Duration::from_hours(24);

/// Bounds of what is passed on.
#[derive(Clone, Copy, Debug)]
pub struct PassageLimits {
    /// For the whole request to be sent, and the answer to begin.
    pub request: Duration,
    /// For the answer to begin once nothing of the request moves any more, and for the request to move.
    pub head: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
}

impl Default for PassageLimits {
    fn default() -> Self {
        Self {
            request: Duration::from_mins(10),
            head: Duration::from_mins(1),
            idle: Duration::from_mins(1),
        }
    }
}

/// Why there is no answer to pass back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassageError {
    /// The provider.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The body of the request.
    #[error(transparent)]
    Body(#[from] BodyFault),
}

impl Upstream {
    /// Passes a request on. With `look`, the beginning of the answer is read if it could be a refusal.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long the call took, decides nothing"
    )]
    pub async fn pass(&self, passage: Passage<'_>, look: bool) -> Result<Passed, PassageError> {
        let limits = self.limits.passage;
        let is_head = passage.method == Method::HEAD;
        let takes_body = [Method::POST, Method::PUT, Method::PATCH].contains(&passage.method);
        let mut request = self
            .client
            .request(passage.method, passage.addressed.url.clone())
            .headers(passage.headers)
            .timeout(LONGEST_PASSAGE);
        if let Some(token) = &passage.addressed.bearer {
            request = request.bearer_auth(token.expose());
        }
        if !passage.body.is_empty() {
            request = request.body(Body::wrap(passage.body.attempt()));
        } else if takes_body {
            // Some servers refuse a POST that does not say so.
            request = request.header(header::CONTENT_LENGTH, 0);
        }
        let (mut progress, begun) = (passage.body.progress(), Instant::now());
        let answering = async {
            let sending = request.send();
            tokio::pin!(sending);
            loop {
                tokio::select! {
                    answered = &mut sending => return answered.map_err(classify),
                    Ok(()) = progress.changed() => {}
                    () = tokio::time::sleep(limits.head) => return Err(ProviderError::Timeout),
                }
            }
        };
        let answered = tokio::time::timeout(limits.request, answering)
            .await
            .unwrap_or(Err(ProviderError::Timeout));
        let status = answered.as_ref().map(|answer| answer.status().as_u16());
        metrics::upstream_called(
            self.provider,
            status.map_err(|error| *error),
            begun.elapsed(),
        );
        let mut response = answered.map_err(|error| fault(passage.body, error))?;
        if response.status().is_informational() {
            return Err(ProviderError::Malformed.into());
        }
        let mut beginning = Vec::new();
        if look && !is_head && could_refuse(&response) {
            beginning = read_beginning(&mut response).await;
        }
        Ok(Passed {
            status: response.status(),
            headers: response.headers().clone(),
            body: body(Bytes::copy_from_slice(&beginning), response, limits.idle),
            beginning,
        })
    }
}

/// What went wrong with the request is told before what the provider made of it.
fn fault(body: &Replay, error: ProviderError) -> PassageError {
    match (body.fault(), error) {
        (Some(fault), _) => fault.into(),
        (None, ProviderError::Timeout) if body.waits_for_sender() => BodyFault::BrokenOff.into(),
        (None, error) => error.into(),
    }
}

/// Whether a refusal could be all that the answer is. What is no text, or too long to be one, is passed on at once.
fn could_refuse(response: &Response) -> bool {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        return true;
    }
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.contains("json")));
    let is_short = response
        .content_length()
        .is_none_or(|length| usize::try_from(length).is_ok_and(|length| length <= BEGINNING_BYTES));
    status == StatusCode::OK && is_json && is_short
}

/// Reads the answer until it is clear that it is no refusal, or is all there. What breaks off meanwhile breaks off again
/// when the rest is read.
async fn read_beginning(response: &mut Response) -> Vec<u8> {
    let mut beginning = Vec::new();
    let reading = async {
        while beginning.len() < BEGINNING_BYTES
            && let Ok(Some(piece)) = response.chunk().await
        {
            beginning.extend_from_slice(&piece);
        }
    };
    // An elapsed glance is as good as an end.
    drop(tokio::time::timeout(GLANCE, reading).await);
    beginning
}

/// The whole body: what was read of it, and the rest as it is asked for.
fn body(beginning: Bytes, response: Response, idle: Duration) -> AnswerBody {
    let rest = stream::unfold(Some(response), move |response| async move {
        let mut response = response?;
        match tokio::time::timeout(idle, response.chunk()).await {
            Ok(Ok(Some(piece))) => Some((Ok(piece), Some(response))),
            Ok(Ok(None)) => None,
            Ok(Err(_)) | Err(_) => Some((Err(AnswerBrokenOff), None)),
        }
    });
    if beginning.is_empty() {
        Box::pin(rest)
    } else {
        Box::pin(stream::once(async move { Ok(beginning) }).chain(rest))
    }
}
