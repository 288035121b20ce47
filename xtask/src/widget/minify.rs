//! Puts modules together, and shortens what browsers get as text. The sources stay readable; nobody reads what is served.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Build;
use crate::process;

/// All that is written here runs in browsers of today and of the years before; esbuild must not write anything newer.
const LANGUAGE: &str = "--target=es2022";

#[derive(Debug)]
pub(crate) struct Minifier {
    pub(crate) esbuild: PathBuf,
}

impl Minifier {
    /// A module and all that it imports, as one module; short if that is wanted.
    pub(crate) fn bundle(&self, entry: &Path, build: Build) -> Result<String> {
        let mut esbuild = process::command(&self.esbuild);
        esbuild.arg(entry).args([
            "--bundle",
            "--format=esm",
            "--charset=utf8",
            "--log-level=warning",
            LANGUAGE,
        ]);
        match build {
            Build::Small | Build::Dist => esbuild.arg("--minify"),
            Build::Dev => &mut esbuild,
        };
        process::output(&mut esbuild)
    }

    /// A style sheet without comments and spaces.
    pub(super) fn shorten_style(&self, sheet: &str) -> Result<String> {
        let mut esbuild = process::command(&self.esbuild);
        esbuild.args(["--minify", "--charset=utf8", "--loader=css", LANGUAGE]);
        process::output_with_input(&mut esbuild, sheet.as_bytes())
    }

    /// A short module of which only these exports are used.
    pub(super) fn shorten_to(&self, exports: &str, module: &Path) -> Result<String> {
        let entry = format!(
            "export {{ {exports} }} from {:?}",
            module.display().to_string()
        );
        let mut esbuild = process::command(&self.esbuild);
        esbuild.args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--charset=utf8",
            LANGUAGE,
        ]);
        process::output_with_input(&mut esbuild, entry.as_bytes())
    }
}
