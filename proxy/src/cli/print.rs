//! What commands say.

use std::io::{self, Write as _};

/// Prints a line of the answer.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Says beside the answer what is worth knowing.
pub(crate) fn note(text: &str) -> io::Result<()> {
    writeln!(io::stderr().lock(), "pairlink: {text}")
}

/// Says in one line why a command did not do it.
pub(crate) fn complain(error: &anyhow::Error) {
    // If even that cannot be written, the exit code says it.
    drop(writeln!(io::stderr().lock(), "pairlink: {error:#}"));
}
