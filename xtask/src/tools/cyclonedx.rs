//! cargo-cyclonedx, which lists what a program is made of.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, Toolbox, Way, cargo_install};

const VERSION: &str = "0.5.9";

/// The path of `cargo-cyclonedx`.
pub(crate) fn provide(toolbox: &Toolbox) -> Result<PathBuf> {
    toolbox.provide(&Tool {
        name: "cargo-cyclonedx",
        version: VERSION,
        program: "cargo-cyclonedx",
        ways: &[Way {
            words: "from source (about 2 minutes, once)",
            install: &|into| cargo_install("cargo-cyclonedx", VERSION, true, into),
        }],
    })
}
