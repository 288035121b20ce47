//! wasm-pack, which runs the widget's tests in a browser.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Tool, Toolbox, Way, cargo_install, on_path, prebuilt, version_of};

const VERSION: &str = "0.15.1";
/// Where `test --mode no-install` learnt to leave the tools on PATH alone.
const OLDEST_MINOR: u32 = 13;

/// The path of `wasm-pack`.
pub(crate) fn provide(toolbox: &Toolbox) -> Result<PathBuf> {
    if let Some(program) = on_path("wasm-pack")
        && version_of(&program).is_some_and(|said| is_new_enough(&said))
    {
        return Ok(program);
    }
    let from_release = |into: &Path| {
        let triple = prebuilt::rust_triple()?;
        let url = format!(
            "https://github.com/wasm-bindgen/wasm-pack/releases/download/v{VERSION}/wasm-pack-v{VERSION}-{triple}.tar.gz"
        );
        prebuilt::fetch(&url, &["wasm-pack"], into)
    };
    let from_source = |into: &Path| cargo_install("wasm-pack", VERSION, true, into);
    toolbox.provide(&Tool {
        name: "wasm-pack",
        version: VERSION,
        program: "wasm-pack",
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

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(0u32)), Some(Ok(minor))) => minor >= OLDEST_MINOR,
        (Some(Ok(_major)), Some(Ok(_minor))) => true,
        (Some(Err(_)) | None, _) | (_, Some(Err(_)) | None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_versions_that_leave_tools_alone() {
        for (version, enough) in [
            ("0.12.1", false),
            ("0.13.0", true),
            ("0.15.1", true),
            ("1.0.0", true),
            ("?", false),
        ] {
            assert_eq!(is_new_enough(version), enough, "{version}");
        }
    }
}
