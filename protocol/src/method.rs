//! How a person or a backend uses a pass.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a pass is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Method {
    /// A temporary page of the provider, opened on another screen.
    Link,
    /// A QR code that the phone scans.
    Qr,
    /// A pairing code that is typed into the phone.
    Code,
    /// A short-lived API token, for backends.
    Token,
}

/// A method that Pairlink does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseMethodError;

impl Method {
    /// Every method, in the order in which pages offer them.
    pub const ALL: [Self; 4] = [Self::Link, Self::Qr, Self::Code, Self::Token];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Qr => "qr",
            Self::Code => "code",
            Self::Token => "token",
        }
    }
}

impl FromStr for Method {
    type Err = ParseMethodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|method| method.as_str() == text)
            .ok_or(ParseMethodError)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for ParseMethodError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a method: expected link, qr, code or token")
    }
}

impl std::error::Error for ParseMethodError {}
