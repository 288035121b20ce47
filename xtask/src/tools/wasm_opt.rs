//! wasm-opt, which makes the widget about a fifth smaller. Version 116 is the first that knows what rustc emits today.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Tool, Toolbox, Way, cargo_install, npm_install, on_path, prebuilt, version_of};
use crate::process;

const OLDEST: u32 = 116;
const NPM_VERSION: &str = "132.0.0";
const RELEASE: &str = "132";
const CRATE_VERSION: &str = "0.116.1";

/// The path of `wasm-opt`.
pub(crate) fn provide(toolbox: &Toolbox) -> Result<PathBuf> {
    if let Some(program) = on_path("wasm-opt")
        && version_of(&program).is_some_and(|said| is_new_enough(&said))
    {
        return Ok(program);
    }
    let from_source = Tool {
        name: "wasm-opt",
        version: CRATE_VERSION,
        program: "wasm-opt",
        ways: &[Way {
            words: "from source (about 5 minutes, once; needs a C++ compiler)",
            install: &|into| cargo_install("wasm-opt", CRATE_VERSION, true, into),
        }],
    };
    if let Some(program) = toolbox.installed(&from_source) {
        return Ok(program);
    }
    let quick = toolbox.provide(&Tool {
        name: "binaryen",
        version: RELEASE,
        program: "wasm-opt",
        ways: &[
            Way {
                words: "with npm, for wasm-opt (seconds, once)",
                install: &|into| npm_install("binaryen", NPM_VERSION, into),
            },
            Way {
                words: "from its release, for wasm-opt (seconds, once)",
                install: &from_release,
            },
        ],
    });
    match quick {
        Ok(program) => Ok(program),
        Err(error) if error.is::<process::Interrupted>() => Err(error),
        Err(_said_already) => toolbox.provide(&from_source),
    }
}

fn is_new_enough(version: &str) -> bool {
    version
        .split('.')
        .next()
        .and_then(|major| major.parse().ok())
        .is_some_and(|major: u32| major >= OLDEST)
}

fn from_release(into: &Path) -> Result<()> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", processor @ ("x86_64" | "aarch64")) => format!("{processor}-linux"),
        ("macos", "x86_64") => "x86_64-macos".to_owned(),
        ("macos", "aarch64") => "arm64-macos".to_owned(),
        (system, processor) => bail!("nothing prebuilt for {system} on {processor}"),
    };
    let url = format!(
        "https://github.com/WebAssembly/binaryen/releases/download/version_{RELEASE}/binaryen-version_{RELEASE}-{platform}.tar.gz"
    );
    prebuilt::fetch(&url, &["wasm-opt"], into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_too_old_to_know_todays_wasm() {
        for (version, enough) in [
            ("108", false),
            ("115", false),
            ("116", true),
            ("132.0.0", true),
            ("new", false),
        ] {
            assert_eq!(is_new_enough(version), enough, "{version}");
        }
    }
}
