//! Compiler, wasm-bindgen, wasm-opt: from the crate to a module and its glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{Build, panics};
use crate::process;
use crate::tools::wasm_target::{TARGET, WasmCompiler};
use crate::workspace::Workspace;

/// What turns the crate into a module.
pub(super) struct Compilation {
    pub(super) build: Build,
    pub(super) compiler: WasmCompiler,
    pub(super) bindgen: PathBuf,
    /// Absent in development builds.
    pub(super) optimizer: Option<PathBuf>,
}

/// The two files that wasm-bindgen writes.
pub(super) struct Generated {
    pub(super) glue: PathBuf,
    pub(super) wasm: PathBuf,
}

impl Compilation {
    /// Compiles and returns the module's path. Cargo knows whether there is anything to do.
    pub(super) fn compile(&self, workspace: &Workspace) -> Result<PathBuf> {
        let (profile, directory) = match self.build {
            Build::Small => ("wasm", "wasm"),
            Build::Dev => ("dev", "debug"),
        };
        let mut cargo = workspace.cargo();
        cargo
            .args([
                "build",
                "--package",
                "pairlink",
                "--lib",
                "--target",
                TARGET,
            ])
            .args(["--profile", profile]);
        if self.build == Build::Small {
            cargo.args(["--features", "small-allocator"]);
            let mut flags = short_paths(workspace);
            flags.push(panics::LINKED_WITH.to_owned());
            let flags = serde_json::json!(flags);
            cargo.arg("--config");
            cargo.arg(format!("target.{TARGET}.rustflags={flags}"));
        }
        process::run(self.compiler.apply(&mut cargo))?;
        Ok(workspace
            .target
            .join(TARGET)
            .join(directory)
            .join("pairlink.wasm"))
    }

    /// Makes the JavaScript glue and shrinks the module.
    pub(super) fn generate(&self, module: &Path, into: &Path) -> Result<Generated> {
        fs::create_dir_all(into)?;
        let silent = into.join("silent.wasm");
        let module = match self.build {
            Build::Small => {
                fs::write(&silent, panics::silence(&fs::read(module)?)?)?;
                &silent
            }
            Build::Dev => module,
        };
        let mut bindgen = process::command(&self.bindgen);
        bindgen
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--omit-default-module-path",
            ])
            .args(["--out-name", "pairlink", "--out-dir"])
            .arg(into)
            .arg(module);
        match self.build {
            Build::Small => bindgen.arg("--remove-producers-section"),
            Build::Dev => bindgen.args(["--debug", "--keep-debug"]),
        };
        process::output(&mut bindgen)?;
        if into.join("snippets").exists() {
            bail!(
                "a dependency brings JavaScript of its own (snippets), which the build does not ship"
            );
        }
        let generated = Generated {
            glue: into.join("pairlink.js"),
            wasm: into.join("pairlink_bg.wasm"),
        };
        if let Some(optimizer) = &self.optimizer {
            optimize(optimizer, &generated.wasm)?;
        }
        Ok(generated)
    }
}

/// A function with one caller is inlined only while it is small. Inlining more makes the module smaller and what
/// compresses of it larger: many functions alike compress well, few large ones with many variables do not.
///
/// For the same reason expressions that are alike are not computed once and kept: that takes variables as well.
const WHAT_BROTLI_LIKES: [&str; 4] = [
    "--one-caller-inline-max-function-size",
    "25",
    "--skip-pass",
    "local-cse",
];

/// Flattened and put together anew, code comes out smaller than by optimising alone.
///
/// The features stand in the module: the profile leaves their section in, and wasm-opt reads it.
fn optimize(optimizer: &Path, wasm: &Path) -> Result<()> {
    let small = wasm.with_extension("small.wasm");
    process::output(
        process::command(optimizer)
            .args(WHAT_BROTLI_LIKES)
            .args(["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"])
            // Functions of one kind have names that begin alike: next to each other they compress better.
            .arg("--reorder-functions-by-name")
            .args([
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .arg(wasm)
            .arg("--output")
            .arg(&small),
    )?;
    fs::rename(small, wasm).context("taking over the optimised module")
}

/// Panic messages name source files: with short names they weigh less, do not depend on the machine, and do not tell
/// whose machine it was.
fn short_paths(workspace: &Workspace) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    let mut prefixes: Vec<PathBuf> = fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    prefixes.sort();
    prefixes.push(workspace.root.clone());
    prefixes
        .iter()
        .map(|prefix| format!("--remap-path-prefix={}/=", prefix.display()))
        .collect()
}
