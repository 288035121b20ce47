//! wasm32 where rustup cannot help: Debian packages a recent compiler with its sources, and from these the standard
//! library for wasm32 is built once.

use std::ffi::OsString;

use anyhow::{Result, bail};

use super::Toolbox;

/// The settings that make cargo compile for wasm32 with Debian's compiler.
pub(super) fn provide(_toolbox: &Toolbox) -> Result<Vec<(&'static str, OsString)>> {
    bail!("rustup could not add it")
}
