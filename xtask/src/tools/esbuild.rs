//! esbuild, which shortens scripts and style sheets. One program that needs nothing else, from npm's registry.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Tool, Toolbox, Way, npm_install, on_path, prebuilt, version_of};

/// Pinned, so that every machine writes the same bytes.
const VERSION: &str = "0.28.2";

/// The path of `esbuild`.
pub(crate) fn provide(toolbox: &Toolbox) -> Result<PathBuf> {
    if let Some(program) = on_path("esbuild")
        && version_of(&program).as_deref() == Some(VERSION)
    {
        return Ok(program);
    }
    toolbox.provide(&Tool {
        name: "esbuild",
        version: VERSION,
        program: "esbuild",
        ways: &[
            Way {
                words: "with npm (seconds, once)",
                install: &|into| npm_install("esbuild", VERSION, into),
            },
            Way {
                words: "from npm's registry (seconds, once)",
                install: &from_registry,
            },
        ],
    })
}

fn from_registry(into: &Path) -> Result<()> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        (system, processor) => bail!("nothing prebuilt for {system} on {processor}"),
    };
    let url = format!("https://registry.npmjs.org/@esbuild/{platform}/-/{platform}-{VERSION}.tgz");
    prebuilt::fetch(&url, &["esbuild"], into)
}
