//! A backend's request on its way to a provider, and the answer on its way back.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use url::Url;

use super::api_path::InvalidPath;
use crate::outbound::Replay;
use crate::secret::Secret;

/// Where a request in an account's name goes, and what lets it in.
pub struct Addressed {
    /// The address, with whatever of the credentials belongs into it.
    pub url: Url,
    /// What is presented as `Bearer`.
    pub bearer: Option<Secret>,
    /// Which of the account's secrets the provider sees by this, so that it could repeat them.
    pub hidden: Vec<Secret>,
}

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAddressed {
    /// What is there hands out credentials or passes, or takes credentials: Pairlink keeps it to itself.
    #[error("Pairlink keeps this path to itself")]
    Kept,
    /// The path could lead elsewhere.
    #[error("the path could lead elsewhere")]
    Path,
    /// The query has a parameter that the account's credentials belong into; its name.
    #[error("the parameter {0} is not the caller's to set")]
    Parameter(&'static str),
}

impl From<InvalidPath> for NotAddressed {
    fn from(InvalidPath: InvalidPath) -> Self {
        Self::Path
    }
}

/// A request that is passed on.
pub struct Passage<'a> {
    /// Where to.
    pub addressed: &'a Addressed,
    /// Its method.
    pub method: Method,
    /// Its headers, without those of one hop and without credentials.
    pub headers: HeaderMap,
    /// Its body.
    pub body: &'a Replay,
}

/// The body of an answer, piece by piece. It ends early, with an error, if the provider breaks off or falls silent.
pub type AnswerBody = Pin<Box<dyn Stream<Item = Result<Bytes, AnswerBrokenOff>> + Send>>;

/// The provider broke its answer off, or fell silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider's answer was broken off")]
pub struct AnswerBrokenOff;

/// The answer, of which the body is still to come.
pub struct Passed {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, as the provider sent them.
    pub headers: HeaderMap,
    /// Where its body begins, if anybody looked.
    pub beginning: Vec<u8>,
    /// Its body, the beginning included.
    pub body: AnswerBody,
}
