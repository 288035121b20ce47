//! Rust's standard library for wasm32, and the settings that a build with it needs.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{debian, on_path};
use crate::{process, say};

/// The target of the widget.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// How to compile for wasm32 on this machine.
pub(crate) struct WasmCompiler {
    /// Environment for cargo; empty where rustup has the target.
    settings: Vec<(&'static str, OsString)>,
}

impl WasmCompiler {
    /// The toolchain as it is.
    pub(super) const fn of_the_toolchain() -> Self {
        Self {
            settings: Vec::new(),
        }
    }

    /// Prepares a command that calls cargo.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.settings.iter().map(|(name, value)| (name, value)))
    }

    /// Whether the toolchain's own tools (clippy) understand what it compiles.
    pub(crate) fn is_the_toolchains(&self) -> bool {
        self.settings.is_empty()
    }
}

/// Finds the target, adds it by rustup, or else has cargo build it from Debian's sources.
pub(crate) fn provide() -> Result<WasmCompiler> {
    let by_toolchain = WasmCompiler::of_the_toolchain();
    if is_present()? {
        return Ok(by_toolchain);
    }
    say(format!("adding Rust's {TARGET} target (seconds, once)"));
    let added = process::output(process::command("rustup").args(["target", "add", TARGET]));
    if let Err(error) = &added {
        process::check_interrupted()?;
        say(format!("  not that way: {error:#}"));
    } else if is_present()? {
        return Ok(by_toolchain);
    }
    let settings = debian::provide().with_context(|| {
        format!("Rust's {TARGET} target is missing: run `rustup target add {TARGET}` (https://rustup.rs)")
    })?;
    Ok(WasmCompiler { settings })
}

fn is_present() -> Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = process::output(process::command(rustc).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))
    .context(if on_path("rustc").is_none() {
        "no Rust compiler: https://rustup.rs"
    } else {
        "asking rustc"
    })?;
    Ok(Path::new(libraries.trim())
        .read_dir()
        .is_ok_and(|mut entries| {
            entries.any(|entry| {
                entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
            })
        }))
}
