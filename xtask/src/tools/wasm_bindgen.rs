//! wasm-bindgen's command line. It understands only modules of its own version, which Cargo.lock decides.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, Toolbox, Way, cargo_install, on_path, prebuilt, version_of};
use crate::workspace::Workspace;

/// The programs that belong together: the generator, and the runner that tests in a browser.
const PROGRAMS: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-test-runner"];

/// The path of `wasm-bindgen`; `wasm-bindgen-test-runner` lies beside it.
pub(crate) fn provide(workspace: &Workspace, toolbox: &Toolbox) -> Result<PathBuf> {
    let version = workspace.locked_version("wasm-bindgen")?;
    if let Some(program) = on_path("wasm-bindgen")
        && program
            .with_file_name(super::executable("wasm-bindgen-test-runner"))
            .is_file()
        && version_of(&program).as_ref() == Some(&version)
    {
        return Ok(program);
    }
    let from_release = |into: &std::path::Path| {
        let triple = prebuilt::rust_triple()?;
        let url = format!(
            "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{triple}.tar.gz"
        );
        prebuilt::fetch(&url, &PROGRAMS, into)
    };
    let from_source =
        |into: &std::path::Path| cargo_install("wasm-bindgen-cli", &version, false, into);
    toolbox.provide(&Tool {
        name: "wasm-bindgen",
        version: &version,
        program: "wasm-bindgen",
        ways: &[
            Way {
                words: "from its release (seconds, once)",
                install: &from_release,
            },
            Way {
                words: "from source (about 3 minutes, once)",
                install: &from_source,
            },
        ],
    })
}
