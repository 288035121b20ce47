//! wasm32 where rustup cannot help: Debian packages a recent compiler together with the sources of its standard library,
//! and cargo builds that library along with the widget.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;

use super::{apt, on_path};

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const COMPILER: &str = "/usr/bin/rustc";
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library";
const LINKER: &str = "wasm-ld-22";

/// The environment in which cargo compiles for wasm32 with Debian's compiler.
pub(super) fn provide() -> Result<Vec<(&'static str, OsString)>> {
    if !is_installed() {
        apt::install(&PACKAGES)?;
    }
    Ok([
        ("RUSTC", COMPILER),
        // Building the standard library counts as unstable; this says that it is meant.
        ("RUSTC_BOOTSTRAP", "1"),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort,test"),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER),
    ]
    .map(|(name, value)| (name, value.into()))
    .into())
}

fn is_installed() -> bool {
    Path::new(COMPILER).is_file() && Path::new(SOURCES).is_dir() && on_path(LINKER).is_some()
}
