//! Compiler, wasm-bindgen, wasm-opt: from the crate to a module and its glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{Build, order, panics, yew};
use crate::process;
use crate::tools::wasm_target::{TARGET, WasmCompiler};
use crate::workspace::Workspace;

/// The standard library compiled anew, for size, and panics that end in a trap without having said a word: what our own
/// pass does after the link, done by the compiler, which then knows that nothing comes back.
const WITH_ITS_STANDARD_LIBRARY: [&str; 5] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
    "-Zpanic-immediate-abort",
    "--config",
    r#"profile.wasm.panic="immediate-abort""#,
];

/// JavaScript's values are numbers in a list of the glue's, not references in a table of the module's: that takes more of
/// the glue, and less of the module. Stable Rust's own library comes compiled with them.
const WITHOUT_REFERENCES: &str = "-Ctarget-feature=-reference-types";

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
            Build::Small | Build::Dist => ("wasm", "wasm"),
            Build::Dev => ("dev", "debug"),
        };
        let target = match self.build {
            Build::Small | Build::Dev => workspace.target.clone(),
            // Where it cannot take the place of what stable Rust built.
            Build::Dist => workspace.target.join("size-build"),
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
            .args(["--profile", profile])
            .arg("--target-dir")
            .arg(&target)
            .arg("--config")
            .arg(yew::instead(workspace)?);
        if self.build == Build::Dist {
            cargo.args(WITH_ITS_STANDARD_LIBRARY);
            // These switches count as unstable; this says that they are meant.
            cargo.env("RUSTC_BOOTSTRAP", "1");
        }
        if self.build != Build::Dev {
            cargo.args(["--features", "small-allocator"]);
            let mut flags = short_paths(workspace);
            flags.extend(panics::COMPILED_WITH.map(str::to_owned));
            if self.build == Build::Dist {
                flags.push(WITHOUT_REFERENCES.to_owned());
            }
            let flags = serde_json::json!(flags);
            cargo.arg("--config");
            cargo.arg(format!("target.{TARGET}.rustflags={flags}"));
        }
        process::run(self.compiler.apply(&mut cargo))?;
        Ok(target.join(TARGET).join(directory).join("pairlink.wasm"))
    }

    /// Makes the JavaScript glue and shrinks the module.
    pub(super) fn generate(&self, module: &Path, into: &Path) -> Result<Generated> {
        fs::create_dir_all(into)?;
        let silent = into.join("silent.wasm");
        let last_stations = match self.build {
            Build::Small => Some(panics::LAST_STATIONS),
            Build::Dist => Some(panics::LAST_STATIONS_OF_ABORTS),
            Build::Dev => None,
        };
        let module = if let Some(last_stations) = last_stations {
            fs::write(
                &silent,
                panics::silence(&fs::read(module)?, &last_stations)?,
            )?;
            &silent
        } else {
            module
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
            Build::Small | Build::Dist => bindgen.arg("--remove-producers-section"),
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

/// The stack grows down to address 0, and whoever comes below 1024 has all but used it up: nothing else lies there. And
/// what loads from memory or divides has been checked before: it does not trap.
const WHAT_HOLDS: [&str; 2] = ["--low-memory-unused", "--ignore-implicit-traps"];

/// Flattened and put together anew, code comes out smaller than by optimising alone.
///
/// The features stand in the module: the profile leaves their section in, and wasm-opt reads it.
fn optimize(optimizer: &Path, wasm: &Path) -> Result<()> {
    let small = wasm.with_extension("small.wasm");
    process::output(
        process::command(optimizer)
            .args(WHAT_BROTLI_LIKES)
            .args(WHAT_HOLDS)
            .args(["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"])
            // Says nothing of how addresses are aligned: it is a hint that no engine heeds.
            .arg("--dealign")
            .args(["--strip-debug", "--strip-producers"])
            .arg(wasm)
            .arg("--output")
            .arg(&small),
    )?;
    let named = order::named_in_order(&fs::read(&small)?)
        .context("the optimised module holds something unexpected")?;
    fs::write(&small, named)?;
    process::output(
        process::command(optimizer)
            .arg("--reorder-functions-by-name")
            .args(["--strip-debug", "--strip-target-features"])
            .arg(&small)
            .arg("--output")
            .arg(wasm),
    )?;
    fs::remove_file(small).context("taking over the optimised module")
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
    prefixes.push(workspace.target.clone());
    prefixes
        .iter()
        .map(|prefix| format!("--remap-path-prefix={}/=", prefix.display()))
        .collect()
}
