//! The sources of Rust's standard library, for builds that compile it along.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::wasm_target::WasmCompiler;
use crate::{process, say};

const COMPONENT: &str = "rust-src";

/// Finds the sources, or adds them by rustup. No compiled target is needed beside them.
pub(crate) fn provide() -> Result<WasmCompiler> {
    if !is_present()? {
        say(format!("adding {COMPONENT} (seconds, once)"));
        process::output(process::command("rustup").args(["component", "add", COMPONENT]))
            .with_context(|| {
                format!("{COMPONENT} is missing: `rustup component add {COMPONENT}`")
            })?;
        if !is_present()? {
            bail!(
                "rustup has added {COMPONENT} to another toolchain than the one that compiles here"
            );
        }
    }
    Ok(WasmCompiler::of_the_toolchain())
}

fn is_present() -> Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let root = process::output(process::command(rustc).args(["--print", "sysroot"]))
        .context("asking rustc")?;
    Ok(Path::new(root.trim())
        .join("lib/rustlib/src/rust/library/std")
        .is_dir())
}
