//! Puts modules together, and shortens what browsers get as text. The sources stay readable; nobody reads what is served.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Build;
use crate::process;

/// All that is written here runs in browsers of today and of the years before; esbuild must not write anything newer.
const LANGUAGE: &str = "--target=es2022";

/// What a text is.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Script,
    Style,
}

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

    /// A text that stands alone, without comments and spaces.
    pub(super) fn shorten(&self, source: &str, text: Text) -> Result<String> {
        let mut esbuild = process::command(&self.esbuild);
        esbuild.args(["--minify", "--charset=utf8", LANGUAGE]);
        esbuild.arg(match text {
            Text::Script => "--loader=js",
            Text::Style => "--loader=css",
        });
        process::output_with_input(&mut esbuild, source.as_bytes())
    }

    /// The same for a module of which only these exports are used.
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
