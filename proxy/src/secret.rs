//! Text that must not be seen.

use zeroize::Zeroizing;

/// Text that leaves only on the line that sends it. No `Debug`, `Display`, `Serialize` or `==`; wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text, for the line that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
