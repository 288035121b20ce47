//! Text that may be sent and shown, and never logged.

use serde::{Deserialize, Serialize};

/// Text that a wire may carry and a page may show, but nothing may log.
///
/// It has no `Debug` and no `Display`, and so neither has any type that holds it: a log line with a link, a code or a
/// token in it does not compile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct Sensitive(String);

impl Sensitive {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for the line that sends or shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Gives the text up, for the line that sends or shows it.
    pub fn into_exposed(self) -> String {
        self.0
    }
}
